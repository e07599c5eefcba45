"""Replaces keys that a server repeats in an answer, so that none gets into an event, the journal or a message."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import quote, unquote

import orjson

PLACEHOLDER = "[key]"
SHORTEST = 6
"""Characters; a shorter text is no key of any platform, and is in many words."""


class Redactor:
    """Replaces keys as they are and as the web writes them (JSON, percent signs, HTML, base64)."""

    def __init__(self, keys: Iterable[str]) -> None:
        forms = {form for key in keys for form in _forms(key) if len(form) >= SHORTEST}
        self._forms = sorted(forms, key=lambda form: (-len(form), form))
        self._encoded = [form.encode() for form in self._forms]

    def content(self, content: bytes) -> bytes:
        """Return bytes without keys."""
        for form in self._encoded:
            if form in content:
                content = content.replace(form, PLACEHOLDER.encode())
        return content

    def text(self, text: str) -> str:
        """Return text without keys."""
        for form in self._forms:
            text = text.replace(form, PLACEHOLDER)
        return text


def _forms(key: str) -> Iterator[str]:
    for plain in (key, unquote(key)):
        yield plain
        yield orjson.dumps(plain).decode()[1:-1]
        yield escape(plain)
        for safe in ("", "/"):
            quoted = quote(plain, safe=safe)
            yield quoted
            yield quoted.replace("%2F", "%2f").replace("%3D", "%3d").replace("%2B", "%2b")
        for before in range(3):  # base64 writes three bytes as four characters; the key may begin at any of the three
            encoded = b64encode(b"\0" * before + plain.encode())
            own = encoded[-(-before * 8 // 6) : (before + len(plain.encode())) * 8 // 6].decode()
            yield own
            yield own.replace("+", "-").replace("/", "_")
