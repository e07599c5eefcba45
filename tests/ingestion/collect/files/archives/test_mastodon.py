"""Archives of Mastodon: keyed by the account's own server, for everybody to read, and never any content."""

import json

import pytest

from ingestion.collect.files.archives.mastodon import MastodonArchive
from tests.ingestion.collect.files.archives.test_archives import archive_source, read_archive
from twiplomacy.synthetic.worlds import CANARY

SOURCE = archive_source("mastodon-archive")
DAY = "2026-02-01T00:00:00.000Z"


def read(path, things):
    return read_archive(MastodonArchive, path, things, SOURCE)


def account(account_id=100, server="gov.example", **changes):
    """A whole account object, canaries in all that must be dropped."""
    return {
        "id": str(account_id),
        "username": f"user{account_id}",
        "acct": f"user{account_id}",
        "display_name": CANARY,
        "note": f"<p>{CANARY}</p>",
        "fields": [{"name": CANARY, "value": CANARY}],
        "uri": f"https://{server}/users/user{account_id}",
        "url": f"https://{server}/@user{account_id}",
        "avatar": "https://files.example/canary.png",
        "locked": False,
        "bot": False,
        "created_at": "2020-01-01T00:00:00.000Z",
        "followers_count": 1000,
        "following_count": 10,
        "statuses_count": 7,
        **changes,
    }


def status(status_id, author=None, **changes):
    """A whole status object, canaries in all that must be dropped."""
    return {
        "id": str(status_id),
        "uri": f"https://gov.example/users/user100/statuses/{status_id}",
        "url": f"https://gov.example/@user100/{status_id}",
        "created_at": DAY,
        "account": author or account(),
        "content": f"<p>{CANARY}</p>",
        "spoiler_text": CANARY,
        "visibility": "public",
        "sensitive": False,
        "language": "en",
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "reblog": None,
        "media_attachments": [{"id": "1", "type": "image", "url": "https://files.example/canary.png"}],
        "mentions": [{"id": "7", "username": "seven", "acct": "seven", "url": "https://gov.example/@seven"}],
        "tags": [{"name": "peace", "url": "https://gov.example/tags/peace"}],
        "card": {"url": "https://www.example.org/canary", "title": CANARY},
        "favourites_count": 20,
        "reblogs_count": 10,
        "replies_count": 3,
        **changes,
    }


def test_a_status_gives_itself_and_its_authors_profile(tmp_path):
    events, outcome = read(tmp_path / "a.jsonl", [status(1), status(2, visibility="unlisted")])
    at = SOURCE.observed_instant
    assert [(event.type, event.subject, event.time, event.dataschema) for event in events] == [
        ("post.observed", "mastodon:100@gov.example/1", at, "mastodon/status/2"),
        ("account.observed", "mastodon:100@gov.example", at, "mastodon/account"),
        ("post.observed", "mastodon:100@gov.example/2", at, "mastodon/status/2"),
    ]
    assert events[0].data["reblogs_count"] == 10
    assert events[1].data["followers_count"] == 1000
    assert (outcome.rows, outcome.duplicates, outcome.quarantined, outcome.unknown_fields) == (2, 0, [], {})


def test_a_line_may_be_an_account(tmp_path):
    events, outcome = read(tmp_path / "a.jsonl", [account(), account(), account(200, suspended=True)])
    assert [(event.type, event.subject) for event in events] == [
        ("account.observed", "mastodon:100@gov.example"),
        ("account.unavailable", "mastodon:200@gov.example"),
    ]
    assert events[1].data == {"id": "200", "suspended": True}
    assert (outcome.rows, outcome.duplicates) == (3, 1)


def test_no_content_passes(tmp_path):
    reposted = status(3, reblog=status(9, account(300, server="other.example", acct="user300@other.example")))
    events, outcome = read(tmp_path / "a.jsonl", [status(1), reposted, account(200)])
    assert outcome.quarantined == []
    everything = b"".join(event.encode() for event in events)
    for content in (CANARY.encode(), b"canary", b"seven", b"files.example"):
        assert content not in everything
    assert "mastodon:300@other.example" not in {event.subject for event in events}


@pytest.mark.parametrize(
    ("changes", "server"),
    [
        ({}, "gov.example"),
        ({"uri": None}, "gov.example"),
        ({"uri": "https://Web.Gov.Example:8443/users/user100"}, "web.gov.example:8443"),
        ({"uri": "acct:user100"}, "gov.example"),
    ],
)
def test_the_home_server_is_that_of_the_accounts_addresses(tmp_path, changes, server):
    events, _ = read(tmp_path / "a.jsonl", [status(1, account(**changes))])
    assert [event.subject for event in events] == [f"mastodon:100@{server}/1", f"mastodon:100@{server}"]


