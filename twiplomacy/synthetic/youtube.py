"""YouTube in the world: Data API v3 on loopback.

In: the world at a moment. Out: answers in the platform's own shape, made of recorded ones. Never: a count as a number;
the platform sends text.
"""

from datetime import datetime
from typing import Any

from twiplomacy.synthetic.loopback import Reply, Request
from twiplomacy.synthetic.model import Account, Post, World
from twiplomacy.synthetic.templates import template

LISTS = template("youtube")


class YouTube:
    """Answers as YouTube does of the world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def show(self, moment: datetime) -> None:
        """Be as the platform is at a moment."""
        self.accounts = {account.native: account for account in self.world.accounts_on("youtube", moment)}
        self.posts = {post.native: post for post in self.world.posts_on("youtube", moment)}
        self.moment = moment

    def answer(self, request: Request) -> Reply:
        name = request.path.removeprefix("/")
        if name == "playlistItems":
            channel = request.query["playlistId"].replace("UU", "UC", 1)
            own = [post for post in self.posts.values() if post.account_id == f"youtube:{channel}"]
            return _list(name, [_upload(post) for post in own])
        ids = request.query["id"].split(",")
        if name == "channels":
            return _list(name, [self._channel(self.accounts[one]) for one in ids if one in self.accounts])
        return _list(name, [self._video(self.posts[one]) for one in ids if one in self.posts])

    def _channel(self, account: Account) -> dict[str, Any]:
        videos = sum(post.account_id == account.account_id for post in self.posts.values())
        audience = 0 if account.hides_audience else account.audience_on(self.moment.date()) // 1_000 * 1_000
        counts = {"subscriberCount": str(audience), "hiddenSubscriberCount": account.hides_audience}
        item = _item("channels", statistics={**counts, "videoCount": str(videos)})
        return item | {"id": account.native, "snippet": item["snippet"] | {"customUrl": f"@{account.handle}"}}

    def _video(self, post: Post) -> dict[str, Any]:
        shown = {"channelId": post.account_id.partition(":")[2], "publishedAt": f"{post.stamp()}Z"}
        counts = {
            "viewCount": str(30 * post.grown("likes", self.moment)),
            "likeCount": str(post.grown("likes", self.moment)),
            "commentCount": str(post.grown("replies", self.moment)),
        }
        language = {"defaultAudioLanguage": post.language}
        return _item("videos", snippet=shown | language, statistics=counts) | {"id": post.native}


def _upload(post: Post) -> dict[str, Any]:
    details = {"videoId": post.native, "videoPublishedAt": f"{post.stamp()}Z"}
    return _item("playlistItems", contentDetails=details)


def _list(name: str, items: list[dict[str, Any]]) -> Reply:
    """Return a list; without the field if it is empty, as YouTube does."""
    head = {key: value for key, value in LISTS[name].items() if key != "items"}
    return Reply(head | ({"items": items} if items else {}))


def _item(name: str, **parts: dict[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = LISTS[name]["items"][0]
    return item | {part: item[part] | fields for part, fields in parts.items()}
