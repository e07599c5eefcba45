"""Every server boots, takes what is seeded, gives it back, and ends."""

import requests

from tests.support.servers.bluesky import Network, quotation
from tests.support.servers.mastodon import snac
from tests.support.servers.process import connects
from tests.support.servers.sparql import oxigraph


def feed(network: Network, did: str) -> list[dict]:
    return network.get("app.bsky.feed.getAuthorFeed", actor=did, limit=100).json().get("feed", [])


def test_the_network_shows_what_was_posted(network):
    anna, ben = network.create_account("anna"), network.create_account("ben")
    first = network.post(anna, "Für #Peace, with @ben.test", "2025-03-01T12:00:00.000Z", langs=["de", "en"])
    answer = network.post(anna, "And more", "2025-03-02T12:00:00.000Z", reply_to=first)
    asked = network.post(ben, "Really?", "2025-03-03T12:00:00.000Z", reply_to=answer)
    network.post(anna, "Look", "2025-03-04T12:00:00.000Z", embed=quotation(asked))
    network.repost(anna, asked, "2025-03-05T12:00:00.000Z")
    network.like(ben, first)
    network.follow(anna, ben.did)
    network.wait_until(lambda: len(feed(network, anna.did)) == 4)

    repost, quote, reply, plain = feed(network, anna.did)
    assert repost["reason"]["$type"] == "app.bsky.feed.defs#reasonRepost"
    assert repost["post"]["author"]["did"] == ben.did
    assert quote["post"]["record"]["embed"]["record"]["uri"] == asked.uri
    assert reply["post"]["record"]["reply"]["root"]["uri"] == first.uri
    assert asked.root == first
    record = plain["post"]["record"]
    assert (record["createdAt"], record["langs"]) == ("2025-03-01T12:00:00.000Z", ["de", "en"])
    assert [facet["features"][0].get("tag") for facet in record["facets"]] == ["Peace", None]
    assert [facet["features"][0].get("did") for facet in record["facets"]] == [None, ben.did]
    assert record["facets"][0]["index"] == {"byteStart": 5, "byteEnd": 11}
    network.wait_until(lambda: feed(network, anna.did)[-1]["post"]["likeCount"] == 1)
    follows = network.get("app.bsky.graph.getFollows", actor=anna.did).json()["follows"]
    assert [account["did"] for account in follows] == [ben.did]


def test_the_network_shows_what_changed(network):
    cleo, dora, emil = (network.create_account(name) for name in ("cleo", "dora", "emil"))
    post = network.post(cleo, "Gone soon", "2025-03-01T12:00:00.000Z")
    dids = [cleo.did, dora.did, emil.did]

    def profiles() -> list[str]:
        shown = network.get("app.bsky.actor.getProfiles", actors=dids).json()["profiles"]
        return [profile["handle"] for profile in shown]

    network.wait_until(lambda: len(feed(network, cleo.did)) == 1 and len(profiles()) == 3)
    network.delete(cleo, post)
    assert network.rename(cleo, "cleopatra").handle == "cleopatra.test"
    network.deactivate(dora)
    network.take_down(emil)
    network.wait_until(lambda: profiles() == ["cleopatra.test"])
    network.wait_until(lambda: network.get("app.bsky.feed.getPosts", uris=[post.uri]).json() == {"posts": []})
    errors = [network.get("app.bsky.actor.getProfile", actor=account.did).json()["error"] for account in (dora, emil)]
    assert errors == ["AccountDeactivated", "AccountTakedown"]


def test_snac_shows_what_was_posted():
    with snac("anna", "ben") as server:

        def ask(path: str, **params: str | int) -> requests.Response:
            return requests.get(f"{server.url}/api/v1/{path}", params=params, timeout=10)

        account = ask("accounts/lookup", acct=f"anna@{server.host}").json()
        first = server.note("anna", "For #Peace", created_at="2025-03-01T12:00:00Z")
        reply = server.note("anna", "And more", reply_to=first)
        gone = server.note("anna", "Gone soon")
        server.note("ben", "I am here")  # the server shows nobody's boosts before their first post
        server.boost("ben", reply)
        server.delete("anna", gone)

        boosted, plain = ask(f"accounts/{account['id']}/statuses", limit=1, max_id=first["id"]).json()
        assert (plain["id"], plain["created_at"]) == (first["id"], "2025-03-01T12:00:00.000Z")
        assert [tag["name"] for tag in plain["tags"]] == ["peace"]
        assert boosted["account"]["acct"] == f"ben@{server.host}"
        assert boosted["reblog"]["id"] == reply["id"]
        assert boosted["reblog"]["in_reply_to_id"] == first["id"]
        assert ask(f"statuses/{first['id']}").status_code == 401
        server.remove("ben")
        assert ask("accounts/lookup", acct="ben").status_code == 404
    assert not connects(int(server.host.partition(":")[2]))


def test_oxigraph_answers_from_the_graph():
    with oxigraph('<https://example.org/a> <https://example.org/name> "Anna"@en .') as url:
        headers = {"Accept": "application/sparql-results+json"}
        query = "SELECT ?name { ?a <https://example.org/name> ?name }"
        answer = requests.post(url, data={"query": query}, headers=headers, timeout=10).json()
    assert answer["results"]["bindings"] == [{"name": {"type": "literal", "xml:lang": "en", "value": "Anna"}}]
