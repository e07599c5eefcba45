"""The shape of Mastodon's API: facts and no content; a hidden count is unknown; what is not of its form is refused."""

from functools import partial

import pytest

from ingestion.collect.outcome import Outcome, Refused
from ingestion.collect.shapes.mastodon import cut_account, cut_status, hides_follows, own_status, posted_at
from tests.support.recorded import body
from tests.support.recorded import mastodon_status as status
from twiplomacy.synthetic.worlds import CANARY

PRESIDENT_ID, MINISTER_ID = "109000000000000001", "109000000000000002"
recorded = partial(body, "mastodon")


def test_the_facts_of_an_account_that_pass():
    outcome = Outcome()
    assert cut_account(recorded("account"), outcome) == {
        "acct": "president",
        "bot": False,
        "created_at": "2022-11-05T00:00:00.000Z",
        "followers_count": 52000,
        "following_count": 3,
        "group": False,
        "id": PRESIDENT_ID,
        "last_status_at": "2026-02-27",
        "locked": False,
        "statuses_count": 1200,
        "username": "president",
    }
    assert outcome.unknown_fields == {}


def test_the_facts_of_statuses_that_pass():
    outcome = Outcome()
    full, boost, quote = (cut_status(whole, outcome) for whole in recorded("statuses"))
    assert full == {
        "account": {"acct": "president", "id": PRESIDENT_ID, "username": "president"},
        "application": {"name": "Web"},
        "card": {"domain": "paper.example"},
        "created_at": "2026-02-27T10:00:00.505Z",
        "edited_at": "2026-02-27T10:05:00.000Z",
        "favourites_count": 120,
        "id": "114000000000000040",
        "in_reply_to_account_id": MINISTER_ID,
        "in_reply_to_id": "114000000000000039",
        "language": "en",
        "media_attachments": [{"type": "image"}],
        "mentions": [{"id": MINISTER_ID}],
        "quote": None,
        "quotes_count": 2,
        "reblog": None,
        "reblogs_count": 30,
        "replies_count": 4,
        "sensitive": False,
        "tags": [{"name": "peace"}],
        "uri": "https://social.example/users/president/statuses/114000000000000040",
        "visibility": "public",
    }
    assert boost["reblog"] == {
        "account": {"acct": "stranger@elsewhere.example", "id": "109000000000000888"},
        "id": "114000000000000009",
        "uri": "https://elsewhere.example/users/stranger/statuses/9",
    }
    assert (boost["id"], boost["created_at"]) == ("114000000000000038", "2026-02-26T09:00:00.000Z")
    assert quote["quote"] == {"state": "accepted"}
    assert outcome.unknown_fields == {}
    assert [posted_at(kept) for kept in (full, boost, quote)] == ["2026-02-27T10:00:00Z", "", "2026-02-25T09:00:00Z"]


def test_no_content_passes():
    accounts = [recorded("account") | {"moved": recorded("following")[1]}, recorded("snac_account")]
    statuses = [*recorded("statuses"), *recorded("snac_statuses")[:1]]
    kept = [cut_account(whole, Outcome()) for whole in accounts] + [cut_status(whole, Outcome()) for whole in statuses]
    for content in (CANARY, "canary", "media.example"):
        assert content not in str(kept)


