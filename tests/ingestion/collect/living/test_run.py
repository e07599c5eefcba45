"""A run: interrupted anywhere it goes on, asks for nothing twice, and says what it could not see."""

import gc
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.clock import Stopped
from ingestion.collect.living.budget import Budget, BudgetReached, Cost, Prices
from ingestion.collect.living.http import Answer, Http, HttpError
from ingestion.collect.living.journal import Journal
from ingestion.collect.living.page import Page, PlatformStopped, SubjectRefused, UnitFailed
from ingestion.collect.living.platform import Client, Context
from ingestion.collect.living.run import Run
from ingestion.collect.living.workload import Job, Workload, units
from ingestion.collect.outcome import Refused
from ingestion.log import segments
from ingestion.log.events import Event, instant
from ingestion.log.ledger import Ledger
from twiplomacy.synthetic.loopback import NOON, StillClock

AT = instant(NOON)
SINCE = "2026-01-01T00:00:00Z"


class Made:
    """A platform in memory: so many pages of two posts an account; ``faults`` says which question fails how."""

    code, adapter, page_rows = "x", "x-v2-api", 2
    parts = {"accounts": 2, "posts": 1}  # noqa: RUF012
    requests_per_page = {}  # noqa: RUF012

    def __init__(self, pages=3, faults=None):
        self.pages, self.faults = pages, faults or {}
        self.asked = []

    def fetch(self, unit, _, context):
        question = (unit.part, unit.subjects, unit.cursor)
        self.asked.append(question)
        if fault := self.faults.get(len(self.asked), self.faults.get(question)):
            raise fault
        answer = Answer(200, {}, AT)
        if unit.part == "accounts":
            page = Page(AT, got=len(unit.subjects))
            for subject in unit.subjects:
                page.add(context.event(answer, "account.observed", subject, "x/v2/user", {"id": subject}))
            return page
        (subject,) = unit.subjects
        number = int(unit.cursor or 0)
        is_last = number + 1 == self.pages
        page = Page(
            AT, got=int(is_last), cursor=None if is_last else str(number + 1), oldest_at=f"2026-02-{20 - number}"
        )
        for post in (2 * number, 2 * number + 1):
            page.add(context.event(answer, "post.observed", f"{subject}/{post}", "x/v2/post", {"id": str(post)}))
        return page


def job(platform, accounts=("x:1", "x:2", "x:3"), parts=("accounts", "posts")):
    workload = Workload(accounts, {"no holder": 4}, dict.fromkeys(accounts, SINCE), (), date(2026, 3, 1))
    return Job(platform, Context("x-api", {}, frozenset()), workload, parts, AT)


def run(platform, folder, the_job=None, threads=1, clock=None):
    """Run, or go on with what the folder's journal has; return the run."""
    clock = clock or StillClock()
    journal = Journal(folder / "x.jsonl")
    _, pages = journal.open({"started_at": AT})
    client = Client(Http(clock, "c"), Budget(Prices([], "x", date(2026, 3, 1)), Cost()), "http://127.0.0.1:1")
    running = Run(the_job or job(platform), client, journal, clock, pages)
    running.work(threads, lambda _: None)
    return running


def sealed(running, folder):
    ledger = Ledger(folder / "log")
    running.seal(ledger, lambda _: None)
    events = [event for entry in ledger.lines() for event in segments.read(ledger.segments / entry.name)]
    return events[-1].data, events


def test_a_whole_run_is_one_segment_that_ends_in_its_sum(tmp_path):
    sums, events = sealed(run(Made(), tmp_path, threads=4), tmp_path)
    assert Counter(event.type for event in events) == {
        "account.observed": 3,
        "post.observed": 18,
        "collection.finished": 1,
    }
    assert events[-1].type == "collection.finished"
    assert sums["outcome"] == "complete"
    assert sums["skipped"] == {"no holder": 4}
    assert sums["parts"] == {
        "accounts": {"asked": 3, "got": 3, "unavailable": 0, "undone": 0},
        "posts": {"asked": 3, "got": 3, "unavailable": 0, "undone": 0},
    }
    assert sums["timelines"][0] == {
        "account_id": "x:1",
        "since": SINCE,
        "from": SINCE,
        "until": AT,
        "limit_code": "",
    }
    assert sums["rows"] == 21 == sum(sums["events"].values())
    assert not (tmp_path / "x.jsonl").exists()


