"""dlt's own environment, made on demand: dlt is measured, it is no dependency.

In: ``requirements-dlt.txt``. Out: the Python of ``.venv-dlt``, or the reason why there is none. Never: a change to
``.venv``.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import PROJECT

_VENV = PROJECT / ".venv-dlt"
_REQUIREMENTS = PROJECT / "benchmarks" / "requirements-dlt.txt"


class NoPeerError(Exception):
    """dlt could not be installed; the message says why."""


def python() -> Path:
    """Return the Python that has dlt, installed now unless it is there already.

    Raises:
        NoPeerError: it could not be installed.
    """
    ready, wanted = _VENV / ".ready", hashlib.sha256(_REQUIREMENTS.read_bytes()).hexdigest()
    path = _VENV / "bin" / "python"
    if not ready.exists() or ready.read_text() != wanted:
        _run(sys.executable, "-m", "venv", "--clear", str(_VENV))
        _run(str(path), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(_REQUIREMENTS))
        ready.write_text(wanted)
    return path


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()[-1]
        raise NoPeerError(f"dlt could not be installed: {last}")
