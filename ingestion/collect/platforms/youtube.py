"""Asks YouTube Data API v3 for one page at a time; ``shapes.youtube`` cuts the answers to facts.

A request costs one unit of the day's quota; a search would cost a hundred, so that none is made. A video or channel is
not taken for gone while an item came whose id cannot be read.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ingestion.collect.facts import Whitelist, native_id
from ingestion.collect.living.http import Answer, Query
from ingestion.collect.living.page import Page, PlatformStopped, Unit, UnitFailed
from ingestion.collect.living.platform import Client, Context, Platform
from ingestion.collect.outcome import Refused
from ingestion.collect.shapes import youtube as shape
from ingestion.log.events import Event
from ingestion.roster import account_ids
from ingestion.roster.platforms import PLATFORMS

KEY = PLATFORMS["youtube"].key_name
REACH = 20_000
"""About how many of the newest uploads the platform lists."""

_NO_QUOTA = {"dailyLimitExceeded", "quotaExceeded", "rateLimitExceeded", "userRateLimitExceeded"}
_BAD_KEY = {"API_KEY_EXPIRED", "API_KEY_INVALID", "keyExpired", "keyInvalid"}
_NOT_SHOWN = {"channelForbidden", "playlistItemsNotAccessible"}
"""Reasons for which one channel or list is not shown, whatever the key."""


class _NoUploads(UnitFailed):
    """The channel has no list of uploads."""


class YouTube(Platform):
    """Asks YouTube Data API v3."""

    code = "youtube"
    parts: Mapping[str, int] = {"accounts": 50, "posts": 1, "ages": 50}
    operations: Mapping[str, str] = dict.fromkeys(parts, "list")
    page_rows = 50
    requests_per_page: Mapping[str, int] = {"posts": 2}
    posted_at = staticmethod(shape.posted_at)

    def _accounts(self, unit: Unit, client: Client, context: Context) -> Page:
        if account_ids.handle(unit.subjects[0]):
            return self._named(unit, client, context)
        subjects = {native_id(subject): subject for subject in unit.subjects}
        channels = _list(client, "channels", shape.CHANNEL, subjects)
        page = Page(channels.answer.at)

        def account(native: str) -> Event:
            channel = channels.item(native)
            if channel is None:
                return _left_out(channels, context, "account.unavailable", subjects[native], native)
            kept = shape.cut_channel(channel, page.outcome)
            return context.event(channels.answer, "account.observed", subjects[native], shape.CHANNEL_SCHEMA, kept)

        page.read("channels", list(subjects), account)
        return page

    def _named(self, unit: Unit, client: Client, context: Context) -> Page:
        """Ask for a channel by its handle."""
        (subject,) = unit.subjects
        answer = _get(client, "channels", {"part": ",".join(shape.CHANNEL), "forHandle": native_id(subject)})
        page, items = Page(answer.at), _items(answer, "channels")

        def account(channel: dict[str, Any]) -> Event:
            kept = shape.cut_channel(channel, page.outcome)
            if account_ids.by_handle("youtube", kept["snippet"].get("customUrl", "")) != subject:
                raise Refused("the channel is somebody else's")
            page.ids[subject] = f"youtube:{kept['id']}"
            return context.event(answer, "account.observed", page.ids[subject], shape.CHANNEL_SCHEMA, kept)

        page.read(f"channel {subject}", items, account)
        if not items:
            data = {"id": native_id(subject), "reason": "left-out"}
            page.add(context.event(answer, "account.unavailable", subject, shape.MISSING_SCHEMA, data))
        return page

    def _posts(self, unit: Unit, client: Client, context: Context) -> Page:
        (subject,) = unit.subjects
        uploads_id = f"UU{native_id(subject).removeprefix('UC')}"
        listed: Query = {"part": "contentDetails", "playlistId": uploads_id, "maxResults": self.page_rows}
        try:
            answer = _get(client, "playlistItems", {**listed, "pageToken": unit.cursor})
        except _NoUploads:
            if unit.cursor:
                raise
            return self._without_uploads(unit, client, context)
        uploads = _items(answer, "uploads")
        wanted = [native for native in (_wanted(upload, unit.since) for upload in uploads) if native]
        videos = _list(client, "videos", shape.VIDEO, wanted) if wanted else None
        page, times = Page(answer.at), list[str]()

        def post(upload: dict[str, Any]) -> Event | None:
            native, published = shape.cut_upload(upload)
            times.extend([published] if published else [])
            if videos is None or (published and published < unit.since):
                return None
            return _video(videos, f"{subject}/{native}", page, context)

        page.read(f"uploads of {subject}", uploads, post)
        page.oldest_at = min(times, default="")
        page.cursor = answer.body.get("nextPageToken")
        if times and max(times) < unit.since:
            page.cursor = None
        elif page.cursor is None and unit.seen_count + len(uploads) >= REACH - self.page_rows:
            page.limit_code = "reach_limit"
        return page

    def _without_uploads(self, unit: Unit, client: Client, context: Context) -> Page:
        """Ask for the channel itself, which has no list of uploads: it may never have uploaded, or be gone."""
        page = self._accounts(unit, client, context)
        page.count_subjects()
        if not (page.got or page.unavailable):
            raise UnitFailed("the channel has no list of uploads and cannot be read itself")
        return page

    def _ages(self, unit: Unit, client: Client, context: Context) -> Page:
        videos = _list(client, "videos", shape.VIDEO, [subject.rpartition("/")[2] for subject in unit.subjects])
        page = Page(videos.answer.at)
        page.read("videos", unit.subjects, lambda subject: _video(videos, subject, page, context))
        return page


@dataclass(frozen=True)
class _Listed:
    """The items that came for the ids asked for.

    Attributes:
        answer: the answer they came in.
        items: id -> item.
        has_strays: whether an item came that was not asked for, or whose id cannot be read.
    """

    answer: Answer
    items: Mapping[str, Any]
    has_strays: bool

    def item(self, native: str) -> dict[str, Any] | None:
        """Return the item that came for an id; None if the platform left it out.

        Raises:
            Refused: the item may be one that came without a readable id.
        """
        if native not in self.items and self.has_strays:
            raise Refused("it did not come, but something came that was not asked for")
        return self.items.get(native)


def _video(videos: _Listed, subject: str, page: Page, context: Context) -> Event:
    """Return the event of a video that was asked for; a video that YouTube leaves out is not shown to the public.

    A video of a timeline is gone too, if the channel's own list has it and the answer leaves it out.
    """
    channel_id, _, native = native_id(subject).partition("/")
    video = videos.item(native)
    if video is None:
        return _left_out(videos, context, "post.unavailable", subject, native)
    kept = shape.cut_video(video, page.outcome)
    if kept["snippet"]["channelId"] != channel_id:
        raise Refused("the video is somebody else's")
    return context.event(videos.answer, "post.observed", subject, shape.VIDEO_SCHEMA, kept)


def _left_out(listed: _Listed, context: Context, kind: str, subject: str, native: str) -> Event:
    return context.event(listed.answer, kind, subject, shape.MISSING_SCHEMA, {"id": native, "reason": "left-out"})


def _wanted(upload: dict[str, Any], since: str) -> str:
    """Return a video's id; empty if the video is older than ``since``, or the id cannot be read."""
    try:
        native, published = shape.cut_upload(upload)
    except (AttributeError, Refused):
        return ""
    return "" if published and published < since else native


