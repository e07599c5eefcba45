"""The envelope: canonical, content-addressed, refusing what has no single form."""

import hashlib
import random
import unicodedata
from dataclasses import FrozenInstanceError, replace

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingestion.log.events import Event, EventError, event_type

scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
data = st.dictionaries(
    st.text(min_size=1), st.recursive(scalars, lambda inner: st.lists(inner, max_size=3)), max_size=5
)

trees = st.recursive(
    scalars | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=9,
)


def holds_a_float(tree) -> bool:
    if isinstance(tree, dict | list):
        return any(map(holds_a_float, tree.values() if isinstance(tree, dict) else tree))
    return isinstance(tree, float)


def composed(tree):
    if isinstance(tree, dict):
        return {composed(key): composed(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [composed(value) for value in tree]
    return unicodedata.normalize("NFC", tree) if isinstance(tree, str) else tree


def event(facts: dict | None = None, **changes: str) -> Event:
    fields = {
        "source": "tweets",
        "type": "post.observed",
        "subject": "x:1/2",
        "time": "2017-10-03T00:00:00Z",
        "dataschema": "x/v1.1/tweet",
        "recorded_at": "2026-01-01T00:00:00Z",
        **changes,
    }
    return Event(**fields, data=facts if facts is not None else {"id_str": "2"})


@given(data)
def test_decoding_gives_back_what_was_encoded(facts):
    made = event(facts)
    assert Event.decode(made.encode()) == made


@given(data, st.randoms())
def test_id_does_not_depend_on_the_order_of_keys(facts, chance: random.Random):
    keys = list(facts)
    chance.shuffle(keys)
    assert event({key: facts[key] for key in keys}).id == event(facts).id


def test_id_is_pinned_so_that_old_logs_stay_readable():
    assert event().id == "b8bc14b99e99ff41a97e6668d30453db186d59d44731667f0028aa9bdad5fe6a"


def test_id_ignores_when_it_was_recorded_and_nothing_else():
    assert event(recorded_at="2026-02-02T00:00:00Z").id == event().id
    others = {
        "source": "other",
        "type": "account.observed",
        "subject": "x:1/3",
        "time": "2017-10-04T00:00:00Z",
        "dataschema": "x/v2/post",
    }
    ids = {event(**{name: value}).id for name, value in others.items()} | {event({"id_str": "3"}).id, event().id}
    assert len(ids) == len(others) + 2


@given(data, st.text(min_size=1))
def test_a_line_is_canonical_json_and_the_id_is_the_hash_of_what_was_observed(facts, subject):
    line = event(facts, subject=subject).encode()
    envelope = orjson.loads(line)
    assert line == orjson.dumps(envelope, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
    assert event_type(line) == envelope["type"]
    observed = {name: value for name, value in envelope.items() if name not in ("id", "recorded_at")}
    assert envelope["id"] == hashlib.sha256(orjson.dumps(observed, option=orjson.OPT_SORT_KEYS)).hexdigest()


ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def jcs(value) -> str:
    """Encode a value without floats by the rules of RFC 8785, written from its text."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{jcs(key)}:{jcs(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(jcs, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(ESCAPES.get(char, char if char >= " " else f"\\u{ord(char):04x}") for char in value) + '"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


keys = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=8)
facts_of_any_form = st.dictionaries(
    keys,
    st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)),
    max_size=5,
)


@given(facts_of_any_form, st.text(min_size=1))
@example(
    {"\u20ac": "Euro", "\r": "Return", "\ufb33": "Dalet", "1": "One", "\x80": "Control", "\xf6": "O"}, "\u2028\x7f"
)
def test_an_id_is_the_sha256_over_rfc_8785(facts, subject):
    made = event(facts, subject=subject)
    names = ("data", "dataschema", "source", "subject", "time", "type")
    assert made.id == hashlib.sha256(jcs({name: getattr(made, name) for name in names}).encode()).hexdigest()
    line = {name: getattr(made, name) for name in (*names, "id", "recorded_at")}
    assert made.encode() == f"{jcs(line)}\n".encode()


@given(trees)
@example([1.5])
@example({"a": {"b": 1e16, "c": True}})
@example([[-1e-7]])
@example([1, 1.5e300])
@example({"a": float("nan"), "b": False})
@example(["1.5", "e,1e5,", None, 15, True, False])
def test_a_float_is_refused_wherever_it_is_and_nothing_else_is(tree):
    if holds_a_float(tree):
        with pytest.raises(EventError, match="is a float"):
            event({"tree": tree})
    else:
        assert event({"tree": tree}).data == {"tree": composed(tree)}


def test_strings_that_look_alike_are_one():
    assert event({"tag": "Jose\u0301"}).id == event({"tag": "José"}).id


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"id": 1.5}, "data.id is a float"),
        ({"user": {"id": 2**53 + 1}}, "data.user.id is an integer beyond"),
        ({"tags": [b"x"]}, r"data.tags\[\] is a bytes"),
    ],
)
def test_what_has_no_canonical_form_is_refused(facts, message):
    with pytest.raises(EventError, match=message):
        event(facts)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", "post.changed"),
        ("subject", ""),
        ("time", "2017-10-03"),
        ("time", "2017-10-03T00:00:00+02:00"),
        ("time", "2017-13-03T00:00:00Z"),
        ("recorded_at", "yesterday"),
    ],
)
def test_a_malformed_envelope_is_refused(field, value):
    with pytest.raises(EventError, match=field):
        event(**{field: value})


def test_an_event_never_changes():
    with pytest.raises(FrozenInstanceError):
        event().subject = "x:9"  # type: ignore[misc]


def test_a_line_whose_content_was_changed_is_refused():
    line = event().encode().replace(b'"id_str":"2"', b'"id_str":"3"')
    with pytest.raises(EventError, match="does not match the content"):
        Event.decode(line)


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"{}", b'{"id": "x"}', orjson.dumps({"id": "x", "source": "s"})])
def test_a_line_that_is_no_event_is_refused(line):
    with pytest.raises(EventError):
        Event.decode(line)


def test_replacing_a_field_gives_a_new_id():
    assert replace(event(), subject="x:1/9").id != event().id
