"""changes.csv: every difference between two sets of tables, and nothing else."""

import csv
import hashlib
import json
import shutil
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release import changes
from release.describe import Column, Table
from release.stored import Compared
from release.verify import remake_changes

BEFORE, AFTER = "2014.0.0", "2014.0.1"
YEARS = (2013, 2014)


def table(columns, key=("year", "id"), name="things", rows="", numbers=()):
    described = tuple(
        Column(column, "decimal(38,9)" if column in numbers else "varchar", "", is_nullable=True, is_public=True)
        for column in columns
    )
    return Table(name, "", key, described, rows=rows)


def write(folder, rows, name="things", quoting=csv.QUOTE_ALL):
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=quoting, lineterminator="\n").writerows(rows)
    hold(folder, YEARS)


def hold(folder, years):
    (folder / "manifest.json").write_text(json.dumps({"version": folder.name, "editions": list(years)}))


def read(folder):
    with (folder / changes.NAME).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == [column.name for column in changes.TABLE.columns]
    return [tuple(row) for row in rows]


def compare(root, before, after, editions=(YEARS, YEARS), **described):
    """Return the changes between two tables, each a header and rows, without the version and the table's name."""
    write(root / BEFORE, before)
    hold(root / BEFORE, editions[0])
    write(root / AFTER, after)
    changes.write(root / AFTER, [table(after[0], **described)], editions[1], root / BEFORE)
    found = read(root / AFTER)
    assert {row[:2] for row in found} <= {(BEFORE, "things")}
    return [row[2:] for row in found]


HEADER = ["year", "id", "value"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([HEADER, ["2014", "a", "1"]], [HEADER, ["2014", "a", "1"]], []),
        (
            [HEADER, ["2014", "a", "1"]],
            [HEADER, ["2014", "a", "1.0"]],
            [("year=2014; id=a", "value", "value_changed", "1", "1.0", "")],
        ),
        ([HEADER], [HEADER, ["2014", "a", "1"]], [("year=2014; id=a", "", "row_added", "", "", "")]),
        ([HEADER, ["2014", "a", "1"]], [HEADER], [("year=2014; id=a", "", "row_removed", "", "", "")]),
        (
            [HEADER, ["2014", "a", "1"]],
            [["year", "id", "other"], ["2014", "a", "2"]],
            [("", "other", "column_added", "", "", ""), ("", "value", "column_removed", "", "", "")],
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
        ("", "", "rows_removed", "2", "", ""),
        ("year=2014; id=a", "value", "value_changed", "1", "2", ""),
        ("year=2014; id=d", "", "row_added", "", "", ""),
    ]


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        ("1", "3", "2"),
        ("0.3", "0.1", "-0.2"),
        ("142.000000000", "140.500000000", "-1.5"),
        ("1", "1.0", "0"),
        ("9223372036854775807", "-1", "-9223372036854775808"),
        ("0.1", "100000000000000000.100000001", "100000000000000000.000000001"),
        ("100", "0", "-100"),
        ("true", "1", ""),
        ("", "1", ""),
        ("1", "", ""),
        ("9" * 29, "-" + "9" * 29, ""),
    ],
)
def test_between_two_numbers_the_exact_difference_is_told(tmp_path, before, after, difference):
    rows = [HEADER, ["2014", "a", before]], [HEADER, ["2014", "a", after]]
    assert compare(tmp_path, *rows, numbers=["value"]) == [
        ("year=2014; id=a", "value", "value_changed", before, after, difference)
    ]


def test_digits_in_a_column_of_words_are_no_numbers(tmp_path):
    rows = [HEADER, ["2014", "a", "1"]], [HEADER, ["2014", "a", "2"]]
    assert compare(tmp_path, *rows) == [("year=2014; id=a", "value", "value_changed", "1", "2", "")]


PANEL = [HEADER, ["2013", "a", "1"], ["2013", "b", "1"], ["2014", "a", "1"], ["2014", "b", "1"], ["2014", "c", "1"]]


@pytest.mark.parametrize("rows", ["", "not is_withdrawn"])
def test_an_edition_that_one_release_alone_holds_is_one_row(tmp_path, rows):
    one = [HEADER, ["2013", "a", "2"], ["2013", "b", "1"]]
    assert compare(tmp_path, one, PANEL, ((2013,), YEARS), rows=rows, numbers=["value"]) == [
        ("year=2013; id=a", "value", "value_changed", "2", "1", "-1"),
        ("year=2014", "", "edition_added", "", "3", ""),
    ]
    assert compare(tmp_path, PANEL, one, (YEARS, (2013,)), rows=rows, numbers=["value"]) == [
        ("year=2013; id=a", "value", "value_changed", "1", "2", "1"),
        ("year=2014", "", "edition_removed", "3", "", ""),
    ]


