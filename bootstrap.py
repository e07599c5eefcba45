"""Set up `.venv` from `requirements.lock`, with nothing but Python and its `venv` module.

The Makefile runs it before each target. It can be run again, at the same time, or after it was killed: it holds a file
lock, and last writes `.venv/.ready`, the hashes of the `requirements.lock` and `pyproject.toml` that are installed.
"""

import fcntl
import hashlib
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
READY = VENV / ".ready"
VENV_PYTHON = VENV / "bin" / "python"
UV = (VENV_PYTHON, "-m", "uv", "pip")
OPTIONS = ("--quiet", "--python", VENV_PYTHON)
WHEELS = ("--only-binary", ":all:")
"""Install wheels only, so that no package runs code during its installation. Only this project is built."""


def main() -> None:
    """Create or refresh `.venv`; do nothing if it is up to date."""
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        version = sys.version.split()[0]
        sys.exit(f"error: Python 3.11, 3.12 or 3.13 is needed, found {version}; name one: make PYTHON=python3.11")
    if not (find_spec("venv") and find_spec("ensurepip")):
        sys.exit("error: this Python has no venv module; on Debian or Ubuntu: apt-get install python3-venv")
    with (ROOT / ".venv.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another process is setting up .venv; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (LOCK, ROOT / "pyproject.toml")]
        installed = READY.read_text().split() if READY.exists() else []
        if installed == wanted:
            return
        READY.unlink(missing_ok=True)
        if installed[:1] != wanted[:1]:
            install_packages()
        run(*UV, "install", *OPTIONS, "--no-deps", "--no-build-isolation", "--editable", ROOT)
        READY.write_text("\n".join(wanted))


def install_packages() -> None:
    """Install the locked packages into a new environment; each file must match a locked hash."""
    say("creating .venv")
    run(sys.executable, "-m", "venv", "--clear", str(VENV))
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as only_uv:
        only_uv.write(locked("uv"))
        only_uv.flush()
        run(VENV_PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", *WHEELS, "-r", only_uv.name)
    say("installing the locked packages (a minute or two)")
    run(*UV, "sync", *OPTIONS, "--require-hashes", *WHEELS, "--compile-bytecode", LOCK)


def locked(name: str) -> str:
    """Return the lock file's entry for one package: its pinned version and hashes."""
    entry = re.search(rf"^{name}==.*?(?=^\S)", LOCK.read_text() + "end", re.MULTILINE | re.DOTALL)
    if entry is None:
        sys.exit(f"error: requirements.lock does not pin {name}; run: make lock")
    return entry.group()


def run(*command: "str | Path") -> None:
    """Run one command; exit with a message if it fails."""
    code = subprocess.run([str(part) for part in command], check=False).returncode  # noqa: S603
    if code:
        sys.exit(f"error: set-up failed (exit code {code}) at: {' '.join(map(str, command[1:5]))} ...")


def say(message: str) -> None:
    """Print one line of progress."""
    print(f"setup: {message}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
