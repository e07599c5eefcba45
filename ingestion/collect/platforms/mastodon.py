"""Asks the home servers of accounts, Mastodon or software with the same API, for one page at a time.

``shapes.mastodon`` cuts the answers to facts. An account is asked for on its own server only, wherever a link points.
Ids are valid on one server only, so that an account is ``mastodon:<id>@<server>``.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ingestion.collect.facts import identity, instant, native_id
from ingestion.collect.living.http import Answer, Query
from ingestion.collect.living.page import UNREADABLE, Page, Unit, UnitFailed
from ingestion.collect.living.platform import Client, Context, Platform
from ingestion.collect.outcome import Refused
from ingestion.collect.shapes import mastodon as shape
from ingestion.log.events import Event
from ingestion.roster import account_ids

RATE = (300, 5 * 60)
"""Requests and seconds that a server allows one address."""
FOLLOWED_ROWS = 80
"""Followed accounts on one page."""
MOST_FOLLOWED_PAGES = 100
"""Pages of followed accounts that are asked for; the list of an account that follows more is known in part."""

_GONE = (404, 410)
_WANTS_TOKEN = (401, 403, 422)


class Mastodon(Platform):
    """Asks the home servers of accounts."""

    code = "mastodon"
    parts: Mapping[str, int] = {"accounts": 1, "posts": 1, "ages": 1, "follows": 1}
    operations: Mapping[str, str] = dict.fromkeys(parts, "read")
    page_rows = 40
    posted_at = staticmethod(shape.posted_at)

    def _accounts(self, unit: Unit, client: Client, context: Context) -> Page:
        (subject,) = unit.subjects
        native, server = _id_and_server(subject)
        if name := account_ids.handle(subject).rpartition("@")[0]:
            answer = _get(client, subject, "accounts/lookup", {"acct": name})
        else:
            answer = _get(client, subject, f"accounts/{native}")
        if answer.status in _GONE:
            return _gone(answer, context, "account.unavailable", subject, native)
        page = Page(answer.at)

        def account(item: dict[str, Any]) -> Event:
            kept = shape.cut_account(item, page.outcome)
            if (kept["username"].lower() if name else kept["id"]) != (name or native):
                raise Refused("the account is somebody else's")
            account_id = f"mastodon:{kept['id']}@{server}"
            if name:
                page.ids[subject] = account_id
            if kept.get("suspended"):
                data = {"id": kept["id"], "suspended": True}
                return context.event(answer, "account.unavailable", account_id, shape.ERROR_SCHEMA, data)
            return context.event(answer, "account.observed", account_id, shape.ACCOUNT_SCHEMA, kept)

        page.read(f"account {subject}", [answer.body], account)
        return page

    def _posts(self, unit: Unit, client: Client, context: Context) -> Page:
        (subject,) = unit.subjects
        native, _ = _id_and_server(subject)
        answer, statuses, profile = self._list(unit, client, context, "statuses", self.page_rows)
        if profile:
            return profile
        page, times = Page(answer.at), list[str]()

        def post(item: dict[str, Any]) -> Event | None:
            status = shape.own_status(item, native)
            if status is None:
                return None
            kept = shape.cut_status(status, page.outcome)
            times.append(instant(kept["created_at"]))
            if times[-1] < unit.since:
                return None
            return context.event(answer, "post.observed", f"{subject}/{kept['id']}", shape.STATUS_SCHEMA, kept)

        page.read(f"statuses of {subject}", statuses, post)
        page.oldest_at = min(times, default="")
        page.cursor = _cursor(answer)
        if page.cursor is None and page.events and len(statuses) >= self.page_rows:
            # Mastodon links a full page to the next; a server without links (snac) may still read max_id
            page.cursor = page.events[-1].data["id"]
        if times and max(times) < unit.since:
            page.cursor = None
        elif statuses and not times:
            # no post is the account's own: this is not its timeline, whatever pages follow
            page.cursor, page.limit_code = None, "unreadable"
        return page

    def _ages(self, unit: Unit, client: Client, context: Context) -> Page:
        (subject,) = unit.subjects
        account_id, _, native = subject.rpartition("/")
        answer = _get(client, account_id, f"statuses/{native}")
        if answer.status in _GONE:
            return _gone(answer, context, "post.unavailable", subject, native)
        page = Page(answer.at)

        def post(item: dict[str, Any]) -> Event:
            kept = shape.cut_status(item, page.outcome)
            if (kept["id"], kept["account"]["id"]) != (native, _id_and_server(account_id)[0]):
                raise Refused("the status is another one, or somebody else's")
            return context.event(answer, "post.observed", subject, shape.STATUS_SCHEMA, kept)

        page.read(f"status {subject}", [answer.body], post)
        return page

    def _follows(self, unit: Unit, client: Client, context: Context) -> Page:
        (subject,) = unit.subjects
        native, server = _id_and_server(subject)
        answer, followed, profile = self._list(unit, client, context, "following", FOLLOWED_ROWS)
        if profile and profile.unavailable:
            return profile
        page = profile or Page(answer.at)
        page.cursor = _cursor(answer)
        if profile and shape.hides_follows(profile.events[0].data):
            page.unavailable, page.limit_code = 1, "hidden"
        elif page.cursor is None and len(followed) >= FOLLOWED_ROWS:
            page.limit_code = "reach_limit"  # a full page without a link to the next
        peers = [{"id": peer} for peer in _peers(followed, server, context)]
        is_last = page.cursor is None and not page.limit_code
        data = {"id": native, "follows": peers, "is_last": is_last}
        event = context.event(answer, "follows.observed", subject, shape.FOLLOWING_SCHEMA, data)
        page.add_follows(event, unit, MOST_FOLLOWED_PAGES)
        return page

    def _list(
        self, unit: Unit, client: Client, context: Context, name: str, rows: int
    ) -> tuple[Answer, list[Any], Page | None]:
        """Ask for one page of an account's list.

        An empty or missing list says nothing about the account: a suspended account has empty lists (Mastodon), and
        a server may lack a list of an account that it has (snac). Then the account itself is asked for.

        Returns:
            The answer, its items, and the account's own page if it was asked for.
        """
        (subject,) = unit.subjects
        native, server = _id_and_server(subject)
        answer = _get(client, subject, f"accounts/{native}/{name}", {"limit": rows, "max_id": unit.cursor})
        items = answer.body if answer.is_ok else []
        if not isinstance(items, list):
            raise UnitFailed(f"{server} answered something else than a list of {name}")
        if answer.is_ok and (items or unit.cursor):
            return answer, items, None
        profile = self._accounts(unit, client, context)
        profile.count_subjects()
        if not profile.unavailable and not (profile.got and answer.is_ok):
            raise UnitFailed(f"{server} does not show {name} of an account that it has: {answer.status}")
        return answer, items, profile


def _id_and_server(account_id: str) -> tuple[str, str]:
    """Return the id that an account has on its server, and the server."""
    native, _, server = native_id(account_id).rpartition("@")
    return native, server


def _peers(followed: list[Any], server: str, context: Context) -> Iterator[str]:
    """Yield the roster's ids of followed accounts, found by id on the same server and by handle on any other."""
    handles = {}
    for account_id, account in context.accounts.items():
        native, home = _id_and_server(account_id)
        handle = account.handle.removeprefix("@").lower()
        handles[handle if "@" in handle else f"{handle}@{home}"] = f"{native}@{home}"
    for item in followed:
        local = f"{identity(item['id'], 'followed account', shape.NATIVE)}@{server}"
        acct = item["acct"].lower()
        peer = local if acct.partition("@")[2] in ("", server) else handles.get(acct)
        if peer in context.peers:
            yield peer


