"""No event of a platform holds a sentence: neither in the golden log nor in the real archives."""

import pytest

from ingestion.collect.files.archives import ARCHIVES, read
from ingestion.collect.files.inputs import files
from ingestion.collect.outcome import Outcome
from ingestion.roster.files import read_roster
from tests.conftest import PROJECT
from tests.ingestion.log.test_golden import EVENTS

PLATFORMS = ("bluesky/", "mastodon/", "x/", "youtube/")
WITH_SPACES = {"created_at", "source", "application.name"}
"""Times of Twitter API v1.1, and the names of programs that post."""


def texts(value, place=""):
    """Yield each text in an event's data, and the names of the fields that lead to it."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from texts(item, f"{place}.{name}".lstrip("."))
    elif isinstance(value, list):
        for item in value:
            yield from texts(item, place)
    elif isinstance(value, str):
        yield place, value


def sentences(event):
    return [(place, text) for place, text in texts(event.data) if len(text.split()) > 1 and place not in WITH_SPACES]


@pytest.mark.parametrize("event", [event for event in EVENTS if event.dataschema.startswith(PLATFORMS)])
def test_the_golden_log_holds_no_sentence(event):
    assert sentences(event) == []


def test_the_real_archives_give_no_sentence():
    folder = PROJECT / "roster"
    checked = 0
    for source in read_roster(folder).observed_sources:
        for path in files(folder, source) if source.adapter in ARCHIVES else ():
            outcome = Outcome()
            for event in read(path, path.name, ARCHIVES[source.adapter](source, outcome), outcome):
                assert sentences(event) == []
                checked += 1
    assert checked > 10_000