def test_rows_of_a_year_before_it_is_an_edition_are_counted(tmp_path):
    one = [HEADER, ["2013", "a", "1"], ["2013", "b", "1"], ["2014", "a", "5"]]
    assert compare(tmp_path, one, PANEL, ((2013,), YEARS)) == [("year=2014", "", "edition_added", "1", "3", "2")]
    assert compare(tmp_path, PANEL, one, (YEARS, (2013,))) == [("year=2014", "", "edition_removed", "3", "1", "-2")]


def test_an_edition_without_rows_in_a_table_is_no_change_of_it_and_first_rows_of_an_old_one_are(tmp_path):
    assert compare(tmp_path, [HEADER], [HEADER], ((2013,), YEARS)) == []
    assert [row[:3] for row in compare(tmp_path, [HEADER], PANEL[:2])] == [("year=2013; id=a", "", "row_added")]


def test_a_table_without_years_is_compared_whole(tmp_path):
    header = ["id", "value"]
    assert compare(tmp_path, [header, ["a", "1"]], [header, ["b", "1"]], ((2013,), YEARS), key=("id",)) == [
        ("id=a", "", "row_removed", "", "", ""),
        ("id=b", "", "row_added", "", "", ""),
    ]


def test_a_table_is_added_or_removed_as_a_whole(tmp_path):
    write(tmp_path / BEFORE, [HEADER, ["2014", "a", "1"]], name="old")
    write(tmp_path / AFTER, [HEADER, ["2014", "a", "1"]], name="new")
    changes.write(tmp_path / AFTER, [table(HEADER, name="new")], YEARS, tmp_path / BEFORE)
    assert read(tmp_path / AFTER) == [
        (BEFORE, "new", "", "", "table_added", "", "", ""),
        (BEFORE, "old", "", "", "table_removed", "", "", ""),
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
    changes.write(tmp_path / AFTER, [table(HEADER)], YEARS, tmp_path / BEFORE)
    assert read(tmp_path / AFTER) == [(BEFORE, "things", "year=2014; id=a", "value", "value_changed", "", "0", "")]


def test_a_null_in_the_key_is_a_value_like_any_other(tmp_path):
    header = ["year", "id", "start", "value"]
    before = [header, ["2014", "a", "", "1"], ["2014", "a", "2014-01-01", "2"]]
    after = [header, ["2014", "a", "", "3"], ["2014", "b", "", "4"], ["2014", "a", "2014-01-01", "2"]]
    assert compare(tmp_path, before, after, key=("year", "id", "start")) == [
        ("year=2014; id=a; start=", "value", "value_changed", "1", "3", ""),
        ("year=2014; id=b; start=", "", "row_added", "", "", ""),
    ]


def test_the_order_is_by_all_columns_and_the_bytes_are_plain(tmp_path):
    write(tmp_path / BEFORE, [HEADER, ["2013", "é\n", 'say "1", now'], ["2014", "é\n", "\r"], ["2014", "b", "1"]])
    write(tmp_path / AFTER, [HEADER, ["2013", "é\n", "Ω; x=1"], ["2014", "é\n", "2"], ["2014", "a", "1"]])
    changes.write(tmp_path / AFTER, [table(HEADER)], YEARS, tmp_path / BEFORE)
    assert (tmp_path / AFTER / changes.NAME).read_bytes().decode() == (
        "compared_with,table_name,row_key,column_name,change_code,value_before,value_after,difference\n"
        '2014.0.0,things,"year=2013; id=é\n",value,value_changed,"say ""1"", now",Ω; x=1,\n'
        "2014.0.0,things,year=2014; id=a,,row_added,,,\n"
        "2014.0.0,things,year=2014; id=b,,row_removed,,,\n"
        '2014.0.0,things,"year=2014; id=é\n",value,value_changed,"\r",2,\n'
    )
    assert {path.suffix for path in (tmp_path / AFTER).iterdir()} == {".csv", ".json"}


def test_names_that_mean_something_to_sql_are_only_names(tmp_path):
    header = ["year", "here", "k0", "c0", "o\"d'd"]
    before = [header, ["2014", "a", "1", "2", "3"]]
    after = [header, ["2014", "a", "4", "5", "6"]]
    root = tmp_path / "it's"
    root.mkdir()
    assert [row[1:] for row in compare(root, before, after, key=("year", "here"))] == [
        ("c0", "value_changed", "2", "5", ""),
        ("k0", "value_changed", "1", "4", ""),
        ("o\"d'd", "value_changed", "3", "6", ""),
    ]


def test_a_first_release_has_the_header_only(tmp_path):
    write(tmp_path / AFTER, [HEADER, ["2014", "a", "1"]])
    changes.write(tmp_path / AFTER, [table(HEADER)], YEARS, None)
    assert read(tmp_path / AFTER) == []


def test_the_hash_of_the_tables_is_over_their_lines_of_sha256sums(tmp_path):
    write(tmp_path / BEFORE, [HEADER])
    before = changes.tables_sha256(tmp_path / BEFORE)
    (tmp_path / BEFORE / changes.NAME).touch()
    digest = hashlib.sha256((tmp_path / BEFORE / "things.csv").read_bytes()).hexdigest()
    assert before == hashlib.sha256(f"{digest}  things.csv\n".encode()).hexdigest()
    assert changes.compared_with(tmp_path / BEFORE) == [Compared(version=BEFORE, tables_sha256=before)]
    assert changes.compared_with(None) == []


@pytest.mark.parametrize("beside", ["the very one", "another", "nothing"])
def test_changes_are_made_again_only_from_the_very_tables(tmp_path, beside):
    write(tmp_path / BEFORE, [HEADER, ["2014", "a", "0"]])
    for folder in (tmp_path / AFTER, tmp_path / "again"):
        write(folder, [HEADER, ["2014", "a", "1"]])
    (tmp_path / AFTER / changes.NAME).write_text("tampered")
    known = changes.compared_with(tmp_path / BEFORE)
    if beside == "another":
        write(tmp_path / BEFORE, [HEADER, ["2014", "a", "2"]])
    elif beside == "nothing":
        shutil.rmtree(tmp_path / BEFORE)
    absent = remake_changes(tmp_path / AFTER, tmp_path / "again", [table(HEADER)], YEARS, known)
    assert absent == ([] if beside == "the very one" else [BEFORE])
    assert ((tmp_path / "again" / changes.NAME).read_text() == "tampered") == bool(absent)


NUMBER = st.decimals(-1000, 1000, places=2).map(str)
CELL = NUMBER | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4)
ID = st.text("ab é\",'\n", max_size=2)