@given(st.integers(1, 11), st.sampled_from([1, 3]))
def test_killed_at_any_question_it_goes_on_and_asks_for_nothing_twice(tmp_path_factory, killed_at, threads):
    folder = tmp_path_factory.mktemp("run")
    first = Made(faults={killed_at: KeyboardInterrupt()})
    with pytest.raises(KeyboardInterrupt):
        run(first, folder, threads=threads)
    second = Made()
    _, events = sealed(run(second, folder, threads=threads), folder)
    answered = Counter(first.asked) - Counter([first.asked[killed_at - 1]])
    assert not answered & Counter(second.asked)
    whole = tmp_path_factory.mktemp("whole")
    _, expected = sealed(run(Made(), whole), whole)
    ids = [event.id for event in events if event.type != "collection.finished"]
    assert len(ids) == len(set(ids))
    assert set(ids) == {event.id for event in expected if event.type != "collection.finished"}


@pytest.mark.parametrize("error", [HttpError("host answered 503, 6 times"), UnitFailed("no"), KeyError("data")])
def test_a_unit_that_fails_is_left_undone_with_its_reason_and_the_others_go_on(tmp_path, error):
    platform = Made(faults={("posts", ("x:2",), "1"): error})
    sums, _ = sealed(run(platform, tmp_path), tmp_path)
    assert sums["outcome"] == "partial"
    (undone,) = sums["undone"]
    assert (undone["part"], undone["subjects"]) == ("posts", ["x:2"])
    assert str(error).strip("'") in undone["reason"]
    assert sums["parts"]["posts"] == {"asked": 3, "got": 2, "unavailable": 0, "undone": 1}
    timeline = sums["timelines"][1]
    assert (timeline["from"], timeline["limit_code"]) == ("2026-02-20", "undone")


def test_what_stops_the_platform_leaves_the_rest_undone_and_keeps_what_came(tmp_path):
    platform = Made(faults={("posts", ("x:1",), "1"): PlatformStopped("the key is refused")})
    sums, events = sealed(run(platform, tmp_path), tmp_path)
    assert (sums["outcome"], sums["reason"]) == ("stopped", "the key is refused")
    assert [item["subjects"] for item in sums["undone"]] == [["x:1"], ["x:2"], ["x:3"]]
    assert Counter(event.type for event in events)["post.observed"] == 2
    assert ("posts", ("x:2",), "") not in platform.asked


def test_what_the_budget_does_not_cover_is_left_undone_and_what_costs_less_is_asked(tmp_path):
    platform = Made(faults={("posts", ("x:1",), "1"): BudgetReached("the budget is reached")})
    sums, _ = sealed(run(platform, tmp_path), tmp_path)
    assert (sums["outcome"], sums["reason"]) == ("stopped", "the budget is reached")
    assert [item["subjects"] for item in sums["undone"]] == [["x:1"]]
    assert sums["parts"]["posts"]["got"] == 2


class Looping(Made):
    """A platform whose paging is at fault."""

    def __init__(self, cursors, is_same):
        super().__init__()
        self.cursors, self.is_same = cursors, is_same

    def fetch(self, unit, _, context):
        self.asked.append(unit.cursor)
        page = Page(AT, cursor=self.cursors.get(unit.cursor), oldest_at="2026-02-20T00:00:00Z")
        first = 0 if self.is_same else 10 * len(self.asked)
        for post in (first, first + 1):
            subject = f"{unit.subjects[0]}/{post}"
            page.add(context.event(Answer(200, {}, AT), "post.observed", subject, "x/v2/post", {"id": str(post)}))
        return page


@pytest.mark.parametrize(
    ("cursors", "is_same", "questions"),
    [
        ({"": "a", "a": "b", "b": "a"}, False, ["", "a", "b"]),
        ({"": "a", "a": "a"}, False, ["", "a"]),
        ({"": "a", "a": "b", "b": "c"}, True, ["", "a"]),
    ],
    ids=["a loop", "the same cursor", "the same page"],
)
def test_paging_that_leads_nowhere_ends(tmp_path, cursors, is_same, questions):
    platform = Looping(cursors, is_same)
    sums, events = sealed(run(platform, tmp_path, job(platform, ("x:1",), ("posts",))), tmp_path)
    assert platform.asked == questions
    assert sums["timelines"][0]["limit_code"] == "repeating"
    assert sums["timelines"][0]["from"] == "2026-02-20T00:00:00Z"
    assert sums["rows"] == sums["events"]["post.observed"] + sums["duplicates"]
    assert len({event.id for event in events}) == len(events)
    assert sums["parts"]["posts"] == {"asked": 1, "got": 1, "unavailable": 0, "undone": 0}


