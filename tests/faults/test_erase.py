"""Erasing: wherever in facts a subject is named, it is not named afterwards."""

from random import Random
from typing import Any

from ingestion.log.events import Event
from ingestion.roster.traces import Traces, platform_of
from tests.ingestion.log.test_golden import EVENTS

ACCOUNTS = {
    "x": ("987654321", "palaceofaaa"),
    "bluesky": ("did:plc:palaceaaaaaaaaaaaaaaaaaa", "palace.example"),
    "mastodon": ("109900000000000900@social.example", "palaceofaaa"),
    "youtube": ("UCpalacepalacepalacepala", "palaceofaaa"),
}


def planted(value: Any, chances: Random, words: list[str], handle: str, name: str = "") -> Any:
    """Facts with the subject in some of their texts, as an id anywhere, as a handle where handles stand."""
    if isinstance(value, dict):
        return {key: planted(item, chances, words, handle, key) for key, item in value.items()}
    if isinstance(value, list):
        return [planted(item, chances, words, handle, name) for item in value]
    if not isinstance(value, str) or chances.random() < 0.5:
        return value
    if name in ("screen_name", "username", "handle", "acct", "customUrl"):
        return chances.choice([handle, handle.upper(), f"@{handle}"])
    return chances.choice(
        [
            *words,
            *(f"see {word}, and more" for word in words),
            f"https://p.example/{handle}",
            f"of @{handle}!",
            f"{handle}.jsonl",
        ]
    )


def test_a_subject_named_anywhere(attack):
    def one(chances: Random) -> None:
        platform = chances.choice(list(ACCOUNTS))
        native, handle = ACCOUNTS[platform]
        account = f"{platform}:{native}"
        traces = Traces(frozenset({account, f"{platform}:@{handle}"}), handles=frozenset({handle}))
        about = chances.choice([event for event in EVENTS if event.type != "segment.erased"])
        data = planted(about.data, chances, [account, f"{account}/25", native], handle)
        subject = chances.choice([about.subject, f"{platform}:77/8", f"{platform}-api/2026-01-01T00:00:00Z"])
        event = Event(about.source, about.type, subject, about.time, about.dataschema, data, about.recorded_at)
        left = traces.cut(event)
        if left is None:
            assert traces.owns(event)
            return
        line = left.encode().decode().lower()
        assert native.lower() not in line
        owner = subject.partition("/")[0]
        own = traces.on(owner.partition(":")[0] if ":" in owner else platform_of(data), owner.partition("@")[2])
        assert handle not in line or not own.handles  # on another platform or server it may be somebody else's
        assert traces.cut(left) is left
        assert [type(item) for item in left.data.values()] == [type(item) for item in event.data.values()]

    attack(300, one)
