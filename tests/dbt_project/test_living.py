"""A world on a living platform: what is seeded there comes out of the released tables, table by table."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import SecretStr

from ingestion.collect.files.by_hand import Search
from ingestion.collect.living.budget import Cost
from ingestion.collect.living.collection import Collection
from ingestion.collect.living.page import PARTS
from ingestion.collect.living.platform import Endpoint
from ingestion.collect.living.progress import progress
from ingestion.collect.living.workload import RunRequest
from ingestion.collect.outcome import SourceError
from ingestion.collect.platforms.x import X
from ingestion.log.ledger import Ledger
from release.describe import tables
from release.tables import connect, write_csv
from tests.conftest import Home
from twiplomacy.synthetic import worlds
from twiplomacy.synthetic.loopback import Reply, StillClock, serving
from twiplomacy.synthetic.worlds import write_roster
from twiplomacy.synthetic.x_api import XServer, post, user

HEAD, MINISTRY, HIDDEN, GONE, QUIET = 100, 200, 300, 400, 500
BY_HAND = ("facebook", "youtube", "linkedin", "weibo", "tumblr", "livestream", "un_webtv")
"""With Twitter, the platforms a study of 2015 names."""
AUDIENCE = {"audience_code": "followers", "audience_count": "1500", "rounding_code": "rounded"}
AGGREGATES = {"accounts_yearly", "tenures_yearly", "account_changes_yearly"}
"""Tables that a platform's terms forbid last."""
PEOPLE = {HEAD: "head", HIDDEN: "hidden", GONE: "gone", QUIET: "quiet"}


def repost(post_id, author, of, whose, at):
    mention = {"start": 3, "end": 9, "username": "u", "id": str(whose)}
    return post(
        post_id,
        author,
        at,
        referenced_tweets=[{"type": "retweeted", "id": str(of)}],
        entities={"mentions": [mention]},
        text="RT @u: Canary",
    )


def reply(post_id, author, to, at):
    return post(post_id, author, at, in_reply_to_user_id=str(to), referenced_tweets=[{"type": "replied_to", "id": "1"}])


def by_hand_id(platform: str) -> str:
    """An account that somebody found; where a platform has ids of a form of its own, in that form."""
    return f"youtube:UC{1:022}" if platform == "youtube" else f"{platform}:1"


def looks() -> list[dict[str, str]]:
    """One sheet over all platforms without a usable API: found in one state, looked for in vain in the other."""
    common = {"looked_date": "2026-01-31", "evidence_url": "https://example.org"}
    return [
        common | {"country_code": country, "platform_code": code, "account_type_code": kind, **found}
        for code in BY_HAND
        for country, kind, found in (
            ("AAA", "institutional", {"outcome_code": "found", "account_id": by_hand_id(code), **AUDIENCE}),
            ("BBB", "institutional", {"outcome_code": "none_found"}),
            ("BBB", "personal", {"outcome_code": "none_found"}),
        )
    ]


def first_day() -> XServer:
    """The platform on 1 March."""
    server = XServer(
        [user(HEAD), user(MINISTRY), user(HIDDEN, protected=True), user(GONE), user(QUIET)],
        [
            post(1, HEAD, "2026-01-01T00:00:00"),
            post(2, HEAD, "2026-02-22T18:00:00"),
            reply(3, HEAD, MINISTRY, "2026-02-10T00:00:00"),
            reply(4, HEAD, HEAD, "2026-02-11T00:00:00"),
            repost(5, HEAD, 901, MINISTRY, "2026-02-12T00:00:00"),
            repost(6, HEAD, 1, HEAD, "2026-02-13T00:00:00"),
            post(7, HEAD, "2026-02-14T00:00:00", referenced_tweets=[{"type": "quoted", "id": "901"}]),
            post(8, HEAD, "2026-02-22T19:00:00"),
            post(901, MINISTRY, "2026-02-09T00:00:00"),
            post(950, GONE, "2026-02-09T00:00:00"),
        ],
    )
    server.follows = {str(HEAD): [str(MINISTRY), "77"], str(MINISTRY): [str(HEAD)], str(GONE): [str(HEAD)]}
    server.counts = {
        str(MINISTRY): [
            {"start": "2026-01-01T00:00:00.000Z", "end": "2026-01-02T00:00:00.000Z", "tweet_count": 40},
            {"start": "2026-01-02T00:00:00.000Z", "end": "2026-01-03T00:00:00.000Z", "tweet_count": 2},
            {"start": "2026-03-01T00:00:00.000Z", "end": "2026-03-01T12:00:00.000Z", "tweet_count": 9},
        ]
    }
    return server


