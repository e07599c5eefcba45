"""The shape of YouTube Data API v3: its channels, uploads, videos and errors, cut to facts.

The platform sends counts as text; the facts have them as numbers. A hidden count is left out.
"""

import re
from collections.abc import Mapping
from typing import Any

from ingestion.collect import facts
from ingestion.collect.facts import InWords, Whitelist, identity, instant, member
from ingestion.collect.outcome import Outcome, Refused
from ingestion.roster.cells import FORMULA, UNSEEN_CLASS

CHANNEL_SCHEMA = "youtube/channel"
VIDEO_SCHEMA = "youtube/video"
MISSING_SCHEMA = "youtube/missing"
_CHANNEL_ID = re.compile(r"UC[\w-]{5,40}", re.ASCII)
_VIDEO_ID = re.compile(r"[\w-]{5,32}", re.ASCII)
_COUNT = re.compile(r"\d{1,12}", re.ASCII)
_OUTER = Whitelist(known="contentDetails etag id kind snippet statistics status")
CHANNEL: Mapping[str, Whitelist] = {
    "snippet": Whitelist(
        texts=(
            ("country", re.compile(r"[A-Z]{2}")),
            (
                "customUrl",
                InWords("a handle", re.compile(rf"@?(?![{FORMULA}])[^\s@/?#<>{UNSEEN_CLASS}]{{1,100}}").fullmatch),
            ),
            ("defaultLanguage", facts.LANGUAGE),
            ("publishedAt", facts.ISO_TIME),
        ),
        known="description localized thumbnails title",
    ),
    "statistics": Whitelist(
        flags=("hiddenSubscriberCount",),
        texts=(("subscriberCount", _COUNT), ("videoCount", _COUNT), ("viewCount", _COUNT)),
        known="commentCount",
    ),
}
VIDEO: Mapping[str, Whitelist] = {
    "snippet": Whitelist(
        texts=(
            ("categoryId", facts.ID),
            ("channelId", _CHANNEL_ID),
            ("defaultAudioLanguage", facts.LANGUAGE),
            ("defaultLanguage", facts.LANGUAGE),
            ("liveBroadcastContent", facts.WORD),
            ("publishedAt", facts.ISO_TIME),
        ),
        known="channelTitle description localized tags thumbnails title",
    ),
    "statistics": Whitelist(
        texts=(("commentCount", _COUNT), ("likeCount", _COUNT), ("viewCount", _COUNT)),
        known="dislikeCount favoriteCount",
    ),
    "contentDetails": Whitelist(
        texts=(("duration", re.compile(r"P[\dDHMSTW.]{1,30}", re.ASCII)),),
        known="""caption contentRating countryRestriction definition dimension hasCustomThumbnail licensedContent
        projection regionRestriction""",
    ),
    "status": Whitelist(
        spared_flags=("madeForKids",),
        texts=(("license", facts.WORD), ("privacyStatus", facts.WORD)),
        known="""containsSyntheticMedia embeddable failureReason publicStatsViewable publishAt rejectionReason
        selfDeclaredMadeForKids uploadStatus""",
    ),
}
"""Requested part of a channel or of a video -> the fields that are kept."""


def cut_channel(channel: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return a channel's facts; a count of subscribers that is called hidden is dropped.

    Raises:
        Refused: the id or a part is missing, or a fact has another form.
    """
    kept = _cut(channel, CHANNEL, "channel", _CHANNEL_ID, outcome)
    if kept["statistics"].get("hiddenSubscriberCount"):
        kept["statistics"].pop("subscriberCount", None)
    return kept


def cut_video(video: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return a video's facts; the platform leaves out a count that its owner hides.

    Raises:
        Refused: the id, the channel, the time or a part is missing, or a fact has another form.
    """
    kept = _cut(video, VIDEO, "video", _VIDEO_ID, outcome)
    if missing := {"channelId", "publishedAt"} - kept["snippet"].keys():
        raise Refused(f"{', '.join(sorted(missing))} is missing")
    return kept


def cut_upload(upload: dict[str, Any]) -> tuple[str, str]:
    """Return a video's id, and when it was published; empty if the platform does not say, e.g. for a private one.

    Raises:
        Refused: there is no id, or no such time.
    """
    details = member(upload, "contentDetails")
    published = details.get("videoPublishedAt")
    return identity(details.get("videoId"), "video", _VIDEO_ID), instant(published) if published else ""


def error_words(body: Any) -> set[str]:
    """Return the code words of an error, from both lists in which they may be."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return set()
    reasons = [item.get("reason") for item in (*error.get("errors", ()), *error.get("details", ()))]
    return {reason for reason in reasons if isinstance(reason, str) and facts.WORD.fullmatch(reason)}


def posted_at(data: Mapping[str, Any]) -> str:
    """Return when a video was published, from its event's data."""
    return instant(data["snippet"]["publishedAt"])


def _cut(
    thing: dict[str, Any], parts: Mapping[str, Whitelist], what: str, form: re.Pattern[str], outcome: Outcome
) -> dict[str, Any]:
    _OUTER.count_unknown(thing, outcome, f"{what}.")
    kept: dict[str, Any] = {"id": identity(thing.get("id"), what, form)}
    for name, whitelist in parts.items():
        part = member(thing, name)
        whitelist.count_unknown(part, outcome, f"{what}.{name}.")
        kept[name] = whitelist.cut(part)
    kept["statistics"] = {
        name: int(value) if isinstance(value, str) else value for name, value in kept["statistics"].items()
    }
    if "publishedAt" in kept["snippet"]:
        instant(kept["snippet"]["publishedAt"])
    return kept
