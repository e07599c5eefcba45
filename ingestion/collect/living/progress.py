"""How far a long run is: a bar in a terminal, a few plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import rich.progress

PLAIN_LINES = 10
"""Lines for a complete run where there is no terminal."""


@contextmanager
def progress(title: str, steps: int) -> Iterator[Callable[[], None]]:
    """Show the progress of ``steps`` steps; call the value after each one."""
    if sys.stdout.isatty():
        columns = (
            rich.progress.TextColumn("{task.description}"),
            rich.progress.BarColumn(),
            rich.progress.MofNCompleteColumn(),
            rich.progress.TimeRemainingColumn(),
        )
        with rich.progress.Progress(*columns) as bar:
            task = bar.add_task(title, total=steps)
            yield lambda: bar.advance(task)
        return
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done * PLAIN_LINES // steps > (done - 1) * PLAIN_LINES // steps:
            print(f"{title}: {done} of {steps}", flush=True)  # noqa: T201

    yield step
