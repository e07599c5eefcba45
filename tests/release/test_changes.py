"""changes.csv: every difference between two sets of tables, and nothing else."""

import csv
import hashlib
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release import changes
from release.describe import Column, Table
from release.verify import remake_changes

BEFORE, AFTER, YEAR_BEFORE = "2014.0.0", "2014.0.1", "2013.2.0"


def table(columns, key=("year", "id"), name="things", is_across_years=True, rows=""):
    described = tuple(Column(column, "varchar", "", is_nullable=True, is_public=True) for column in columns)
    return Table(name, "", key, described, is_across_years, rows)


def write(folder, rows, name="things", quoting=csv.QUOTE_ALL):
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=quoting, lineterminator="\n").writerows(rows)


def read(folder):
    with (folder / changes.NAME).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == [column.name for column in changes.TABLE.columns]
    return [tuple(row) for row in rows]


def compare(root, before, after, version=BEFORE, **described):
    """Return the changes between two tables, each a header and rows, without the version and the table's name."""
    write(root / version, before)
    write(root / AFTER, after)
    changes.write(root / AFTER, [table(after[0], **described)], 2014, [root / version])
    found = read(root / AFTER)
    assert {row[:2] for row in found} <= {(version, "things")}
    return [row[2:] for row in found]


HEADER = ["year", "id", "value"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([HEADER, ["2014", "a", "1"]], [HEADER, ["2014", "a", "1"]], []),
        (
            [HEADER, ["2014", "a", "1"]],
            [HEADER, ["2014", "a", "1.0"]],
            [("id=a", "value", "value_changed", "1", "1.0")],
        ),
        ([HEADER], [HEADER, ["2014", "a", "1"]], [("id=a", "", "row_added", "", "")]),
        ([HEADER, ["2014", "a", "1"]], [HEADER], [("id=a", "", "row_removed", "", "")]),
        (
            [HEADER, ["2014", "a", "1"]],
            [["year", "id", "other"], ["2014", "a", "2"]],
            [("", "other", "column_added", "", ""), ("", "value", "column_removed", "", "")],
        ),
        ([HEADER, ["2014", "a", "1"]], [["value", "id", "year"], ["1", "a", "2014"]], []),
    ],
)
def test_each_kind_of_change_in_a_table(tmp_path, before, after, expected):
    assert compare(tmp_path, before, after) == expected


def test_what_is_withdrawn_is_counted_and_not_named(tmp_path):
    before = [HEADER, ["2014", "a", "1"], ["2014", "b", "1"], ["2014", "c", "1"]]
    after = [HEADER, ["2014", "a", "2"], ["2014", "d", "1"]]
    assert compare(tmp_path, before, after, rows="not is_withdrawn") == [
        ("", "", "rows_removed", "2", ""),
        ("id=a", "value", "value_changed", "1", "2"),
        ("id=d", "", "row_added", "", ""),
    ]


def test_a_table_is_added_or_removed_as_a_whole(tmp_path):
    write(tmp_path / BEFORE, [HEADER, ["2014", "a", "1"]], name="old")
    write(tmp_path / AFTER, [HEADER, ["2014", "a", "1"]], name="new")
    changes.write(tmp_path / AFTER, [table(HEADER, name="new")], 2014, [tmp_path / BEFORE])
    assert read(tmp_path / AFTER) == [
        (BEFORE, "new", "", "", "table_added", "", ""),
        (BEFORE, "old", "", "", "table_removed", "", ""),
    ]


@pytest.mark.parametrize(
    ("before", "key"),
    [
        ([["year", "name"], ["2014", "a"]], ("year", "id")),
        ([HEADER, ["2014", "a", "1"], ["2014", "a", "2"]], ("year", "id")),
        ([HEADER, ["2014", "a", "1"], ["2014", "b", "2"]], ("year",)),
    ],
    ids=["column-missing", "ambiguous", "year-alone"],
)
def test_a_table_whose_rows_cannot_be_matched_is_another_table(tmp_path, before, key):
    after = [HEADER, ["2014", "a", "1"]]
    assert [row[2] for row in compare(tmp_path, before, after, key=key)] == ["table_added", "table_removed"]


