"""Archives of Mastodon's API: one status or account a line, as the account's home server gave it.

A status gives a post, and the profile of its author beside it. Objects from another server are refused, because an id
holds on one server only; so are statuses that not everybody may read.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from ingestion.collect.facts import LONGEST_HOST, member
from ingestion.collect.files.archives.reading import Part, Shape
from ingestion.collect.outcome import Refused
from ingestion.collect.shapes.mastodon import ACCOUNT_SCHEMA, ERROR_SCHEMA, STATUS_SCHEMA, cut_account, cut_status
from ingestion.log.events import Event

_SERVER = re.compile(r"[a-z0-9][a-z0-9.-]{0,252}(:\d{1,5})?", re.ASCII)
_DEVIATING = frozenset("\u00df\u03c2\u200c\u200d")
"""Characters that IDNA 2003 maps or drops and IDNA 2008 keeps."""
_FOR_EVERYBODY = ("public", "unlisted")


class MastodonArchive(Shape):
    """Reads one file."""

    noun = "status"

    def parts(self, line: dict[str, Any]) -> list[Part]:
        """Return the status of a line with its author's profile beside it, or the account of a line."""
        if "account" not in line:
            return [Part("", line, self._account)]
        return [Part("", line, self._status), Part("account", line["account"], self._account, is_beside=True)]

    def _account(self, account: dict[str, Any]) -> list[Event]:
        kept = cut_account(self.in_utc(account, "created_at", "last_status_at"), self._outcome)
        subject = f"mastodon:{kept['id']}@{_home(account)}"
        if kept.get("suspended"):
            data = {"id": kept["id"], "suspended": True}
            return [self.observed("account.unavailable", subject, ERROR_SCHEMA, data)]
        return [self.observed("account.observed", subject, ACCOUNT_SCHEMA, kept)]

    def _status(self, status: dict[str, Any]) -> list[Event]:
        kept = cut_status(self.in_utc(status, "created_at", "edited_at"), self._outcome)
        if kept.get("visibility") not in _FOR_EVERYBODY:
            raise Refused(f"visibility is none of {', '.join(_FOR_EVERYBODY)}")
        if kept["created_at"] > self._source.observed_instant:
            raise Refused("created_at is after the archive was observed")
        subject = f"mastodon:{kept['account']['id']}@{_home(member(status, 'account'))}/{kept['id']}"
        return [self.observed("post.observed", subject, STATUS_SCHEMA, kept)]


def _punycode(host: str) -> str:
    """Return a server's name in ASCII, as the roster has it, e.g. ``xn--e1afmkfd.xn--p1ai``.

    Raises:
        Refused: it has a character that Python's IDNA replaces by another one or drops.
    """
    if host.isascii():
        return host
    try:
        if len(host) <= LONGEST_HOST and _DEVIATING.isdisjoint(host):
            return host.encode("idna").decode()
    except UnicodeError:
        pass
    raise Refused("the server's name has no sure punycode; write it so in uri and url, e.g. xn--e1afmkfd.xn--p1ai")


def _home(account: dict[str, Any]) -> str:
    """Return the account's home server, on which its id holds.

    Raises:
        Refused: no address names the server, or the account was seen on another server, where it has another id.
    """
    if "@" in account["acct"]:
        raise Refused("acct names a server: the account was seen on another one, where its id is another")
    for name in ("uri", "url"):
        host, colon, port = urlsplit(account.get(name) or "").netloc.lower().partition(":")
        server = f"{_punycode(host)}{colon}{port}"
        if _SERVER.fullmatch(server):
            return server
    raise Refused("neither uri nor url says on which server the account is")