class Forgetful(Made):
    """A platform that answers each account in a way of its own, and for others than were asked for."""

    def __init__(self, ways):
        super().__init__()
        self.ways = ways

    def fetch(self, unit, _, context):
        page, answer = Page(AT), Answer(200, {}, AT)

        def account(subject):
            if self.ways[subject] == "unreadable":
                raise Refused("the id is missing")
            kind = "account.unavailable" if self.ways[subject] == "gone" else "account.observed"
            shown = "x:999" if self.ways[subject] == "another" else subject
            return None if self.ways[subject] == "left out" else context.event(answer, kind, shown, "x/v2/user", {})

        page.read("users", unit.subjects, account)
        page.count_subjects()
        return page


WAYS = ("shown", "gone", "unreadable", "another", "left out")


@given(st.lists(st.sampled_from(WAYS), min_size=1, max_size=6))
def test_what_is_asked_for_is_got_unavailable_or_undone(tmp_path_factory, ways):
    folder = tmp_path_factory.mktemp("run")
    accounts = {f"x:{number}": way for number, way in enumerate(ways)}
    platform = Forgetful(accounts)
    the_job = job(platform, tuple(accounts), ("accounts",))
    sums, _ = sealed(run(platform, folder, the_job), folder)
    undone = [subject for item in sums["undone"] for subject in item["subjects"]]
    assert sums["parts"]["accounts"] == {
        "asked": len(ways),
        "got": ways.count("shown"),
        "unavailable": ways.count("gone"),
        "undone": len(undone),
    }
    assert sorted(undone) == sorted(one for one, way in accounts.items() if way not in ("shown", "gone"))
    assert (sums["outcome"] == "complete") == (not undone)
    for item in sums["undone"]:
        is_unreadable = "unreadable" in {accounts[subject] for subject in item["subjects"]}
        unreadable, silent = "its answer cannot be read: the id is missing", "the platform answered and said nothing"
        assert item["reason"].startswith(unreadable if is_unreadable else silent)


def test_what_was_left_open_before_a_kill_is_still_undone_after_it(tmp_path):
    platform = Forgetful({"x:1": "shown", "x:2": "left out", "x:3": "shown"})
    the_job = job(platform, parts=("accounts",))
    journal = Journal(tmp_path / "x.jsonl")
    run(platform, tmp_path, the_job)  # and never sealed
    _, pages = journal.open({"started_at": AT})
    assert units(the_job, pages) == []
    sums, _ = sealed(run(platform, tmp_path, the_job), tmp_path)
    assert [item["subjects"] for item in sums["undone"]] == [["x:2"]]
    assert sums["parts"]["accounts"] == {"asked": 3, "got": 2, "unavailable": 0, "undone": 1}


@pytest.mark.parametrize(
    ("fails", "outcome"),
    [(("accounts", "posts"), "failed"), (("posts",), "partial"), (("accounts",), "partial"), ((), "complete")],
)
def test_a_run_that_was_answered_nothing_has_failed(tmp_path, fails, outcome):
    platform = Made()
    the_job = job(platform)
    platform.faults = {
        (unit.part, unit.subjects, ""): HttpError("host answered 500, 6 times")
        for unit in units(the_job)
        if unit.part in fails
    }
    sums, _ = sealed(run(platform, tmp_path, the_job), tmp_path)
    assert sums["outcome"] == outcome


def test_a_run_that_asked_for_nothing_has_not_failed(tmp_path):
    platform = Made()
    assert sealed(run(platform, tmp_path, job(platform, ())), tmp_path)[0]["outcome"] == "complete"


JUNK = [{"next": "1"}, ["1"], 7, True, 1.5, "x" * 2_001, "a\nb", "\0"]


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: repr(junk)[:9])
@pytest.mark.parametrize("at", ["", "b"])
def test_a_cursor_that_is_no_short_text_leaves_its_timeline_undone_and_loses_nothing(tmp_path, junk, at):
    platform = Looping({"": "b", "b": None} | {at: junk}, is_same=False)
    sums, events = sealed(run(platform, tmp_path, job(platform, ("x:1", "x:2"), ("posts",))), tmp_path)
    assert sums["parts"]["posts"] == {"asked": 2, "got": 0, "unavailable": 0, "undone": 2}
    assert {item["reason"] for item in sums["undone"]} == {"where its next page starts cannot be read"}
    assert {timeline["limit_code"] for timeline in sums["timelines"]} == {"unreadable"}
    assert len(events) == 1 + (4 if at == "" else 8)


