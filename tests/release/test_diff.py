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
    version = next_version(Version(2014, 3, 4), Version(2014, 0, 0), (COLUMNS, columns), ({"a": "1"}, hashes))
    assert (version and str(version)) == expected


def test_the_first_version_of_a_year():
    assert str(next_version(None, Version(2014, 0, 0), ({}, COLUMNS), ({}, {"a": "1"}))) == "2014.0.0"


def test_the_latest_version_is_the_highest_number_not_the_last_word():
    names = ["2014.0.9", "2014.0.10", "2014.7.0-synthetic", "2015.0.0", ".unfinished", "2014", "notes"]
    assert latest(names, 2014, is_synthetic=False) == Version(2014, 0, 10)
    assert latest(names, 2013, is_synthetic=False) is None


def test_synthetic_versions_count_for_themselves():
    names = ["2014.3.4", "2014.0.2-synthetic", "2014.9.9-synthetics", "2014.0.1-synthetic"]
    newest = latest(names, 2014, is_synthetic=True)
    assert str(newest) == "2014.0.2-synthetic"
    later = next_version(newest, Version(2014, 0, 0, is_synthetic=True), (COLUMNS, COLUMNS), ({"a": "1"}, {"a": "2"}))
    assert str(later) == "2014.0.3-synthetic"
