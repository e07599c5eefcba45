"""The steps that are measured. Each function prepares its work, does it within ``measured``, and returns its rows.

Import only the standard library here: the module also runs in dlt's environment.
"""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

taken = {"wall": 0.0, "cpu": 0.0}
"""Seconds that the measured work took."""


@contextmanager
def measured() -> Iterator[None]:
    """Measure the work that is done within."""
    cpu, wall = _cpu(), time.perf_counter()
    yield
    taken.update(wall=time.perf_counter() - wall, cpu=_cpu() - cpu)


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