def next_day(server: XServer) -> None:
    """The platform on 2 March: one renamed, one suspended, a post deleted, another measured at a week."""
    server.users[str(HEAD)] |= {"username": "renamed"}
    del server.users[str(GONE)]
    server.suspended = {str(GONE)}
    del server.posts["8"]
    server.posts["2"]["public_metrics"]["retweet_count"] = 90


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Home:
    root = tmp_path_factory.mktemp("living")
    accounts = (HEAD, MINISTRY, HIDDEN, GONE, QUIET)
    folder = write_roster(
        root / "roster",
        editions=[{"year": "2026"}],
        sources=[
            {"source_id": "x-api", "adapter": "x-v2-api"},
            {"source_id": "sheet", "adapter": "by-hand", "scope": "sheet", "observed_at": "2026-01-31T00:00:00Z"}
            | {"checked_date": "2026-02-01"},
        ],
        platforms=[
            {"platform_code": "x", "timeline_reach_count": "3200"},
            *({"platform_code": code, "collection_code": "by_hand"} for code in BY_HAND),
        ],
        offices=[
            *({"office_code": f"AAA-{name}", "country_code": "AAA"} for name in PEOPLE.values()),
            {"office_code": "AAA-ministry", "country_code": "AAA", "category_code": "institution"},
        ],
        holders=[
            *({"holder_id": name} for name in PEOPLE.values()),
            {"holder_id": "ministry", "holder_kind_code": "institution"},
        ],
        terms=[
            *({"office_code": f"AAA-{n}", "holder_id": n, "start_date": "2025-06-01"} for n in PEOPLE.values()),
            {"office_code": "AAA-ministry", "holder_id": "ministry"},
        ],
        accounts=[{"account_id": f"x:{i}", "country_code": "AAA", "source_id": "x-api"} for i in accounts],
        assignments=[{"account_id": f"x:{i}", "holder_id": PEOPLE.get(i, "ministry")} for i in accounts],
    )
    worlds.write_csv(folder / "observations" / "sheet" / "looks.csv", list(Search.model_fields), looks())
    home = Home(root / "data", folder)
    assert home.run("collect") == 0
    server, clock = first_day(), StillClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    collection = Collection(folder, Ledger(home.path / "log"), clock, "someone@example.org", lambda _: None)
    with serving(server.answer) as loopback:
        endpoint = Endpoint(X(), loopback.url, SecretStr("the-key"))
        collection.run(endpoint, RunRequest(PARTS, Cost(Decimal(1000), 1000), date(2026, 3, 1)), progress)
        clock.sleep(24 * 3600)
        next_day(server)
        collection.run(endpoint, RunRequest(PARTS[:3], Cost(Decimal(1000), 1000), date(2026, 3, 2)), progress)
    clock.sleep(3600)
    junk = Reply({"data": [0] * 1_100})
    with serving(lambda _: junk) as loopback:
        endpoint, request = (
            Endpoint(X(), loopback.url, SecretStr("the-key")),
            RunRequest(PARTS[:1], Cost(Decimal(1000)), date(2026, 3, 2)),
        )
        with pytest.raises(SourceError, match="answered nothing"):
            collection.run(endpoint, request, progress)
    home.build_collected(2026)
    return home


def test_a_run_that_got_nothing_changes_nothing_but_says_so(world):
    """Of the rows that it refused the log has the first thousand by themselves, and the number of all."""
    issues = world.query("""
        select issue_code, detail from marts.data_issues_yearly
        where subject = 'x-api/2026-03-02T13:00:00Z' order by all""")
    assert issues == [
        ("platform_not_asked", "failed"),
        ("questions_undone", "1 questions of the run got no answer"),
        ("rows_in_quarantine", "1100 of 1100 rows could not be read"),
    ]


