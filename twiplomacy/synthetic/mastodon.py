"""Mastodon in the world: the API of several servers, all of them behind one address of loopback.

In: the world at a moment. Out: answers in the platform's own shape, made of recorded ones. Never: an account shown by a
server that is not its home.
"""

from copy import deepcopy
from datetime import datetime
from typing import Any

from twiplomacy.synthetic.loopback import Reply, Request
from twiplomacy.synthetic.model import Account, Post, World
from twiplomacy.synthetic.templates import template

TEMPLATE = template("mastodon")
ACCOUNT: dict[str, Any]
ACCOUNT, STATUS, MEDIA = TEMPLATE["account"], TEMPLATE["status"], TEMPLATE["media"]
PAGE = 40
NOT_FOUND = Reply({"error": "Record not found"}, 404)


class Mastodon:
    """Answers as each account's home server does of the world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def show(self, moment: datetime) -> None:
        """Be as the servers are at a moment."""
        self.accounts = {account.native: account for account in self.world.accounts_on("mastodon", moment)}
        self.posts = list(self.world.posts_on("mastodon", moment))
        self.moment = moment

    def answer(self, request: Request) -> Reply:
        match request.path.split("/")[1:]:
            case [server, "api", "v1", "accounts", native, *rest] if f"{native}@{server}" in self.accounts:
                account = self.accounts[f"{native}@{server}"]
                match rest:
                    case []:
                        return Reply(self._account(account))
                    case ["statuses"]:
                        return self._statuses(account, request)
                    case ["following"]:
                        return Reply([] if account.hides_follows else self._followed(account, server))
            case [server, "api", "v1", "statuses", native]:
                return next(
                    (
                        Reply(self._status(post))
                        for post in self.posts
                        if post.native == native and _home(post) == server
                    ),
                    NOT_FOUND,
                )
        return NOT_FOUND

    def _statuses(self, account: Account, request: Request) -> Reply:
        own = [post for post in self.posts if post.account_id == account.account_id]
        below = int(request.query.get("max_id", 1 << 90))
        page = [post for post in own if int(post.native) < below][:PAGE]
        is_last = not page or page[-1] is own[-1]
        link = f'<https://{_home(page[-1])}/next?max_id={page[-1].native}>; rel="next"' if not is_last else ""
        return Reply([self._status(post) for post in page], headers={"Link": link} if link else {})

    def _followed(self, account: Account, server: str) -> list[dict[str, Any]]:
        followed = [self.world.accounts[other] for other in account.follows]
        return [
            self._account(other) | {"acct": other.handle.partition("@")[0] if _at(other) == server else other.handle}
            for other in followed
        ]

    def _account(self, account: Account) -> dict[str, Any]:
        audience = -1 if account.hides_audience else account.audience_on(self.moment.date())
        name = account.handle.partition("@")[0]
        counts = {
            "followers_count": audience,
            "following_count": len(account.follows),
            "statuses_count": self._all(account),
        }
        return (
            ACCOUNT
            | {"id": account.native.partition("@")[0], "username": name, "acct": name, **counts}
            | {"hide_collections": account.hides_follows}
        )

    def _all(self, account: Account) -> int:
        return sum(post.account_id == account.account_id for post in self.posts)

    def _status(self, post: Post) -> dict[str, Any]:
        whole: dict[str, Any] = deepcopy(STATUS)
        author = ACCOUNT | {"id": _native(post.account_id)}
        whole |= {
            "id": post.native,
            "created_at": f"{post.stamp()}.000Z",
            "account": author,
            "language": post.language,
            "uri": f"https://{_home(post)}/statuses/{post.native}",
            "favourites_count": 0 if post.reposted else post.grown("likes", self.moment),
            "reblogs_count": 0 if post.reposted else post.grown("reposts", self.moment),
            "replies_count": post.grown("replies", self.moment),
            "quotes_count": post.grown("quotes", self.moment),
            "mentions": [{"id": _native(other), "username": "u", "url": "", "acct": "u"} for other in post.mentions],
            "tags": [{"name": tag.lower(), "url": ""} for tag in post.hashtags],
            "media_attachments": [MEDIA | {"type": {"photo": "image"}.get(post.kind, post.kind)}]
            if post.kind in ("photo", "video")
            else [],
            "card": {"url": "https://www.example.org/canary"} if post.kind == "link" else None,
        }
        if post.replied_to:
            whole |= {"in_reply_to_id": "1", "in_reply_to_account_id": _native(post.replied_to)}
        if post.is_quote:
            whole["quote"] = {"state": "accepted", "quoted_status": None}
        if post.reposted:
            whole["reblog"] = self._status(post.reposted)
        return whole


def _native(account_id: str) -> str:
    return account_id.partition(":")[2].partition("@")[0]


def _home(post: Post) -> str:
    return post.account_id.partition("@")[2]


def _at(account: Account) -> str:
    return account.native.partition("@")[2]
