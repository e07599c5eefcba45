"""Names of people and offices: as codes, and in a form to compare them. Two spellings are never taken for one name."""

import re
import unicodedata

_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ə": "a"})
"""Letters that Unicode does not decompose into a Latin letter and a mark."""


def code(name: str) -> str:
    """Return a name as a code, e.g. ``cesar-villanueva``; empty if no letter of it is Latin."""
    apart = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    plain = "".join(character for character in apart if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def folded(name: str) -> str:
    """Return a name in a form in which equal names are equal, in any case and any encoding of accents."""
    return unicodedata.normalize("NFC", name).casefold()