def _list(client: Client, name: str, parts: Mapping[str, Whitelist], ids: Collection[str]) -> _Listed:
    """Ask for things by their ids."""
    answer = _get(client, name, {"part": ",".join(parts), "id": ",".join(ids), "maxResults": 50})
    if "nextPageToken" in answer.body:
        raise UnitFailed(f"YouTube answered with a part of the {name} only")
    found = _items(answer, name)
    items = {item["id"]: item for item in found if isinstance(item, dict) and isinstance(item.get("id"), str)}
    return _Listed(answer, items, len(items) < len(found) or not items.keys() <= set(ids))


def _items(answer: Answer, name: str) -> list[Any]:
    """Return the items of a list; a list without items lacks the field."""
    items = answer.body.get("items", [])
    if not isinstance(items, list):
        raise UnitFailed(f"YouTube answered with something else than a list of {name}")
    return items


def _get(client: Client, name: str, params: Query) -> Answer:
    """Return the answer to one request for a list."""
    answer = client("list", f"/{name}", params)
    if answer.is_ok:
        if not isinstance(answer.body, dict) or answer.body.get("kind") != f"youtube#{name[:-1]}ListResponse":
            raise UnitFailed(f"YouTube answered with something else than a list of {name}")
        return answer
    reasons = shape.error_words(answer.body)
    title = f"{answer.status} {', '.join(sorted(reasons)) or 'without a word'}"
    if "playlistNotFound" in reasons:
        raise _NoUploads(f"YouTube has no such list: {title}")
    if reasons & _NO_QUOTA:
        raise PlatformStopped("the quota of the day is used up; it opens again at midnight Pacific time")
    if reasons & _BAD_KEY or (answer.status in (401, 403) and not reasons & _NOT_SHOWN):
        raise PlatformStopped(f"YouTube refused the key in {KEY}: {title}")
    raise UnitFailed(f"YouTube refused the question: {title}")