def test_pages_without_end_end(tmp_path, monkeypatch):
    class Endless(Looping):
        def fetch(self, unit, client, context):
            self.cursors[unit.cursor] = f"{unit.cursor}a"
            return super().fetch(unit, client, context)

    monkeypatch.setattr("ingestion.collect.living.run.MOST_PAGES", 7)
    platform = Endless({}, is_same=False)
    sums, events = sealed(run(platform, tmp_path, job(platform, ("x:1",), ("posts",))), tmp_path)
    assert [item["reason"] for item in sums["undone"]] == ["it does not end after 7 pages"]
    assert (sums["timelines"][0]["limit_code"], len(events)) == ("undone", 15)


class Unreadable(Made):
    """A platform whose every page has rows that are refused, and fields of names of its own."""

    def __init__(self, rows, names):
        super().__init__()
        self.rows, self.names = rows, names

    def fetch(self, unit, client, context):
        page = super().fetch(unit, client, context)
        for number in range(self.rows):
            page.refuse(f"posts of {unit.subjects[0]} from {unit.cursor}", number, number, "no post")
        page.outcome.unknown_fields.update(f"field{unit.cursor}{number}" for number in range(self.names))
        page.outcome.unknown_fields["common"] += 9
        return page


def test_refused_rows_that_a_page_does_not_list_are_counted_too(tmp_path, monkeypatch):
    monkeypatch.setattr("ingestion.collect.outcome.LISTED_BYTES", 1_000)
    platform = Unreadable(50, 0)
    sums, _ = sealed(run(platform, tmp_path, job(platform, ("x:1",), ("posts",))), tmp_path)
    assert len(sums["quarantined"]) < 50
    assert len(sums["quarantined"]) + sums["unlisted"]["no post"] == 150


@pytest.mark.parametrize("count", [0, 100, 500])
def test_the_log_lists_the_first_refused_rows_and_names_and_counts_all(tmp_path, count):
    platform = Unreadable(count, count)
    sums, events = sealed(run(platform, tmp_path, job(platform, ("x:1",), ("posts",))), tmp_path)
    assert len(sums["quarantined"]) == min(3 * count, 1_000)
    assert sums.get("unlisted") == ({"no post": 500} if count == 500 else None)
    assert events[-1].dataschema == ("collection/run/3" if count == 500 else "collection/run/1")
    assert sums["rows"] == sums["events"]["post.observed"] + 3 * count
    assert len(sums["unknown_fields"]) <= 1_000
    assert sum(sums["unknown_fields"].values()) == 3 * count + 27
    assert sums["unknown_fields"]["common"] == 27


@pytest.mark.parametrize(
    "error", [KeyError("A sentence of somebody's"), ValueError("a sentence"), RecursionError("x y")]
)
def test_an_unexpected_shape_is_reported_without_the_words_of_the_answer(tmp_path, error):
    platform = Made(faults={("posts", ("x:2",), "1"): error})
    sums, _ = sealed(run(platform, tmp_path), tmp_path)
    (undone,) = sums["undone"]
    assert undone["reason"] == f"the answer has an unexpected shape ({type(error).__name__})"


@pytest.mark.parametrize("bad", [(), ("x:3",), ("x:0", "x:7"), tuple(f"x:{number}" for number in range(8))])
def test_a_batch_that_is_refused_for_some_subjects_is_got_without_them(tmp_path, bad):
    class Strict(Made):
        parts = {"accounts": 8}  # noqa: RUF012

        def fetch(self, unit, client, context):
            if set(bad) & set(unit.subjects):
                self.asked.append(unit.subjects)
                raise SubjectRefused("400; check the number")
            return super().fetch(unit, client, context)

    platform, accounts = Strict(), tuple(f"x:{number}" for number in range(8))
    sums, _ = sealed(run(platform, tmp_path, job(platform, accounts, ("accounts",))), tmp_path)
    assert sums["parts"]["accounts"] == {"asked": 8, "got": 8 - len(bad), "unavailable": 0, "undone": len(bad)}
    assert [(item["subjects"], item["reason"]) for item in sums["undone"]] == [
        ([one], "400; check the number") for one in bad
    ]


