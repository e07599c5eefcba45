"""Temporary folders: if a process is killed, the next process removes the folder that it left behind."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

_LOCK = ".lock"


@contextmanager
def scratch(parent: Path) -> Iterator[Path]:
    """Give an empty folder below ``parent`` and remove it afterwards; first remove folders whose process is gone.

    A process holds a lock in its own folder; the system releases it whichever way the process ends.
    """
    parent.mkdir(parents=True, exist_ok=True)
    with FileLock(parent / _LOCK):
        for left in filter(Path.is_dir, parent.iterdir()):
            with suppress(Timeout), FileLock(left / _LOCK, timeout=0):
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(dir=parent))
        own = FileLock(folder / _LOCK)
        own.acquire()
    try:
        yield folder
    finally:
        own.release()
        shutil.rmtree(folder, ignore_errors=True)
