"""What platforms sent, as it was recorded, and single objects of it with other fields; a test may change them."""

import json
from typing import Any

from tests.conftest import PROJECT


def body(platform: str, name: str) -> Any:
    """Return a recorded body."""
    return json.loads((PROJECT / "tests" / "recordings" / platform / f"{name}.json").read_text(encoding="utf-8"))


def bluesky_item(key: str = "3mplain", created: str | None = "2026-02-20T09:00:00Z", **post: Any) -> dict[str, Any]:
    """Return an item of the president's feed: the recorded plain post under a key and a time of its own."""
    whole: dict[str, Any] = body("bluesky", "feed_first")["feed"][1]
    whole["post"]["uri"] = f"{whole['post']['uri'].rpartition('/')[0]}/{key}"
    whole["post"]["record"]["createdAt"] = created
    whole["post"] |= post
    return whole


def bluesky_repost(**reason: Any) -> dict[str, Any]:
    """Return an item of the president's feed: the recorded repost of another's post."""
    whole: dict[str, Any] = body("bluesky", "feed_first")["feed"][0]
    whole["reason"] |= reason
    return whole


def mastodon_status(number: int, created: str = "2026-02-20T09:00:00.000Z", **changes: Any) -> dict[str, Any]:
    """Return a status of the president's: the recorded quote without its quote."""
    whole: dict[str, Any] = body("mastodon", "statuses")[2]
    return whole | {"id": f"1130000000000{number:05}", "created_at": created, "quote": None} | changes


def youtube_item(name: str, number: int = 0, **parts: dict[str, Any]) -> dict[str, Any]:
    """Return an item of a recorded list with other fields in its parts."""
    whole: dict[str, Any] = body("youtube", name)["items"][number]
    return whole | {part: whole[part] | fields for part, fields in parts.items()}
