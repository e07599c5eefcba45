"""Folders of their own for every test, and the real panel built once for the whole session."""

import gc
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import duckdb
import pytest
import yaml
from filelock import FileLock
from hypothesis import settings

from benchmarks.replay import replay
from dbt_project.build import Limits
from twiplomacy import cli

os.environ["DO_NOT_TRACK"] = "1"
os.environ["TWIPLOMACY_ENV_FILE"] = os.devnull  # what somebody sets for this machine decides no test
gc.set_threshold(100_000)  # as in dbt: a tenth of the time goes into looking for garbage otherwise
settings.register_profile("default", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("default")

PROJECT = Path(__file__).resolve().parents[1]


SLOWEST = ("test_dags", "test_benchmarks", "test_release", "test_cli", "test_fold")
"""The modules that take longest: they start first, so that at the end no process waits for another."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: SLOWEST.index(item.path.stem) if item.path.stem in SLOWEST else len(SLOWEST))


@dataclass(frozen=True)
class Home:
    """One data folder, with its releases beside it, and the command line that works on it.

    ``shared`` is the folder of what a session makes once; ``parsed`` is what dbt keeps of a project it has parsed: all
    builds of a session read it, whatever their folders.
    """

    shared: ClassVar[Path] = Path("shared")
    parsed: ClassVar[Path] = Path("partial_parse.msgpack")

    path: Path
    roster: Path = PROJECT / "roster"

    def run(self, *arguments: str) -> int:
        """Run ``twiplomacy ARGUMENTS`` in this process; return the exit code."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment().items():
                patch.setenv(name, value)
            code = cli.main([*arguments])
        _keep_parsed(self.path / "dbt" / Home.parsed.name)
        return code

    def environment(self, threads: int = 1) -> dict[str, str]:
        return {
            "TWIPLOMACY_DATA": str(self.path),
            "TWIPLOMACY_RELEASES": str(self.releases),
            "TWIPLOMACY_ROSTER": str(self.roster),
            "TWIPLOMACY_THREADS": str(threads),
            **({"DBT_PARTIAL_PARSE_FILE_PATH": str(Home.parsed)} if Home.parsed.exists() else {}),
        }

    @property
    def releases(self) -> Path:
        return self.path / "releases"

    @property
    def database(self) -> Path:
        return self.path / "twiplomacy.duckdb"

    def build(self, year: int) -> None:
        """Run the flow up to a built panel, every edition up to a year, with the SQL that dbt compiled once."""
        assert self.run("collect") == 0
        self.build_collected(year)

    def build_collected(self, year: int) -> None:
        """Do as ``build`` does, of what the log holds already."""
        assert self.run("land") == 0
        with replayed():
            assert self.run("build", "--year", str(year)) == 0

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


def read_yaml(path: Path) -> Any:
    """Read a YAML file by libyaml, in a tenth of the time of ``safe_load``."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@pytest.fixture(scope="session", autouse=True)
def _shared_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.getbasetemp()
    Home.shared = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    Home.parsed = Home.shared / Home.parsed.name


def _keep_parsed(path: Path) -> None:
    if path.exists() and not Home.parsed.exists():
        unfinished = Home.parsed.with_suffix(f".{os.getpid()}")
        shutil.copyfile(path, unfinished)
        unfinished.replace(Home.parsed)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "data")


@pytest.fixture(scope="session")
def built() -> Home:
    """Give the real panel, the editions 2012 to 2017, built by dbt. Do not write to it; ``copy`` it.

    Test processes that run side by side share what one of them has built.
    """
    return _built()


def _built() -> Home:
    home = Home(Home.shared / "built" / "data")

    def make() -> None:
        for verb in ("collect", "land", "build"):
            assert home.run(verb) == 0

    _once(home, make)
    return home


@contextmanager
def replayed() -> Iterator[None]:
    """Let builds run what dbt compiled for the real panel; dbt's own work takes several times as long as the SQL."""
    real = _built()

    def run(_arguments: object, database: Path, work: Path, limits: Limits, _say: object) -> int:
        work.mkdir(exist_ok=True)
        shutil.copy(real.path / "dbt" / "manifest.json", work)
        failed = replay(real.path, database, limits.threads)
        assert not failed
        return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dbt_project.build._dbt", run)
        yield


@pytest.fixture(scope="session")
def released(built: Home) -> Home:
    """Give the real panel, released as 2017.0.0. Do not write to it; ``copy`` it."""
    home = Home(Home.shared / "released" / "data")

    def make() -> None:
        shutil.rmtree(home.path, ignore_errors=True)  # of another process that did not come to the end
        built.copy(home.path)
        for verb in ("gate", "release"):
            assert home.run(verb) == 0

    _once(home, make)
    return home


@pytest.fixture(scope="session")
def synthetic() -> Home:
    """Give the synthetic world with its panel, 2027 and 2028, released. Do not write to it; ``copy`` it."""
    from twiplomacy.synthetic import flow  # noqa: PLC0415 - it reads this module

    folder = Home.shared / "synthetic" / "data"
    home = Home(folder, folder / "roster")

    def make() -> None:
        flow.collected(folder, flow.SEED, print)
        with replayed():
            flow.released(home.run)

    _once(home, make)
    return home


@pytest.fixture(scope="session")
def worlds() -> Home:
    """Give one panel of four small worlds: of 2016 (rules, history), 2020 (figures) and 2024 (groups).

    A build takes as long for four worlds as for one. Do not write to it.
    """
    from tests.dbt_project import test_figures, test_groups, test_history, test_rules  # noqa: PLC0415 - they read this

    return _panel(Home.shared / "worlds", test_rules, test_history, test_figures, test_groups)


@pytest.fixture(scope="session")
def more_worlds() -> Home:
    """Give one panel of five small worlds of 2016: content, changes, missions, listings, what is done together.

    Nothing in them is asked of a whole edition, so that they need no editions of their own. Do not write to it.
    """
    from tests.dbt_project import (  # noqa: PLC0415 - they too
        test_changes,
        test_content,
        test_listed,
        test_missions,
        test_together,
    )

    modules = (test_content, test_changes, test_missions, test_listed, test_together)
    return _panel(Home.shared / "more_worlds", *modules)


def _panel(folder: Path, *modules: ModuleType) -> Home:
    """Build the worlds of several test modules as one panel."""
    from twiplomacy.synthetic.worlds import joined, write_roster  # noqa: PLC0415

    home = Home(folder / "data", folder / "data" / "roster")

    def make() -> None:
        shutil.rmtree(home.path, ignore_errors=True)  # of another process that did not come to the end
        write_roster(home.roster, **joined((module.YEAR, module.ROSTER) for module in modules))
        for module in modules:
            module.observe(home.roster)
        home.build(max(module.YEAR for module in modules))

    _once(home, make)
    return home


def _once(home: Home, make: Callable[[], None]) -> None:
    folder = home.path.parent
    with FileLock(folder.with_suffix(".lock")):
        if not (done := folder / "done").exists():
            make()
            done.touch()


@pytest.fixture
def verdict_of() -> Callable[[Home, int], dict]:
    """Return a function that reads the verdict a gate kept."""
    return lambda home, year: json.loads((home.path / "gate" / f"{year}.json").read_text())["verdict"]
