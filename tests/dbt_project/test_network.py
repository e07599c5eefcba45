"""Networks: who follows and mentions whom, on a small world with lists hidden, cut off and never seen."""

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import networkx as nx
import pytest
from pydantic import SecretStr

from dbt_project.models.intermediate.networks.int_communities import communities
from ingestion.collect.living.budget import Cost
from ingestion.collect.living.collection import Collection
from ingestion.collect.living.platform import Endpoint
from ingestion.collect.living.progress import progress
from ingestion.collect.living.workload import RunRequest
from ingestion.collect.platforms.x import X
from ingestion.log.ledger import Ledger
from tests.conftest import PROJECT, Home
from twiplomacy.synthetic.loopback import Reply, StillClock, serving
from twiplomacy.synthetic.worlds import tweet, user, write_roster, write_tweets
from twiplomacy.synthetic.x_api import XServer, problem
from twiplomacy.synthetic.x_api import user as x_user

A, B, C, HIDDEN, CUT, ALONE, CUT_TOO, GONE = range(101, 109)
PEERS = (A, B, C, HIDDEN, CUT, ALONE, CUT_TOO)
COUNTRY = {A: "AAA", B: "AAA", C: "BBB", HIDDEN: "BBB", GONE: "BBB"}
DAY, BEFORE = "Mon May 04 12:00:00 +0000 2026", "Mon May 05 12:00:00 +0000 2025"
FOLLOWS = {A: (B, C, HIDDEN, GONE, 999), B: (A, C, CUT), C: (A,), CUT: (A, B, CUT_TOO), CUT_TOO: (CUT,)}


class Lists(XServer):
    """Hides the list of one account, and never comes to the end of two."""

    def answer(self, request) -> Reply:
        reply = super().answer(request)
        if request.path.endswith("/following"):
            owner = request.path.split("/")[3]
            if owner == str(HIDDEN):
                return Reply(
                    {"errors": [problem("not-authorized-for-resource", owner, "Sorry, you are not authorized")]}
                )
            if owner in (str(CUT), str(CUT_TOO)):
                reply.body["meta"] |= {"next_token": "more"}
        return reply


def said(post_id, author, mentions=(), at=DAY, answers=None, posts=1, **changes):
    """A tweet by an account whose profile counts ``posts`` of them."""
    entities = {"hashtags": [], "urls": [], "user_mentions": [{"id_str": str(other)} for other in mentions]}
    return tweet(
        post_id,
        author,
        at,
        entities=entities,
        in_reply_to_user_id_str=answers and str(answers),
        user=user(author, statuses_count=posts),
        **changes,
    )


def untold(post_id, author, posts=1):
    """A tweet of which it is not known whom it mentions."""
    found = said(post_id, author, posts=posts)
    del found["truncated"]
    return found


def tweets():
    return [
        said(1, A, (B, C, A), posts=4),
        said(2, A, answers=B, posts=4),
        said(3, A, (C,), posts=4, retweeted_status=tweet(90, C, DAY)),
        said(4, A, (C,), posts=4, at=BEFORE),
        said(5, B, (A, 999), answers=A),
        said(6, C, (A,)),
        untold(7, CUT),
        said(8, ALONE),
        said(9, CUT_TOO, (GONE,), posts=2),
        untold(10, CUT_TOO, posts=2),
    ]


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Home:
    root = tmp_path_factory.mktemp("network")
    accounts = (*PEERS, GONE)
    names = {account: f"holder-{account}" for account in accounts}
    office = {account: f"{COUNTRY.get(account, 'CCC')}-head-{account}" for account in accounts}
    began = {"start_date": "2025-06-01"}
    folder = write_roster(
        root / "roster",
        editions=[{"year": "2026"}],
        sources=[
            {"source_id": "x-api", "adapter": "x-v2-api"},
            {"source_id": "tweets", "adapter": "x-v1.1-archive", "observed_at": "2027-01-15T00:00:00Z"},
        ],
        platforms=[{"platform_code": "x", "timeline_reach_count": "3200"}, {"platform_code": "facebook"}],
        countries=[{"country_code": code} for code in ("AAA", "BBB", "CCC")],
        country_groups=[
            {"group_type_code": "m49-region", "group_code": group, "country_code": code, "source_id": "tweets"}
            for code, group in (("AAA", "150"), ("BBB", "002"), ("CCC", "150"))
        ],
        offices=[
            *({"office_code": office[i], "country_code": COUNTRY.get(i, "CCC")} for i in accounts),
            {"office_code": "BBB-second", "country_code": "BBB", "category_code": "foreign_minister"},
        ],
        holders=[{"holder_id": name} for name in names.values()],
        terms=[
            *({"office_code": office[i], "holder_id": names[i], **began} for i in PEERS),
            {"office_code": office[GONE], "holder_id": names[GONE], "end_date": "2025-12-31", **began},
            {"office_code": "BBB-second", "holder_id": names[C], "start_date": "2025-07-01"},
        ],
        accounts=[
            *({"account_id": f"x:{i}", "country_code": COUNTRY.get(i, "CCC"), "source_id": "x-api"} for i in accounts),
            {"account_id": "facebook:1", "platform_code": "facebook", "country_code": "AAA", "source_id": "x-api"},
        ],
        assignments=[
            *({"account_id": f"x:{account}", "holder_id": names[account]} for account in accounts),
            {"account_id": "facebook:1", "holder_id": names[A]},
        ],
    )
    write_tweets(folder, tweets())
    home = Home(root / "data", folder)
    assert home.run("collect") == 0
    server = Lists([x_user(account) for account in accounts], [])
    server.follows = {str(one): [str(other) for other in others] for one, others in FOLLOWS.items()}
    clock = StillClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    collection = Collection(folder, Ledger(home.path / "log"), clock, "someone@example.org", lambda _: None)
    with serving(server.answer) as loopback:
        endpoint = Endpoint(X(), loopback.url, SecretStr("the-key"))
        collection.run(
            endpoint, RunRequest(("accounts", "follows"), Cost(Decimal(1000), 1000), date(2026, 3, 1)), progress
        )
    home.build_collected(2026)
    return home


