r"""Text from outside, made safe to print: what cannot be seen becomes an escape, e.g. ``\x1b``.

A terminal acts on some characters, others turn the direction of writing, and half a surrogate pair cannot be written.
"""

LONGEST = 1_000
"""Characters of a text that are shown unless the caller names another number."""


def shown(text: str, longest: int = LONGEST) -> str:
    """Return a text as one line of at most ``longest`` characters, not counting escapes; ``...`` marks a cut."""
    return _escaped(text if len(text) <= longest else text[:longest] + "...", "")


def inert(text: str) -> str:
    """Return a text of any length with its line breaks, and with everything else that cannot be seen as an escape."""
    return _escaped(text, "\n")


def _escaped(text: str, kept: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in kept else char.encode("unicode_escape").decode() for char in text
    )
