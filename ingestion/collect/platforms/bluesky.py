"""Asks Bluesky's public AppView for one page at a time.

In: a unit of work and a way to ask. Out: a page of events in the shape of ``shapes.bluesky``. Never: an account taken
for unavailable because a list leaves it out; then it is asked for alone, and the platform's word for it counts.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from ingestion.collect.facts import native_id
from ingestion.collect.living.http import Answer
from ingestion.collect.living.page import Client, Context, Page, PlatformStopped, Unit, UnitFailed
from ingestion.collect.shapes import bluesky as shape
from ingestion.log.events import Event
from ingestion.roster import account_ids

MOST_FOLLOWED_PAGES = 100
"""Pages of 100 followed accounts that are asked for; who follows more is known in part."""
RATE = (3_000, 300)
"""Requests and seconds. The public AppView names no limit; a PDS allows this much."""


class _Refusal(UnitFailed):
    """The platform's word, in ``said``, for why it refuses a question or shows no such account."""

    def __init__(self, answer: Answer, said: Mapping[str, Any]) -> None:
        super().__init__(f"Bluesky refused the question: {answer.status} {said['error']}")
        self.answer, self.said = answer, said


class Bluesky:
    """Asks the public AppView."""

    code = "bluesky"
    adapter = "bluesky-api"
    address = "https://public.api.bsky.app"
    key_name = ""
    key_header = ("", "")
    parts: Mapping[str, int] = {"accounts": 25, "posts": 1, "ages": 25, "follows": 1}
    handles = 25
    page_rows = 100
    requests_per_page: Mapping[str, int] = {}
    _methods: Mapping[str, str] = {
        "accounts": "app.bsky.actor.getProfiles",
        "posts": "app.bsky.feed.getAuthorFeed",
        "ages": "app.bsky.feed.getPosts",
        "follows": "app.bsky.graph.getFollows",
    }
    posted_at = staticmethod(shape.posted_at)

    def operation(self, part: str) -> str:
        """Return the name of a part's requests in the price table."""
        return self._methods[part]

    def fetch(self, unit: Unit, client: Client, context: Context) -> Page:
        """Ask for one page of one unit."""
        try:
            page: Page = getattr(self, f"_{unit.part}")(unit, client, context)
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
        answer = _ask(client, self._methods["accounts"], actors=[_actor(subject) for subject in unit.subjects])
        page, profiles = Page(answer.at), answer.body["profiles"]
        _read_profiles(page, profiles, unit.subjects, answer, context)
        shown = _named(profiles, "did")
        for subject in unit.subjects:
            if native_id(subject) not in shown and subject not in page.ids:
                _look_up(page, subject, client, context)
        page.count_subjects()
        return page

    def _posts(self, unit: Unit, client: Client, context: Context) -> Page:
        (subject,) = unit.subjects
        did = native_id(subject)
        query = {"actor": did, "filter": "posts_with_replies", "limit": "100", "cursor": unit.cursor or ()}
        answer = _ask(client, self._methods["posts"], **query)
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
        # the feed is in the order of times that clients set: one old item says nothing of those that follow
        if items and len(moments) == len(items) and max(moments) < unit.since:
            page.cursor = None
        page.got = int(page.cursor is None)
        return page

    def _ages(self, unit: Unit, client: Client, context: Context) -> Page:
        uris = {shape.uri_of(subject): subject for subject in unit.subjects}
        answer = _ask(client, self._methods["ages"], uris=list(uris))
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
            if uri not in shown and None not in shown:  # else the one without a URI may be it
                page.add(context.event(answer, "post.unavailable", subject, shape.ERROR_SCHEMA, {"uri": uri}))
        page.count_subjects()
        return page

    def _follows(self, unit: Unit, client: Client, context: Context) -> Page:
        (subject,) = unit.subjects
        did = native_id(subject)
        answer = _ask(client, self._methods["follows"], actor=did, limit="100", cursor=unit.cursor or ())
        page = Page(answer.at, cursor=answer.body.get("cursor"))
        peers = [{"did": actor["did"]} for actor in answer.body["follows"] if actor["did"] in context.peers]
        data = {"did": did, "follows": peers, "is_last": page.cursor is None}
        event = context.event(answer, "follows.observed", subject, shape.FOLLOWS_SCHEMA, data)
        page.add_follows(event, unit, MOST_FOLLOWED_PAGES)
        return page


def _named(items: Sequence[Any], name: str) -> set[str | None]:
    """Return what items are named by; None stands for each that has no readable name."""
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
    """Return what an account is asked for by: its handle as long as nothing else is known, else its DID."""
    return account_ids.handle(subject) or native_id(subject)


def _look_up(page: Page, subject: str, client: Client, context: Context) -> None:
    """Ask for one profile that a list left out: it is there after all, or the platform says why it is not shown.

    Raises:
        UnitFailed: the question is refused, which says nothing of the account.
    """
    try:
        answer = _ask(client, "app.bsky.actor.getProfile", actor=_actor(subject))
    except _Refusal as refusal:
        said = refusal.said
        if said["error"] == "InvalidRequest" and not said["is_not_found"]:  # the word for any question that is at fault
            raise
        data = {"did": native_id(subject), **said}
        page.add(context.event(refusal.answer, "account.unavailable", subject, shape.ERROR_SCHEMA, data))
    else:
        _read_profiles(page, [answer.body], (subject,), answer, context)


def _ask(client: Client, method: str, **query: str | Sequence[str]) -> Answer:
    """Ask once; an empty list is no parameter.

    Raises:
        PlatformStopped: the host turns this project away.
        UnitFailed: this question is refused.
    """
    answer = client(
        method, f"/xrpc/{method}?{urlencode(query, doseq=True)}", bucket=client.http.bucket("bluesky", *RATE)
    )
    if answer.is_ok:
        return answer
    said = shape.cut_error(answer.body)
    if said and answer.status == 400:  # noqa: PLR2004
        raise _Refusal(answer, said)
    title = f"{answer.status} {said.get('error', 'without a word')}"
    if answer.status in (401, 403):
        raise PlatformStopped(f"Bluesky turned this project away: {title}")
    raise UnitFailed(f"Bluesky refused the question: {title}")