def nodes(world: Home, network: str, columns: str) -> dict[int, tuple]:
    rows = world.query(f"""
        select account_id, {columns} from marts.network_nodes_yearly where network_code = '{network}'""")
    return {int(account.removeprefix("x:")): tuple(values) for account, *values in rows}


def share(one: int, other: int) -> Decimal:
    return (Decimal(one) / other).quantize(Decimal("0.000000001"))


def test_mentions_yearly_counts_each_original_post_once_and_replies_among_them(world):
    rows = world.query("""
        select account_id, mentioned_account_id, mentioning_posts_count, replies_count, as_of, source_id
        from marts.mentions_yearly order by all""")
    seen = (date(2027, 1, 15), "tweets")
    assert rows == [
        (f"x:{A}", f"x:{B}", 2, 1, *seen),
        (f"x:{A}", f"x:{C}", 1, 0, *seen),
        (f"x:{B}", f"x:{A}", 1, 1, *seen),
        (f"x:{C}", f"x:{A}", 1, 0, *seen),
        (f"x:{CUT_TOO}", f"x:{GONE}", 1, 0, *seen),
    ]


def test_the_peer_set_is_who_was_in_office_and_a_platform_nobody_was_asked_on_has_no_network(world):
    rows = world.query("""
        select network_code, platform_code, account_id, peers_count, walked_peers_count, is_walked, is_whole
        from marts.network_nodes_yearly where network_code = 'follows' order by account_id""")
    walked = [(True, True)] * 3 + [(False, False), (True, False), (True, True), (True, False)]
    assert rows == [
        ("follows", "x", f"x:{account}", 7, 6 - is_walked, is_walked, is_whole)
        for account, (is_walked, is_whole) in zip(PEERS, walked, strict=True)
    ]
    assert world.query("select distinct platform_code from marts.network_nodes_yearly") == [("x",)]
    assert (f"x:{A}", f"x:{GONE}") in world.query("select account_id, followed_account_id from marts.follows_yearly")


def test_degrees_count_what_the_lists_show(world):
    assert nodes(world, "follows", "in_degree_count, in_degree_share, out_degree_count, one_way_in_count") == {
        A: (3, share(3, 6), 3, 1),
        B: (2, share(2, 6), 3, 0),
        C: (2, share(2, 6), 1, 1),
        HIDDEN: (1, share(1, 6), None, None),  # followed by A, and nobody knows whether it follows back
        CUT: (2, share(2, 6), 3, 0),
        ALONE: (0, 0, 0, 0),
        CUT_TOO: (1, share(1, 6), 1, 0),
    }


def test_mutuals_are_known_only_where_a_whole_list_or_both_lists_tell(world):
    columns = "mutual_count, mutual_share, seen_mutual_count, unknown_mutual_count, mutual_in_region_count"
    assert nodes(world, "follows", columns) == {
        A: (None, None, 2, 1, 1),  # open with the hidden one, which is of another region
        B: (2, share(2, 6), 2, 0, 2),
        C: (1, share(1, 6), 1, 0, 0),
        HIDDEN: (None, None, 0, 3, 0),  # C's whole list lacks it; A follows it, the cut ones may
        CUT: (None, None, 2, 1, 2),
        ALONE: (0, 0, 0, 0, 0),
        CUT_TOO: (None, None, 1, 1, 1),
    }


