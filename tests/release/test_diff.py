"""The version rule: nothing for equal tables, PATCH for values, MINOR for shape."""

import pytest

from release.diff import Version, latest, next_version

COLUMNS = {"a": ["x", "y"]}


@pytest.mark.parametrize(
    ("columns", "hashes", "expected"),
    [
        (COLUMNS, {"a": "1"}, None),
        (COLUMNS, {"a": "2"}, "2014.3.5"),
        ({"a": ["x", "y", "z"]}, {"a": "2"}, "2014.4.0"),
        ({**COLUMNS, "b": ["x"]}, {"a": "1", "b": "1"}, "2014.4.0"),
    ],
)
def test_next_version(columns, hashes, expected):
    version = next_version(Version(2014, 3, 4), 2014, (COLUMNS, columns), ({"a": "1"}, hashes))
    assert (version and str(version)) == expected


def test_the_first_version_of_a_year():
    assert str(next_version(None, 2014, ({}, COLUMNS), ({}, {"a": "1"}))) == "2014.0.0"


def test_the_latest_version_is_the_highest_number_not_the_last_word():
    names = ["2014.0.9", "2014.0.10", "2015.0.0", ".unfinished", "2014", "notes"]
    assert latest(names, 2014) == Version(2014, 0, 10)
    assert latest(names, 2013) is None
