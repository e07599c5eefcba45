"""Install dlt into its own environment, ``.venv-dlt``: it is measured, but is no dependency of the project."""

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import PROJECT

_VENV = PROJECT / ".venv-dlt"
_REQUIREMENTS = PROJECT / "benchmarks" / "requirements-dlt.txt"


class NoPeerError(Exception):
    """dlt could not be installed; the message says why."""


def python() -> Path:
    """Return the interpreter of ``.venv-dlt``; install what the environment lacks first.

    Raises:
        NoPeerError: dlt could not be installed.
    """
    path = _VENV / "bin" / "python"
    _uv("venv", "--allow-existing", str(_VENV))
    _uv("pip", "sync", "--python", str(path), str(_REQUIREMENTS))
    return path


def _uv(*command: str) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "uv", "--quiet", *command], capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1]
        raise NoPeerError(f"dlt could not be installed: {last}")
