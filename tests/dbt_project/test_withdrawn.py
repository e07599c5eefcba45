"""What is taken back leaves the figures, and the tables tell: rows of a sheet, and sources withdrawn as a whole."""

import pytest

from ingestion.collect.files.by_hand import Search
from tests.conftest import Home
from twiplomacy.synthetic.worlds import SOURCES, tweet, user, write_csv, write_figures, write_roster, write_tweets

YEAR = 2016
PRESIDENT, MINISTER, LEFT = "x:1", "x:2", "x:3"
LOOKED = {
    "country_code": "AAA",
    "platform_code": "x",
    "account_type_code": "personal",
    "looked_date": "2016-12-01",
    "evidence_url": "https://example.org",
}
FOUND = {**LOOKED, "outcome_code": "found", "account_id": PRESIDENT, "handle": "user1"}
NONE_FOUND = {**LOOKED, "outcome_code": "none_found"}
SHEETS = [
    {"source_id": "figures", "adapter": "by-hand", "observed_at": "2016-01-01T00:00:00Z"},
    {"source_id": "study", "adapter": "by-hand", "scope": "un-members", "observed_at": "2016-12-01T00:00:00Z"},
    {"source_id": "mistaken", "adapter": "x-v1.1-archive", "observed_at": "2016-12-31T00:00:00Z"},
]


def count(account: str, audience: int) -> dict[str, str]:
    return {"account_id": account, "audience_count": str(audience), "observed_date": "2016-06-01"}


def roster(home: Home, **withdrawn: str) -> None:
    """Write a roster in which one source may be withdrawn."""
    people = {PRESIDENT: "president", MINISTER: "minister", LEFT: "left"}
    write_roster(
        home.roster,
        sources=[SOURCES[1], *SHEETS[:2], SHEETS[2] | withdrawn],
        countries=[{"country_code": "AAA"}],
        offices=[{"office_code": f"AAA-{name}", "country_code": "AAA"} for name in people.values()],
        holders=[{"holder_id": name} for name in people.values()],
        terms=[
            {"office_code": f"AAA-{name}", "holder_id": name, "start_date": "2015-01-01"} for name in people.values()
        ],
        accounts=[{"account_id": account, "country_code": "AAA"} for account in people],
        assignments=[{"account_id": account, "holder_id": name} for account, name in people.items()],
    )


def hand_in(home: Home, rows: list[dict[str, str]], look: dict[str, str]) -> None:
    write_figures(home.roster, rows, "figures")
    write_csv(home.roster / "observations" / "study" / "looks.csv", list(Search.model_fields), [look])
    assert home.run("collect") == 0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("withdrawn")
    home = Home(folder / "data", folder / "roster")
    roster(home)
    own = tweet(1, 1, "Mon May 02 12:00:00 +0000 2016", user=user(1, followers_count=None))
    write_tweets(home.roster, [own])
    write_tweets(home.roster, [tweet(2, 3, "Mon May 02 12:00:00 +0000 2016", user=user(3))], source="mistaken")
    hand_in(home, [count(PRESIDENT, 52000), count(MINISTER, 100000)], FOUND)
    hand_in(home, [count(PRESIDENT, 520), count(MINISTER, 100000)], FOUND)
    hand_in(home, [count(PRESIDENT, 52000), count(MINISTER, 2)], NONE_FOUND)
    roster(home, withdrawn_date="2017-02-01", withdrawn_reason="of a fan club")
    home.build(YEAR)
    return home


def test_the_newest_version_of_a_sheet_is_its_truth(home):
    """52000, then 520, then 52000 again ends as 52000; a wrong 100000 is gone."""
    counted = dict(home.query("select account_id, audience_count from marts.accounts_yearly"))
    assert (counted[PRESIDENT], counted[MINISTER]) == (52000, 2)
    assert home.query(
        "select account_id, audience_count from marts.audiences where source_id = 'figures' order by all"
    ) == [
        (PRESIDENT, 52000),
        (MINISTER, 2),
    ]


def test_found_mended_to_none_found_on_the_same_day_is_none_found(home):
    assert home.query("select is_found from staging.stg_by_hand__looks") == [(False,)]


def test_an_account_that_was_seen_is_present_whatever_a_look_said(home):
    """All tables agree, and the contradiction is a data issue."""
    for table in ("coverage_yearly", "states_yearly"):
        assert home.query(f"select distinct status from marts.{table} where platform_code = 'x'") == [("present",)]
    seen = "select has_account, has_personal, has_institutional, is_looked_for from marts.coverage_yearly"
    assert home.query(seen) == [(True, True, None, False)]
    assert home.query(
        "select subject, detail from marts.data_issues_yearly where issue_code = 'seen_but_not_found'"
    ) == [("AAA/x/personal", "looked for up to 2016-12-01 and not found, but seen in the year")]


def test_nothing_counts_of_a_source_that_is_withdrawn(home):
    row = "select audience_count, posts_count, is_partial from marts.accounts_yearly where account_id = 'x:3'"
    assert home.query(row) == [(None, None, None)]
    assert home.query("select count(*) from marts.posts_yearly where account_id = 'x:3'") == [(0,)]
    assert home.query(
        "select withdrawn_date::varchar, withdrawn_reason from marts.sources where source_id = 'mistaken'"
    ) == [("2017-02-01", "of a fan club")]


def test_the_log_keeps_all_and_nothing_is_lost(home):
    assert home.query("select * from intermediate.int_conservation order by all") == [
        ("account_snapshots", 10, 4, 0, 6),
        ("follow_snapshots", 0, 0, 0, 0),
        ("post_snapshots", 2, 1, 0, 1),
    ]


def test_it_is_told(home):
    found = home.query(
        "select issue_code, subject, detail from marts.data_issues_yearly"
        " where issue_code in ('rows_withdrawn', 'source_withdrawn') order by all"
    )
    assert found == [
        ("rows_withdrawn", "figures/figures.csv", "observations that the sheet does not state any more: 3"),
        ("rows_withdrawn", "study/looks.csv", "observations that the sheet does not state any more: 1"),
        ("source_withdrawn", "mistaken", "withdrawn on 2017-02-01: of a fan club"),
    ]
