"""Seeded on real servers, collected, landed, built: what was seeded comes out of the tables, one by one."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import requests
from pydantic import SecretStr

from ingestion.collect.living.budget import Cost
from ingestion.collect.living.collection import Collection
from ingestion.collect.living.platform import Endpoint, Platform
from ingestion.collect.living.progress import progress
from ingestion.collect.living.workload import RunRequest
from ingestion.collect.platforms.bluesky import Bluesky
from ingestion.collect.platforms.mastodon import Mastodon
from ingestion.log.ledger import Ledger
from tests.conftest import Home
from tests.dbt_project.test_living import public as public_rows
from tests.support.servers.bluesky import quotation
from tests.support.servers.mastodon import snac
from twiplomacy.synthetic.loopback import OwnClock
from twiplomacy.synthetic.worlds import write_roster

PARTS = ("accounts", "posts", "ages", "follows")
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOURCES = [
    {"source_id": "bluesky-api", "adapter": "bluesky-api"},
    {"source_id": "mastodon-api", "adapter": "mastodon-api"},
]
PLATFORMS = [
    {"platform_code": "bluesky", "redistribution_code": "open"},
    {"platform_code": "mastodon", "collection_code": "api_opt_in", "redistribution_code": "aggregate_only"},
]


class World:
    """A roster of one state over accounts of a real server; two days of collecting."""

    def __init__(self, root: Path, accounts: dict[str, str], **rows: list[dict[str, str]]) -> None:
        people = list(accounts)
        self.roster = write_roster(
            root / "roster",
            editions=[{"year": "2026"}],
            sources=SOURCES,
            platforms=PLATFORMS,
            offices=[{"office_code": f"AAA-{name}", "country_code": "AAA"} for name in people],
            holders=[{"holder_id": name} for name in people],
            terms=[{"office_code": f"AAA-{name}", "holder_id": name, "start_date": "2025-06-01"} for name in people],
            accounts=[
                {
                    "account_id": account,
                    "handle": f"the{name}.test",
                    "platform_code": account.partition(":")[0],
                    "country_code": "AAA",
                    "source_id": f"{account.partition(':')[0]}-api",
                }
                for name, account in accounts.items()
            ],
            assignments=[{"account_id": account, "holder_id": name} for name, account in accounts.items()],
            **rows,
        )
        self.home = Home(root / "data", self.roster)
        self.clock = OwnClock(START)
        assert self.home.run("collect") == 0

    def collect(self, platform: Platform, base: str) -> None:
        ledger = Ledger(self.home.path / "log")
        collection = Collection(self.roster, ledger, self.clock, "someone@example.org", print)
        wish = RunRequest(PARTS, Cost(), self.clock.now().date())
        collection.run(Endpoint(platform, base, SecretStr("")), wish, progress)
        self.clock.sleep(24 * 3600)

    def build(self) -> Callable[[str], list[tuple]]:
        for arguments in (["land"], ["build", "--year", "2026"]):
            assert self.home.run(*arguments) == 0
        return self.home.query


@pytest.fixture(scope="module")
def bluesky(network, tmp_path_factory):
    """Two days on Bluesky; return a query over the tables, the accounts and the posts by name."""
    head, minister, envoy, other = (
        network.create_account(name) for name in ("thehead", "theminister", "theenvoy", "someoneelse")
    )
    at = "2026-02-{:02d}T18:00:00.000Z".format
    posts = {
        "plain": network.post(head, "For #Peace, Canary", at(10)),
        "week": network.post(head, "A week ago, Canary", at(22)),
        "gone": network.post(head, "Gone soon, Canary", "2026-02-22T19:00:00.000Z"),
        "asked": network.post(other, "A question, Canary", at(9)),
    }
    posts["reply"] = network.post(head, "An answer, Canary", at(13), reply_to=posts["asked"])
    posts["thread"] = network.post(head, "And more, Canary", at(14), reply_to=posts["plain"])
    posts["quote"] = network.post(head, "See this, Canary", at(15), embed=quotation(posts["asked"]))
    posts["repost"] = network.repost(head, posts["asked"], at(16))
    posts["own_repost"] = network.repost(head, posts["plain"], at(17))
    posts["late"] = network.post(head, "Written of old times, Canary", "2026-01-05T00:00:00.000Z")
    network.like(other, posts["plain"])
    network.follow(head, minister.did)
    network.follow(minister, head.did)
    network.follow(envoy, head.did)
    network.follow(head, other.did)

    def feed():
        return network.get("app.bsky.feed.getAuthorFeed", actor=head.did, limit=100).json().get("feed", [])

    network.wait_until(lambda: len(feed()) == 9 and sum(item["post"]["likeCount"] for item in feed()) == 2)
    accounts = {"head": head, "minister": minister, "envoy": envoy}
    accounts = {name: f"bluesky:{account.did}" for name, account in accounts.items()}
    world = World(
        tmp_path_factory.mktemp("bluesky"), {**accounts, "nobody": "bluesky:did:plc:doesnotexistatallxxxxxxx"}
    )
    world.collect(Bluesky(), network.appview_url)
    network.delete(head, posts["gone"])
    network.rename(head, "thepresident")
    network.deactivate(envoy)
    network.wait_until(lambda: len(feed()) == 8)
    network.wait_until(
        lambda: (
            network.get("app.bsky.actor.getProfiles", actors=[head.did, envoy.did]).json()["profiles"][0]["handle"]
            == "thepresident.test"
        )
    )
    network.post(head, "The next day, Canary", "2026-03-02T09:00:00.000Z")
    network.wait_until(lambda: len(feed()) == 9)
    world.collect(Bluesky(), network.appview_url)
    return world.build(), accounts, posts, world


def key(record) -> str:
    """Return a record's id as the tables have it."""
    did, _, name = record.uri.removeprefix("at://").split("/")
    return f"bluesky:{did}/{name}"


