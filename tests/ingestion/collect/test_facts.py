"""The whitelist: facts by their form, and nothing whose form leaves room for a sentence."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.collect.facts import (
    CLIENT,
    HANDLE,
    ISO_TIME,
    LANGUAGE,
    WORD,
    Whitelist,
    domain,
    identity,
    instant,
    member,
    native_id,
)
from ingestion.collect.outcome import Outcome, Refused

FACTS = Whitelist(counts=("likes",), flags=("open",), texts=(("at", ISO_TIME), ("handle", HANDLE)), known="text name")
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(["likes", "open", "at", "handle", "text", "name", "other"]), json))
def test_whatever_comes_only_facts_are_kept(thing):
    try:
        kept = FACTS.cut(thing)
    except Refused:
        return
    assert set(kept) <= {"likes", "open", "at", "handle"}
    assert type(kept.get("likes", 0)) is int
    assert type(kept.get("open", True)) is bool
    assert FACTS.cut(kept) == kept


@pytest.mark.parametrize("value", [-1, 1.0, True, "1", [1], 10**12 + 1])
def test_a_count_is_a_count(value):
    with pytest.raises(Refused, match="likes is not a count"):
        FACTS.cut({"likes": value})


def test_null_is_not_there_and_a_required_fact_is():
    assert FACTS.cut({"likes": None}) == {}
    with pytest.raises(Refused, match="likes, at is missing"):
        FACTS.cut({"likes": None}, ("likes", "at"))


@pytest.mark.parametrize("client", ["", "Feed <bot>", "x" * 81, 7.5])
@pytest.mark.parametrize("language", ["a sentence", "e", 7.5])
def test_a_description_of_another_form_is_unknown_and_costs_nothing(client, language):
    facts, outcome = Whitelist(texts=(("source", CLIENT), ("lang", LANGUAGE), ("at", ISO_TIME))), Outcome()
    thing = {"source": client, "lang": language, "at": "2014-01-01T00:00:00Z"}
    assert facts.cut(thing) == {"at": "2014-01-01T00:00:00Z"}
    facts.count_unknown(thing, outcome)
    assert outcome.unknown_fields["lang of another form"] == 1
    assert outcome.unknown_fields["source of another form"] == bool(client)


def test_only_names_on_no_list_are_unknown():
    outcome = Outcome()
    FACTS.count_unknown({"likes": 1, "text": "t", "aura": 2}, outcome, "user.")
    assert outcome.unknown_fields == {"user.aura": 1}


def test_a_word_has_no_room_for_a_sentence():
    assert WORD.fullmatch("app.bsky.feed.defs#reasonRepost")
    assert not WORD.fullmatch("a sentence")
    assert not WORD.fullmatch("x" * 81)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-01T12:00:00.999Z", "2026-02-01T12:00:00Z"),
        ("2026-02-01T00:30:00+02:00", "2026-01-31T22:30:00Z"),
    ],
)
def test_an_instant_is_utc_and_whole_seconds(text, expected):
    assert instant(text) == expected


@pytest.mark.parametrize("text", ["2026-02-30T00:00:00Z", "", None])
def test_no_time_is_refused(text):
    with pytest.raises(Refused, match="no real time"):
        instant(text)


def test_an_id_keeps_its_digits():
    assert identity(2**63, "post") == str(2**63)
    for value in (1e19, True, None, "x1", ""):
        with pytest.raises(Refused):
            identity(value, "post")
    assert identity("did:plc:x", "account", re.compile("did:.*")) == "did:plc:x"


def test_a_member_is_an_object():
    assert member({"a": {"b": 1}}, "a") == {"b": 1}
    for parent in ({}, {"a": [1]}, {"a": None}):
        with pytest.raises(Refused, match="a is missing or not an object"):
            member(parent, "a")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.example.org/secret?q=1", "example.org"),
        ("HTTP://Sub.Example.org:80", "sub.example.org"),
        ("no address", "unknown"),
        ("http://[broken", "unknown"),
        ("", "unknown"),
    ],
)
def test_of_a_link_only_the_host_is_kept(address, expected):
    assert domain(address) == expected


@given(st.from_regex(r"https?://[a-z0-9.-]{1,20}[/?#:@\[\]a-zA-Z\n ]{0,9}", fullmatch=True) | st.text())
def test_the_host_is_the_one_that_the_standard_library_reads(address):
    try:
        expected = (urlsplit(address).hostname or "unknown").removeprefix("www.")
    except ValueError:
        expected = "unknown"
    assert domain(address) == expected


def test_a_subject_without_its_platform_is_what_the_platform_knows():
    assert [native_id(subject) for subject in ("x:100", "x:100/1", "bluesky:did:plc:a", "mastodon:1@a.example:80")] == [
        "100",
        "100/1",
        "did:plc:a",
        "1@a.example:80",
    ]
