"""Mastodon's API, as Mastodon and the servers that imitate it speak it: cut to facts, and how to ask for it.

In: accounts, statuses and lists from an account's home server. Out: the same objects, facts only; pages of events.
Never: text, names, bios; a question to another server than the account's own, whatever a link says.

Ids are opaque and hold on one server only, so that an account is ``mastodon:<id>@<server>``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ingestion.collect.facts import ISO_TIME, LANGUAGE, WORD, Facts, domain, identity, instant, member
from ingestion.collect.http import Answer
from ingestion.collect.outcome import Outcome, Refused
from ingestion.collect.page import Ask, Context, Page, Unit, UnitFailed
from ingestion.events import Event

ACCOUNT_SCHEMA = "mastodon/account"
STATUS_SCHEMA = "mastodon/status"
ERROR_SCHEMA = "mastodon/error"
FOLLOWING_SCHEMA = "mastodon/following"
RATE = (300, 5 * 60)
"""Requests and seconds that a server allows one address."""
FOLLOWED_ROWS = 80
"""Followed accounts on one page."""
MOST_FOLLOWED_PAGES = 100
"""Pages of followed accounts that are asked for; who follows more is known in part."""

_GONE = (404, 410)
_WANTS_TOKEN = (401, 403, 422)
_NATIVE = re.compile(r"[\w-]{1,64}", re.ASCII)
_USERNAME = re.compile(r"[\w.~-]{1,64}")
_ACCT = re.compile(r"[\w.~-]{1,64}(@[\w.-]{1,253}(:\d{1,5})?)?")
_URI = re.compile(r"[a-z]+:\S{1,500}")
_DATE = re.compile(rf"\d{{4}}-\d\d-\d\d|{ISO_TIME.pattern}", re.ASCII)
_ACCOUNT = Facts(
    counts=("followers_count", "following_count", "statuses_count"),
    flags=("bot", "group", "hide_collections", "limited", "locked", "suspended"),
    texts=(("acct", _ACCT), ("created_at", ISO_TIME), ("last_status_at", _DATE), ("username", _USERNAME)),
    known="""id moved avatar avatar_description avatar_static discoverable display_name emojis feature_approval fields
    header header_description header_static indexable memorial noindex note roles show_featured show_media
    show_media_replies uri url""",
)
_STATUS = Facts(
    counts=("favourites_count", "quotes_count", "reblogs_count", "replies_count"),
    flags=("sensitive",),
    texts=(
        ("created_at", ISO_TIME),
        ("edited_at", ISO_TIME),
        ("language", LANGUAGE),
        ("uri", _URI),
        ("visibility", WORD),
    ),
    known="""id account application card in_reply_to_account_id in_reply_to_id media_attachments mentions quote reblog
    tags bookmarked content emojis favourited filtered muted pinned poll quote_approval reactions reblogged spoiler_text
    tagged_collections text url""",
)
_AUTHOR = Facts(texts=(("acct", _ACCT), ("username", _USERNAME)))
_REBLOGGED = Facts(texts=(("uri", _URI),))
_REBLOGGED_AUTHOR = Facts(texts=(("acct", _ACCT),))
_APPLICATION = Facts(texts=(("name", re.compile(r"[^<>\n]{1,80}")),))
_MENTION = Facts()
_MEDIUM = Facts(texts=(("type", WORD),))
_QUOTE = Facts(texts=(("state", WORD),))
_TAG = Facts(texts=(("name", re.compile(r"\S{1,200}")),))


def cut_account(account: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return an account's facts.

    Raises:
        Refused: the id or the handle is missing, or a fact is not of its form.
    """
    _ACCOUNT.count_unknown(account, outcome, "account.")
    # -1 is how glitch-soc and its kin say that a count is hidden
    kept = _ACCOUNT.cut({name: value for name, value in account.items() if value != -1}, ("username",))
    if "created_at" in kept:
        instant(kept["created_at"])
    kept["id"] = identity(account.get("id"), "account", _NATIVE)
    if account.get("moved"):
        kept["moved"] = {"id": identity(member(account, "moved").get("id"), "moved account", _NATIVE)}
    return kept


