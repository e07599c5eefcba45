"""The real editions: the figures that an independent count of the carried-over files gives."""

import csv
import gzip
import json
from collections import Counter
from datetime import date
from decimal import Decimal
from email.utils import parsedate_to_datetime

import pytest

from tests.conftest import PROJECT

OBSERVATIONS = PROJECT / "roster" / "observations"
NON_MEMBERS = {"PSE", "VAT"}
IN_OFFICE = {  # handle -> first and last day in office, the last shared day being the successor's
    "JDMahama": (date(2012, 7, 24), date(2017, 1, 6)),
    "MedvedevRussiaE": (date(2008, 5, 7), date(2020, 1, 16)),
    "MustafaAG": (date(2011, 11, 22), date(2012, 11, 14)),
    "PEPE_LOBO": (date(2010, 1, 27), date(2014, 1, 26)),
    "SAPresident": (date(2009, 5, 9), date(2018, 2, 14)),
    "hatoyamayukio": (date(2009, 9, 16), date(2010, 6, 8)),
    "ivojosipovic": (date(2010, 2, 19), date(2015, 2, 18)),
}
PUTINS_DAY = ("MedvedevRussiaE", date(2012, 5, 7))  # between his two offices


def headline(home, platform: str, metric: str):
    ((value, n, denominator),) = home.query(
        f"select value, n, denominator from marts.headline_yearly where platform_code = '{platform}'"
        f" and metric_id = '{metric}'"
    )
    return value, n, denominator


def account(home, handle: str) -> dict:
    names = (
        "posts_count, reposts_made_count, original_posts_count, replies_to_others_count, reply_share,"
        " reposts_received_count, likes_received_count, followers_count, is_partial, partial_reason"
    )
    ((row),) = home.query(f"select {names} from marts.accounts_yearly where handle = '{handle}'")
    return dict(zip(names.replace(" ", "").split(","), row, strict=True))


def tweets(handle: str) -> list[dict]:
    with gzip.open(OBSERVATIONS / "world-leader-vis-2017" / f"{handle}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.mark.parametrize(
    ("year", "platform", "metric", "expected"),
    [
        (2012, "x", "C02_start", (95, 195, None)),
        (2012, "x", "C02_un_start", (94, 193, None)),
        (2014, "x", "C02", (142, 195, None)),
        (2014, "x", "C02_personal", (105, 195, None)),
        (2014, "x", "C02_institutional", (102, 195, None)),
        (2014, "x", "C02_un", (140, 193, None)),
        (2014, "x", "C03", (Decimal("0.725388601"), 193, 193)),
        (2014, "facebook", "C02", (136, 195, None)),
        (2014, "facebook", "C02_un", (134, 193, None)),
        (2014, "x", "T05", (534, 5, None)),
        (2017, "x", "C02", (None, 0, None)),
        (2017, "x", "C03", (None, 0, None)),
    ],
)
def test_headlines(built, year, platform, metric, expected):
    assert headline(built(year), platform, metric) == expected


@pytest.mark.parametrize("year", [2012, 2014, 2015])
@pytest.mark.parametrize("platform", ["x", "facebook"])
def test_coverage_equals_a_count_of_the_panel(built, year, platform):
    with (OBSERVATIONS / "barbera-zeitzoff-2018" / "adoption.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["platform_code"] == platform]
    close = f"{year + 1}-01"
    active = {row["country_code"] for row in rows if "" < row["first_active_month"] <= close}
    assert headline(built(year), platform, "C02")[0] == len(active)
    assert headline(built(year), platform, "C02_un")[0] == len(active - NON_MEMBERS)


@pytest.mark.parametrize(
    ("year", "handle", "counts"),
    [
        (2014, "JDMahama", (191, 8, 183, 10, 12445)),
        (2014, "MedvedevRussiaE", (110, 10, 100, 0, 7227)),
        (2014, "ivojosipovic", (233, 34, 199, 95, 387)),
        (2015, "ivojosipovic", (105, 80, 25, 1, 122)),
        (2014, "SAPresident", (0, 0, 0, 0, 0)),
        (2014, "PEPE_LOBO", (0, 0, 0, 0, 0)),
    ],
)
def test_accounts(built, year, handle, counts):
    figures = account(built(year), handle)
    assert (*list(figures.values())[:4], figures["reposts_received_count"]) == counts
    assert figures["followers_count"] is None
    assert figures["is_partial"] is False


def test_a_share_is_exact_to_nine_decimals(built):
    assert account(built(2014), "JDMahama")["reply_share"] == Decimal("0.052356021")  # 10 / 191
    assert account(built(2014), "SAPresident")["reply_share"] is None


@pytest.mark.parametrize("year", [2012, 2014, 2015, 2017])
def test_posts_in_office_equal_a_count_of_the_timelines(built, year):
    expected = Counter()
    for handle, (first, last) in IN_OFFICE.items():
        for item in tweets(handle):
            day = parsedate_to_datetime(item["created_at"]).date()
            expected[handle] += day.year == year and first <= day <= last and (handle, day) != PUTINS_DAY
    found = built(year).query("select handle, sum(posts_count) from marts.accounts_yearly group by handle")
    assert dict(found) == {handle: expected[handle] for handle, _ in found}
    assert sum(expected.values()) == sum(count for _, count in found)


def test_posts_outside_office_are_listed_and_flagged(built):
    rows = built(2014).query(
        "select account_id, count(*), count_if(is_in_office) from marts.posts_yearly group by all order by all"
    )
    assert rows == [
        ("x:153810519", 110, 110),  # MedvedevRussiaE
        ("x:277096408", 12, 0),  # PEPE_LOBO
        ("x:37838551", 111, 0),  # MustafaAG
        ("x:56443222", 233, 233),  # ivojosipovic
        ("x:726748106", 191, 191),  # JDMahama
        ("x:97244324", 86, 0),  # hatoyamayukio
    ]
    handles = {handle for (handle,) in built(2014).query("select handle from marts.accounts_yearly")}
    assert handles.isdisjoint({"hatoyamayukio", "MustafaAG"})


def test_a_stock_stays_in_its_year(built):
    assert built(2014).query("select count(followers_count) from marts.accounts_yearly") == [(0,)]
    figures = account(built(2017), "MedvedevRussiaE")
    assert (figures["followers_count"], figures["is_partial"], figures["partial_reason"]) == (
        1157782,
        True,
        "capture_ended",
    )


def test_a_change_of_office_starts_a_new_row(built):
    rows = built(2012).query(
        "select office_code, posts_count from marts.accounts_yearly where handle = 'MedvedevRussiaE' order by all"
    )
    assert rows == [("RUS-president", 16), ("RUS-prime-minister", 106)]


def test_nothing_is_lost_between_log_and_staging(built):
    assert built(2014).query("select * from intermediate.int_conservation order by all") == [
        ("account_snapshots", 787, 787, 0),
        ("post_snapshots", 5107, 5107, 0),
    ]