def test_a_run_killed_after_it_was_sealed_is_not_sealed_again(tmp_path):
    running = run(Made(), tmp_path)
    kept = (tmp_path / "x.jsonl").read_bytes()
    sealed(running, tmp_path)
    (tmp_path / "x.jsonl").write_bytes(kept)
    ledger = Ledger(tmp_path / "log")
    assert Journal(tmp_path / "x.jsonl").sha256() in {entry.input for entry in ledger.lines()}


def test_what_a_run_spent_before_counts_after_it_goes_on(tmp_path):
    journal = Journal(tmp_path / "x.jsonl")
    journal.open({"started_at": AT})
    page = {
        **dict.fromkeys(("got", "unavailable", "rows", "duplicates", "left_out"), 0),
        "part": "accounts",
        "subjects": ["x:1", "x:2"],
        "cursor": None,
        "at": AT,
        "quarantined": [],
        "unknown_fields": {},
        "requests": 5,
        "usd": "1.25",
        "quota_units": 3,
    }
    journal.append([], page)
    sums, _ = sealed(run(Made(), tmp_path), tmp_path)
    assert sums["spent"] == {"usd": "1.25", "quota_units": 3}
    assert sums["requests"] == 5


@pytest.fixture
def usual_threshold():
    kept = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield gc.get_threshold()
    gc.set_threshold(*kept)


def test_python_searches_for_cycles_seldom_during_a_run(usual_threshold, tmp_path):
    before, during = usual_threshold, []

    class Looking(Made):
        def fetch(self, unit, client, context):
            during.append(gc.get_threshold())
            return super().fetch(unit, client, context)

    run(Looking(), tmp_path)
    assert all(threshold > before for threshold in during)
    assert gc.get_threshold() == before
    with pytest.raises(KeyboardInterrupt):
        run(Made(faults={1: KeyboardInterrupt()}), tmp_path / "killed")
    assert gc.get_threshold() == before


def test_who_is_listed_by_a_handle_is_asked_for_apart_and_only_for_the_profile():
    platform = Made()
    platform.handles = 1
    listed = ("x:@a", "x:1", "x:@b", "x:2")
    the_job = job(platform, listed)
    assert [unit.subjects for unit in units(the_job)] == [("x:1", "x:2"), ("x:@a",), ("x:@b",), ("x:1",), ("x:2",)]
    workload = replace(
        the_job.workload, ids={"x:@a": "x:2", "x:@b": "x:3"}, since={f"x:{number}": SINCE for number in (1, 2, 3)}
    )
    asked = [unit.subjects for unit in units(replace(the_job, workload=workload)) if unit.part == "posts"]
    assert asked == [("x:2",), ("x:1",), ("x:3",)]


def test_units_are_batches_of_what_is_not_answered_yet():
    platform = Made()
    todo = units(job(platform))
    assert [unit.subjects for unit in todo if unit.part == "accounts"] == [("x:1", "x:2"), ("x:3",)]
    page = {"part": "accounts", "subjects": ["x:1", "x:2"], "cursor": None, "rows": 2}
    begun = {"part": "posts", "subjects": ["x:2"], "cursor": "7", "rows": 40}
    todo = units(job(platform), [page, begun])
    assert [unit.subjects for unit in todo if unit.part == "accounts"] == [("x:3",)]
    assert [(unit.cursor, unit.seen_count) for unit in todo if unit.part == "posts"] == [("", 0), ("7", 40), ("", 0)]


def test_a_sum_has_no_float_and_is_an_event(tmp_path):
    sums, events = sealed(run(Made(), tmp_path), tmp_path)
    assert Event.decode(events[-1].encode()) == events[-1]
    assert Decimal(sums["spent"]["usd"]) == 0


def test_what_waits_while_the_clock_is_stopped_is_undone(tmp_path):
    platform = Made(faults={("posts", ("x:1",), "1"): Stopped()})
    sums, _ = sealed(run(platform, tmp_path), tmp_path)
    assert sums["outcome"] == "partial"
    assert sums["undone"] == [{"part": "posts", "subjects": ["x:1"], "reason": "the run was ended while it waited"}]