def _cursor(answer: Answer) -> str | None:
    """Return where the next page starts, from the link to it; its address is not used.

    An empty page is the last, whatever its link says.
    """
    link = answer.links.get("next", "") if answer.body else ""
    try:
        return dict(parse_qsl(urlsplit(link).query)).get("max_id", UNREADABLE) if link else None
    except ValueError:
        return UNREADABLE


def _gone(answer: Answer, context: Context, kind: str, subject: str, native: str) -> Page:
    """Return the page of an account or a post that a server says it does not have."""
    page = Page(answer.at)
    page.add(context.event(answer, kind, subject, shape.ERROR_SCHEMA, {"id": native, "status": answer.status}))
    return page


def _get(client: Client, account_id: str, path: str, params: Query | None = None) -> Answer:
    """Return what an account's server answers to one request; a 404 or a 410 is an answer."""
    _, server = _id_and_server(account_id)
    base = client.base.replace("{server}", server)
    bucket = client.http.bucket(f"mastodon {server}", *RATE)
    answer = client("read", f"{base}/api/v1/{path}", params, bucket)
    if answer.is_ok or answer.status in _GONE:
        return answer
    if answer.status in _WANTS_TOKEN:
        raise UnitFailed(f"{server} wants a token: it answered {answer.status}")
    raise UnitFailed(f"{server} refused the question: {answer.status}")