AWAY = account(acct="user100@gov.example")
NOWHERE = account(uri=None, url="https://user:word@gov.example/@user100")
FAULTS = [
    (account(id=1.5e17), "the account's id is a number with lost digits"),
    (status(1, id=1.5e17), "the status's id is a number with lost digits"),
    (status(1, AWAY), "acct names a server"),
    (status(1, account(suspended="no")), "account: suspended is not true or false"),
    (status(1, created_at="2026-03-01T00:00:01Z"), "created_at is after the archive was observed"),
    (status(1, visibility="direct"), "visibility is none of public, unlisted"),
    (status(1, visibility="private"), "visibility is none of public, unlisted"),
    (status(1, visibility=None), "visibility is none of public, unlisted"),
    (AWAY, "acct names a server: the account was seen on another one"),
    (NOWHERE, "neither uri nor url says on which server the account is"),
    (account(acct=None), "a part has an unexpected shape (TypeError)"),
    (account(followers_count="many"), "followers_count is not a count"),
    ({"id": "1", "created_at": DAY}, "username is missing"),
    ("[]", "a list, not a status object"),
]


@pytest.mark.parametrize(("line", "reason"), FAULTS, ids=[reason for _, reason in FAULTS])
def test_a_faulty_line_is_quarantined_and_the_rest_goes_on(tmp_path, line, reason):
    events, outcome = read(tmp_path / "a.jsonl", [status(3), line, status(4)])
    posts = [event.subject.rpartition("/")[2] for event in events if event.type == "post.observed"]
    assert [post for post in posts if post != "1"] == ["3", "4"]
    (fault,) = outcome.quarantined
    assert (fault["file"], fault["line"]) == ("a.jsonl", 2)
    assert fault["reason"].startswith(reason)
    assert outcome.rows == len(posts) + 1
    assert CANARY not in json.dumps(outcome.quarantined)


def test_unknown_fields_are_counted_and_never_kept(tmp_path):
    events, outcome = read(tmp_path / "a.jsonl", [status(1, account(mood=CANARY), brand_new=CANARY)])
    assert outcome.unknown_fields == {"brand_new": 1, "account.mood": 1}
    assert CANARY.encode() not in b"".join(event.encode() for event in events)


INTERNATIONAL = "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444"


@pytest.mark.parametrize(
    "server", [INTERNATIONAL, INTERNATIONAL.upper(), "xn--e1afmkfd.xn--p1ai", "XN--E1AFMKFD.xn--p1ai"]
)
def test_a_server_with_an_international_name_is_known_by_its_punycode(tmp_path, server):
    events, outcome = read(tmp_path / "a.jsonl", [status(1, account(server=server)), account(server=f"{server}:8080")])
    home = "xn--e1afmkfd.xn--p1ai"
    assert [event.subject for event in events] == [
        f"mastodon:100@{home}/1",
        f"mastodon:100@{home}",
        f"mastodon:100@{home}:8080",
    ]
    assert outcome.quarantined == []


@pytest.mark.parametrize("server", ["stra\u00dfe.example", "\u0440..example", 80 * "\u0440" + ".example"])
def test_a_server_whose_punycode_is_not_sure_is_refused_with_what_to_do(tmp_path, server):
    events, outcome = read(tmp_path / "a.jsonl", [account(server=server)])
    assert events == []
    assert "write it so in uri and url, e.g. xn--" in outcome.quarantined[0]["reason"]


@pytest.mark.parametrize(
    ("text", "time_zone", "kept"),
    [
        ("2026-02-01T00:00:00.999Z", None, "2026-02-01T00:00:00Z"),
        ("2026-02-01T02:00:00+02:00", "Asia/Tokyo", "2026-02-01T00:00:00Z"),
        ("2026-02-01 09:00:00", "Asia/Tokyo", "2026-02-01T00:00:00Z"),
    ],
)
def test_times_are_kept_in_utc(tmp_path, text, time_zone, kept):
    source = SOURCE.model_copy(update={"time_zone": time_zone})
    thing = status(1, account(created_at=text, last_status_at=text), created_at=text, edited_at=text)
    (post, profile), _ = read_archive(MastodonArchive, tmp_path / "a.jsonl", [thing], source)
    assert (post.data["created_at"], post.data["edited_at"]) == (kept, kept)
    assert (profile.data["created_at"], profile.data["last_status_at"]) == (kept, kept)


@pytest.mark.parametrize("name", ["created_at", "edited_at"])
def test_a_time_without_a_zone_is_refused(tmp_path, name):
    events, outcome = read(tmp_path / "a.jsonl", [status(1, **{name: "2026-02-01T00:00:00"})])
    assert events == []
    assert outcome.quarantined[0]["reason"].startswith(f"{name} names no time zone; write it in UTC, e.g. ")
