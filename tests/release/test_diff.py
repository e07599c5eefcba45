"""The version rule: nothing for equal releases, PATCH for values and descriptions, MINOR for shape."""

from dataclasses import replace

import pytest

from release.diff import Content, Version, next_version, versions

FIRST = Version(2014, 0, 0)
BEFORE = Content({"a": ["x", "y"]}, {"a": "1"}, {"a.csv": ("A table.", {"x": "A column."})})


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, None),
        ({"hashes": {"a": "2"}}, "2014.3.5"),
        ({"descriptions": {"a.csv": ("Another table.", {"x": "A column."})}}, "2014.3.5"),
        ({"descriptions": {"a.csv": ("A table.", {"x": "Another column."})}}, "2014.3.5"),
        ({"columns": {"a": ["x", "y", "z"]}, "hashes": {"a": "2"}}, "2014.4.0"),
        ({"columns": {"a": ["x"]}, "hashes": {"a": "2"}, "descriptions": {}}, "2014.4.0"),
        ({"columns": {**BEFORE.columns, "b": ["x"]}, "hashes": {"a": "1", "b": "1"}}, "2014.4.0"),
        ({"columns": {}, "hashes": {}}, "2014.4.0"),
    ],
)
def test_next_version(changed, expected):
    version = next_version(FIRST, [Version(2014, 3, 4)], BEFORE, replace(BEFORE, **changed))
    assert (version and str(version)) == expected


def test_the_first_version_of_a_year():
    assert next_version(FIRST, [Version(2013, 3, 4), Version(2015, 0, 0)], None, BEFORE) == FIRST


def test_a_version_that_is_no_panel_is_not_taken_twice():
    assert str(next_version(FIRST, [Version(2014, 0, 0)], None, BEFORE)) == "2014.1.0"
    assert str(next_version(FIRST, [Version(2014, 0, 0), Version(2014, 0, 3)], None, BEFORE)) == "2014.1.0"


def test_versions_are_in_the_order_of_their_numbers_not_of_their_words():
    names = ["2014.0.10", "2014.0.9", "2014.7.0-synthetic", "2015.0.0", ".unfinished", "2014", "notes"]
    assert [str(version) for version in versions(names, is_synthetic=False)] == ["2014.0.9", "2014.0.10", "2015.0.0"]


def test_synthetic_versions_count_for_themselves():
    names = ["2014.3.4", "2014.0.2-synthetic", "2014.9.9-synthetics", "2014.0.1-synthetic"]
    taken = versions(names, is_synthetic=True)
    assert [str(version) for version in taken] == ["2014.0.1-synthetic", "2014.0.2-synthetic"]
    later = next_version(replace(FIRST, is_synthetic=True), taken, BEFORE, replace(BEFORE, hashes={"a": "2"}))
    assert str(later) == "2014.0.3-synthetic"
