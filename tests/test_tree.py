"""The tree: who imports whom, which words the flow uses, and no clock outside the edges."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

PACKAGES = ("ingestion", "dbt_project", "expectations", "release", "twiplomacy")
MODULES = sorted(path for package in PACKAGES for path in (PROJECT / package).rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def test_packages_import_each_other_in_one_direction():
    """As ``[tool.importlinter]`` in pyproject.toml draws it; that only the clock reads a clock, ruff checks."""
    command = [Path(sys.executable).with_name("lint-imports")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_sql_has_no_clock_and_no_year():
    for path in (PROJECT / "dbt_project").rglob("*.sql"):
        source = path.read_text(encoding="utf-8").lower()
        for word in (
            "now()",
            "current_date",
            "current_timestamp",
            "today()",
            "random(",
            "double",
        ):
            assert word not in source.replace("a double, whose", ""), f"{path.name}: {word}"
        assert not re.search(r"\b20\d\d\b", re.sub("--.*", "", source)), path.name
