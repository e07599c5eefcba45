"""Run steps in separate processes and compare their times.

Never import a large package here: Linux counts the memory that the parent has when it starts a child as the child's.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from statistics import median
from typing import Any, Literal, NamedTuple

PROJECT = Path(__file__).resolve().parents[1]


class MeasureError(Exception):
    """A step failed, or two steps gave different rows; the message says which."""


class Sample(NamedTuple):
    """The result of one measurement."""

    wall: float  # seconds on the clock
    cpu: float  # CPU seconds of all threads and child processes
    peak: float  # MiB of the largest process
    rows: int


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of work to measure: ``module:name`` below ``benchmarks.steps``, and its keyword arguments."""

    function: str
    arguments: Mapping[str, Any]
    python: Path = Path(sys.executable)

    def run(self) -> Sample:
        """Run the step once in a separate process.

        Raises:
            MeasureError: the process failed; the message holds the end of its output.
        """
        command = [str(self.python), "-m", "benchmarks.step", f"benchmarks.steps.{self.function}"]
        arguments = json.dumps(self.arguments, default=str)
        done = subprocess.run([*command, arguments], cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise MeasureError(f"{self.function} failed:\n{done.stderr[-2000:] or done.stdout[-2000:]}")
        return Sample(**json.loads(done.stdout.splitlines()[-1]))


class Demand(NamedTuple):
    """The minimum (``>=``) of a speed, reference time / our time, or the maximum (``<=``) of a cost, the inverse."""

    sign: Literal[">=", "<="]
    bound: float

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:.2f}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our samples and the reference's samples, one pair per round.

    ``fixed`` holds samples of a start-up that is subtracted from ours; ``reason`` says why the reference was not
    measured.
    """

    what: str
    against: str
    demand: Demand
    ours: Sequence[Sample]
    reference: Sequence[Sample]
    fixed: Sequence[Sample] = ()
    reason: str = ""

    def ratio(self, seconds: Callable[[Sample], float]) -> float:
        """Return the median ratio of the rounds, of wall or CPU seconds."""
        starts = [seconds(sample) for sample in self.fixed] or [0.0] * len(self.ours)
        rounds = zip(self.ours, starts, self.reference, strict=True)
        costs = [(seconds(ours) - start) / seconds(other) for ours, start, other in rounds]
        return median(1 / cost if self.demand.sign == ">=" else cost for cost in costs)

    @property
    def is_met(self) -> bool:
        """Tell whether the ratio of wall seconds meets the demand."""
        ratio, bound = self.ratio(wall), self.demand.bound
        return ratio >= bound if self.demand.sign == ">=" else ratio <= bound


wall: Callable[[Sample], float] = attrgetter("wall")
cpu: Callable[[Sample], float] = attrgetter("cpu")
peak: Callable[[Sample], float] = attrgetter("peak")


def require_rows(one: Sequence[Sample], two: Sequence[Sample]) -> None:
    """Check that two steps made the same number of rows in every round.

    Raises:
        MeasureError: the numbers differ.
    """
    if len({sample.rows for sample in (*one, *two)}) != 1:
        raise MeasureError(f"not the same work: {[s.rows for s in one]} rows against {[s.rows for s in two]}")
