"""shown: what came from outside is inert and short in a message."""

import pytest

from ingestion.shown import shown


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Ghana, 'Аккра' 🇬🇭", "Ghana, 'Аккра' 🇬🇭"),
        ("\x1b[2J\x00\r\n", r"\x1b[2J\x00\r\n"),
        ("a\u202eb\ud83d\udce9", r"a\u202eb\ud83d\udce9"),
        ("x" * 1_001, "x" * 1_000 + "..."),
    ],
)
def test_what_cannot_be_seen_is_an_escape(text, seen):
    assert shown(text) == seen
    assert shown(text).encode()
