"""Keys that come back: in whatever way the web writes them, nothing of them is left."""

from base64 import b64encode, urlsafe_b64encode
from html import escape
from string import ascii_letters, digits
from urllib.parse import quote

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.collect.living.redact import Redactor

KEYS = st.text(ascii_letters + digits + '%+/=-_.~"&<', min_size=8, max_size=120)
AROUND = st.text(max_size=9)
WRITTEN = {
    "as it is": str,
    "in an address": lambda text: quote(text, safe=""),
    "in a path": quote,
    "in HTML": escape,
    "in JSON": lambda text: orjson.dumps(text).decode(),
    "in base64": lambda text: b64encode(text.encode()).decode(),
    "in base64 of an address": lambda text: urlsafe_b64encode(text.encode()).decode(),
}


@pytest.mark.parametrize("way", WRITTEN)
@given(key=KEYS, before=AROUND, after=AROUND)
def test_nothing_of_a_key_is_left(way, key, before, after):
    write, redactor = WRITTEN[way], Redactor([key])
    text = write(before + key + after)
    shown = redactor.text(text)
    assert "[key]" in shown
    assert redactor.content(text.encode()) == shown.encode()
    assert len(shown) <= len(write(before)) + len(write(after)) + len("[key]") + 8  # base64 mixes letters at both ends


@given(st.text(max_size=200))
def test_without_a_key_everything_is_as_it_was(text):
    for redactor in (Redactor([]), Redactor(["", "short"])):
        assert redactor.text(text) == text
        assert redactor.content(text.encode()) == text.encode()
