"""Accounts that a list has by their handles alone, on a small world that enters through collect."""

import json
from pathlib import Path

from tests.conftest import Home
from twiplomacy.synthetic.worlds import SOURCES, tweet, user, write_tweets

YEAR = 2016
CAPTURES = {"92-days-before": "2015-10-10", "92-days-after": "2016-04-11", "93-days-after": "2016-04-12"}
NAMES = ["seen", "late", "two", "passed", "never", "stated", "castle"]
SEEN, LATE, TWO, OTHER, PASSED, HEIR, STATED, MOVED = range(601, 609)


def state(name: str) -> str:
    """One state has nobody but an account that was never seen."""
    return "KKK" if name == "never" else "JJJ"


ROSTER = {
    "sources": [
        SOURCES[1],
        *(
            {"source_id": name, "adapter": "x-v1.1-archive", "observed_at": f"{day}T00:00:00Z"}
            for name, day in CAPTURES.items()
        ),
    ],
    "platforms": [{"platform_code": "x", "timeline_reach_count": "5"}],
    "countries": [{"country_code": "JJJ"}, {"country_code": "KKK"}],
    "offices": [{"office_code": f"{state(name)}-{name}", "country_code": state(name)} for name in [*NAMES, "moved"]],
    "holders": [{"holder_id": f"listed-{name}"} for name in [*NAMES, "moved"]],
    "terms": [
        {"office_code": f"{state(name)}-{name}", "holder_id": f"listed-{name}", "start_date": "2014-01-01"}
        for name in [*NAMES, "moved"]
    ],
    "accounts": [
        *(
            {"account_id": f"x:@{name}", "handle": name.title(), "country_code": state(name)}
            | {"listed_date": "2016-01-10"}
            for name in NAMES
        ),
        {"account_id": f"x:{STATED}", "handle": "STATED", "country_code": "JJJ", "listed_date": "2013-01-01"},
        {"account_id": f"x:{MOVED}", "handle": "moved", "country_code": "JJJ", "listed_date": "2013-01-01"},
    ],
    "assignments": [
        *({"account_id": f"x:@{name}", "holder_id": f"listed-{name}"} for name in NAMES),
        {"account_id": f"x:{MOVED}", "holder_id": "listed-moved"},
    ],
    "account_groups": [{"account_group_id": "listed-group", "account_id": "x:@seen"}],
}


def observe(folder: Path) -> None:
    seen = {
        "92-days-before": {TWO: "Two", PASSED: "passed"},
        "92-days-after": {SEEN: "SEEN", OTHER: "two", MOVED: "Castle"},
        "93-days-after": {LATE: "late", HEIR: "passed"},
    }
    for source, handles in seen.items():
        path = folder / "observations" / source / "profiles.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        profiles = [user(account, screen_name=handle, statuses_count=2) for account, handle in handles.items()]
        path.write_text("".join(json.dumps(profile) + "\n" for profile in profiles), encoding="utf-8")
    posts = [
        tweet(10 * account + number, account, f"Mon May 02 12:00:0{number} +0000 2016", user=own)
        for account, handle in ((SEEN, "seen"), (LATE, "late"))
        for own in [user(account, screen_name=handle, statuses_count=2)]
        for number in (1, 2)
    ]
    write_tweets(folder, posts, "listed.jsonl")


def test_an_id_that_was_seen_within_92_days_is_the_listed_account(more_worlds: Home):
    rows = more_worlds.query(
        "select account_id, handle, holder_id, audience_count, posts_count from marts.accounts_yearly"
        f" where year = {YEAR} and country_code in ('JJJ', 'KKK') order by holder_id"
    )
    assert rows == [
        ("x:@late", "Late", "listed-late", None, None),
        (f"x:{MOVED}", "Castle", "listed-moved", 1000, None),
        ("x:@never", "Never", "listed-never", None, None),
        ("x:@passed", "Passed", "listed-passed", None, None),
        (f"x:{SEEN}", "seen", "listed-seen", 1000, 2),
        (f"x:{STATED}", "Stated", "listed-stated", None, None),
        ("x:@two", "Two", "listed-two", None, None),
    ]


def test_a_handle_of_two_ids_is_an_issue_and_so_is_a_holder_that_the_row_of_the_id_leaves_out(more_worlds: Home):
    rows = more_worlds.query(
        f"select issue_code, subject, detail from marts.data_issues_yearly where year = {YEAR}"
        " and subject like 'x:@%' order by subject"
    )
    listed = "is listed as of 2016-01-10 without an id, and was seen as the handle of"
    assert rows == [
        (
            "assignment_left_out",
            "x:@castle",
            f"Castle is x:{MOVED}, and what is entered for that account leaves out listed-castle",
        ),
        ("handle_of_two", "x:@passed", f"Passed {listed} x:{PASSED} x:{HEIR}"),
        ("handle_of_two", "x:@two", f"Two {listed} x:{TWO} x:{OTHER}"),
    ]


def test_who_was_never_seen_is_counted_and_has_no_rank(more_worlds: Home):
    rows = more_worlds.query(
        "select year, status, listed_accounts_count, accounts_count, audience_count from marts.states_yearly"
        f" where country_code = 'KKK' and platform_code = 'x' and year = {YEAR}"
    )
    assert rows == [(YEAR, "present", 1, 1, None)]
    rows = more_worlds.query(
        f"select source_id from intermediate.int_observed_presence where country_code = 'KKK' and year = {YEAR}"
    )
    assert rows == [("tweets",)]
    in_office = f"year = {YEAR} and platform_code = 'x'"
    lists = more_worlds.query(
        f"select distinct eligible_count from marts.figures where {in_office} and metric_id = 'A01'"
        " and grain_code = 'account' and scope = 'in_office'"
    )
    assert lists == more_worlds.query(f"select count(*) from marts.accounts_yearly where {in_office} and is_current")
    assert more_worlds.query("select * from marts.figures where subject like 'x:@%'") == []  # no figure, no rank
    ((url,),) = more_worlds.query(
        f"select profile_url from marts.accounts_yearly where year = {YEAR} and account_id = 'x:@never'"
    )
    assert url == "https://x.com/Never"


def test_a_joined_account_was_seen_under_its_handle_since_it_was_listed(more_worlds: Home):
    rows = more_worlds.query(
        "select account_id, handle_key, first_seen_date::text from intermediate.int_handles"
        f" where account_id in ('x:{SEEN}', 'x:{MOVED}') order by account_id, run_number"
    )
    assert rows == [
        (f"x:{SEEN}", "seen", "2016-01-10"),
        (f"x:{MOVED}", "moved", "2013-01-01"),
        (f"x:{MOVED}", "castle", "2016-01-10"),
    ]


def test_a_group_of_listed_accounts_is_that_of_their_ids(more_worlds: Home):
    rows = more_worlds.query(
        "select distinct subject, value::bigint from marts.figures where metric_id = 'A01' and scope = 'in_office'"
        f" and year = {YEAR} and grain_code = 'account_group' and subject like 'listed-group/%'"
    )
    assert rows == [("listed-group/listed-seen", 1000)]
