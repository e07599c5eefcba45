"""What the id of an account looks like on each platform that is asked by id, and where a person finds it.

In: an account id, as ``x:726748106``. Out: what is wrong with it. Never: a question to a platform. A handle is no
id: it may pass to somebody else, and one in a list of a hundred ids is an error for all.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a platform's own ids.

    Attributes:
        pattern: what stands after the platform's code and the colon.
        what: the same in words.
        where: how to get the id of an account whose name is known.
    """

    pattern: re.Pattern[str]
    what: str
    where: str


FORMS = {
    "x": Form(
        re.compile(r"[1-9]\d{0,18}", re.ASCII),
        "a number, as x:726748106",
        "https://api.x.com/2/users/by/username/NAME answers it as id",
    ),
    "bluesky": Form(
        re.compile(r"did:(plc:[a-z2-7]{24}|web:[a-z0-9.-]+(%3A\d+)?)", re.ASCII),
        "a DID, as bluesky:did:plc: and 24 letters and digits",
        "https://public.api.bsky.app/xrpc/com.atproto.identity.resolveHandle?handle=NAME answers it as did",
    ),
    # names of people rarely have a digit and 16 letters; ids of other software than Mastodon are not always numbers
    "mastodon": Form(
        re.compile(r"(?=[\w-]*\d|[\w-]{16})[\w-]{1,64}@[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?", re.ASCII),
        "its id on its server, @ and the server in small letters (punycode), as mastodon:109@xn--e1afmkfd.example",
        "https://SERVER/api/v1/accounts/lookup?acct=NAME answers it as id",
    ),
    "youtube": Form(
        re.compile(r"UC[\w-]{22}", re.ASCII),
        "the channel's id, youtube:UC and 22 letters, digits, _ or -",
        "the channel's page has it under 'Share channel', 'Copy channel ID'",
    ),
}
"""Platform -> the form of its ids; a platform that is looked at by hand has none: there a name may stand for the id."""


def fault(account_id: str) -> str:
    """Return what is wrong with an account id and how to get the right one; empty if nothing is."""
    platform, _, native = account_id.partition(":")
    form = FORMS.get(platform)
    if form is None or form.pattern.fullmatch(native):
        return ""
    return f"{account_id!r} is not the account's id but should be {form.what}; {form.where}"
