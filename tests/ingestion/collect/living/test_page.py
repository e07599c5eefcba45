"""A page: every row goes somewhere, and what was asked for is counted by what its events say."""

import pytest

from ingestion.collect.living.page import Page, Unit, UnitFailed, code_word
from ingestion.collect.outcome import Refused
from ingestion.log.events import Event

AT = "2026-03-01T12:00:00Z"


def event(kind, subject="x:100"):
    return Event("x-api", kind, subject, AT, "x/1", {"id": subject}, AT)


def test_every_item_is_an_event_a_duplicate_left_out_or_in_the_quarantine():
    made = {"own": event("post.observed"), "same": event("post.observed"), "another's": None}

    def make(item):
        if item == "refused":
            raise Refused("refused")
        return made[item]

    page = Page(AT)
    page.read("items", ["own", "same", "another's", "refused", "of no shape"], make)
    assert page.events == [made["own"]]
    outcome = page.outcome
    assert (outcome.rows, outcome.duplicates, outcome.left_out) == (5, 1, 1)
    assert [(fault["file"], fault["line"], fault["reason"]) for fault in outcome.quarantined] == [
        ("items", 4, "refused"),
        ("items", 5, "a part has an unexpected shape (KeyError)"),
    ]


@pytest.mark.parametrize("items", ["text", {"a": 1}, 7, None, True, [0] * 10_001])
def test_items_that_are_no_list_or_too_many_are_no_page(items):
    with pytest.raises(UnitFailed, match=r"something else than a list of posts|sent 10,001 posts on one page"):
        Page(AT).read("posts", items, lambda _: None)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Unauthorized", "Unauthorized"),
        ("quotaExceeded", "quotaExceeded"),
        ("Invalid Request", "Invalid Request"),
        ("A sentence of somebody's", "another reason"),
        ("a" * 65, "another reason"),
        ("1st", "another reason"),
        ({"a": 1}, "another reason"),
        (7, "another reason"),
        ("", "without a word"),
        (None, "without a word"),
    ],
)
def test_only_code_words_of_a_platform_are_said_again(said, shown):
    assert code_word(said, {"Invalid Request"}) == shown


def test_subjects_are_counted_by_what_their_events_say():
    page = Page(AT, got=7, unavailable=7)
    page.count_subjects()
    assert (page.got, page.unavailable) == (0, 0)
    for number, kind in enumerate(["account.observed", "post.observed", "account.unavailable", "post.unavailable"]):
        page.add(event(kind, f"x:{number}"))
    page.add(event("account.observed", "x:0"))
    page.count_subjects()
    assert (page.got, page.unavailable) == (2, 2)


@pytest.mark.parametrize(
    ("cursor", "seen_count", "unavailable", "expected"),
    [
        ("more", 0, 0, ("more", "", 0)),
        ("more", 1, 0, (None, "reach_limit", 1)),
        (None, 0, 0, (None, "", 1)),
        (None, 1, 0, (None, "", 1)),
        (None, 0, 1, (None, "", 0)),
    ],
)
def test_a_list_of_follows_is_got_with_its_last_page_and_asked_for_up_to_its_reach(
    cursor, seen_count, unavailable, expected
):
    page = Page(AT, cursor=cursor, unavailable=unavailable)
    page.add_follows(event("follows.observed"), Unit("follows", ("x:100",), seen_count=seen_count), 2)
    assert (page.cursor, page.limit_code, page.got) == expected
    assert (len(page.events), page.outcome.rows) == (1, 1)