def test_posts_yearly_has_each_post_with_what_it_is(world):
    rows = world.query("""
        select post_id, is_repost, is_own_repost, is_reply_to_other, is_quote, is_unavailable, reposts_received_count
        from marts.posts_yearly where account_id = 'x:100' order by post_id""")
    assert rows == [
        ("x:1", False, False, False, False, False, 10),
        ("x:2", False, False, False, False, False, 90),
        ("x:3", False, False, True, False, False, 10),
        ("x:4", False, False, False, False, False, 10),
        ("x:5", True, False, False, False, False, 10),
        ("x:6", True, True, False, False, False, 10),
        ("x:7", False, False, False, True, False, 10),
        ("x:8", False, False, False, False, True, 10),
    ]


@pytest.mark.parametrize("table", ["accounts_yearly", "tenures_yearly"])
def test_a_row_of_an_account_sums_them_and_knows_what_was_seen(world, table):
    columns = """posts_count, original_posts_count, replies_to_others_count, reposts_received_count,
        unavailable_posts_count, counted_posts_count, counted_days_count, is_partial, partial_reason, audience_count"""
    rows = {
        account: tuple(values) for account, *values in world.query(f"select account_id, {columns} from marts.{table}")
    }
    since_march = (True, "capture_ended")
    assert rows["x:100"] == (8, 6, 1, 140, 1, None, None, *since_march, 1000)
    assert rows["x:200"] == (1, 1, 0, 10, 0, 42, 2, *since_march, 1000)
    assert rows["x:500"] == (0, 0, 0, 0, 0, None, None, *since_march, 1000)
    assert rows["x:300"] == (None,) * 9 + (1000,)  # protected: not zero posts, none seen


def test_posts_per_day_count_the_days_that_were_seen(world):
    ((per_day,),) = world.query("select posts_per_day from marts.tenures_yearly where account_id = 'x:100'")
    assert per_day == Decimal(8).__truediv__(61).quantize(Decimal("0.000000001"))  # 1 January to 2 March


def test_engagement_yearly_has_the_post_that_was_measured_at_a_week(world):
    rows = world.query("""
        select age_code, original_posts_count, known_posts_count, received_count, observed_at::date
        from marts.engagement_yearly where account_id = 'x:100' and measure_code = 'reposts' order by 1""")
    assert rows == [("at_cut", 6, 6, 140, date(2026, 3, 2)), ("day_7", 6, 1, 90, date(2026, 3, 2))]


def test_account_changes_yearly_has_the_rename_the_suspension_and_the_hidden_one(world):
    rows = world.query("""
        select account_id, change_code, value_before, value_after, not_before_date, not_after_date
        from marts.account_changes_yearly order by all""")
    assert rows == [
        ("x:100", "renamed", "user100", "renamed", date(2026, 3, 1), date(2026, 3, 2)),
        ("x:300", "protected", None, "protected", None, date(2026, 3, 1)),
        ("x:400", "suspended", "available", "suspended", date(2026, 3, 1), date(2026, 3, 2)),
    ]


def test_follows_yearly_has_the_edges_inside_the_roster(world):
    rows = world.query("select account_id, followed_account_id, is_mutual from marts.follows_yearly order by all")
    assert rows == [("x:100", "x:200", True), ("x:200", "x:100", True), ("x:400", "x:100", False)]


def test_the_best_connected_are_ranked(world):
    rows = world.query("""
        select metric_id, string_agg(rank || ' ' || holder_id, ', ' order by rank, subject)
        from marts.figures inner join marts.accounts_yearly on subject = account_id
        where metric_id like 'N0_' and value > 0 and scope = 'in_office' and n = 4
        group by metric_id order by metric_id""")
    assert rows == [
        ("N01", "1 head, 1 ministry"),
        ("N02", "1 head, 2 ministry"),
        ("N03", "1 head, 1 ministry, 1 gone"),
        ("N04", "1 head"),
    ]
    first = "select value from marts.figures where metric_id = 'N02_normalised' and rank = 1 and scope = "
    assert world.query(first + "'in_office'") == [(Decimal("0.5"),)]  # 2 of 4 others
    # Nobody has a region here, so that nothing is known of it.
    assert world.query("select distinct rank from marts.figures where metric_id = 'N06'") == [(None,)]


