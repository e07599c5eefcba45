r"""What came from outside, as it may stand in a message.

In: any text. Out: the same on one line, of bounded length, with all that cannot be seen as an escape, e.g. ``\x1b``.
Never: a character that a terminal acts on, or half a surrogate pair, which cannot be written.
"""

LONGEST = 1_000
"""Characters of a text that are shown, unless another number is said."""


def shown(text: str, longest: int = LONGEST) -> str:
    """Return a text as one line of ``longest`` characters at most, before escapes; ``...`` says that there are more."""
    cut = text if len(text) <= longest else text[:longest] + "..."
    if cut.isprintable():
        return cut
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut)
