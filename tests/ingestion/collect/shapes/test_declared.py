"""Every field of an event is declared in ``SHAPES``, with its form: of the golden log, and of the real archives."""

from pathlib import Path

import pytest

from ingestion.collect.files.archives import read
from ingestion.collect.files.archives.adapters import ARCHIVES
from ingestion.collect.files.folder import files
from ingestion.collect.outcome import Outcome
from ingestion.collect.shapes import bluesky, mastodon, x_v2, x_v11, youtube
from ingestion.log.events import LARGEST_COUNT
from ingestion.roster.files import read_roster
from tests.conftest import PROJECT
from tests.ingestion.log.test_golden import EVENTS

SHAPES = {name: shape for module in (bluesky, mastodon, x_v2, x_v11, youtube) for name, shape in module.SHAPES.items()}
EARLIER = {"mastodon/status": "mastodon/status/2", "x/v2/post": "x/v2/post/2"}
"""Shapes that are no longer written -> the later ones, which say more."""


def leaves(value, place=""):
    """Yield the place of an object, the name of each plain field in it, and the field."""
    for name, item in value.items():
        inner = f"{place}.{name}" if place else name
        if isinstance(item, dict):
            yield from leaves(item, inner)
        elif isinstance(item, list):
            for one in item:
                yield from leaves(one, f"{inner}[]") if isinstance(one, dict) else [(place, f"{name}[]", one)]
        elif item is not None:  # null says that an optional part is empty
            yield place, name, item


def fits(value, form, name) -> bool:
    if form == "flag":
        return type(value) is bool
    if form == "count" or (type(value) is int and name.endswith("Count")):  # YouTube's counts come as text
        return type(value) is int and 0 <= value <= LARGEST_COUNT
    return type(value) is str and bool(form.fullmatch(value))


def undeclared(event):
    shape = SHAPES[EARLIER.get(event.dataschema, event.dataschema)]
    for place, name, value in leaves(event.data):
        forms = [form for whitelist in shape.get(place, ()) for known, form in whitelist.fields() if known == name]
        if not any(fits(value, form, name) for form in forms):
            yield place, name, value


@pytest.mark.parametrize("event", [event for event in EVENTS if event.dataschema.startswith(("b", "m", "x", "y"))])
def test_the_golden_log_holds_only_declared_fields(event):
    if not event.dataschema.startswith("by-hand"):
        assert list(undeclared(event)) == []


def test_every_shape_is_in_the_golden_log():
    assert SHAPES.keys() <= {event.dataschema for event in EVENTS}


def test_the_real_archives_give_only_declared_fields():
    folder = PROJECT / "roster"
    checked = 0
    for source in read_roster(Path(folder)).observed_sources:
        for path in files(folder, source) if source.adapter in ARCHIVES else ():
            outcome = Outcome()
            for event in read(path, path.name, ARCHIVES[source.adapter](source, outcome), outcome):
                assert list(undeclared(event)) == []
                checked += 1
    assert checked > 10_000