def cut_status(status: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return a status's facts; of one that it reblogs, which it is and whose.

    Raises:
        Refused: the id, the author or the time is missing, or a fact is not of its form.
    """
    _STATUS.count_unknown(status, outcome)
    kept = _STATUS.cut(status, ("created_at",))
    instant(kept["created_at"])
    kept["id"] = identity(status.get("id"), "status", _NATIVE)
    kept["account"] = _with_id(member(status, "account"), _AUTHOR, "author")
    for name in ("in_reply_to_id", "in_reply_to_account_id"):
        if status.get(name) is not None:
            kept[name] = identity(status[name], name, _NATIVE)
    if status.get("reblog"):
        reblog = member(status, "reblog")
        author = _with_id(member(reblog, "account"), _REBLOGGED_AUTHOR, "reblogged author")
        kept["reblog"] = _with_id(reblog, _REBLOGGED, "reblogged status") | {"account": author}
    if status.get("quote"):
        kept["quote"] = _QUOTE.cut(member(status, "quote"))
    if status.get("card"):
        kept["card"] = {"domain": domain(member(status, "card").get("url") or "")}
    if status.get("application"):
        kept["application"] = _APPLICATION.cut(member(status, "application"))
    lists = {
        "media_attachments": [_MEDIUM.cut(item, ("type",)) for item in status.get("media_attachments") or ()],
        "mentions": [_with_id(item, _MENTION, "mention") for item in status.get("mentions") or ()],
        "tags": [_TAG.cut(item, ("name",)) for item in status.get("tags") or ()],
    }
    return kept | {name: items for name, items in lists.items() if items}


def _with_id(thing: Mapping[str, Any], facts: Facts, what: str) -> dict[str, Any]:
    return {**facts.cut(thing), "id": identity(thing.get("id"), what, _NATIVE)}


class Mastodon:
    """Asks the home servers of accounts."""

    code = "mastodon"
    adapter = "mastodon-api"
    address = "https://{server}"
    key_name = ""
    key_header = ("", "")
    parts: Mapping[str, int] = {"accounts": 1, "posts": 1, "ages": 1, "follows": 1}
    page_rows = 40
    requests_per_page: Mapping[str, int] = {}

    def operation(self, part: str) -> str:  # noqa: ARG002
        """Return the name of every request; the price table does not have it: they are free."""
        return "read"

    @staticmethod
    def posted_at(data: Mapping[str, Any]) -> str:
        """Return when a post was made; empty for a boost, which nobody boosts or likes."""
        return "" if "reblog" in data else instant(data["created_at"])

    def fetch(self, unit: Unit, ask: Ask, context: Context) -> Page:
        """Ask for one page of one unit."""
        page: Page = getattr(self, f"_{unit.part}")(unit, ask, context)
        return page

    def _accounts(self, unit: Unit, ask: Ask, context: Context) -> Page:
        (subject,) = unit.subjects
        native, _ = _id_and_server(subject)
        answer = _get(ask, subject, f"accounts/{native}")
        page = Page(answer.at)
        if answer.status in _GONE:
            _add_unavailable(page, answer, context, "account.unavailable", subject, {"id": native})
            return page

        def account(item: dict[str, Any]) -> Event:
            kept = cut_account(item, page.outcome)
            if kept["id"] != native:
                raise Refused("the account is somebody else's")
            if kept.get("suspended"):
                page.unavailable += 1
                data = {"id": native, "suspended": True}
                return context.event(answer, "account.unavailable", subject, ERROR_SCHEMA, data)
            return context.event(answer, "account.observed", subject, ACCOUNT_SCHEMA, kept)

        page.read(f"account {subject}", [answer.body], account)
        page.got = len(page.events) - page.unavailable
        return page

    def _posts(self, unit: Unit, ask: Ask, context: Context) -> Page:
        (subject,) = unit.subjects
        native, _ = _id_and_server(subject)
        answer, statuses, profile = self._list(unit, ask, context, "statuses", self.page_rows)
        if profile:
            return profile
        page, times = Page(answer.at), list[str]()

        def post(item: dict[str, Any]) -> Event | None:
            status = _own(item, native)
            if status is None:
                return None
            kept = cut_status(status, page.outcome)
            times.append(instant(kept["created_at"]))
            if times[-1] < unit.since:
                return None
            return context.event(answer, "post.observed", f"{subject}/{kept['id']}", STATUS_SCHEMA, kept)

        page.read(f"statuses of {subject}", statuses, post)
        page.oldest_at = min(times, default="")
        page.cursor = _cursor(answer)
        if page.cursor is None and page.events and len(statuses) >= self.page_rows:
            # Mastodon gives a full page a link to the next; a server without links (snac) may still heed max_id
            page.cursor = page.events[-1].data["id"]
        if times and max(times) < unit.since:
            page.cursor = None
        elif statuses and not times:
            # nothing of the account's own: whatever pages follow, this is not its timeline
            page.cursor, page.limit_code = None, "unreadable"
        page.got = int(page.cursor is None)
        return page

    def _ages(self, unit: Unit, ask: Ask, context: Context) -> Page:
        (subject,) = unit.subjects
        account_id, _, native = subject.rpartition("/")
        answer = _get(ask, account_id, f"statuses/{native}")
        page = Page(answer.at)
        if answer.status in _GONE:
            _add_unavailable(page, answer, context, "post.unavailable", subject, {"id": native})
            return page

        def post(item: dict[str, Any]) -> Event:
            kept = cut_status(item, page.outcome)
            if (kept["id"], kept["account"]["id"]) != (native, _id_and_server(account_id)[0]):
                raise Refused("the status is another one, or somebody else's")
            return context.event(answer, "post.observed", subject, STATUS_SCHEMA, kept)

        page.read(f"status {subject}", [answer.body], post)
        page.got = len(page.events)
        return page

    def _follows(self, unit: Unit, ask: Ask, context: Context) -> Page:
        (subject,) = unit.subjects
        native, server = _id_and_server(subject)
        answer, followed, profile = self._list(unit, ask, context, "following", FOLLOWED_ROWS)
        if profile and profile.unavailable:
            return profile
        page = profile or Page(answer.at)
        page.cursor = _cursor(answer)
        if profile and _hides_follows(profile.events[0].data):
            page.unavailable, page.limit_code = 1, "hidden"
        elif page.cursor is None and len(followed) >= FOLLOWED_ROWS:
            page.limit_code = "reach_limit"  # a full page without a link to the next
        peers = [{"id": peer} for peer in _peers(followed, server, context)]
        is_last = page.cursor is None and not page.limit_code
        data = {"id": native, "follows": peers, "is_last": is_last}
        page.add(context.event(answer, "follows.observed", subject, FOLLOWING_SCHEMA, data))
        if page.cursor and unit.seen_count + 1 >= MOST_FOLLOWED_PAGES:
            page.cursor, page.limit_code = None, "reach_limit"
        page.got = int(page.cursor is None and not page.unavailable)
        return page

    def _list(
        self, unit: Unit, ask: Ask, context: Context, name: str, rows: int
    ) -> tuple[Answer, list[Any], Page | None]:
        """Ask for one page of an account's list.

        A list that is empty or not there says nothing of the account: a suspended one has empty lists (Mastodon), and
        a server may lack a list of an account it has (snac). Then the account itself is asked for.

        Returns:
            The answer, its items, and the account's own page if it was asked for.

        Raises:
            UnitFailed: the answer is no list, or the account is there and its list is not.
        """
        (subject,) = unit.subjects
        native, server = _id_and_server(subject)
        params: dict[str, str | int] = {"limit": rows}
        if unit.cursor:
            params["max_id"] = unit.cursor
        answer = _get(ask, subject, f"accounts/{native}/{name}", params)
        items = answer.body if answer.is_ok else []
        if not isinstance(items, list):
            raise UnitFailed(f"{server} answered something else than a list of {name}")
        if answer.is_ok and (items or unit.cursor):
            return answer, items, None
        profile = self._accounts(unit, ask, context)
        if not profile.unavailable and not (profile.got and answer.is_ok):
            raise UnitFailed(f"{server} does not show {name} of an account that it has: {answer.status}")
        return answer, items, profile


def _id_and_server(account_id: str) -> tuple[str, str]:
    """Return the id that an account has on its server, and the server."""
    native, _, server = account_id.partition(":")[2].rpartition("@")
    return native, server


def _own(status: dict[str, Any], native: str) -> dict[str, Any] | None:
    """Return the account's own status that a row of its timeline shows, a boost of its own included; None if none.

    Where somebody boosted a status, snac 2.75 shows it as their boost of it, in the author's timeline too (2026-11).
    """
    for shown in (status, status.get("reblog")):
        if shown and identity(member(shown, "account").get("id"), "author", _NATIVE) == native:
            return dict(shown)
    return None


def _peers(followed: list[Any], server: str, context: Context) -> Iterator[str]:
    """Yield the roster's ids of followed accounts: told by id on the same server, by handle on any other.

    Raises:
        Refused: an account has no readable id.
    """
    handles = {}
    for account_id, account in context.accounts.items():
        native, home = _id_and_server(account_id)
        handle = account.handle.removeprefix("@").lower()
        handles[handle if "@" in handle else f"{handle}@{home}"] = f"{native}@{home}"
    for item in followed:
        local = f"{identity(item['id'], 'followed account', _NATIVE)}@{server}"
        acct = item["acct"].lower()
        peer = local if acct.partition("@")[2] in ("", server) else handles.get(acct)
        if peer in context.peers:
            yield peer


def _hides_follows(account: Mapping[str, Any]) -> bool:
    """Return whether an empty list leaves open whom the account follows.

    A server that dates the last status and counts none counts nothing: its 0 is no figure (snac 2.75, 2026-11).
    """
    counts_nothing = account.get("statuses_count") == 0 and "last_status_at" in account
    return account.get("following_count") != 0 or bool(account.get("hide_collections")) or counts_nothing


def _cursor(answer: Answer) -> str | None:
    """Return what a link to the next page says of where it starts; its address is not used.

    Nothing comes after an empty page, whatever its link says.
    """
    link = answer.links.get("next", "") if answer.body else ""
    return dict(parse_qsl(urlsplit(link).query)).get("max_id")


def _add_unavailable(
    page: Page, answer: Answer, context: Context, kind: str, subject: str, data: Mapping[str, Any]
) -> None:
    page.add(context.event(answer, kind, subject, ERROR_SCHEMA, {**data, "status": answer.status}))
    page.unavailable += 1


def _get(ask: Ask, account_id: str, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
    """Ask an account's server once; a 404 or a 410 is an answer.

    Raises:
        UnitFailed: the server wants a token, or refuses the question.
    """
    _, server = _id_and_server(account_id)
    base = ask.base.replace("{server}", server)
    bucket = ask.http.bucket(f"mastodon {server}", *RATE)
    answer = ask("read", f"{base}/api/v1/{path}", params, bucket)
    if answer.is_ok or answer.status in _GONE:
        return answer
    if answer.status in _WANTS_TOKEN:
        raise UnitFailed(f"{server} wants a token: it answered {answer.status}")
    raise UnitFailed(f"{server} refused the question: {answer.status}")
