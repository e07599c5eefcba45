"""Traces: facts about a subject are removed, facts that only name it get a mask, all others stay as they are."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.log.events import Event
from ingestion.roster.traces import Traces, mask
from tests.ingestion.log.test_events import event
from tests.ingestion.log.test_golden import EVENTS

SUBJECT = Traces(
    frozenset({"x:900100200", "x:@palace"}), handles=frozenset({"palace"}), posts=frozenset({"700800900700800"})
)
AT = "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("native", "masked"),
    [
        ("900100200", "000000000"),
        ("did:plc:abcdefghijklmnopqrstuvw2", "did:plc:xxxxxxxxxxxxxxxxxxxxxxx0"),
        ("UCpresidentpresidentpre_", "UCxxxxxxxxxxxxxxxxxxxxx_"),
        ("109000000000000001@social.example", "000000000000000000@social.example"),
    ],
)
def test_a_mask_has_the_form_of_what_it_stands_for(native, masked):
    assert mask(native) == masked


OTHERS = [
    (
        {"user_mentions": [{"id_str": "900100200"}, {"id_str": "7"}]},
        {"user_mentions": [{"id_str": "000000000"}, {"id_str": "7"}]},
    ),
    ({"in_reply_to_user_id_str": "900100200"}, {"in_reply_to_user_id_str": "000000000"}),
    ({"in_reply_to_status_id_str": "700800900700800"}, {"in_reply_to_status_id_str": "000000000000000"}),
    (
        {"retweeted_status": {"user": {"screen_name": "Palace"}}},
        {"retweeted_status": {"user": {"screen_name": "erased"}}},
    ),
    ({"url": "https://x.com/Palace/status/1"}, {"url": "https://x.com/erased/status/1"}),
    ({"ids": {"x:@palace": "x:900100200"}}, {"ids": {"x:@erased": "x:000000000"}}),
    ({"timelines": [{"account_id": "x:900100200"}]}, {"timelines": [{"account_id": "x:000000000"}]}),
    ({"input": {"name": "Palace.jsonl.gz"}}, {"input": {"name": "erased.jsonl.gz"}}),
    ({"undone": [{"subjects": ["x:900100200", "x:7"]}]}, {"undone": [{"subjects": ["x:000000000", "x:7"]}]}),
    (
        {"count": 900100200, "tag": "palace", "name": "the palace"},
        {"count": 900100200, "tag": "palace", "name": "the palace"},
    ),
    ({"id_str": "1900100200"}, {"id_str": "1900100200"}),
]


@pytest.mark.parametrize(("data", "left"), OTHERS, ids=[json.dumps(data)[:40] for data, _ in OTHERS])
def test_facts_that_only_name_the_subject_get_a_mask(data, left):
    given = event(data, subject="x:7/1")
    cut = SUBJECT.cut(given)
    assert cut.data == left
    assert (cut is given) == (data == left)
    assert SUBJECT.cut(cut) is cut


@pytest.mark.parametrize(
    ("subject", "data"),
    [
        ("x:900100200", {}),
        ("x:900100200/700800900700800", {}),
        ("x:@palace", {}),
        ("roster/accounts/x:900100200", {"account_id": "x:900100200"}),
        ("roster/assignments/x:900100200/someone/", {"account_id": "x:900100200", "holder_id": "someone"}),
        ("AAA/x/personal", {"account_id": "x:900100200"}),
    ],
)
def test_facts_about_the_subject_are_removed(subject, data):
    assert SUBJECT.cut(event(data, subject=subject)) is None


def test_on_another_platform_a_handle_may_be_somebody_elses():
    other = event(
        {"handle": "palace", "url": "https://facebook.example/palace"}, subject="facebook:900", type="account.observed"
    )
    assert SUBJECT.cut(other) is other


def test_a_post_goes_alone():
    traces = Traces(frozenset({"x:900100200/25"}), posts=frozenset({"25"}))
    assert traces.cut(event({}, subject="x:900100200/25")) is None
    for subject, data in (("x:900100200/26", {"id_str": "26"}), ("x:900100200", {"id_str": "25"})):
        assert traces.cut(event(data, subject=subject)).data == data
    quoting = event({"in_reply_to_status_id_str": "25"}, subject="x:7/1")
    assert traces.cut(quoting).data == {"in_reply_to_status_id_str": "00"}


def test_a_holder_goes_with_its_rows_and_its_name():
    traces = Traces(frozenset({"jane-doe"}), names=frozenset({"Jane Doe", "Q424242"}))
    assert traces.cut(event({"holder_id": "jane-doe"}, subject="roster/terms/AAA-head/jane-doe/2014-01-01")) is None
    named = event({"evidence_title": "Jane Doe takes office; Q424242"}, subject="roster/account_groups/pair/x:7/")
    assert traces.cut(named).data == {"evidence_title": "erased takes office; erased"}


PRUNED = [
    ({"id_str": "1", "user": {"id_str": "900100200"}}, None),
    ({"id": "1", "author_id": "900100200"}, None),
    ({"id_str": "900100200", "screen_name": "Palace"}, None),
    ({"id": 900100200, "username": "palace"}, None),
    ({"delete": {"status": {"id_str": "3", "user_id_str": "900100200"}}}, {"delete": {}}),
    (
        {"data": [{"id": "1", "author_id": "900100200"}, {"id": "2", "author_id": "7"}], "meta": None},
        {"data": [{"id": "2", "author_id": "7"}], "meta": None},
    ),
    (
        {"user": {"id": 7}, "in_reply_to_user_id": 900100200, "n": 900100200},
        {"user": {"id": 7}, "in_reply_to_user_id": 0, "n": 900100200},
    ),
]


@pytest.mark.parametrize(("thing", "left"), PRUNED, ids=[json.dumps(thing)[:40] for thing, _ in PRUNED])
def test_an_answer_of_a_platform_loses_the_objects_about_the_subject(thing, left):
    assert SUBJECT.prune(thing) == left


@given(
    st.sampled_from([one for one in EVENTS if one.type != "segment.erased" and not one.subject.startswith("roster/")])
)
def test_the_subject_of_an_event_can_be_cut_out_of_all_others(about):
    """No golden event names the subject once it is cut, and those that did not stay the same object."""
    owner = about.subject.partition("/")[0] if ":" in about.subject else about.subject
    traces = Traces(frozenset({owner}))
    for one in EVENTS:
        cut = traces.cut(one)
        if cut is not None:
            assert not traces.is_in(cut.encode().decode()) or len(owner) < 8
            assert (cut.id == one.id) == (cut is one)


def test_an_event_that_is_cut_keeps_all_but_its_facts():
    given = event({"user_mentions": [{"id_str": "900100200"}]}, subject="x:7/1")
    cut = SUBJECT.cut(given)
    assert Event.decode(cut.encode()) == cut
    assert (cut.source, cut.type, cut.subject, cut.time, cut.recorded_at, cut.dataschema) == (
        given.source,
        given.type,
        given.subject,
        given.time,
        given.recorded_at,
        given.dataschema,
    )
    assert replace(SUBJECT, handles=frozenset()).on("facebook").handles == frozenset()


def test_a_short_handle_is_no_part_of_codes_and_addresses():
    traces = Traces(frozenset({"x:900100200"}), handles=frozenset({"un"}))
    group = event(
        {"group_code": "un", "source_url": "https://un.example/a/un"}, subject="roster/country_groups/un/un/AAA/1945"
    )
    other = event({"input": {"name": "unga2016.csv"}, "url": "https://un.example/#/un"}, subject="x:7/1")
    for one in (group, other):
        assert traces.cut(one) is one
    profile = event({"url": "https://x.example/un/status/1", "by": "@un"}, subject="x:7/1")
    assert traces.cut(profile).data == {"url": "https://x.example/erased/status/1", "by": "@erased"}


def test_letters_with_an_unusual_lower_case_are_no_error():
    traces = Traces(frozenset({"jane-doe"}), names=frozenset({"\u0130lham Doe"}))
    assert traces.replace("", "Ilham Doe") in ("Ilham Doe", "erased")


def test_another_server_has_its_own_names():
    traces = Traces(frozenset({"mastodon:109000000000000001@a.example"}), handles=frozenset({"gov"}))
    other = event({"username": "gov"}, subject="mastodon:7@b.example", type="account.observed")
    assert traces.cut(other) is other
    own = event({"mentions": [{"id": "109000000000000001"}], "username": "gov"}, subject="mastodon:8@a.example/1")
    assert traces.cut(own).data == {"mentions": [{"id": "0" * 18}], "username": "erased"}


def test_only_a_platform_of_many_servers_has_servers():
    listed = event({"screen_name": "Palace"}, subject="x:@other")
    assert SUBJECT.cut(listed).data == {"screen_name": "erased"}
    traces = Traces(frozenset({"mastodon:109000000000000001@a.example"}), handles=frozenset({"gov"}))
    own = event({"acct": "gov"}, subject="mastodon:@alice@a.example")
    assert traces.cut(own).data == {"acct": "erased"}
    other = event({"acct": "gov"}, subject="mastodon:@alice@b.example")
    assert traces.cut(other) is other


def test_posts_are_masked_in_addresses_and_removed_without_their_author():
    uri = "at://did:plc:abc/app.bsky.feed.post/3mlongenough"
    traces = Traces(frozenset({"bluesky:/3mlongenough"}), posts=frozenset({"3mlongenough"}))
    assert traces.cut(event({"uri": uri}, subject="bluesky:did:plc:b/1")).data == {
        "uri": uri.replace("3mlongenough", "0xxxxxxxxxxx")
    }
    assert traces.cut(event({}, subject="bluesky:/3mlongenough", type="post.unavailable")) is None
