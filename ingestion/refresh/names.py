"""Names of people and offices as codes, and compared.

In: a name. Out: a code of small letters and digits, or a form in which equal names are equal. Never: a guess that two
spellings are one name.
"""

import re
import unicodedata

_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ə": "a"})
"""Letters that Unicode does not take apart into a Latin one and a mark."""


def code(name: str) -> str:
    """Return a name as a code, as ``cesar-villanueva``; empty if nothing of it is Latin."""
    apart = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    plain = "".join(character for character in apart if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def folded(name: str) -> str:
    """Return a name so that equal ones compare as equal, whichever way their letters are stored."""
    return unicodedata.normalize("NFC", name).casefold()
