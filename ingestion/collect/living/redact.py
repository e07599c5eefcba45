"""Keys that a server says back to us: none of them goes beyond the answer in which it came.

In: the keys, an answer. Out: the answer with ``[key]`` in the place of each. Never: a key in an event, in the journal,
in a line on the terminal or in an error, whichever of them the answer's words go to.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import quote, unquote

import orjson

STANDS_FOR_KEY = "[key]"
SHORTEST = 6
"""Characters; what is shorter is no key of any platform, and stands in many words."""


class Redactor:
    """Takes keys out of what came, as they are and as the web writes them (JSON, percent signs, HTML, base64)."""

    def __init__(self, keys: Iterable[str]) -> None:
        forms = {form for key in keys for form in _forms(key) if len(form) >= SHORTEST}
        self._forms = sorted(forms, key=lambda form: (-len(form), form))
        self._encoded = [form.encode() for form in self._forms]

    def content(self, content: bytes) -> bytes:
        """Return bytes without keys."""
        for form in self._encoded:
            if form in content:
                content = content.replace(form, STANDS_FOR_KEY.encode())
        return content

    def text(self, text: str) -> str:
        """Return text without keys."""
        for form in self._forms:
            text = text.replace(form, STANDS_FOR_KEY)
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
        for before in range(3):  # base64 writes three bytes as four characters: where in such a group the key begins
            whole = b64encode(b"\0" * before + plain.encode())
            own = whole[-(-before * 8 // 6) : (before + len(plain.encode())) * 8 // 6].decode()
            yield own
            yield own.replace("+", "-").replace("/", "_")
