"""Traces: what names a subject in facts, so that it can be taken out of them.

Facts about the subject are removed. Facts about others that only name it, e.g. in a mention, get a mask in its place,
so that the mention still counts.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

from ingestion.log.events import Event
from ingestion.roster import account_ids

ERASED = "erased"
"""The mask of a handle or a name."""
HANDLES = ("screen_name", "username", "handle", "acct", "customUrl")
"""Fields that hold the handle of an account."""
_IS_OF_ACCOUNT = re.compile(
    r"(?:user|author|account|channel|mentions|follows|by)\w*\.?\w*id(?:_str)?$|did$", re.IGNORECASE
)
_IS_OF_POST = re.compile(r"(?:status|tweet|post)\w*\.?\w*id(?:_str)?$", re.IGNORECASE)
_TOKEN = re.compile(r"[\w~-]{5,}")
_SNOWFLAKE = 12
"""Characters. A server's id that is at least as long is taken for the same account also without the server's name."""
_LONG = 5
"""Characters. An id or a name that is at least as long is searched in every text, a shorter id only in id fields."""


def mask(native: str) -> str:
    """Return the mask of an id, which has the same form and length but is nobody's.

    ``100200300`` becomes ``000000000``, ``109@social.example`` becomes ``000@social.example``.
    """
    name, at, server = native.partition("@")
    kept = next((prefix for prefix in ("did:plc:", "did:web:", "UC") if name.startswith(prefix)), "")
    return kept + re.sub("[a-zA-Z]", "x", re.sub(r"\d", "0", name.removeprefix(kept))) + at + server


def platform_of(row: Mapping[str, Any]) -> str:
    """Return the code of the platform of a table's row; empty if it has none."""
    return str(row.get("platform_code") or str(row.get("account_id", "")).partition(":")[0])


def mask_account(account: str) -> str:
    """Return the mask of an account or a post with the code of its platform: ``x:000000000``, ``x:@erased``."""
    platform, _, native = account.partition(":")
    return f"{platform}:@{ERASED}" if native[:1] == "@" else f"{platform}:{mask(native)}"


def owners(event: Event) -> Iterator[str]:
    """Yield the subjects of an event: an account, one of its posts, or the account and the holder of a roster row."""
    yield event.subject
    yield event.subject.partition("/")[0]
    for name in ("account_id", "holder_id"):
        if isinstance(owner := event.data.get(name), str):
            yield owner


