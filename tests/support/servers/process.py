"""Server processes: started, waited for and ended.

In: a command and a way to see that it answers. Out: a server that runs for as long as the context does, with its output
in a file. Never: a process that outlives the tests, killed ones included, or a signal to one that was not started here.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

START_SECONDS = 90.0
END_SECONDS = 10.0
PAUSE_SECONDS = 0.1


@contextmanager
def running(
    *command: str | Path,
    output: Path,
    answers: Callable[[], bool],
    stop: signal.Signals = signal.SIGTERM,
    cwd: Path | None = None,
    user: str | None = None,
    **environment: str,
) -> Iterator[None]:
    """Run a server until the context ends.

    Args:
        command: the program, which stays in the foreground, and its arguments.
        output: the file for what it prints.
        answers: whether it is up.
        stop: what ends it; it gets the same if this process is killed.
        cwd: where it runs.
        user: as whom, if this process is root's.
        environment: all it sees besides PATH.
    """
    if not Path(command[0]).exists():
        raise FileNotFoundError(f"{command[0]} is missing; run: python -m tests.support.servers.install")
    with output.open("wb") as log:
        process = subprocess.Popen(
            ["setpriv", f"--pdeathsig={stop.name}", *command],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            user=user,
            group=user,
            env={"PATH": "/usr/bin:/bin"} | environment,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers():
            if process.poll() is not None or time.monotonic() > deadline:
                said = output.read_text(errors="replace")[-4000:]
                raise RuntimeError(f"{command[0]} did not start; it said:\n{said}")
            time.sleep(PAUSE_SECONDS)
        yield
    finally:
        _end(process, stop)


def until(predicate: Callable[[], object], seconds: float, what: str) -> None:
    """Ask again and again until the predicate holds.

    Raises:
        TimeoutError: it did not in so many seconds.
    """
    deadline = time.monotonic() + seconds
    while not predicate():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not in {seconds:.0f} s: {what}")
        time.sleep(PAUSE_SECONDS)


def connects(port: int) -> bool:
    """Return whether something listens on a port."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def is_ok(url: str) -> bool:
    """Return whether an address answers 200."""
    with suppress(requests.RequestException):
        return requests.get(url, timeout=5).status_code == 200
    return False


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _end(process: subprocess.Popen[bytes], stop: signal.Signals) -> None:
    process.send_signal(stop)
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