def test_posts_reposts_replies_and_the_deletion_come_out_of_posts_yearly(bluesky):
    query, accounts, posts, _ = bluesky
    rows = query("""
        select post_id, is_repost, is_own_repost, is_reply_to_other, is_quote, is_unavailable, likes_received_count
        from marts.posts_yearly order by post_id""")
    found = {post_id: tuple(values) for post_id, *values in rows}
    assert found[key(posts["plain"])] == (False, False, False, False, False, 1)
    assert found[key(posts["late"])] == (False, False, False, False, False, 0)
    assert found[key(posts["reply"])] == (False, False, True, False, False, 0)
    assert found[key(posts["thread"])] == (False, False, False, False, False, 0)
    assert found[key(posts["quote"])] == (False, False, False, True, False, 0)
    assert found[key(posts["repost"])][:3] == (True, False, False)
    assert found[key(posts["own_repost"])][:3] == (True, True, False)
    assert key(posts["asked"]) not in found
    assert len(found) == 10
    assert {post_id.rpartition("/")[0] for post_id in found} == {accounts["head"]}


def test_posts_a_week_old_are_measured_again_and_the_deleted_one_is_not_made_public(bluesky, tmp_path):
    query, _, posts, world = bluesky
    week, gone = key(posts["week"]), key(posts["gone"])
    seen = dict(query("select post_id, count(*) from staging.stg_posts group by all"))
    assert (seen[week], seen[gone], seen[key(posts["plain"])]) == (2, 1, 1)
    lost = query("select post_id, unavailable_at::date from marts.posts_yearly where is_unavailable")
    assert lost == [(gone, date(2026, 3, 2))]
    assert query("select unavailable_posts_count from marts.accounts_yearly where holder_id = 'head'") == [(1,)]
    public = {row["post_id"] for row in public_rows(world.home, "posts_yearly", tmp_path)}
    assert week in public
    assert gone not in public


