"""Run one step, in the process that ``measure.Step`` starts, and print what it took as JSON.

Import only the standard library here: the module also runs in dlt's environment.
"""

import json
import resource
import sys
from importlib import import_module

from benchmarks.steps import taken

MIB_IN_KIB = 1024


def main(function: str, arguments: str) -> None:
    """Call ``module:name`` with its arguments as JSON."""
    module, name = function.split(":")
    rows = getattr(import_module(module), name)(**json.loads(arguments))
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({**taken, "peak": peak / MIB_IN_KIB, "rows": rows}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
