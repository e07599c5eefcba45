"""Objects that people put among archives by mistake are known by their fields; one that only lacks a field is not."""

import pytest

from ingestion.collect.files.archives.mastodon import MastodonArchive
from ingestion.collect.files.archives.others import what
from ingestion.collect.files.archives.x_v2 import XV2Archive
from ingestion.collect.files.archives.x_v11 import XV11Archive
from tests.ingestion.collect.files.archives.test_archives import archive_source, read_archive
from twiplomacy.synthetic.worlds import tweet

NOON = "Thu Jan 02 12:00:00 +0000 2014"
EVERY = {"x-v1.1-archive": XV11Archive, "x-v2-archive": XV2Archive, "mastodon-archive": MastodonArchive}
USER = {"id_str": "1", "screen_name": "u"}
OTHERS = [
    ({"users": [USER], "next_cursor": 0}, r"a page of users of API v1\.1; make .*: jq -c '\.users\[\]' FILE", EVERY),
    ({"ids": [1], "next_cursor": 0}, r"a page of ids of API v1\.1, which shows no account", EVERY),
    ({"statuses": [], "search_metadata": {}}, r"a page of a search of API v1\.1; .*jq -c '\.statuses\[\]'", EVERY),
    ({"accounts": [], "statuses": [], "hashtags": []}, "a page of a search of Mastodon's", EVERY),
    ({"@context": "a", "type": "OrderedCollection", "orderedItems": []}, "of an ActivityPub export", EVERY),
    ({"@context": ["a"], "type": "Person", "preferredUsername": "m"}, "of an ActivityPub export", EVERY),
    ({"rest_id": "1", "legacy": {}}, "of X's own web pages", EVERY),
    ({"tweet": {"id_str": "1"}}, "of X's export of one's own data", EVERY),
    ({"uri": "at://a", "cid": "b", "author": {}, "record": {}}, "a post of Bluesky's API", EVERY),
    ({"kind": "youtube#channelListResponse", "etag": "e", "items": []}, "an answer of YouTube's API", EVERY),
    ({"data": [], "meta": {}}, r"a page of X API v2; .*x-v2-archive", ["x-v1.1-archive", "mastodon-archive"]),
    ({"id": "1", "public_metrics": {}}, r"X API v2; .*x-v2-archive", ["x-v1.1-archive", "mastodon-archive"]),
    (tweet(1, 100, NOON), r"a tweet of API v1\.1; .*x-v1\.1-archive", ["x-v2-archive", "mastodon-archive"]),
    (USER, r"a user of API v1\.1; .*x-v1\.1-archive", ["x-v2-archive", "mastodon-archive"]),
    ({"id": "1", "account": {}, "visibility": "public"}, "Mastodon's API; .*mastodon-archive", list(EVERY)[:2]),
    ({"id": "1", "acct": "m", "username": "m"}, "an account of Mastodon's API; .*mastodon-arch", ["x-v1.1-archive"]),
    ({"id": "1", "visibility": "public", "content": ""}, "a status without its account", ["mastodon-archive"]),
]


@pytest.mark.parametrize(("thing", "reason", "adapters"), OTHERS, ids=[reason[:30] for _, reason, _ in OTHERS])
def test_what_is_something_else_is_named_with_what_to_do(tmp_path, thing, reason, adapters):
    for adapter in adapters:
        events, outcome = read_archive(EVERY[adapter], tmp_path / "a.jsonl", [thing] * 3, archive_source(adapter))
        assert events == []
        assert len({fault["reason"] for fault in outcome.quarantined}) == 1
        with pytest.raises(AssertionError, match=reason):
            raise AssertionError(outcome.quarantined[0]["reason"])


@pytest.mark.parametrize(
    ("noun", "thing"),
    [
        ("tweet", {**tweet(1, 100, NOON), "errors": []}),
        ("post", {"data": [], "errors": [], "meta": {}}),
        ("status", {"account": {}, "visibility": "public", "uri": "u"}),
        ("tweet", {"id": 1}),
        ("tweet", {}),
    ],
)
def test_what_only_lacks_a_field_is_nothing_else(noun, thing):
    assert what(thing, noun) == ""