def test_the_sums_come_out_of_accounts_yearly(bluesky):
    query, accounts, _, _ = bluesky
    columns = "posts_count, original_posts_count, replies_to_others_count, reposts_made_count, audience_count, handle"
    rows = {one[0]: one[1:] for one in query(f"select holder_id, {columns} from marts.accounts_yearly")}
    assert rows["head"] == (10, 8, 1, 2, 2, "thepresident.test")
    assert rows["minister"] == (0, 0, 0, 0, 1, "theminister.test")
    assert rows["envoy"][:4] == (0, 0, 0, 0)
    assert rows["nobody"][:5] == (None,) * 5
    assert len(accounts) == 3


def test_the_rename_and_the_deactivation_come_out_of_account_changes_yearly(bluesky):
    query, accounts, _, _ = bluesky
    rows = query("""
        select account_id, change_code, value_before, value_after, not_after_date from marts.account_changes_yearly
        where change_code != 'joined'""")
    second = date(2026, 3, 2)
    assert (accounts["head"], "renamed", "thehead.test", "thepresident.test", second) in rows
    assert (accounts["envoy"], "deactivated", "available", "deactivated", second) in rows
    assert ("bluesky:did:plc:doesnotexistatallxxxxxxx", "not_found", None, "not_found", date(2026, 3, 1)) in rows


def test_who_follows_whom_comes_out_of_follows_yearly(bluesky):
    query, accounts, _, _ = bluesky
    rows = query("select account_id, followed_account_id, is_mutual from marts.follows_yearly")
    assert set(rows) == {
        (accounts["head"], accounts["minister"], True),
        (accounts["minister"], accounts["head"], True),
        (accounts["envoy"], accounts["head"], False),
    }


def test_no_text_of_theirs_is_in_the_data_folder(bluesky):
    for path in bluesky[-1].home.path.rglob("*"):
        if path.is_file():
            assert b"Canary" not in path.read_bytes(), path


def test_a_hostile_mastodon_server_is_survived_and_nothing_is_made_up(tmp_path):
    with snac("head", "other") as server:
        lookup = f"{server.url}/api/v1/accounts/lookup"
        head_id = requests.get(lookup, params={"acct": "head"}, timeout=10).json()["id"]
        first = server.note("head", "For #Peace, Canary", created_at="2026-02-10T12:00:00Z")
        server.note("head", "And more, Canary", reply_to=first, created_at="2026-02-11T12:00:00Z")
        asked = server.note("other", "A question, Canary", created_at="2026-02-12T12:00:00Z")
        server.note("head", "An answer, Canary", reply_to=asked, created_at="2026-02-13T12:00:00Z")
        gone = server.note("head", "Gone soon, Canary", created_at="2026-02-14T12:00:00Z")
        server.boost("other", first)
        head = f"mastodon:{head_id}@{server.host}"
        nobody = f"mastodon:{'0' * 32}@{server.host}"
        terms = {"server_name": server.host, "platform_code": "mastodon", "is_allowed": "true"}
        world = World(tmp_path, {"head": head, "nobody": nobody}, servers=[terms])
        world.collect(Mastodon(), "http://{server}")
        server.delete("head", gone)
        world.collect(Mastodon(), "http://{server}")
    query = world.build()
    counts = query("select posts_count, replies_to_others_count from marts.accounts_yearly where holder_id = 'head'")
    assert counts == [(4, 1)]
    rows = query("select is_reply_to_other, count(*) from marts.posts_yearly group by all order by all")
    assert rows == [(False, 3), (True, 1)]
    changes = query("select account_id, change_code from marts.account_changes_yearly where value_after != 'head'")
    assert changes == [(nobody, "not_found")]
    assert query("select count(*) from marts.follows_yearly") == [(0,)]
    assert query("select audience_count from marts.accounts_yearly where holder_id = 'head'") == [(0,)]
    undone = query("select subject, detail from marts.data_issues_yearly where issue_code = 'questions_undone'")
    assert all("questions" in detail for _, detail in undone)