def test_a_deleted_post_is_in_no_list_of_posts(world):
    rows = world.query(
        "select rank, subject, value from marts.figures where grain_code = 'post' order by rank, subject"
    )
    assert rows == [(1, "x:2", 90), *((2, f"x:{post_id}", 10) for post_id in (1, 3, 4, 7, 901, 950))]


def test_a_sheet_filled_in_by_hand_says_who_is_where_and_who_is_not(world):
    rows = world.query("""
        select platform_code, country_code, status, has_institutional from marts.coverage_yearly order by all""")
    assert rows == sorted(
        row for code in BY_HAND for row in ((code, "AAA", "present", True), (code, "BBB", "absent", False))
    )
    audiences = world.query("select account_id, audience_count, rounding_code from intermediate.int_stocks")
    found = {by_hand_id(code) for code in BY_HAND}
    assert {row for row in audiences if row[0] in found} == {(account_id, 1500, "rounded") for account_id in found}


def test_nothing_got_lost_on_the_way(world):
    rows = world.query(
        "select events_count, projected_count + superseded_count + withdrawn_count from intermediate.int_conservation"
    )
    assert all(events == accounted for events, accounted in rows)
    assert sum(events for events, _ in rows) > 30
    runs = world.query("""
        select rows_count, post_events_count + account_events_count + follow_events_count + unavailable_events_count
            + duplicates_count + left_out_count + quarantined_count
        from staging.stg_collections where is_run""")
    assert len(runs) == 3
    assert all(rows == accounted for rows, accounted in runs)


def public(home: Home, name: str, path) -> list[dict[str, str]]:
    (table,) = (table for table in tables(home.path / "dbt" / "manifest.json") if table.name == name)
    with connect(home.database) as connection:
        write_csv(connection, table.public(), "marts", path / f"{name}.csv")
    with (path / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_deleted_post_is_not_made_public(world, tmp_path):
    rows = public(world, "posts_yearly", tmp_path)
    assert "x:8" not in {row["post_id"] for row in rows}
    assert len(rows) == 9
    assert set(rows[0]).isdisjoint({"likes_received_count", "posted_at", "is_unavailable"})


@pytest.mark.parametrize(
    ("code", "tables_left"),
    [
        ("ids_only", {"posts_yearly", "follows_yearly", *AGGREGATES}),
        ("aggregate_only", AGGREGATES),
        ("not_released", set()),
    ],
)
def test_what_a_platforms_terms_forbid_is_in_no_public_table(world, tmp_path, code, tables_left):
    home = world.copy(tmp_path / "data")
    home.execute(f"update marts.platforms set redistribution_code = '{code}'")
    names = ("posts_yearly", "follows_yearly", *AGGREGATES)
    assert {name for name in names if public(home, name, tmp_path)} == tables_left


@pytest.mark.parametrize(("code", "is_shown"), [("open", True), ("ids_only", True), ("aggregate_only", False)])
def test_the_id_of_a_top_post_is_public_only_where_ids_are(world, tmp_path, code, is_shown):
    home = world.copy(tmp_path / "data")
    home.execute(f"update marts.platforms set redistribution_code = '{code}'")
    for table in ("accounts_yearly", "tenures_yearly"):
        rows = public(home, table, tmp_path)
        assert rows
        assert any(row["top_post_id"] for row in rows) is is_shown


def test_no_content_is_anywhere_in_the_data_folder(world):
    for path in world.path.rglob("*"):
        if path.is_file():
            assert b"Canary" not in path.read_bytes(), path


def test_no_mart_adds_platforms_up(world):
    """YouTube's terms forbid figures across platforms; a mart's row of counts is of one."""
    of_the_roster = {"offices_yearly.accounts_count"}  # not of what a platform tells
    of_the_roster |= {f"known_holders_yearly.{name}_count" for name in ("un_members", "known_at_start", "known_at_end")}
    for table in tables(world.path / "dbt" / "manifest.json"):
        counts = {f"{table.name}.{c.name}" for c in table.columns if c.name.endswith(("_count", "value"))}
        is_of_one = {"platform_code", "account_id", "post_id", "figure_id"} & set(table.key)
        assert "year" not in table.key or not counts - of_the_roster or is_of_one, table.name
