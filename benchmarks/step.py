"""One measurement, in the process that ``measure.Step`` starts: prepare the work, run it, print what it took as JSON.

Import only the standard library here: the module also runs in dlt's environment.
"""

import json
import resource
import sys
import time
from importlib import import_module

MIB_IN_KIB = 1024


def main(function: str, arguments: str) -> None:
    """Call ``module:name``, which prepares the work and returns it as a function; time it. It returns its row count."""
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
