"""Whitelists of the fields that are kept from platform objects, each with its form.

A form leaves no room for a sentence, so that no text of a post or a profile is kept.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from ingestion.collect.outcome import Outcome, Refused
from ingestion.log import events
from ingestion.log.events import LARGEST_COUNT
from ingestion.roster.cells import FORMULA, UNSEEN_CLASS

ID = re.compile(r"\d{1,20}", re.ASCII)
HANDLE = re.compile(r"\w{1,20}", re.ASCII)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,5}")
CLIENT = re.compile(rf"(?![{FORMULA}])[^<>{UNSEEN_CLASS}]{{1,80}}")
"""The name of a program that posts, without what a spreadsheet would take for a formula."""
SPARED = (LANGUAGE, CLIENT)
"""Forms of fields that only describe a post: if such a field has another form, it is unknown and the post stays."""
ISO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.#:/-]{0,79}", re.ASCII)
"""A code of the platform, e.g. a kind or the name of an error."""
LONGEST_HASHTAG = 140
LONGEST_HOST = 253
_PLAIN_HOST = re.compile(rf"https?://([a-z0-9][a-z0-9.-]{{0,{LONGEST_HOST - 1}}})(?:[/?#]|\Z)", re.ASCII)
_IN_HASHTAG = frozenset(
    "_\u200c\u200d\u00b7\u05be\u05f3\u05f4\u0f0b\u0f0c\u3003\u301c\u309b\u309c\u30a0\u30fb\ua67e\uff5e\ufffd"
)
"""Characters of hashtags besides letters, digits and their marks, as on X and Mastodon; U+FFFD is left of a character
where a text was cut."""
_IN_HOST = frozenset("-._\u00b7\u200c\u200d")


@dataclass(frozen=True)
class InWords:
    """A form that messages describe in words, ``pattern``; ``fullmatch`` says whether a text has the form."""

    pattern: str
    fullmatch: Callable[[str], object]


Form = re.Pattern[str] | InWords


def _is_word(text: str, others: frozenset[str]) -> bool:
    return text.isalnum() or all(
        char.isalnum() or char in others or unicodedata.category(char).startswith("M") for char in text
    )


HASHTAG = InWords("a hashtag", lambda text: 0 < len(text) <= LONGEST_HASHTAG and _is_word(text, _IN_HASHTAG))
"""One word without ``#``, as X and Mastodon find it in a text."""


@dataclass(frozen=True)
class Whitelist:
    """The fields that are kept, with their forms, and other fields that the platform is known to send.

    Attributes:
        counts: integers from 0 to ``LARGEST_COUNT``.
        flags: booleans.
        spared_flags: booleans that only describe a post; a field of another form is dropped.
        texts: name and form; a field of another form is refused, or only dropped if its form is in ``SPARED``.
        known: names of fields that are dropped or cut elsewhere; any other name is counted as unknown, never kept.
    """

    counts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    spared_flags: tuple[str, ...] = ()
    texts: tuple[tuple[str, Form], ...] = ()
    known: str = ""
    names: frozenset[str] = field(init=False, repr=False)
    _fits: tuple[tuple[str, Callable[[str], object], str, bool], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        names = {*self.counts, *self.flags, *self.spared_flags, *(name for name, _ in self.texts), *self.known.split()}
        object.__setattr__(self, "names", frozenset(names))
        fits = ((name, form.fullmatch, form.pattern, form in SPARED) for name, form in self.texts)
        object.__setattr__(self, "_fits", tuple(fits))

    def cut(self, thing: Mapping[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return the fields that are there; null counts as missing.

        Raises:
            Refused: a field that does not only describe has another form, or a required one is missing.
        """
        kept: dict[str, Any] = {}
        for name in self.counts:
            if (value := thing.get(name)) is not None:
                if type(value) is not int or not 0 <= value <= LARGEST_COUNT:
                    raise Refused(f"{name} is not a count")
                kept[name] = value
        for name in self.flags + self.spared_flags:
            if type(value := thing.get(name)) is bool:
                kept[name] = value
            elif value is not None and name in self.flags:
                raise Refused(f"{name} is not true or false")
        for name, fits, pattern, is_spared in self._fits:
            if (value := thing.get(name)) is not None:
                if type(value) is str and fits(value):
                    kept[name] = value
                elif not is_spared:
                    raise Refused(f"{name} does not look like {pattern}")
        for name in required:
            if name not in kept:
                raise Refused(f"{', '.join(name for name in required if name not in kept)} is missing")
        return kept

    def count_unknown(self, thing: Mapping[str, Any], outcome: Outcome, prefix: str = "") -> None:
        """Count the fields that the whitelist does not name, and those that are dropped for their form."""
        for name in self.spared_flags:
            if not isinstance(thing.get(name), bool | None):
                outcome.unknown_fields[f"{prefix}{name} of another form"] += 1
        for name, fits, _, is_spared in self._fits:
            if is_spared and (value := thing.get(name)) and not (type(value) is str and fits(value)):
                outcome.unknown_fields[f"{prefix}{name} of another form"] += 1
        if not self.names.issuperset(thing):
            for name in thing.keys() - self.names:
                outcome.count_field(prefix, name)


def instant(iso_time: str) -> str:
    """Return an ISO 8601 time with an offset as ``YYYY-MM-DDTHH:MM:SSZ``; fractions are cut off.

    Raises:
        Refused: there is no such time.
    """
    try:
        moment = datetime.fromisoformat(iso_time)
        return iso_time[:19] + "Z" if iso_time[-1] == "Z" else events.instant(moment)
    except (OverflowError, TypeError, ValueError) as error:
        raise Refused("a time is no real time") from error


def member(parent: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the object that a field holds.

    Raises:
        Refused: it is missing or no object.
    """
    value = parent.get(name)
    if not isinstance(value, dict):
        raise Refused(f"{name} is missing or not an object")
    return value


def identity(value: Any, what: str, form: re.Pattern[str] = ID) -> str:
    """Return an id as text.

    Raises:
        Refused: the id is missing, a float (which has lost digits) or of another form.
    """
    if isinstance(value, str) and form.fullmatch(value):
        return value
    if isinstance(value, float):
        raise Refused(f"the {what}'s id is a number with lost digits")
    if value is None or isinstance(value, bool | str) or not form.fullmatch(str(value)):
        raise Refused(f"the {what}'s id is missing or does not look like {form.pattern}")
    return str(value)


def native_id(subject: str) -> str:
    """Return the id of a subject on its own platform: the subject without the platform's code before it."""
    return subject.partition(":")[2]


def domain(address: str) -> str:
    """Return the host of an address, without ``www.``; ``unknown`` if it has none, or one that is no name."""
    if plain := _PLAIN_HOST.match(address):
        return plain[1].removeprefix("www.").rstrip(".")
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return "unknown"
    is_name = host[:1].isalnum() and len(host) <= LONGEST_HOST and _is_word(host, _IN_HOST)
    return host if is_name else "unknown"
