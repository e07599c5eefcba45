"""What the id of an account looks like on each platform that is asked by id, and where a person finds it.

In: an account id, as ``x:100200300``, or the handle that stands in a list for it, as ``x:@govexample``. Out: what is
wrong with it. Never: a question to a platform. A handle is no id: it may pass to somebody else, and one in a list of
a hundred ids is an error for all.
"""

import re
from dataclasses import dataclass

from ingestion.shown import shown


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a platform's own ids, and of its handles.

    Attributes:
        pattern: what stands after the platform's code and the colon.
        what: the same in words.
        where: how to get the id of an account whose name is known.
        handle: what stands after the colon and ``@`` where only the handle is known.
        called: the same in words.
    """

    pattern: re.Pattern[str]
    what: str
    where: str
    handle: re.Pattern[str]
    called: str


_SERVER = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?"
_HANDLE = re.compile(r"[^\s/@]{1,100}")


FORMS = {
    "x": Form(
        re.compile(r"[1-9]\d{0,18}", re.ASCII),
        "a number, as x:100200300",
        "https://api.x.com/2/users/by/username/NAME answers it as id",
        re.compile(r"[a-z0-9_]{1,20}", re.ASCII),
        "its name of letters, digits and _, as x:@govexample",
    ),
    "bluesky": Form(
        re.compile(r"did:(plc:[a-z2-7]{24}|web:[a-z0-9.-]+(%3A\d+)?)", re.ASCII),
        "a DID, as bluesky:did:plc: and 24 letters and digits",
        "https://public.api.bsky.app/xrpc/com.atproto.identity.resolveHandle?handle=NAME answers it as did",
        re.compile(r"(?=.{3,253}\Z)[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII),
        "its domain, as bluesky:@alice.example",
    ),
    # names of people rarely have a digit and 16 letters; ids of other software than Mastodon are not always numbers
    "mastodon": Form(
        re.compile(rf"(?=[\w-]*\d|[\w-]{{16}})[\w-]{{1,64}}@{_SERVER}", re.ASCII),
        "its id on its server, @ and the server in small letters (punycode), as mastodon:109@xn--e1afmkfd.example",
        "https://SERVER/api/v1/accounts/lookup?acct=NAME answers it as id",
        re.compile(rf"[\w.~-]{{1,64}}@{_SERVER}", re.ASCII),
        "its name, @ and its server in punycode, as mastodon:@alice@xn--e1afmkfd.example",
    ),
    "youtube": Form(
        re.compile(r"UC[\w-]{22}", re.ASCII),
        "the channel's id, youtube:UC and 22 letters, digits, _ or -",
        "the channel's page has it under 'Share channel', 'Copy channel ID'",
        re.compile(r"(?![-=+])[^\s@/?#<>:&%\"'\\]{1,100}"),
        "its name of letters, digits, _, - and ., as youtube:@govexample",
    ),
}
"""Platform -> the form of its ids; a platform that is looked at by hand has none: there a name may stand for the id."""


def handle(account_id: str) -> str:
    """Return the handle, on Mastodon with its server, by which an account is listed; empty if it is by its id."""
    native = account_id.partition(":")[2]
    return native[1:] if native.startswith("@") else ""


def by_handle(platform: str, name: str, account_id: str = "") -> str:
    """Return how an account is listed by its handle; platforms take upper and lower case for one.

    Args:
        platform: its code.
        name: the handle.
        account_id: one of the account's server, where the platform has many.
    """
    server = account_id.rpartition("@")[2] if platform == "mastodon" else ""
    return f"{platform}:@{name.removeprefix('@').partition('@')[0].lower()}{'@' if server else ''}{server}"


def fault(account_id: str) -> str:
    """Return what is wrong with an account id and how to get the right one; empty if nothing is."""
    platform, _, native = account_id.partition(":")
    form = FORMS.get(platform)
    if form is None:
        return (
            f"'{shown(account_id, 100)}' is no id: write the name without @, as {platform}:{native[1:]}"
            if native[:1] == "@"
            else ""
        )
    if form.pattern.fullmatch(native):
        return ""
    return f"'{shown(account_id, 100)}' is not the account's id but should be {form.what}; {form.where}"


def listing_fault(account_id: str) -> str:
    """Return what is wrong with an id, or with the handle in its place, and what is right; empty if nothing is."""
    name = handle(account_id)
    platform, _, native = account_id.partition(":")
    form = FORMS.get(platform)
    if not native.startswith("@"):
        said = fault(account_id)
        return said and f"{said}; as long as only its handle is known, list it by that, {form.called}"  # type: ignore[union-attr]
    if name != name.lower():
        return f"'{shown(account_id, 100)}': write the handle in small letters, as {account_id.lower()}"
    if (form.handle if form else _HANDLE).fullmatch(name):
        return ""
    called = form.called if form else "@ and the name"
    return f"'{shown(account_id, 100)}' is no handle of the platform's, which is {called}"
