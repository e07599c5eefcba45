"""YouTube Data API v3: what it sends, cut to facts, and how to ask for it; one unit of the day's quota a request.

In: channels, uploads and videos in the platform's shape, whose counts are text. Out: the same objects, facts only,
counts as numbers; pages of events. Never: titles, descriptions, tags, pictures; a search, which costs a hundredfold.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ingestion.collect.facts import ID, ISO_TIME, LANGUAGE, WORD, Facts, identity, instant, member
from ingestion.collect.http import Answer
from ingestion.collect.outcome import Outcome, Refused
from ingestion.collect.page import Ask, Context, Page, PlatformStopped, Unit, UnitFailed
from ingestion.events import Event

CHANNEL_SCHEMA = "youtube/channel"
VIDEO_SCHEMA = "youtube/video"
MISSING_SCHEMA = "youtube/missing"
KEY = "TWIPLOMACY_YOUTUBE_API_KEY"
REACH = 20_000
"""About how many of the newest uploads the platform lists."""

_NO_QUOTA = {"dailyLimitExceeded", "quotaExceeded", "rateLimitExceeded", "userRateLimitExceeded"}
_BAD_KEY = {"API_KEY_EXPIRED", "API_KEY_INVALID", "keyExpired", "keyInvalid"}
_NOT_SHOWN = {"channelForbidden", "playlistItemsNotAccessible"}
"""Refusals of what is asked for, whatever the key."""
_CHANNEL_ID = re.compile(r"UC[\w-]{5,40}", re.ASCII)
_VIDEO_ID = re.compile(r"[\w-]{5,32}", re.ASCII)
_COUNT = re.compile(r"\d{1,16}", re.ASCII)
_OUTER = Facts(known="contentDetails etag id kind snippet statistics status")
_CHANNEL: Mapping[str, Facts] = {
    "snippet": Facts(
        texts=(
            ("country", re.compile(r"[A-Z]{2}")),
            ("customUrl", re.compile(r"@?[^\s@/?#]{1,100}")),
            ("defaultLanguage", LANGUAGE),
            ("publishedAt", ISO_TIME),
        ),
        known="description localized thumbnails title",
    ),
    "statistics": Facts(
        flags=("hiddenSubscriberCount",),
        texts=(("subscriberCount", _COUNT), ("videoCount", _COUNT), ("viewCount", _COUNT)),
        known="commentCount",
    ),
}
_VIDEO: Mapping[str, Facts] = {
    "snippet": Facts(
        texts=(
            ("categoryId", ID),
            ("channelId", _CHANNEL_ID),
            ("defaultAudioLanguage", LANGUAGE),
            ("defaultLanguage", LANGUAGE),
            ("liveBroadcastContent", WORD),
            ("publishedAt", ISO_TIME),
        ),
        known="channelTitle description localized tags thumbnails title",
    ),
    "statistics": Facts(
        texts=(("commentCount", _COUNT), ("likeCount", _COUNT), ("viewCount", _COUNT)),
        known="dislikeCount favoriteCount",
    ),
    "contentDetails": Facts(
        texts=(("duration", re.compile(r"P[\dDHMSTW.]{1,30}", re.ASCII)),),
        known="""caption contentRating countryRestriction definition dimension hasCustomThumbnail licensedContent
        projection regionRestriction""",
    ),
    "status": Facts(
        flags=("madeForKids",),
        texts=(("license", WORD), ("privacyStatus", WORD)),
        known="""containsSyntheticMedia embeddable failureReason publicStatsViewable publishAt rejectionReason
        selfDeclaredMadeForKids uploadStatus""",
    ),
}


class _NoUploads(UnitFailed):
    """The channel has no list of uploads."""


def cut_channel(channel: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return a channel's facts; a hidden count of subscribers is dropped whatever it says.

    Raises:
        Refused: the id or a part is missing, or a fact is not of its form.
    """
    kept = _cut(channel, _CHANNEL, "channel", _CHANNEL_ID, outcome)
    if kept["statistics"].get("hiddenSubscriberCount"):
        kept["statistics"].pop("subscriberCount", None)
    return kept


