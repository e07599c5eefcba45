"""build: make the marts of every edition up to a year from the raw tables, by one ``dbt build``.

dbt runs in a process of its own, because inside this one it would keep the database locked. A stamp in the database
says what the marts were built from.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb

PROJECT = Path(__file__).resolve().parent
_WITH_PARENT = "import ctypes, sys; sys.platform == 'linux' and ctypes.CDLL(None).prctl(1, 9)"
"""Linux ends the process when its parent ends in any way, so that it does not keep the database locked."""
_DBT = f"{_WITH_PARENT}; import gc; gc.set_threshold(100_000); from dbt.cli.main import cli; cli()"
"""dbt's command line; collecting garbage at every 700th object, Python's default, takes a twelfth of its time."""
_LEAST_SPACE = 1_000_000
"""A disk with fewer free bytes is full: dbt cannot even report it any more."""


class BuildError(Exception):
    """dbt could not build the panel; the message names each model or test and why."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the marts of a database were built from.

    Attributes:
        year: the newest edition of the panel.
        cut: last ledger position that counts.
        chain: the ledger's hash chain at the cut.
        code: SHA-256 (hex) of the code and the lock file that decide the figures.
    """

    year: int
    cut: int
    chain: str
    code: str


class Limits(NamedTuple):
    """Threads of dbt and DuckDB, and DuckDB's memory, e.g. ``1GB`` (empty: 80 % of all). No figure depends on them."""

    threads: int
    memory: str = ""


def build(database: Path, work: Path, stamp: Stamp, limits: Limits, say: Callable[[str], None]) -> None:
    """Build every edition up to the year of a stamp, unless the database holds them already.

    Args:
        database: DuckDB file that ``land`` filled.
        work: folder for dbt's manifest, compiled SQL and logs.
        stamp: what to build.
        limits: threads and memory.
        say: gets dbt's lines as they come.

    Raises:
        BuildError: a model or a test failed; the stamp is gone, so nothing can be gated or released from it.
    """
    if read_stamp(database) == stamp and _is_sealed(work / "manifest.json"):
        say(f"build: {stamp.year} at cut {stamp.cut} is built already")
        return
    same_code = _forget_stamp(database) == stamp.code
    ask(database, stamp.year, stamp.cut)
    arguments = ["build", "--exclude-resource-type", "unit_test"]  # they do not need the data; pytest runs them
    if not same_code:  # rows that older code staged must not stay
        arguments.append("--full-refresh")
    say(f"build: {stamp.year} at cut {stamp.cut}")
    code = _dbt(arguments, database, work, limits, say)
    if code:
        full = [folder for folder in (database.parent, work) if shutil.disk_usage(folder).free < _LEAST_SPACE]
        if full:
            raise BuildError(f"the disk of {full[0]} is full: free some space, and run the same command again")
        raise BuildError(f"dbt could not build {stamp.year}:\n  " + "\n  ".join(_failures(database, work, code)))
    seal(work / "manifest.json")
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "create or replace table build_stamp as select $year as year, $cut as cut, $chain as chain, $code as code",
            asdict(stamp),
        )


def ask(database: Path, year: int, cut: int) -> None:
    """Write the requested panel into the database, where the models read it.

    Variables of dbt would make it parse the complete project again whenever they change.
    """
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema if not exists raw")
        connection.execute(
            "create or replace table raw.panel as select ?::integer as year, ?::integer as cut", [year, cut]
        )


def seal(manifest: Path) -> None:
    """Write the SHA-256 (hex) of dbt's manifest beside it, so that a damaged manifest is noticed."""
    manifest.with_suffix(".sha256").write_text(hashlib.sha256(manifest.read_bytes()).hexdigest(), encoding="ascii")


def _is_sealed(manifest: Path) -> bool:
    digest = manifest.with_suffix(".sha256")
    are_there = manifest.is_file() and digest.is_file()
    return are_there and digest.read_bytes() == hashlib.sha256(manifest.read_bytes()).hexdigest().encode()


def read_stamp(database: Path) -> Stamp | None:
    """Return the stamp of the marts in a database; None if there are none or a build did not finish."""
    if not database.exists():
        return None
    with duckdb.connect(str(database), read_only=True) as connection:
        if not connection.execute("select 1 from duckdb_tables() where table_name = 'build_stamp'").fetchall():
            return None
        rows = connection.execute("select year, cut, chain, code from build_stamp").fetchall()
    return Stamp(*rows[0]) if rows else None


def _forget_stamp(database: Path) -> str | None:
    """Remove the stamp before the marts change; return the hash of the code that staged the present rows."""
    stamp = read_stamp(database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("drop table if exists build_stamp")
    return stamp.code if stamp else None


def _dbt(arguments: list[str], database: Path, work: Path, limits: Limits, say: Callable[[str], None]) -> int:
    work.mkdir(parents=True, exist_ok=True)
    (work / "run_results.json").unlink(missing_ok=True)
    environment = {
        **os.environ,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONDONTWRITEBYTECODE": "1",  # dbt imports a Python model from the folder for temporary files
        "TWIPLOMACY_DATABASE": database.name,  # relative, so that one parse serves any database
        "TWIPLOMACY_MEMORY": limits.memory,
        "TWIPLOMACY_THREADS": str(limits.threads),
    }
    target = work.absolute()
    folders = ["--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target-path", target, "--log-path", target]
    switches = ["--no-use-colors", "--log-level-file", "info"]
    command = [sys.executable, "-c", _DBT, *switches, *arguments, "--threads", str(limits.threads), *map(str, folders)]
    with subprocess.Popen(  # noqa: S603
        command, cwd=database.parent, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            if " OK " in line or " ERROR " in line or " FAIL " in line or "Done." in line:
                say(f"build: {line.split(maxsplit=1)[-1].strip()}")
    return process.returncode


def _failures(database: Path, work: Path, code: int) -> Iterator[str]:
    """Yield one line per failed model, and one per failed test with a few of the rows that broke it."""
    try:
        results = json.loads((work / "run_results.json").read_bytes())["results"]
        failed = [
            (result["status"], result["unique_id"].split(".")[2], str(result.get("message") or ""), result)
            for result in results
            if result["status"] in ("error", "fail")
        ]
    except (AttributeError, IndexError, KeyError, OSError, TypeError, ValueError):
        failed = []
    if not failed:
        yield f"dbt ended with exit code {code} and names no model that failed; see {work / 'dbt.log'}"
    for status, name, message, result in failed:
        lines = [line.strip() for line in message.splitlines() if line.strip()]
        yield f"{name}: {' '.join(lines[:3])}"
        if status == "fail" and result.get("compiled_code"):
            yield from (f"    {row}" for row in _broken_rows(database, result["compiled_code"]))


def _broken_rows(database: Path, query: str) -> Iterator[str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.sql(f"select * from ({query}) limit 5")  # noqa: S608
        for row in rows.fetchall():
            yield ", ".join(f"{column}={value}" for column, value in zip(rows.columns, row, strict=True))