def test_an_empty_cell_and_a_missing_one_are_equal(tmp_path):
    write(tmp_path / BEFORE, [HEADER, ["2014", "", ""], ["2014", "a", ""]], quoting=csv.QUOTE_ALL)
    write(tmp_path / AFTER, [HEADER, ["2014", "", ""], ["2014", "a", "0"]], quoting=csv.QUOTE_MINIMAL)
    changes.write(tmp_path / AFTER, [table(HEADER)], 2014, [tmp_path / BEFORE])
    assert read(tmp_path / AFTER) == [(BEFORE, "things", "id=a", "value", "value_changed", "", "0")]


def test_a_null_in_the_key_is_a_value_like_any_other(tmp_path):
    header = ["year", "id", "start", "value"]
    before = [header, ["2014", "a", "", "1"], ["2014", "a", "2014-01-01", "2"]]
    after = [header, ["2014", "a", "", "3"], ["2014", "b", "", "4"], ["2014", "a", "2014-01-01", "2"]]
    assert compare(tmp_path, before, after, key=("year", "id", "start")) == [
        ("id=a; start=", "value", "value_changed", "1", "3"),
        ("id=b; start=", "", "row_added", "", ""),
    ]


def test_between_years_the_year_is_left_out(tmp_path):
    before = [HEADER, ["2013", "a", "1"], ["2013", "b", "1"]]
    after = [HEADER, ["2014", "a", "1"], ["2014", "b", "2"]]
    changed = [("id=b", "value", "value_changed", "1", "2")]
    assert compare(tmp_path, before, after, YEAR_BEFORE) == changed
    assert compare(tmp_path, before, after, YEAR_BEFORE, key=("id",)) == changed
    only = [HEADER, ["2013", "a", "1"]], [HEADER, ["2014", "a", "2"]]
    assert compare(tmp_path, *only, YEAR_BEFORE, key=("year",)) == [("", "value", "value_changed", "1", "2")]


def test_between_years_a_years_own_rows_are_not_listed(tmp_path):
    before = [[*HEADER, "old"], ["2013", "a", "1", ""]]
    after = [HEADER, ["2014", "b", "1"]]
    column = ("", "old", "column_removed", "", "")
    assert compare(tmp_path, before, after, YEAR_BEFORE, is_across_years=False) == [column]
    assert len(compare(tmp_path, before, after, BEFORE, is_across_years=False)) == 3


def test_the_order_is_by_all_columns_and_the_bytes_are_plain(tmp_path):
    write(tmp_path / YEAR_BEFORE, [HEADER, ["2013", "é\n", 'say "1", now']])
    write(tmp_path / BEFORE, [HEADER, ["2014", "é\n", "\r"], ["2014", "b", "1"]])
    write(tmp_path / AFTER, [HEADER, ["2014", "é\n", "Ω; x=1"], ["2014", "a", "1"]])
    changes.write(tmp_path / AFTER, [table(HEADER)], 2014, [tmp_path / BEFORE, tmp_path / YEAR_BEFORE])
    assert (tmp_path / AFTER / changes.NAME).read_bytes().decode() == (
        "compared_with,table_name,row_key,column_name,change_code,value_before,value_after\n"
        "2013.2.0,things,id=a,,row_added,,\n"
        '2013.2.0,things,"id=é\n",value,value_changed,"say ""1"", now",Ω; x=1\n'
        "2014.0.0,things,id=a,,row_added,,\n"
        "2014.0.0,things,id=b,,row_removed,,\n"
        '2014.0.0,things,"id=é\n",value,value_changed,"\r",Ω; x=1\n'
    )
    assert [path.name for path in (tmp_path / AFTER).iterdir() if path.suffix != ".csv"] == []


def test_names_that_mean_something_to_sql_are_only_names(tmp_path):
    header = ["year", "here", "k0", "c0", "o\"d'd"]
    before = [header, ["2014", "a", "1", "2", "3"]]
    after = [header, ["2014", "a", "4", "5", "6"]]
    root = tmp_path / "it's"
    root.mkdir()
    assert [row[1:] for row in compare(root, before, after, key=("year", "here"))] == [
        ("c0", "value_changed", "2", "5"),
        ("k0", "value_changed", "1", "4"),
        ("o\"d'd", "value_changed", "3", "6"),
    ]