def test_mentions_are_a_network_with_weights(world):
    columns = "is_walked, is_whole, in_degree_count, out_degree_count, in_posts_count, out_posts_count, mutual_count"
    assert nodes(world, "mentions", columns) == {
        A: (True, True, 2, 2, 2, 3, 2),
        B: (True, True, 1, 1, 2, 1, 1),
        C: (True, True, 1, 1, 1, 1, 1),
        HIDDEN: (False, False, 0, None, 0, None, None),
        CUT: (False, False, 0, None, 0, None, None),  # it posted, and nothing tells whom it mentioned
        ALONE: (True, True, 0, 0, 0, 0, 0),
        CUT_TOO: (True, False, 0, 0, 0, 0, None),  # it mentioned one that was not in office
    }
    assert set(nodes(world, "follows", "in_posts_count, out_posts_count").values()) == {(None, None)}


def test_networks_yearly_has_the_whole_of_each(world):
    rows = world.query("""
        select network_code, nodes_count, walked_nodes_count, whole_nodes_count, edges_count, density_share,
            reciprocity_share, nodes_with_mutual_count, known_nodes_count, nodes_with_mutual_share, in_degree_per_node,
            as_of, source_id
        from marts.networks_yearly order by all""")
    assert rows == [
        ("follows", 7, 6, 4, 11, share(7, 24), share(4, 5), 5, 6, share(5, 6), share(11, 7), date(2026, 3, 1), "x-api"),
        ("mentions", 7, 5, 4, 4, share(4, 24), 1, 3, 4, share(3, 4), share(4, 7), date(2027, 1, 15), "tweets"),
    ]


def test_communities_and_modularity_are_those_of_the_library(world):
    for network in ("follows", "mentions"):
        weights = world.query(f"""
            select
                least(account_id, peer_account_id), greatest(account_id, peer_account_id),
                sum(coalesce(mentioning_posts_count, 1))
            from intermediate.int_network_edges where network_code = '{network}' group by all order by all""")
        graph = nx.Graph()
        graph.add_weighted_edges_from((one, other, int(weight)) for one, other, weight in weights)
        found = nodes(world, network, "community_code")
        parts = [
            {f"x:{node}" for node, (code,) in found.items() if code == wanted}
            for wanted in sorted({code for (code,) in found.values() if code})
        ]
        assert set().union(*parts) == set(graph)
        assert [len(part) for part in parts] == sorted(map(len, parts), reverse=True)
        ((count, modularity),) = world.query(f"""
            select communities_count, modularity from marts.networks_yearly where network_code = '{network}'""")
        assert count == len(parts)
        assert float(modularity) == pytest.approx(nx.community.modularity(graph, parts), abs=1e-9)
    assert nodes(world, "follows", "community_code")[ALONE] == (None,)


def cliques() -> list[tuple[str, str, int]]:
    """Two groups of five in which each follows each, joined by one edge; and a pair."""
    groups = [[f"x:{name}{number}" for number in range(5)] for name in "ba"]
    edges = [(one, other, 1) for group in groups for one in group for other in group if one != other]
    return [*edges, ("x:a0", "x:b0", 1), ("x:c0", "x:c1", 3)]


def test_two_cliques_are_two_communities_the_first_of_equals_being_the_one_with_the_first_account():
    found = communities(cliques())
    assert {name: code for name, code in found.items() if name[2] == "a"} == dict.fromkeys(
        [f"x:a{number}" for number in range(5)], 1
    )
    assert {code for name, code in found.items() if name[2] == "b"} == {2}
    assert (found["x:c0"], found["x:c1"]) == (3, 3)
    assert communities([]) == {}


SCRIPT = """
from dbt_project.models.intermediate.networks.int_communities import communities
edges = [(f"x:{i * i % 97}", f"x:{i * 7 % 89}", 1 + i % 3) for i in range(600) if i * i % 97 != i * 7 % 89]
print(sorted(communities(reversed(edges) if REVERSED else edges).items()))
"""


def test_communities_do_not_depend_on_the_process_or_the_order_of_edges():
    outputs = set()
    for seed, is_reversed in (("0", False), ("1", True), ("4711", False)):
        script = SCRIPT.replace("REVERSED", str(is_reversed))
        environment = {"PATH": "/usr/bin:/bin", "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, cwd=PROJECT, capture_output=True, text=True, check=True
        )
        outputs.add(done.stdout)
    (output,) = outputs
    assert len(eval(output)) > 80  # noqa: S307
