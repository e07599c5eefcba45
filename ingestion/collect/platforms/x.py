"""Asks X API v2 for one page at a time; ``shapes.x_v2`` cuts the answers to facts.

A subject is not taken for gone while an item of the answer that cannot be read may be it.
"""

import re
from collections.abc import Mapping
from typing import Any

from ingestion.collect.facts import instant, native_id
from ingestion.collect.living.http import Answer, Query
from ingestion.collect.living.page import UNREADABLE, Page, PlatformStopped, SubjectRefused, Unit, UnitFailed, code_word
from ingestion.collect.living.platform import Client, Context, Platform
from ingestion.collect.shapes import x_v2 as shape
from ingestion.log.events import Event
from ingestion.roster import account_ids
from ingestion.roster.platforms import PLATFORMS

KEY = PLATFORMS["x"].key_name
REACH = 3_200
"""How many of the newest posts of a timeline the platform shows; the timeline may end a page short of them."""
MOST_FOLLOWED_PAGES = 10
"""Pages of 1,000 followed accounts that are paid for; the list of an account that follows more is known in part."""
WINDOW = 15 * 60
"""Seconds for which the platform counts requests."""

_TITLES = {
    "Client Forbidden",
    "Invalid Request",
    "Not Found Error",
    "Payment Required",
    "Too Many Requests",
    "Usage Cap Exceeded",
    "Unsupported Authentication",
}
"""Titles of errors that have several words."""
_WITHOUT_A_WORD = {"type": "left-out", "is_suspended": False}
_USER_FIELDS = "created_at,protected,public_metrics,verified,verified_type"
_POST_FIELDS = (
    "attachments,author_id,conversation_id,created_at,edit_history_tweet_ids,entities,in_reply_to_user_id,lang,"
    "note_tweet,public_metrics,referenced_tweets,source"
)


class X(Platform):
    """Asks X API v2."""

    code = "x"
    parts: Mapping[str, int] = {"accounts": 100, "posts": 1, "ages": 100, "follows": 1, "volume": 1}
    handles = 100
    page_rows = 100
    operations: Mapping[str, str] = {
        "accounts": "users",
        "posts": "posts",
        "ages": "posts",
        "follows": "following",
        "volume": "counts-all",
    }
    posted_at = staticmethod(shape.posted_at)

    def __init__(self, word: str = "tweet") -> None:
        """Ask for fields by the platform's old word, ``tweet``, or its new one, ``post``."""
        self._fields = {f"{word}.fields": _POST_FIELDS.replace("tweet", word)}

    def _accounts(self, unit: Unit, client: Client, context: Context) -> Page:
        named = {name: subject for subject in unit.subjects if (name := account_ids.handle(subject))}
        subjects = named or {native_id(subject): subject for subject in unit.subjects}
        params = {"usernames" if named else "ids": ",".join(subjects), "user.fields": _USER_FIELDS}
        path = "/2/users/by" if named else "/2/users"
        answer = _get(client, "users", path, params, (300, WINDOW), len(subjects))
        page = Page(answer.at)

        def account(user: dict[str, Any]) -> Event | None:
            kept = shape.cut_user(user, page.outcome)
            account_id, name = f"x:{kept['id']}", kept["username"].lower()
            if named and name not in named:
                return None
            if named:
                page.ids[named[name]] = account_id
            return context.event(answer, "account.observed", account_id, shape.USER_SCHEMA, kept)

        page.read("users", _items(answer), account)
        self._unavailable(page, answer, context, "account.unavailable", subjects)
        return page

    def _posts(self, unit: Unit, client: Client, context: Context) -> Page:
        (subject,) = unit.subjects
        author = native_id(subject)
        params: Query = {"max_results": 100, "start_time": unit.since, "pagination_token": unit.cursor, **self._fields}
        answer = _get(client, "posts", f"/2/users/{author}/tweets", params, (10_000, WINDOW), 100)
        page = Page(answer.at)
        items = _items(answer)
        page.read(f"posts of {subject}", items, lambda post: self._post(post, answer, page, context, author))
        oldest = min((event.data["created_at"] for event in page.events), default="")
        page.oldest_at = oldest and instant(oldest)
        page.cursor = _cursor(answer)
        if page.cursor is None:
            if answer.body.get("errors") and not items and not unit.cursor:
                self._unavailable(page, answer, context, "account.unavailable", {author: subject})
            if unit.seen_count + len(items) >= REACH - self.page_rows:
                page.limit_code = "reach_limit"
        return page

    def _post(self, post: dict[str, Any], answer: Answer, page: Page, context: Context, author: str = "") -> Event:
        kept = shape.cut_post(post, page.outcome, author)
        return context.event(answer, "post.observed", f"x:{kept['author_id']}/{kept['id']}", shape.POST_SCHEMA, kept)

    def _ages(self, unit: Unit, client: Client, context: Context) -> Page:
        subjects = {subject.rpartition("/")[2]: subject for subject in unit.subjects}
        params = {"ids": ",".join(subjects), **self._fields}
        answer = _get(client, "posts", "/2/tweets", params, (300, WINDOW), len(subjects))
        page = Page(answer.at)
        page.read("posts", _items(answer), lambda post: self._post(post, answer, page, context))
        self._unavailable(page, answer, context, "post.unavailable", subjects)
        return page

    def _follows(self, unit: Unit, client: Client, context: Context) -> Page:
        (subject,) = unit.subjects
        follower = native_id(subject)
        params: Query = {"max_results": 1000, "pagination_token": unit.cursor}
        answer = _get(client, "following", f"/2/users/{follower}/following", params, (300, WINDOW), 1000)
        page = Page(answer.at, cursor=_cursor(answer))
        followed = _items(answer)
        peers = [{"id": user["id"]} for user in followed if user["id"] in context.peers]
        if not followed and answer.body.get("errors"):
            self._unavailable(page, answer, context, "account.unavailable", {follower: subject})
            return page
        data = {"id": follower, "follows": peers, "is_last": page.cursor is None}
        event = context.event(answer, "follows.observed", subject, shape.FOLLOWS_SCHEMA, data)
        page.add_follows(event, unit, MOST_FOLLOWED_PAGES)
        return page

    def _volume(self, unit: Unit, client: Client, context: Context) -> Page:
        (subject,) = unit.subjects
        query = f"from:{native_id(subject)}"
        params = {"query": query, "granularity": "day", "start_time": unit.since, "next_token": unit.cursor}
        answer = _get(client, "counts-all", "/2/tweets/counts/all", params, (300, WINDOW), 0)
        page = Page(answer.at, cursor=_cursor(answer))
        days = []
        for item in _items(answer):
            count = item.get("tweet_count", item.get("post_count"))
            if type(count) is not int:
                raise UnitFailed("a day has neither tweet_count nor post_count")
            days.append({"start": instant(item["start"]), "end": instant(item["end"]), "count": count})
        data = {"id": native_id(subject), "days": days}
        page.add(context.event(answer, "account.observed", subject, shape.COUNTS_SCHEMA, data))
        return page

    def _unavailable(
        self, page: Page, answer: Answer, context: Context, kind: str, subjects: Mapping[str, str]
    ) -> None:
        """Add an event for each subject that the platform does not show, with the reason that it gives, if any.

        An answer of status 200 may have errors for some subjects, and may leave a subject out without a reason.
        """

        def add(subject: str, reason: Mapping[str, Any]) -> None:
            data = {"id": re.split("[:/]", subject)[-1], **reason}
            page.add(context.event(answer, kind, subject, shape.ERROR_SCHEMA, data))

        shown = {event.subject for event in page.events} | page.ids.keys()
        for number, problem in enumerate(_items(answer, "errors"), start=1):
            if not isinstance(problem, dict):
                page.refuse("errors", number, problem, "an error is no object")
                continue
            native = str(problem.get("resource_id") or problem.get("value") or "").lower()
            native = native if native in subjects else next(iter(subjects)) if len(subjects) == 1 else ""
            if native and subjects[native] not in shown:
                shown.add(subjects[native])
                add(subjects[native], _reason(problem))
        if not page.outcome.quarantined:  # else a refused item may be the one that is missing
            for subject in subjects.values():
                if subject not in shown:
                    add(subject, _WITHOUT_A_WORD)
        page.count_subjects()


