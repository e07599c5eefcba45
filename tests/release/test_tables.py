"""Tables as files: the same rows in the same order in each form, an order in which a person reads them."""

import csv
import shutil
from types import SimpleNamespace

import duckdb
import pyarrow.parquet as pq
import pytest

from release.describe import Column, Table
from release.tables import connect, write_csv, write_database, write_parquet, writing

ROWS = [(2014, 2, "b"), (2014, None, "c"), (2013, 1, "z"), (2014, 1, "e"), (2014, 1, "d")]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ((), ["z", "b", "c", "d", "e"]),
        (("year", "rank nulls last"), ["z", "d", "e", "b", "c"]),
        (("year desc", "rank"), ["d", "e", "b", "c", "z"]),
    ],
)
def test_rows_stand_in_the_tables_order_then_its_keys_in_every_form(tmp_path, order, expected):
    columns = [("year", "integer"), ("rank", "integer"), ("thing_id", "varchar")]
    described = tuple(Column(name, kind, "A column.", is_nullable=True, is_public=True) for name, kind in columns)
    table = Table("things", "Things.", ("year", "thing_id"), described, order)
    with duckdb.connect(str(tmp_path / "built.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.things (year integer, rank integer, thing_id varchar)")
        connection.executemany("insert into marts.things values (?, ?, ?)", ROWS)
    with connect(tmp_path / "built.duckdb") as connection:
        write_csv(connection, table, "marts", tmp_path / "things.csv")
        write_parquet(connection, table, "marts", tmp_path / "things.parquet")
        write_database(connection, [table], tmp_path / "twiplomacy.duckdb")
    with (tmp_path / "things.csv").open(newline="") as file:
        assert [row["thing_id"] for row in csv.DictReader(file)] == expected
    assert pq.read_table(tmp_path / "things.parquet")["thing_id"].to_pylist() == expected
    with connect(tmp_path / "twiplomacy.duckdb") as connection:
        assert [row[0] for row in connection.execute("select thing_id from things").fetchall()] == expected


def test_a_row_of_a_csv_is_a_line_without_control_characters(tmp_path):
    control = "".join(chr(code) for code in (*range(32), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF))
    column = Column("tag", "varchar", "A column.", is_nullable=True, is_public=True)
    table = Table("things", "Things.", ("tag",), (column,), ())
    with duckdb.connect(str(tmp_path / "built.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.things (tag varchar)")
        connection.executemany("insert into marts.things values (?)", [(f"a{control}b",), ("\u00e9 \u2028",), (None,)])
    with connect(tmp_path / "built.duckdb") as connection:
        write_csv(connection, table, "marts", tmp_path / "things.csv")
    lines = (tmp_path / "things.csv").read_bytes().decode().split("\n")
    assert lines == ["tag", "", f"a{len(control) * chr(0xFFFD)}b", "\u00e9 \u2028", ""]


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), duckdb.IOException("detach failed")])
def test_a_file_that_a_full_disk_did_not_take_is_named(tmp_path, monkeypatch, fault):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(OSError, match="No space left on device") as caught, writing(tmp_path / "figures.parquet"):
        raise fault
    assert caught.value.filename == str(tmp_path / "figures.parquet")


def test_a_file_that_arrow_does_not_name_is_named_and_other_faults_stay_as_they_are(tmp_path):
    with (
        pytest.raises(OSError, match=r"Input/output error: '/.*figures\.parquet'"),
        writing(tmp_path / "figures.parquet"),
    ):
        raise OSError(5, "Input/output error")
    with pytest.raises(duckdb.BinderException), writing(tmp_path / "figures.csv"):
        raise duckdb.BinderException("no such column")
