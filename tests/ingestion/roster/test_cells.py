"""Cells: each is read as what it says, or refused."""

import re

import pytest
from pydantic import TypeAdapter, ValidationError

from ingestion.roster.cells import (
    AccountId,
    Count,
    Day,
    Flag,
    Instant,
    Month,
    Url,
    UsDollars,
    WikidataId,
    Year,
    parse_row,
)
from ingestion.roster.models import Holder


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        (Count, "52000 007 0 1000000000000", "52.000 52,000 1_000 +5 -5 0.0 5e3 52K ٥٢ ５ 1000000000001 NaN 0x10 ²"),
        (Year, "2012 1999", "2012.0 12 0000 9999 ٢٠١٢ +2012 2012-01-01"),
        (Day, "2026-03-02", "86400 2026-3-2 20260302 2026-03-02T00:00:00Z 0000-01-01 9999-12-31 ٢٠٢٦-٠٣-٠٢ 2026-W10-1"),
        (Month, "2020-01", "2020 2020-13 2020-00 ٢٠٢٠-٠١ 2020-1 0000-01"),
        (Instant, "2017-01-20T17:00:00Z 2017-01-20T18:00:00.5+01:00", "86400 2017-01-20T17:00:00 2017-01-20 1e9"),
        (Instant, "2016-12-31T23:59:59Z", "2016-12-31T23:59:60Z 2016-12-31T24:00:00Z 9999-12-31T23:59:59Z"),
        (UsDollars, "0.005 5 12.50", "1e-3 NaN Infinity +5 -0 1_0 .5 5. ٥ 1234567890"),
        (Flag, "true false", "1 0 t yes on True FALSE"),
        (Url, "https://example.org/ä?q=1#x http://[::1]/", "example.org https:// javascript:alert(1) https://a<b"),
        (
            AccountId,
            "facebook:example.gov x:726748106",
            'facebook:<script> facebook:="1 x:٥٥ x:0 facebook:' + "a" * 301,
        ),
        (WikidataId, "Q42", "Q0 Q٤٢ 42 q42 Q" + "9" * 20),
    ],
)
def test_a_cell_is_read_as_what_it_says_or_refused(form, right, wrong):
    adapter = TypeAdapter(form)
    for text in right.split(" "):
        adapter.validate_python(text)
    for text in [*wrong.split(" "), f" {right.split(' ')[0]}", f"{right.split(' ')[0]} ", f"{right.split(' ')[0]}\n"]:
        with pytest.raises(ValidationError):
            adapter.validate_python(text)


def named(name):
    cells = {"holder_id": "one", "holder_name": name, "holder_kind_code": "person", "checked_date": "2020-01-01"}
    return parse_row(Holder, cells, "holders.csv, line 2")


def test_a_row_knows_its_place():
    assert named("A").where == "holders.csv, line 2"


@pytest.mark.parametrize("mark", ["\0", "\x1b", "\x85", "\u202e", "\u2066", "\u200b", "\ufeff", "\U000e0041"])
def test_no_cell_holds_what_nobody_sees(mark):
    with pytest.raises(ValueError, match=rf"^holder_name: it holds the control character U\+{ord(mark):04X} as"):
        named(f"A{mark}b")


@pytest.mark.parametrize("sign", "=+-@")
def test_no_cell_begins_like_a_formula(sign):
    with pytest.raises(ValueError, match=rf"^holder_name: it begins with {re.escape(sign)}, which "):
        named(f"{sign}cmd|' /C calc'!A0")
    named(f"A{sign}b")


def test_no_cell_is_longer_than_a_page():
    named("A" * 5_000)
    with pytest.raises(ValueError, match=r"^holder_name: it is longer than 5,000 characters"):
        named("A" * 5_001)