def _items(answer: Answer, name: str = "data") -> list[Any]:
    """Return the items of an answer; an answer without items has no list."""
    items = answer.body.get(name, [])
    if not isinstance(items, list):
        raise UnitFailed(f"X answered with something else than a list of {name}")
    return items


def _cursor(answer: Answer) -> str | None:
    """Return where the next page starts."""
    meta = answer.body.get("meta", {})
    token = meta.get("next_token") if isinstance(meta, dict) else UNREADABLE
    return token if token is None or isinstance(token, str) else UNREADABLE


def _reason(problem: Mapping[str, Any]) -> dict[str, Any]:
    """Return why a subject is not shown, in code words of the platform's."""
    kept = shape.cut_problem(problem)
    return {**kept, "type": kept["type"] and code_word(kept["type"])}


def _count(body: Any) -> int:
    """Return how many items came that cost money."""
    items = body.get("data") if isinstance(body, dict) else None
    return len(items) if isinstance(items, list) else int(bool(items))


def _get(client: Client, operation: str, path: str, params: Query, rate: tuple[int, int], most: int) -> Answer:
    """Return the answer to one request; ``rate`` is in requests and seconds, ``most`` how many items may come."""
    bucket = client.http.bucket(re.sub(r"\d{2,}", "id", path), *rate)
    answer = client(operation, path, params, bucket, most, _count)
    if answer.is_ok:
        if not isinstance(answer.body, dict):
            raise UnitFailed("X answered with something else than an object")
        return answer
    problem = answer.body if isinstance(answer.body, dict) else {}
    title = f"{answer.status} {code_word(problem.get('title'), _TITLES)}"
    if answer.status in (401, 402, 403):
        raise PlatformStopped(f"X refused the key in {KEY}, or what it may still ask for: {title}")
    refusal = f"X refused the question: {title}"
    if answer.status != 400:  # noqa: PLR2004
        raise UnitFailed(refusal)
    errors = problem.get("errors")
    named = [
        error.get("parameters") for error in (errors if isinstance(errors, list) else ()) if isinstance(error, dict)
    ]
    if any(isinstance(parameters, dict) and {"id", "ids", "usernames"} & parameters.keys() for parameters in named):
        raise SubjectRefused(f"{refusal}; check the number or the handle in account_id in roster/accounts.csv")
    raise UnitFailed(
        f"{refusal}; if it is about the names of fields, set TWIPLOMACY_X_WORD=post; else check the numbers in "
        f"account_id in roster/accounts.csv"
    )
