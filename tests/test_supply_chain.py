"""All packages are installed as wheels by their locked hashes, and the bill of materials lists them."""

import json
import re
import subprocess
import sys
import tomllib

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


def test_the_bill_of_materials_lists_each_locked_package_with_hashes_and_most_licences(tmp_path):
    made = []
    for target in (tmp_path / "new" / "sbom.json", tmp_path / "again.json"):
        subprocess.run([sys.executable, ".ci/sbom.py", target], cwd=PROJECT, check=True, capture_output=True)
        made.append(target.read_bytes())
    assert made[0] == made[1]
    bill = json.loads(made[0])
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert bill["metadata"]["component"]["version"] == PYPROJECT["version"]
    components = bill["components"]
    assert [(each["name"], each["version"]) for each in components] == PINNED
    assert len({each["bom-ref"] for each in components}) == len(components)
    for each in components:
        assert each["type"] == "library"
        assert each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}"
        (reference,) = each["externalReferences"]
        assert reference["hashes"]
        assert all(re.fullmatch(r"[0-9a-f]{64}", one["content"]) for one in reference["hashes"])
        for licence in each.get("licenses", ()):
            assert "expression" in licence or licence["license"].get("name")
    assert sum("licenses" in each for each in components) > 0.9 * len(components)