@st.composite
def tables(draw):
    """Return the columns and rows of a table: (year, id, part) -> column -> cell."""
    named = draw(st.lists(st.sampled_from(["c", "d", "e"]), unique=True))
    keys = st.tuples(st.sampled_from(["2012", "2013", "2014"]), ID, ID)
    return named, draw(st.dictionaries(keys, st.fixed_dictionaries(dict.fromkeys(named, CELL))))


def as_csv(columns, rows):
    header = ["year", "id", "part", *columns]
    return [header, *([*key, *(cells[column] for column in columns)] for key, cells in rows.items())]


def applied(found, columns, rows, new_rows):
    """Return columns and rows after the changes; what was added whole is taken from the new rows."""
    added = {row[1] for row in found if row[2] == "column_added"}
    removed = {row[1] for row in found if row[2] == "column_removed"}
    named = {f"year={key[0]}; id={key[1]}; part={key[2]}": key for key in (*rows, *new_rows)}
    result = {
        key: {column: cell for column, cell in cells.items() if column not in removed} for key, cells in rows.items()
    }
    for row_key, column, code, before, after, difference in found:
        if code == "row_removed":
            del result[named[row_key]]
        elif code == "row_added":
            assert named[row_key] not in result
            result[named[row_key]] = new_rows[named[row_key]]
        elif code == "edition_removed":
            gone = [key for key in result if row_key == f"year={key[0]}"]
            assert before == str(len(gone))
            result = {key: cells for key, cells in result.items() if key not in gone}
        elif code == "edition_added":
            come = {key: cells for key, cells in new_rows.items() if row_key == f"year={key[0]}"}
            assert after == str(len(come))
            assert result.keys().isdisjoint(come)
            result |= come
        elif code == "value_changed":
            assert result[named[row_key]][column] == before
            result[named[row_key]][column] = after
            assert not difference or Decimal(before) + Decimal(difference) == Decimal(after)
    for key, cells in result.items():
        cells.update({column: new_rows[key][column] for column in added})
    return (set(columns) - removed) | added, result


@given(before=tables(), after=tables())
def test_the_changes_applied_to_the_old_rows_give_the_new_ones(tmp_path_factory, before, after):
    """Both hold 2013; the one before alone holds 2012, the new one 2014."""
    editions = (2012, 2013), (2013, 2014)
    before, after = (
        (columns, {key: cells for key, cells in rows.items() if int(key[0]) in years})
        for (columns, rows), years in zip((before, after), editions, strict=True)
    )
    old, new = as_csv(*before), as_csv(*after)
    key = ("year", "id", "part")
    found = compare(tmp_path_factory.mktemp("law"), old, new, editions, key=key, numbers=["d", "e"])
    assert applied(found, *before, after[1]) == (set(after[0]), after[1])
    assert len(set(found)) == len(found)
    assert found == sorted(found)
    if (set(before[0]), before[1]) == (set(after[0]), after[1]):
        assert found == []
