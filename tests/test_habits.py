"""The files that GitHub and pre-commit read have what these need, and run the same commands as the project's own."""

import re
import tomllib

import pytest

from tests.conftest import PROJECT, read_yaml

GITHUB = PROJECT / ".github"
FORMS = [path for path in sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml")) if path.stem != "config"]
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FIELDS = {"input", "textarea", "dropdown", "checkboxes"}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_has_what_github_needs(path):
    form = read_yaml(path)
    assert {"name", "description", "body"} <= form.keys() <= {"name", "description", "title", "labels", "body"}
    assert all(isinstance(form[key], str) and form[key].strip() for key in ("name", "description", "title"))
    fields = [item for item in form["body"] if item["type"] in FIELDS]
    ids = [field["id"] for field in fields]
    assert fields
    assert len(set(ids)) == len(ids)
    for item in form["body"]:
        assert item.keys() <= {"type", "id", "attributes", "validations"}
        if item["type"] == "markdown":
            assert item["attributes"]["value"].strip()
            continue
        assert item["type"] in FIELDS
        assert re.fullmatch(r"[\w-]+", item["id"])
        assert item["attributes"]["label"].strip()
        options = item["attributes"].get("options", [])
        assert bool(options) == (item["type"] in ("dropdown", "checkboxes"))
        names = [option["label"] if isinstance(option, dict) else option for option in options]
        assert all(isinstance(name, str) for name in names)
        assert len(set(names)) == len(names)


def test_the_form_for_removals_warns_before_anything_is_written():
    first = read_yaml(GITHUB / "ISSUE_TEMPLATE" / "removal.yml")["body"][0]
    assert first["type"] == "markdown"
    assert "public" in first["attributes"]["value"]
    assert "Report a vulnerability" in first["attributes"]["value"]
    assert "Report a vulnerability" in (PROJECT / "SECURITY.md").read_text()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_only_read_and_pins_its_actions(path):
    workflow = read_yaml(path)
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert "permissions" not in job
        for step in job["steps"]:
            assert "run" in step or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"])


def test_hosted_tests_are_those_of_any_machine():
    job = read_yaml(GITHUB / "workflows" / "ci.yml")["jobs"]["test"]
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    assert (PROJECT / ".ci" / "run").read_text().splitlines()[-1].endswith(" make test")
    assert "\n    make test " in (PROJECT / "README.md").read_text()
    lowest, limit = re.findall(
        r"3\.(\d+)", tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["requires-python"]
    )
    assert {int(version.split(".")[1]) for version in job["strategy"]["matrix"]["python"]} <= set(
        range(int(lowest), int(limit))
    )


def test_hooks_of_commits_run_what_is_installed():
    for repo in read_yaml(PROJECT / ".pre-commit-config.yaml")["repos"]:
        assert repo["repo"] == "local"
        for hook in repo["hooks"]:
            assert hook["language"] == "system"
            assert ".venv/bin/" in hook["entry"]


def test_the_changelog_has_days_newest_first_and_kinds_in_one_order():
    sections = re.split(r"^## ", (PROJECT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)[1:]
    days = [section.splitlines()[0] for section in sections]
    assert days == sorted(set(days), reverse=True)
    kinds = ["Added", "Changed", "Fixed", "Removed", "Security"]
    for day, section in zip(days, sections, strict=True):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", day)
        found = re.findall(r"^### (.*)$", section, re.MULTILINE)
        assert found == [kind for kind in kinds if kind in found]