def replaced(value: Any, replace: Callable[[str, str], str], path: str = "") -> Any:
    """Return facts with every text in them replaced; names of fields are texts, too.

    ``replace`` gets the path of the text (see ``within``; empty for the name of a field) and the text.
    """
    if isinstance(value, str):
        return replace(path, value)
    if isinstance(value, Mapping):
        return {replace("", name): replaced(item, replace, within(path, name)) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [replaced(item, replace, path) for item in value]
    return value


def within(path: str, name: str) -> str:
    """Return the path of a field: its name after that of the field around it, e.g. ``mentions.id``."""
    return f"{path.rpartition('.')[2]}.{name}"


def restated(event: Event, subject: str, data: Mapping[str, Any]) -> Event:
    """Return an event with another subject and other facts; the same event if nothing differs."""
    if subject == event.subject and data == event.data:
        return event
    return Event(event.source, event.type, subject, event.time, event.dataschema, data, event.recorded_at)


def is_handle(path: str) -> bool:
    """Return whether a field holds a handle."""
    return path.rpartition(".")[2] in (*HANDLES, "in_reply_to_screen_name")


@dataclass(frozen=True)
class Traces:
    """What names one subject.

    Attributes:
        owners: accounts, e.g. ``x:100200300`` or ``x:@govexample``, posts, e.g. ``x:100200300/25``, and holders, e.g.
            ``jane-doe``; facts about one of them are removed.
        handles: in small letters, without ``@``; a server may follow.
        posts: ids of its posts, as the platform has them.
        names: other words that name it, such as a person's name or Wikidata id.
    """

    owners: frozenset[str]
    handles: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def owns(self, event: Event) -> bool:
        """Return whether an event is about the subject."""
        return not self.owners.isdisjoint(owners(event))

    def cut(self, event: Event) -> Event | None:
        """Return an event without the subject; None if the event is about it."""
        if self.owns(event):
            return None
        account = event.subject.partition("/")[0]
        platform, colon, _ = account.partition(":")
        own = self.on(platform if colon else platform_of(event.data), account_ids.server(account))
        is_row = event.type.startswith("roster.")  # made of codes and ids: a row with those of the subject is cut above
        subject = event.subject if is_row else own.replace("", event.subject)
        return restated(event, subject, replaced(event.data, own.replace))

    def on(self, platform: str, server: str = "") -> Self:
        """Return what names the subject on a platform, and on one of its servers; empty texts mean any.

        On another platform or server its handle may be somebody else's.
        """
        own = [owner for owner in self.owners if not platform or owner.startswith(f"{platform}:")]
        is_own = any(not server or owner.partition("/")[0].endswith(f"@{server}") for owner in own)
        return self if is_own or not self.handles else replace(self, handles=frozenset())

    def is_in(self, text: str) -> bool:
        """Return whether a text names the subject."""
        pattern, _ = self._words
        is_named = bool(pattern and pattern.search(text))
        return is_named or bool(self.posts and not self.posts.isdisjoint(_TOKEN.findall(text)))

    def is_said_in(self, text: str) -> bool:
        """Return whether a text that a person wrote names the subject in any form."""
        words = set(re.findall(r"[\w.-]+", text.lower()))
        known = {*self.handles, *self.posts, *self._natives, *self.owners}
        return self.is_in(text) or not words.isdisjoint(word.lower() for word in known)

    def prune(self, thing: Any, path: str = "") -> Any:
        """Return parsed JSON of an archive or a recording without the subject; None if it is about the subject."""
        if isinstance(thing, Mapping):
            if self._is_about(thing):
                return None
            pruned = {name: self.prune(item, within(path, name)) for name, item in thing.items()}
            return {self.replace("", name): item for name, item in pruned.items() if _is_left(item, thing[name])}
        if isinstance(thing, list):
            pruned_items = [self.prune(item, path) for item in thing]
            return [item for item, was in zip(pruned_items, thing, strict=True) if _is_left(item, was)]
        if isinstance(thing, str):
            return self.replace(path, thing)
        if type(thing) is int and str(thing) in self._natives and _IS_OF_ACCOUNT.search(path):
            return 0
        return thing

    def _is_about(self, thing: Mapping[str, Any]) -> bool:
        """Return whether an object of a platform is the subject's account or one of its posts."""
        authors = (thing.get(name) for name in ("user", "account", "author"))
        ids = [author.get(name) for author in authors if isinstance(author, Mapping) for name in _OWN]
        ids += [thing.get(name) for name in ("author_id", "channelId", "user_id_str")]
        if not thing.keys().isdisjoint(HANDLES):
            ids += [thing.get(name) for name in _OWN]
        own = {str(one) for one in ids if one is not None}
        post = str(thing.get("id_str", thing.get("id")))
        return any(native in own or native in {f"{one}/{post}" for one in own} for native in self._owned)

    def replace(self, path: str, text: str) -> str:
        """Return a text with a mask in the place of the subject.

        The path is that of the field that holds the text; empty for the name of a field or a part of a document.
        """
        is_id = text in self._natives and (len(text) >= _LONG or _IS_OF_ACCOUNT.search(path))
        if is_id or (text in self.posts and (len(text) >= _LONG or _IS_OF_POST.search(path))):
            return mask(text)
        if is_handle(path) and text.removeprefix("@").lower() in self.handles:
            return ERASED
        if self.posts and len(text) > _LONG:
            text = _TOKEN.sub(lambda found: mask(found[0]) if found[0] in self.posts else found[0], text)
        pattern, masks = self._words
        if not pattern:
            return text

        def masked(found: re.Match[str]) -> str:
            before = found.groupdict().get("before")
            return masks.get(found[0].lower(), ERASED) if before is None else f"{before}{ERASED}"

        return pattern.sub(masked, text)

    @cached_property
    def _owned(self) -> frozenset[str]:
        """Accounts and posts without the code of their platform."""
        return frozenset(owner.partition(":")[2] for owner in self.owners if ":" in owner)

    @cached_property
    def _natives(self) -> frozenset[str]:
        """The platform's ids of the accounts; long ones also without their server, which Mastodon leaves out."""
        accounts = {native for native in self._owned if "/" not in native and native[:1] != "@"}
        alone = {native.partition("@")[0] for native in accounts}
        return frozenset(accounts | {native for native in alone if len(native) >= _SNOWFLAKE})

    @cached_property
    def _words(self) -> tuple[re.Pattern[str] | None, Mapping[str, str]]:
        """A pattern that finds the subject within a text, and the mask of each word.

        Accounts, long ids and names are found as words; handles are found after @, in the address of a profile and in
        the name of a file.
        """
        # Posts without their author (``x:/25``) are many, and ``posts`` has them.
        words = {owner: mask_account(owner) for owner in self.owners if ":" in owner and ":/" not in owner}
        words |= {native: mask(native) for native in self._natives if len(native) >= _LONG}
        holders = {owner for owner in self.owners if ":" not in owner}
        words |= {name: ERASED for name in holders | self.names if len(name) >= _LONG}
        handles = {part for handle in self.handles for part in (handle, handle.partition("@")[0])}
        forms = [rf"(?<![\w.-])(?:{_any(words)})(?![\w-])"] if words else []
        if handles:
            named = _any(handles)
            forms += [
                rf"(?P<before>(?<=://)[^\s/@]+/(?:@|users?/|c/)?)(?:{named})(?![\w-])",
                rf"(?<=@)(?:{named})(?![\w-])",
                rf"(?<![\w.-])(?:{named})(?=(?:_\w+)?\.(?:jsonl?|ndjson|csv)\b)",
            ]
        masks = {word.lower(): masked for word, masked in words.items()} | dict.fromkeys(handles, ERASED)
        return re.compile("|".join(forms), re.IGNORECASE) if forms else None, masks


_OWN = ("id_str", "id", "did")


def _is_left(pruned: Any, was: Any) -> bool:
    return pruned is not None or was is None


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