def test_a_field_nobody_knows_is_counted_and_never_kept():
    outcome = Outcome()
    assert cut_account(recorded("account") | {"mood": CANARY}, outcome) == cut_account(recorded("account"), Outcome())
    assert cut_status(status(1, mood=CANARY), outcome) == cut_status(status(1), Outcome())
    assert outcome.unknown_fields == {"account.mood": 1, "mood": 1}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": 1.14e17}, "the status's id is a number with lost digits"),
        ({"account": {"id": 1.09e17}}, "the author's id is a number with lost digits"),
        ({"in_reply_to_account_id": 1.09e17}, "in_reply_to_account_id's id is a number with lost digits"),
        ({"mentions": [{"id": 1.09e17}]}, "the mention's id is a number with lost digits"),
        ({"id": None}, "the status's id is missing"),
        ({"created_at": None}, "created_at is missing"),
        ({"created_at": "2026-02-30T00:00:00Z"}, "a time is no real time"),
        ({"reblogs_count": "30"}, "reblogs_count is not a count"),
        ({"reblogs_count": 30.0}, "reblogs_count is not a count"),
        ({"visibility": CANARY}, "visibility does not look like"),
        ({"uri": f"https://social.example/{CANARY}"}, "uri does not look like"),
        ({"account": None}, "account is missing or not an object"),
    ],
)
def test_a_status_that_is_not_of_its_form_is_refused(changes, reason):
    with pytest.raises(Refused, match=reason) as refused:
        cut_status(status(1, **changes), Outcome())
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tags", [{"name": CANARY}]),
        ("tags", "peace"),
        ("media_attachments", [None]),
        ("media_attachments", [{"id": "1"}]),
        ("card", "https://example.org"),
        ("sensitive", "no"),
        ("language", CANARY),
    ],
)
def test_a_description_of_another_form_is_unknown_and_the_status_stays(name, value):
    outcome = Outcome()
    kept = cut_status(status(1) | {name: value}, outcome)
    assert kept == {key: fact for key, fact in cut_status(status(1), Outcome()).items() if key != name}
    assert outcome.unknown_fields == {f"{name} of another form": 1}


def test_a_count_that_is_missing_null_or_hidden_stays_unknown():
    hidden = recorded("account") | {"followers_count": -1, "following_count": None}
    del hidden["statuses_count"]
    assert not [name for name in cut_account(hidden, Outcome()) if name.endswith("_count")]
    bare = status(1, favourites_count=None)
    del bare["reblogs_count"], bare["quotes_count"]
    assert {name for name in cut_status(bare, Outcome()) if name.endswith("_count")} == {"replies_count"}


def test_a_server_that_counts_nothing_is_taken_at_its_word():
    kept = cut_account(recorded("snac_account"), Outcome())
    assert (kept["followers_count"], kept["statuses_count"]) == (0, 0)


def test_an_own_status_is_also_one_that_a_server_shows_as_anothers_boost_of_it():
    plain, boosted = recorded("snac_statuses")
    native = plain["account"]["id"]
    assert own_status(plain, native) == plain
    assert own_status(boosted, native) == boosted["reblog"]
    assert own_status(plain | {"account": recorded("account")}, native) is None
    with pytest.raises(Refused, match="the author's id is a number with lost digits"):
        own_status(status(1, account={"id": 1.09e17}), native)


@pytest.mark.parametrize(
    ("account", "is_hidden"),
    [
        ({"following_count": 3}, True),
        ({}, True),
        ({"following_count": 0, "hide_collections": True}, True),
        ({"following_count": 0, "statuses_count": 0, "last_status_at": "2026-02-27"}, True),
        ({"following_count": 0, "statuses_count": 0}, False),
        ({"following_count": 0, "hide_collections": False}, False),
    ],
)
def test_an_empty_list_of_follows_may_be_a_hidden_one(account, is_hidden):
    assert hides_follows(account) == is_hidden


@pytest.mark.parametrize(
    ("acct", "is_kept"), [("u@उदाहरण.भारत", True), ("u@xn--p1b6ci4b4b3a.example:8080", True), ("-gov", False)]
)
def test_a_server_may_be_of_any_script_and_no_handle_begins_as_a_formula(acct, is_kept):
    account = {"id": "109000000000000001", "acct": acct, "username": acct.partition("@")[0]}
    if is_kept:
        assert cut_account(account, Outcome())["acct"] == acct
    else:
        with pytest.raises(Refused, match="acct does not look like"):
            cut_account(account, Outcome())
