"""The tree: who imports whom, which words the flow uses, and no clock outside the edges."""

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import PROJECT

PACKAGES = ("ingestion", "dbt_project", "expectations", "release")
MODULES = sorted(path for package in PACKAGES for path in (PROJECT / package).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Top-level packages that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_only_the_command_line_imports_across_packages(path):
    if named(path) != "ingestion/cli.py":
        own = path.relative_to(PROJECT).parts[0]
        assert imports(path) & set(PACKAGES) <= {own}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_only_the_clock_reads_a_clock_and_no_module_chance(path):
    if named(path) == "ingestion/clock.py":
        return
    assert imports(path).isdisjoint({"random", "time", "uuid", "secrets"})
    source = path.read_text(encoding="utf-8")
    for word in ("datetime.now", "date.today", "utcnow"):
        assert word not in source


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
