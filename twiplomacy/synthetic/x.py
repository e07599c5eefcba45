"""X in the world: the API v2 on loopback, and an archive in the shape of API v1.1.

In: the world at a moment. Out: answers and lines in the platform's own shape, canaries in all that must be dropped.
Never: a post that is not there yet, or not any more.
"""

import json
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from twiplomacy.synthetic import worlds, x_api
from twiplomacy.synthetic.cast import ministry
from twiplomacy.synthetic.loopback import Reply, Request
from twiplomacy.synthetic.model import Account, Post, World
from twiplomacy.synthetic.x_api import XServer, problem

MEDIA = {"photo": "3_1", "video": "7_1"}


class X(XServer):
    """Answers as X does of the world."""

    def __init__(self, world: World) -> None:
        super().__init__([], [])
        self.world, self.page_size = world, 100

    def show(self, moment: datetime) -> None:
        """Be as the platform is at a moment."""
        accounts = self.world.accounts_on("x", moment)
        posts = list(self.world.posts_on("x", moment))
        lifetime = Counter(post.account_id for post in posts)
        self.users = {
            account.native: user(account, moment.date(), lifetime[account.account_id]) for account in accounts
        }
        self.posts = {post.native: rendered(post, moment) for post in posts}
        self.suspended = {
            account.native for account in self.world.accounts.values() if account.suspended <= moment.date()
        }
        self.follows = {account.native: [other.partition(":")[2] for other in account.follows] for account in accounts}
        self.counts = {ministry(number).partition(":")[2]: self._days(ministry(number), moment) for number in range(2)}

    def answer(self, request: Request) -> Reply:
        match request.path.split("/")[2:]:
            case ["users", native, "following"] if native not in self.users:
                return Reply({"errors": [problem("resource-not-found", native)]})
            case ["users", native, "following"] if self.users[native]["protected"]:
                return Reply({"errors": [problem("not-authorized-for-resource", native)]})
        return super().answer(request)

    def _days(self, account_id: str, moment: datetime) -> list[dict[str, Any]]:
        """Return the posts of each day of the year; the last day is not over."""
        posts = Counter(post.at.date() for post in self.world.posts_on("x", moment) if post.account_id == account_id)
        first = date(moment.year, 1, 1)
        days = [first + timedelta(days=number) for number in range((moment.date() - first).days + 1)]
        ends = [f"{day}T00:00:00.000Z" for day in days[1:]] + [f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"]
        return [
            {"start": f"{day}T00:00:00.000Z", "end": end, "tweet_count": posts[day]}
            for day, end in zip(days, ends, strict=True)
        ]


def user(account: Account, day: date, lifetime: int) -> dict[str, Any]:
    whole = x_api.user(int(account.native))
    return whole | {
        "username": account.handle_on(day),
        "created_at": f"{account.created}T00:00:00.000Z",
        "protected": account.is_protected,
        "verified": account.is_verified_on(day),
        "verified_type": "government" if account.is_verified_on(day) else "none",
        "public_metrics": whole["public_metrics"]
        | {
            "followers_count": account.audience_on(day),
            "following_count": len(account.follows),
            "tweet_count": lifetime,
        },
    }


def rendered(post: Post, moment: datetime) -> dict[str, Any]:
    whole = x_api.post(int(post.native), int(post.account_id.partition(":")[2]), post.stamp())
    counted = post.reposted or post
    whole["public_metrics"] |= {
        "retweet_count": counted.grown("reposts", moment),
        "like_count": 0 if post.reposted else post.grown("likes", moment),
        "reply_count": post.grown("replies", moment),
        "quote_count": post.grown("quotes", moment),
        "impression_count": 20 * post.grown("likes", moment),
    }
    mentions = [(10, other) for other in post.mentions]
    references = []
    if post.reposted:
        mentions.append((3, post.reposted.account_id))
        references.append({"type": "retweeted", "id": post.reposted.native})
        whole["text"] = f"RT @u: {worlds.CANARY}"
    if post.replied_to:
        whole["in_reply_to_user_id"] = post.replied_to.partition(":")[2]
        references.append({"type": "replied_to", "id": str(int(post.native) - 1)})
    if post.is_quote:
        references.append({"type": "quoted", "id": str(int(post.native) - 2)})
    whole["lang"], whole["referenced_tweets"] = post.language, references
    whole["entities"] = {
        "hashtags": [{"start": 0, "end": 6, "tag": tag} for tag in post.hashtags],
        "mentions": [
            {"start": start, "end": start + 6, "username": "u", "id": other.partition(":")[2]}
            for start, other in mentions
        ],
        "urls": whole["entities"]["urls"] if post.kind == "link" else [],
        "annotations": whole["entities"]["annotations"],
    }
    whole["attachments"] = {"media_keys": [MEDIA[post.kind]]} if post.kind in MEDIA else {}
    return {name: value for name, value in whole.items() if value not in ([], {})}


def archive(world: World, account: Account, moment: datetime) -> str:
    """Return the timeline of an account as lines of whole tweets."""
    posts = [post for post in world.posts_on("x", moment) if post.account_id == account.account_id]
    profile = worlds.user(
        int(account.native),
        screen_name=account.handle,
        protected=account.is_protected,
        followers_count=account.audience_on(moment.date()),
        statuses_count=len(posts),
    )
    lines = [
        worlds.tweet(
            int(post.native),
            int(account.native),
            f"{post.at:%a %b %d %H:%M:%S +0000 %Y}",
            user=profile,
            favorite_count=post.likes,
            retweet_count=post.reposts,
        )
        for post in posts
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)


def with_fault(lines: str) -> str:
    """Return an archive with its first tweet a second time, under an id that lost digits."""
    first = json.loads(lines.partition("\n")[0])
    return json.dumps(first | {"id": 1.5e17, "id_str": 1.5e17}) + "\n" + lines
