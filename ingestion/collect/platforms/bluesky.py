"""Asks Bluesky's public AppView for one page at a time; ``shapes.bluesky`` cuts the answers to facts.

An account that a list leaves out is asked for alone; it is unavailable only if the platform then says so.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from ingestion.collect.facts import native_id
from ingestion.collect.living.http import Answer
from ingestion.collect.living.page import Page, PlatformStopped, Unit, UnitFailed
from ingestion.collect.living.platform import Client, Context, Platform
from ingestion.collect.shapes import bluesky as shape
from ingestion.log.events import Event
from ingestion.roster import account_ids

MOST_FOLLOWED_PAGES = 100
"""Pages of 100 followed accounts that are asked for; the list of an account that follows more is known in part."""
RATE = (3_000, 300)
"""Requests and seconds. The public AppView names no limit; a PDS allows this much."""


class _Refusal(UnitFailed):
    """The platform refused a request, or shows no such account; ``reason`` is in its own words."""

    def __init__(self, answer: Answer, reason: Mapping[str, Any]) -> None:
        super().__init__(f"Bluesky refused the question: {answer.status} {reason['error']}")
        self.answer, self.reason = answer, reason


class Bluesky(Platform):
    """Asks the public AppView."""

    code = "bluesky"
    parts: Mapping[str, int] = {"accounts": 25, "posts": 1, "ages": 25, "follows": 1}
    handles = 25
    page_rows = 100
    operations: Mapping[str, str] = {
        "accounts": "app.bsky.actor.getProfiles",
        "posts": "app.bsky.feed.getAuthorFeed",
        "ages": "app.bsky.feed.getPosts",
        "follows": "app.bsky.graph.getFollows",
    }
    posted_at = staticmethod(shape.posted_at)

    def fetch(self, unit: Unit, client: Client, context: Context) -> Page:
        """Ask for one page of one unit; if it is refused, ask whether the account is still there."""
        try:
            page = super().fetch(unit, client, context)
        except _Refusal as refusal:
            if unit.part not in ("posts", "follows"):
                raise
            page = Page(refusal.answer.at)
            _look_up(page, unit.subjects[0], client, context)
            page.count_subjects()
            if not page.unavailable:
                raise
        return page

    def _accounts(self, unit: Unit, client: Client, context: Context) -> Page:
        answer = _ask(client, self.operations["accounts"], actors=[_actor(subject) for subject in unit.subjects])
        page, profiles = Page(answer.at), answer.body["profiles"]
        _read_profiles(page, profiles, unit.subjects, answer, context)
        shown = _named(profiles, "did")
        for subject in unit.subjects:
            if native_id(subject) not in shown and subject not in page.ids:
                _look_up(page, subject, client, context)
        return page

    def _posts(self, unit: Unit, client: Client, context: Context) -> Page:
        (subject,) = unit.subjects
        did = native_id(subject)
        query = {"actor": did, "filter": "posts_with_replies", "limit": "100", "cursor": unit.cursor or ()}
        answer = _ask(client, self.operations["posts"], **query)
        page, items = Page(answer.at, cursor=answer.body.get("cursor")), answer.body["feed"]
        moments: list[str] = []

        def own(item: dict[str, Any]) -> Event | None:
            kept = shape.cut_item(item, did, answer.at, page.outcome)
            if kept is None:
                return None
            made = shape.subject_of(kept.get("reason", kept["post"])["uri"], did)
            moments.append(shape.made_at(kept))
            if moments[-1] < unit.since:
                return None
            return context.event(answer, "post.observed", made, shape.schema_of(kept), kept)

        page.read(f"feed of {subject}", items, own)
        page.oldest_at = min(moments, default="")
        # the feed is in the order of times that clients set: after one old item newer ones may follow
        if items and len(moments) == len(items) and max(moments) < unit.since:
            page.cursor = None
        return page

    def _ages(self, unit: Unit, client: Client, context: Context) -> Page:
        uris = {shape.uri_of(subject): subject for subject in unit.subjects}
        answer = _ask(client, self.operations["ages"], uris=list(uris))
        page, posts = Page(answer.at), answer.body["posts"]

        def asked(post: dict[str, Any]) -> Event | None:
            kept = shape.cut_post(post, answer.at, page.outcome)
            subject = shape.subject_of(kept["uri"], kept["author"]["did"])
            if kept["uri"] not in uris:
                return None
            item = {"post": kept}
            return context.event(answer, "post.observed", subject, shape.schema_of(item), item)

        page.read("posts", posts, asked)
        shown = _named(posts, "uri")
        for uri, subject in uris.items():
            if uri not in shown and None not in shown:  # else the post without a URI may be it
                page.add(context.event(answer, "post.unavailable", subject, shape.ERROR_SCHEMA, {"uri": uri}))
        return page

    def _follows(self, unit: Unit, client: Client, context: Context) -> Page:
        (subject,) = unit.subjects
        did = native_id(subject)
        answer = _ask(client, self.operations["follows"], actor=did, limit="100", cursor=unit.cursor or ())
        page = Page(answer.at, cursor=answer.body.get("cursor"))
        peers = [{"did": actor["did"]} for actor in answer.body["follows"] if actor["did"] in context.peers]
        data = {"did": did, "follows": peers, "is_last": page.cursor is None}
        event = context.event(answer, "follows.observed", subject, shape.FOLLOWS_SCHEMA, data)
        page.add_follows(event, unit, MOST_FOLLOWED_PAGES)
        return page


def _named(items: Sequence[Any], name: str) -> set[str | None]:
    """Return the values of one field of all items; None is the value of each that is not readable."""
    found = (item.get(name) if isinstance(item, dict) else None for item in items)
    return {one if isinstance(one, str) else None for one in found}


def _read_profiles(
    page: Page, profiles: Sequence[Any], subjects: Sequence[str], answer: Answer, context: Context
) -> None:
    def observed(profile: dict[str, Any]) -> Event | None:
        kept = shape.cut_profile(profile, page.outcome)
        subject, listed = f"bluesky:{kept['did']}", account_ids.by_handle("bluesky", kept["handle"])
        if listed in subjects:
            page.ids[listed] = subject
        elif subject not in subjects:
            return None
        return context.event(answer, "account.observed", subject, shape.PROFILE_SCHEMA, kept)

    page.read("profiles", profiles, observed)


def _actor(subject: str) -> str:
    """Return the name by which an account is asked for: its DID, or its handle if nothing else is known."""
    return account_ids.handle(subject) or native_id(subject)


def _look_up(page: Page, subject: str, client: Client, context: Context) -> None:
    """Ask for one profile that a list left out, and add the profile or the platform's reason not to show it."""
    try:
        answer = _ask(client, "app.bsky.actor.getProfile", actor=_actor(subject))
    except _Refusal as refusal:
        reason = refusal.reason
        if reason["error"] == "InvalidRequest" and not reason["is_not_found"]:  # the code for any faulty request
            raise
        data = {"did": native_id(subject), **reason}
        page.add(context.event(refusal.answer, "account.unavailable", subject, shape.ERROR_SCHEMA, data))
    else:
        _read_profiles(page, [answer.body], (subject,), answer, context)


def _ask(client: Client, method: str, **query: str | Sequence[str]) -> Answer:
    """Return the answer to one request; an empty list is no parameter."""
    answer = client(
        method, f"/xrpc/{method}?{urlencode(query, doseq=True)}", bucket=client.http.bucket("bluesky", *RATE)
    )
    if answer.is_ok:
        return answer
    reason = shape.cut_error(answer.body)
    if reason and answer.status == 400:  # noqa: PLR2004
        raise _Refusal(answer, reason)
    title = f"{answer.status} {reason.get('error', 'without a word')}"
    if answer.status in (401, 403):
        raise PlatformStopped(f"Bluesky turned this project away: {title}")
    raise UnitFailed(f"Bluesky refused the question: {title}")
