"""The roster as events: the laws of folding, and changes that bring any log to the files."""

from hypothesis import given
from hypothesis import strategies as st

from ingestion.log.events import Event
from ingestion.roster.changes import changes, fold
from ingestion.roster.files import read_roster
from twiplomacy.synthetic.worlds import write_roster

KINDS = ["roster.entry_added", "roster.entry_changed", "roster.entry_ended"]


def entry_event(kind: str, name: str, value: int) -> Event:
    stamp = "2020-01-01T00:00:00Z"
    return Event("roster", kind, f"roster/countries/{name}", stamp, "roster/countries/1", {"value": value}, stamp)


events = st.lists(
    st.builds(entry_event, st.sampled_from(KINDS), st.sampled_from(["A", "B", "C"]), st.integers(0, 3)), max_size=12
)


@given(events, st.data())
def test_folding_in_two_parts_is_folding_at_once(log, data):
    split = data.draw(st.integers(0, len(log)))
    assert fold(log[split:], fold(log[:split])) == fold(log)


@given(events)
def test_a_log_read_twice_says_the_same(log):
    assert fold(log + log) == fold(log)


@given(events, events)
def test_segments_about_different_subjects_may_come_in_any_order(one, two):
    other = [entry_event(event.type, f"other-{event.subject[-1]}", event.data["value"]) for event in two]
    assert fold(one + other) == fold(other + one)


@given(events)
def test_changes_bring_any_log_to_the_files(tmp_path_factory, log):
    entries = read_roster(write_roster(tmp_path_factory.mktemp("roster")))
    state = fold(log)
    after = fold(changes(entries, state), state)
    assert list(changes(entries, after)) == []
    assert set(after) == {f"roster/{name}/{key}" for name, rows in entries.by_file.items() for key in rows}