def cut_video(video: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return a video's facts; a count that its owner hides is not there.

    Raises:
        Refused: the id, the channel, the time or a part is missing, or a fact is not of its form.
    """
    kept = _cut(video, _VIDEO, "video", _VIDEO_ID, outcome)
    if missing := {"channelId", "publishedAt"} - kept["snippet"].keys():
        raise Refused(f"{', '.join(sorted(missing))} is missing")
    return kept


def cut_upload(upload: dict[str, Any]) -> tuple[str, str]:
    """Return a video's id, and when it was published; empty if the platform does not say, as of a private one.

    Raises:
        Refused: there is no id, or no such time.
    """
    details = member(upload, "contentDetails")
    published = details.get("videoPublishedAt")
    return identity(details.get("videoId"), "video", _VIDEO_ID), instant(published) if published else ""


def _cut(
    thing: dict[str, Any], parts: Mapping[str, Facts], what: str, form: re.Pattern[str], outcome: Outcome
) -> dict[str, Any]:
    _OUTER.count_unknown(thing, outcome, f"{what}.")
    kept: dict[str, Any] = {"id": identity(thing.get("id"), what, form)}
    for name, facts in parts.items():
        part = member(thing, name)
        facts.count_unknown(part, outcome, f"{what}.{name}.")
        kept[name] = facts.cut(part)
    kept["statistics"] = {
        name: int(value) if isinstance(value, str) else value for name, value in kept["statistics"].items()
    }
    if "publishedAt" in kept["snippet"]:
        instant(kept["snippet"]["publishedAt"])
    return kept


class YouTube:
    """Asks YouTube Data API v3."""

    code = "youtube"
    adapter = "youtube-api"
    address = "https://www.googleapis.com/youtube/v3"
    key_name = KEY
    key_header = ("X-Goog-Api-Key", "")
    parts: Mapping[str, int] = {"accounts": 50, "posts": 1, "ages": 50}
    page_rows = 50
    requests_per_page: Mapping[str, int] = {"posts": 2}

    def operation(self, part: str) -> str:  # noqa: ARG002
        """Return the name of every request in the price table."""
        return "list"

    @staticmethod
    def posted_at(data: Mapping[str, Any]) -> str:
        """Return when a video was published."""
        return instant(data["snippet"]["publishedAt"])

    def fetch(self, unit: Unit, ask: Ask, context: Context) -> Page:
        """Ask for one page of one unit."""
        page: Page = getattr(self, f"_{unit.part}")(unit, ask, context)
        return page

    def _accounts(self, unit: Unit, ask: Ask, context: Context) -> Page:
        subjects = {subject.partition(":")[2]: subject for subject in unit.subjects}
        channels = _list(ask, "channels", _CHANNEL, subjects)
        page = Page(channels.answer.at)

        def account(native: str) -> Event:
            channel = channels.item(native)
            if channel is None:
                return _left_out(channels, context, "account.unavailable", subjects[native], native)
            kept = cut_channel(channel, page.outcome)
            return context.event(channels.answer, "account.observed", subjects[native], CHANNEL_SCHEMA, kept)

        page.read("channels", list(subjects), account)
        return _counted(page)

    def _posts(self, unit: Unit, ask: Ask, context: Context) -> Page:
        (subject,) = unit.subjects
        uploads_id = f"UU{subject.partition(':')[2].removeprefix('UC')}"
        params: dict[str, str | int] = {
            "part": "contentDetails",
            "playlistId": uploads_id,
            "maxResults": self.page_rows,
        }
        if unit.cursor:
            params["pageToken"] = unit.cursor
        try:
            answer = _get(ask, "playlistItems", params)
        except _NoUploads:
            if unit.cursor:
                raise
            return self._without_uploads(unit, ask, context)
        uploads = answer.body.get("items", [])
        wanted = [native for native in (_wanted(upload, unit.since) for upload in uploads) if native]
        videos = _list(ask, "videos", _VIDEO, wanted) if wanted else None
        page, times = Page(answer.at), list[str]()

        def post(upload: dict[str, Any]) -> Event | None:
            native, published = cut_upload(upload)
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
        page.got = int(page.cursor is None)
        return page

    def _without_uploads(self, unit: Unit, ask: Ask, context: Context) -> Page:
        """Ask for a channel that has no list of uploads: it never uploaded, or it is not there itself."""
        page = self._accounts(unit, ask, context)
        if not (page.got or page.unavailable):
            raise UnitFailed("the channel has no list of uploads and cannot be read itself")
        return page

    def _ages(self, unit: Unit, ask: Ask, context: Context) -> Page:
        videos = _list(ask, "videos", _VIDEO, [subject.rpartition("/")[2] for subject in unit.subjects])
        page = Page(videos.answer.at)
        page.read("videos", unit.subjects, lambda subject: _video(videos, subject, page, context))
        return _counted(page)


@dataclass(frozen=True)
class _Listed:
    """What came for the ids asked for.

    Attributes:
        answer: the answer they came in.
        items: id -> what came.
        has_strays: whether something came that was not asked for, or whose id cannot be read.
    """

    answer: Answer
    items: Mapping[str, Any]
    has_strays: bool

    def item(self, native: str) -> dict[str, Any] | None:
        """Return what came for an id; None if the platform left it out.

        Raises:
            Refused: it may be what came without a readable id.
        """
        if native not in self.items and self.has_strays:
            raise Refused("it did not come, but something came that was not asked for")
        return self.items.get(native)


def _video(videos: _Listed, subject: str, page: Page, context: Context) -> Event:
    """Return a video that was asked for as an event; what YouTube leaves out is not shown to the public.

    That holds in a timeline too: what the channel's own list names and ``videos`` leaves out was seen to be gone.
    """
    channel_id, _, native = subject.partition(":")[2].partition("/")
    video = videos.item(native)
    if video is None:
        return _left_out(videos, context, "post.unavailable", subject, native)
    kept = cut_video(video, page.outcome)
    if kept["snippet"]["channelId"] != channel_id:
        raise Refused("the video is somebody else's")
    return context.event(videos.answer, "post.observed", subject, VIDEO_SCHEMA, kept)


def _counted(page: Page) -> Page:
    """Return a page of things that were asked for by id, with the counts of those that came and those that did not."""
    page.unavailable = sum(event.dataschema == MISSING_SCHEMA for event in page.events)
    page.got = len(page.events) - page.unavailable
    return page


def _left_out(listed: _Listed, context: Context, kind: str, subject: str, native: str) -> Event:
    return context.event(listed.answer, kind, subject, MISSING_SCHEMA, {"id": native, "reason": "left-out"})


def _wanted(upload: dict[str, Any], since: str) -> str:
    """Return a video's id; empty if it is older than what is wanted, or cannot be read."""
    try:
        native, published = cut_upload(upload)
    except (AttributeError, Refused):
        return ""
    return "" if published and published < since else native


def _list(ask: Ask, name: str, parts: Mapping[str, Facts], ids: Collection[str]) -> _Listed:
    """Ask for things by their ids.

    Raises:
        PlatformStopped, UnitFailed: as ``_get``; or the answer is but the first page of several.
    """
    answer = _get(ask, name, {"part": ",".join(parts), "id": ",".join(ids), "maxResults": 50})
    if "nextPageToken" in answer.body:
        raise UnitFailed(f"YouTube answered with a part of the {name} only")
    items = {str(item.get("id")): item for item in answer.body.get("items", [])}
    return _Listed(answer, items, not items.keys() <= set(ids))


def _get(ask: Ask, name: str, params: Mapping[str, str | int]) -> Answer:
    """Ask once for a list of the platform's.

    Raises:
        PlatformStopped: the quota is used up, or the key is refused.
        _NoUploads, UnitFailed: this question is refused, or answered with something else.
    """
    answer = ask("list", f"/{name}", params)
    if answer.is_ok:
        if not isinstance(answer.body, dict) or answer.body.get("kind") != f"youtube#{name[:-1]}ListResponse":
            raise UnitFailed(f"YouTube answered with something else than a list of {name}")
        return answer
    reasons = _reasons(answer.body)
    said = f"{answer.status} {', '.join(sorted(reasons)) or 'without a word'}"
    if "playlistNotFound" in reasons:
        raise _NoUploads(f"YouTube has no such list: {said}")
    if reasons & _NO_QUOTA:
        raise PlatformStopped("the quota of the day is used up; it opens again at midnight Pacific time")
    if reasons & _BAD_KEY or (answer.status in (401, 403) and not reasons & _NOT_SHOWN):
        raise PlatformStopped(f"YouTube refused the key in {KEY}: {said}")
    raise UnitFailed(f"YouTube refused the question: {said}")


def _reasons(body: Any) -> set[str]:
    """Return the code words of an error, from both places where they may stand."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return set()
    reasons = [item.get("reason") for item in (*error.get("errors", ()), *error.get("details", ()))]
    return {reason for reason in reasons if isinstance(reason, str) and WORD.fullmatch(reason)}
