r"""Make text from outside safe to print: characters that cannot be seen become escapes, e.g. ``\x1b``.

Terminals act on some characters, others reverse the direction of writing, and half a surrogate pair cannot be written.
"""

LONGEST = 1_000
"""Characters of a text that are shown by default."""


def shown(text: str, longest: int = LONGEST) -> str:
    """Return a text as one line of at most ``longest`` characters, not counting escapes; ``...`` marks a cut."""
    return _escaped(text if len(text) <= longest else text[:longest] + "...", "")


def inert(text: str) -> str:
    """Return a text of any length with its line breaks and with other unseen characters as escapes."""
    return _escaped(text, "\n")


def _escaped(text: str, kept: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in kept else char.encode("unicode_escape").decode() for char in text
    )
