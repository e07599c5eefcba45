"""All packages are installed as wheels by their locked hashes, and the bill of materials lists them."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bootstrap
from tests.conftest import PROJECT
from tests.support.servers import install

LOCK = (PROJECT / "requirements.lock").read_text()
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
PINNED = re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, re.MULTILINE)


@pytest.fixture
def commands(monkeypatch):
    """Collect the commands that the set-up would run."""
    found = []
    for module in (bootstrap, install):
        monkeypatch.setattr(module, "run", lambda *command, **_: found.append([str(part) for part in command]))
    return found


def test_packages_are_installed_by_hash_and_as_wheels(commands, tmp_path):
    bootstrap.install_packages()
    install.python(tmp_path)
    installing = [command for command in commands if {"install", "sync"} & set(command)]
    assert len(installing) == len(["uv", "the locked packages", "the servers"])
    for command in installing:
        assert "--require-hashes" in command
        assert command[command.index("--only-binary") + 1] == ":all:"


def test_only_one_npm_package_runs_a_script_because_it_is_compiled(commands, tmp_path):
    install.node(tmp_path)
    (ci, rebuild) = commands
    assert {"ci", "--ignore-scripts"} <= set(ci)
    assert rebuild[2:4] == ["rebuild", "better-sqlite3"]
    assert "--prefix" in rebuild


def test_every_dependency_is_locked_at_a_version_that_it_allows():
    pinned = dict(PINNED)
    dependencies = [*PYPROJECT["dependencies"], *PYPROJECT["optional-dependencies"]["dev"]]
    for wanted in map(Requirement, dependencies):
        assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), wanted


def test_every_locked_package_has_a_hash():
    files = {"requirements.lock": LOCK, "servers": install.PYTHON_PACKAGES.read_text()}
    for name, text in files.items():
        entries = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
        assert entries, name
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    packages = json.loads(install.PYTHON_PACKAGES.with_name("package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and not package["integrity"].startswith("sha512-")] == []


def test_the_bill_of_materials_lists_each_installed_package_with_its_licence(tmp_path):
    target = tmp_path / "sbom.json"
    program = Path(sys.executable).with_name("cyclonedx-py")
    options = ["--pyproject", "pyproject.toml", "--output-reproducible", "--no-validate", "-o", target]
    subprocess.run([program, "environment", sys.executable, *options], cwd=PROJECT, check=True, capture_output=True)
    bill = json.loads(target.read_text())
    assert bill["metadata"]["component"]["version"] == PYPROJECT["version"]
    listed = {(canonicalize_name(one["name"]), one["version"]) for one in bill["components"]}
    assert {one for one in listed if one[0] not in ("pip", "twiplomacy")} <= set(PINNED)
    assert len(listed) > 0.9 * len(PINNED)
    assert sum("licenses" in one for one in bill["components"]) > 0.9 * len(listed)
    assert str(PROJECT) not in target.read_text()
