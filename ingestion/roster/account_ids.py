"""The form of account ids on each platform that answers by id, e.g. ``x:100200300``, and where a person finds an id.

As long as the id is not known, the handle takes its place, e.g. ``x:@govexample``. A handle is no id: it may pass to
somebody else, and a platform that is asked for a hundred ids refuses them all if one is a handle.
"""

import re
from dataclasses import dataclass

from ingestion.roster.platforms import PLATFORMS
from ingestion.shown import shown


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a platform's ids (``pattern``, in words ``what``) and of its handles (``handle``, ``called``).

    ``where`` says how to find the id of an account whose name is known.
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
        "a number, e.g. x:100200300",
        "https://api.x.com/2/users/by/username/NAME answers it as id",
        re.compile(r"[a-z0-9_]{1,20}", re.ASCII),
        "its name of letters, digits and _, e.g. x:@govexample",
    ),
    "bluesky": Form(
        re.compile(r"did:(plc:[a-z2-7]{24}|web:[a-z0-9.-]+(%3A\d+)?)", re.ASCII),
        "a DID, e.g. bluesky:did:plc: and 24 letters and digits",
        "https://public.api.bsky.app/xrpc/com.atproto.identity.resolveHandle?handle=NAME answers it as did",
        re.compile(r"(?=.{3,253}\Z)[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII),
        "its domain, e.g. bluesky:@alice.example",
    ),
    # Ids of other software than Mastodon are not always numbers. Names rarely have a digit, or 16 letters.
    "mastodon": Form(
        re.compile(rf"(?=[\w-]*\d|[\w-]{{16}})[\w-]{{1,64}}@{_SERVER}", re.ASCII),
        "its id on its server, @ and the server in small letters (punycode), e.g. mastodon:109@xn--e1afmkfd.example",
        "https://SERVER/api/v1/accounts/lookup?acct=NAME answers it as id",
        re.compile(rf"[\w.~-]{{1,64}}@{_SERVER}", re.ASCII),
        "its name, @ and its server in punycode, e.g. mastodon:@alice@xn--e1afmkfd.example",
    ),
    "youtube": Form(
        re.compile(r"UC[\w-]{22}", re.ASCII),
        "the channel's id, youtube:UC and 22 letters, digits, _ or -",
        "the channel's page has it under 'Share channel', 'Copy channel ID'",
        re.compile(r"(?![-=+])[^\s@/?#<>:&%\"'\\]{1,100}"),
        "its name of letters, digits, _, - and ., e.g. youtube:@govexample",
    ),
}
"""Platform -> the form of its ids. Platforms that are checked by hand have none: a name may take the id's place."""


def handle(account_id: str) -> str:
    """Return the handle, on Mastodon with its server, that takes the id's place; empty if the account has its id."""
    native = account_id.partition(":")[2]
    return native[1:] if native.startswith("@") else ""


def server(account_id: str) -> str:
    """Return the server of an account by its id or handle; empty if its platform has not many servers."""
    platform, _, native = account_id.partition(":")
    has_servers = platform in PLATFORMS and "{server}" in PLATFORMS[platform].address
    return native.removeprefix("@").partition("@")[2] if has_servers else ""


def by_handle(platform: str, name: str, account_id: str = "") -> str:
    """Return the account id that has the handle in the id's place, e.g. ``x:@govexample``, in small letters.

    If the platform has many servers, ``account_id`` is an id on the server of the account.
    """
    server = account_id.rpartition("@")[2] if platform == "mastodon" else ""
    return f"{platform}:@{name.removeprefix('@').partition('@')[0].lower()}{'@' if server else ''}{server}"


def fault(account_id: str) -> str:
    """Return what is wrong with an account id and how to find the right one; empty if nothing is wrong."""
    platform, _, native = account_id.partition(":")
    form = FORMS.get(platform)
    if form is None:
        return (
            f"'{shown(account_id, 100)}' is no id: write the name without @: {platform}:{native[1:]}"
            if native[:1] == "@"
            else ""
        )
    if form.pattern.fullmatch(native):
        return ""
    return f"'{shown(account_id, 100)}' is not the account's id but should be {form.what}; {form.where}"


def listing_fault(account_id: str) -> str:
    """Return what is wrong with an id or with the handle in its place, and how to correct it; empty if nothing is."""
    name = handle(account_id)
    platform, _, native = account_id.partition(":")
    form = FORMS.get(platform)
    if not native.startswith("@"):
        found = fault(account_id)
        called = f"; as long as only its handle is known, list it by that, {form.called}" if found and form else ""
        return found + called
    if name != name.lower():
        return f"'{shown(account_id, 100)}': write the handle in small letters: {account_id.lower()}"
    if (form.handle if form else _HANDLE).fullmatch(name):
        return ""
    called = form.called if form else "@ and the name"
    return f"'{shown(account_id, 100)}' is no handle of the platform, which is {called}"
