"""One measurement: the process that prepares one piece of work, does it and says what it took.

In: a function as ``module:name`` and its arguments as JSON. Out: one line of JSON with seconds, memory and rows.
Never: anything but the standard library here, so that it also runs in dlt's environment.
"""

import json
import resource
import sys
import time
from importlib import import_module

MIB_IN_KIB = 1024


def main(function: str, arguments: str) -> None:
    """Call ``module:name`` for the work to do, then time that work; its return value is the number of rows."""
    module, name = function.split(":")
    work = getattr(import_module(module), name)(**json.loads(arguments))
    cpu, wall = _cpu(), time.perf_counter()
    rows = work()
    wall, cpu = time.perf_counter() - wall, _cpu() - cpu
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": _peak() / MIB_IN_KIB, "rows": rows}), flush=True)


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _peak() -> int:
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


if __name__ == "__main__":
    main(*sys.argv[1:3])
