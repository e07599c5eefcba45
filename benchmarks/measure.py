"""Measurements in processes of their own, interleaved in rounds, and the ratios between them.

In: what to compare with what. Out: samples and comparisons. Never: a package that makes this process large: Linux
counts the memory of the parent at the start of a child as the child's.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Self

PROJECT = Path(__file__).resolve().parents[1]


class MeasureError(Exception):
    """A measurement failed or its rows are not right; the message says which."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one measurement took.

    Attributes:
        wall: seconds on the clock.
        cpu: seconds of all threads and child processes.
        peak: MiB of the largest process.
        rows: rows that came out.
    """

    wall: float
    cpu: float
    peak: float
    rows: int


@dataclass(frozen=True, slots=True)
class Step:
    """A function of ``benchmarks.steps`` and its arguments.

    Attributes:
        function: ``module:name`` below ``benchmarks.steps``.
        arguments: given to it by name.
        python: the interpreter that runs it.
    """

    function: str
    arguments: Mapping[str, Any]
    python: Path = Path(sys.executable)

    def run(self) -> Sample:
        """Measure once, in a process of its own.

        Raises:
            MeasureError: the process failed; the message holds the end of what it said.
        """
        command = [str(self.python), "-m", "benchmarks.step", f"benchmarks.steps.{self.function}"]
        arguments = json.dumps(self.arguments, default=str)
        done = subprocess.run([*command, arguments], cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise MeasureError(f"{self.function} failed:\n{done.stderr[-2000:] or done.stdout[-2000:]}")
        return Sample(**json.loads(done.stdout.splitlines()[-1]))


@dataclass(frozen=True, slots=True)
class Demand:
    """How a ratio must be.

    Attributes:
        is_speed: whether the ratio is reference time / our time, at least ``bound``; else our time / reference
            time, at most ``bound``.
        bound: the bound.
    """

    is_speed: bool
    bound: float

    @classmethod
    def speed(cls, bound: float) -> Self:
        """At least ``bound`` times the reference's speed."""
        return cls(True, bound)

    @classmethod
    def cost(cls, bound: float) -> Self:
        """At most ``bound`` times the reference's time."""
        return cls(False, bound)

    def ratio(self, ours: float, reference: float) -> float:
        """Return the ratio of two times in the demand's direction."""
        return reference / ours if self.is_speed else ours / reference

    def is_met(self, ratio: float) -> bool:
        """Return whether a ratio meets the demand."""
        return ratio >= self.bound if self.is_speed else ratio <= self.bound

    def __str__(self) -> str:
        return f"{'>=' if self.is_speed else '<='} {self.bound:.2f}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our samples beside the reference's, one pair per round, or why the reference has none.

    Attributes:
        what: what of ours was measured.
        against: the reference.
        demand: how the ratio must be.
        ours: our samples.
        reference: the reference's samples.
        fixed: samples of a start whose time is taken off ours, if there is one.
        reason: why the reference was not measured.
    """

    what: str
    against: str
    demand: Demand
    ours: Sequence[Sample]
    reference: Sequence[Sample]
    fixed: Sequence[Sample] = ()
    reason: str = ""

    def ratio(self, seconds: Callable[[Sample], float]) -> float:
        """Return the median of the rounds' ratios of one kind of seconds."""
        starts = [seconds(sample) for sample in self.fixed] or [0.0] * len(self.ours)
        rounds = zip(self.ours, starts, self.reference, strict=True)
        return median(self.demand.ratio(seconds(ours) - start, seconds(other)) for ours, start, other in rounds)

    @property
    def is_met(self) -> bool:
        """Whether the ratio of wall seconds meets the demand."""
        return self.demand.is_met(self.ratio(wall))


def wall(sample: Sample) -> float:
    """Return a sample's seconds on the clock."""
    return sample.wall


def cpu(sample: Sample) -> float:
    """Return a sample's seconds of all threads and child processes."""
    return sample.cpu


def interleave(rounds: int, steps: Mapping[str, Step], say: Callable[[str], None]) -> dict[str, list[Sample]]:
    """Run all steps once per round, in order, and return each one's samples."""
    samples: dict[str, list[Sample]] = {name: [] for name in steps}
    for number in range(1, rounds + 1):
        for name, step in steps.items():
            sample = step.run()
            samples[name].append(sample)
            say(
                f"round {number} of {rounds}: {name}: {sample.wall:.2f} s, {sample.cpu:.2f} CPU s, "
                f"{sample.peak:.0f} MiB, {sample.rows} rows"
            )
    return samples


def require_rows(one: Sequence[Sample], two: Sequence[Sample]) -> None:
    """Refuse to compare work that did not give the same rows.

    Raises:
        MeasureError: the numbers of rows differ.
    """
    if len({sample.rows for sample in (*one, *two)}) != 1:
        raise MeasureError(f"not the same work: {[s.rows for s in one]} rows against {[s.rows for s in two]}")
