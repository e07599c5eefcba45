"""Folders of their own for every test, and the real editions built once for the whole session."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock
from hypothesis import settings

from ingestion import cli

os.environ["DO_NOT_TRACK"] = "1"
settings.register_profile("default", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("default")

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Home:
    """One data folder, with its releases beside it, and the command line that works on it."""

    path: Path
    roster: Path = PROJECT / "roster"

    def run(self, *arguments: str) -> int:
        """Run ``twiplomacy ARGUMENTS`` in this process; return the exit code."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment().items():
                patch.setenv(name, value)
            return cli.main([*arguments])

    def environment(self, threads: int = 2) -> dict[str, str]:
        return {
            "TWIPLOMACY_DATA": str(self.path),
            "TWIPLOMACY_RELEASES": str(self.releases),
            "TWIPLOMACY_ROSTER": str(self.roster),
            "TWIPLOMACY_THREADS": str(threads),
        }

    @property
    def releases(self) -> Path:
        return self.path / "releases"

    @property
    def database(self) -> Path:
        return self.path / "twiplomacy.duckdb"

    def build(self, year: int) -> None:
        """Run the flow up to a built edition."""
        for arguments in (["collect"], ["land"], ["build", "--year", str(year)]):
            assert self.run(*arguments) == 0

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            return connection.execute(sql).fetchall()

    def execute(self, sql: str) -> None:
        with duckdb.connect(str(self.database)) as connection:
            connection.execute(sql)

    def copy(self, path: Path) -> "Home":
        shutil.copytree(self.path, path)
        return Home(path, self.roster)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "data")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Home]:
    """Return a function that gives the real edition of a year, built once. Do not write to it; ``copy`` it.

    Test processes that run side by side share what one of them has built.
    """
    shared = _shared(tmp_path_factory)

    def edition(year: int) -> Home:
        home = Home(shared / f"edition-{year}" / "data")
        _once(home, lambda: home.build(year))
        return home

    return edition


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Give the synthetic world with both its editions released, the last one in its tables. Do not write to it."""
    from tests.synthetic import flow  # noqa: PLC0415 - it reads this module

    folder = _shared(tmp_path_factory) / "synthetic" / "data"
    home = Home(folder, folder / "roster")

    def make() -> None:
        flow.collected(folder, flow.SEED, print)
        flow.released(home.run)

    _once(home, make)
    return home


def _shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.getbasetemp()
    return root.parent if "PYTEST_XDIST_WORKER" in os.environ else root


def _once(home: Home, make: Callable[[], None]) -> None:
    folder = home.path.parent
    with FileLock(folder.with_suffix(".lock")):
        if not (done := folder / "done").exists():
            make()
            done.touch()


@pytest.fixture(scope="session")
def released(built: Callable[[int], Home], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Give the 2014 edition, released. Do not write to it."""
    home = built(2014).copy(tmp_path_factory.mktemp("released") / "data")
    assert home.run("gate", "--year", "2014") == 0
    assert home.run("release", "--year", "2014") == 0
    return home


@pytest.fixture
def verdict_of() -> Callable[[Home, int], dict]:
    """Return a function that reads the verdict a gate kept."""
    return lambda home, year: json.loads((home.path / "gate" / f"{year}.json").read_text())["verdict"]
