"""A withdrawn release stays as it is; a list beside it says why, and everyone who uses it sees that."""

import json
import shutil

import pytest

from release import withdrawn
from release.withdrawn import WithdrawError, withdraw
from tests.release.test_panel import Panel, compared_with
from tests.release.test_release import flip_a_digit, writable_copy

WHY = "the audiences are those of another year"


@pytest.fixture
def panel(tmp_path) -> Panel:
    panel = Panel(tmp_path)
    panel.hold({2013: "120"})
    panel.release()
    return panel


def test_it_stands_beside_the_releases_in_order_of_version(panel):
    panel.hold({2013: "121"})
    panel.release()
    withdraw(panel.releases, "2013.0.1", "again", "2018-02-02")
    withdraw(panel.releases, "2013.0.0", f" {WHY} ", "2018-02-03")
    assert (panel.releases / "withdrawn.json").read_text() == (
        "{\n"
        f'  "2013.0.0": {{\n    "reason": "{WHY}",\n    "withdrawn_date": "2018-02-03"\n  }},\n'
        '  "2013.0.1": {\n    "reason": "again",\n    "withdrawn_date": "2018-02-02"\n  }\n'
        "}\n"
    )
    assert panel.versions() == ["2013.0.0", "2013.0.1", "withdrawn.json"]


@pytest.mark.parametrize(
    ("version", "reason", "message"),
    [
        ("2013.0.1", WHY, "has no release '2013.0.1'"),
        ("..", WHY, "has no release"),
        ("2013.0.0", " ", "one line of text"),
        ("2013.0.0", "a\nb", "one line of text"),
        ("2013.0.0", "\u202ea", "one line of text"),
    ],
)
def test_what_is_no_release_or_no_reason_is_refused(panel, version, reason, message):
    with pytest.raises(WithdrawError, match=message):
        withdraw(panel.releases, version, reason, "2018-02-02")
    assert withdrawn.read(panel.releases) == {}


def test_a_release_is_withdrawn_once(panel):
    withdraw(panel.releases, "2013.0.0", WHY, "2018-02-02")
    with pytest.raises(WithdrawError, match=f"is withdrawn already: {WHY}"):
        withdraw(panel.releases, "2013.0.0", "other", "2018-02-02")


def test_the_next_one_is_compared_with_it_while_its_files_are_whole(panel):
    withdraw(panel.releases, "2013.0.0", WHY, "2018-02-02")
    assert panel.release().is_new is False
    panel.hold({2013: "121"})
    made = panel.release()
    assert (made.path.name, compared_with(made)) == ("2013.0.1", ["2013.0.0"])


def test_the_next_one_passes_it_over_if_it_is_damaged_and_keeps_its_number(panel):
    panel.hold({2013: "121"})
    panel.release()
    damaged = panel.releases / "2013.0.1" / "figures.csv"
    damaged.chmod(0o644)
    damaged.write_text("junk")
    withdraw(panel.releases, "2013.0.1", "its files are damaged", "2018-02-02")
    panel.hold({2013: "122"})
    made = panel.release()
    assert (made.path.name, compared_with(made)) == ("2013.0.2", ["2013.0.0"])


def test_the_command_line_tells(released, tmp_path, capsys):
    home = released.copy(tmp_path / "data")
    folder = home.releases / "2017.0.0"
    assert home.run("withdraw", str(folder), "--reason", WHY) == 0
    assert json.loads((home.releases / "withdrawn.json").read_text())["2017.0.0"]["reason"] == WHY
    assert home.run("release") == 0
    assert capsys.readouterr().out.endswith(f"release: 2017.0.0 is withdrawn: {WHY}\n")
    whole = shutil.move(folder, tmp_path / "whole")
    flip_a_digit(writable_copy(whole, folder) / "figures.csv")
    assert home.run("verify") == 0
    assert "verify: withdrawn, and so no fault: " in capsys.readouterr().out
    assert home.run("verify", str(folder)) == 1
    assert home.run("withdraw", "2017.0.0", "--reason", WHY) == 1
    assert capsys.readouterr().err.endswith(f"error: 2017.0.0 is withdrawn already: {WHY}\n")