def test_a_first_release_has_the_header_only(tmp_path):
    write(tmp_path / AFTER, [HEADER, ["2014", "a", "1"]])
    changes.write(tmp_path / AFTER, [table(HEADER)], 2014, [])
    assert read(tmp_path / AFTER) == []


def test_the_hash_of_the_tables_is_over_their_lines_of_sha256sums(tmp_path):
    write(tmp_path / BEFORE, [HEADER])
    before = changes.tables_sha256(tmp_path / BEFORE)
    (tmp_path / BEFORE / changes.NAME).touch()
    digest = hashlib.sha256((tmp_path / BEFORE / "things.csv").read_bytes()).hexdigest()
    assert before == hashlib.sha256(f"{digest}  things.csv\n".encode()).hexdigest()
    assert changes.compared_with([tmp_path / BEFORE]) == [{"version": BEFORE, "tables_sha256": before}]


@pytest.mark.parametrize("beside", ["the very one", "another", "nothing"])
def test_changes_are_made_again_only_from_the_very_tables(tmp_path, beside):
    write(tmp_path / BEFORE, [HEADER, ["2014", "a", "0"]])
    for folder in (tmp_path / AFTER, tmp_path / "again"):
        write(folder, [HEADER, ["2014", "a", "1"]])
    (tmp_path / AFTER / changes.NAME).write_text("tampered")
    known = changes.compared_with([tmp_path / BEFORE])
    if beside == "another":
        write(tmp_path / BEFORE, [HEADER, ["2014", "a", "2"]])
    elif beside == "nothing":
        shutil.rmtree(tmp_path / BEFORE)
    absent = remake_changes(tmp_path / AFTER, tmp_path / "again", [table(HEADER)], 2014, known)
    assert absent == ([] if beside == "the very one" else [BEFORE])
    assert ((tmp_path / "again" / changes.NAME).read_text() == "tampered") == bool(absent)


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4)
ID = st.text("ab é\",'\n", max_size=2)


@st.composite
def tables(draw):
    """Return the columns and rows of a table: (id, part) -> column -> cell."""
    named = draw(st.lists(st.sampled_from(["c", "d", "e"]), unique=True))
    return named, draw(st.dictionaries(st.tuples(ID, ID), st.fixed_dictionaries(dict.fromkeys(named, CELL))))


def as_csv(year, columns, rows):
    header = ["year", "id", "part", *columns]
    return [header, *([year, *key, *(cells[column] for column in columns)] for key, cells in rows.items())]


def applied(found, columns, rows, new_rows):
    """Return columns and rows after the changes; what was added whole is taken from the new rows."""
    added = {row[1] for row in found if row[2] == "column_added"}
    removed = {row[1] for row in found if row[2] == "column_removed"}
    named = {f"id={key[0]}; part={key[1]}": key for key in (*rows, *new_rows)}
    result = {
        key: {column: cell for column, cell in cells.items() if column not in removed} for key, cells in rows.items()
    }
    for row_key, column, code, before, after in found:
        if code == "row_removed":
            del result[named[row_key]]
        elif code == "row_added":
            assert named[row_key] not in result
            result[named[row_key]] = new_rows[named[row_key]]
        elif code == "value_changed":
            assert result[named[row_key]][column] == before
            result[named[row_key]][column] = after
    for key, cells in result.items():
        cells.update({column: new_rows[key][column] for column in added})
    return (set(columns) - removed) | added, result


@given(before=tables(), after=tables(), version=st.sampled_from([BEFORE, YEAR_BEFORE]))
def test_the_changes_applied_to_the_old_rows_give_the_new_ones(tmp_path_factory, before, after, version):
    old, new = as_csv(version[:4], *before), as_csv("2014", *after)
    found = compare(tmp_path_factory.mktemp("law"), old, new, version, key=("year", "id", "part"))
    assert applied(found, *before, after[1]) == (set(after[0]), after[1])
    assert len(set(found)) == len(found)
    assert found == sorted(found)
    if (set(before[0]), before[1]) == (set(after[0]), after[1]):
        assert found == []
