"""Install dlt into its own environment, ``.venv-dlt``: it is measured, but is no dependency of the project."""

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
    """Return the interpreter of ``.venv-dlt``; install dlt first if needed.

    Raises:
        NoPeerError: dlt could not be installed.
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
