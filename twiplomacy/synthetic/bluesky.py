"""Bluesky in the world: the public AppView on loopback.

In: the world at a moment. Out: answers in the platform's own shape, made of recorded ones. Never: a post that is not
there yet, or not any more.
"""

from copy import deepcopy
from datetime import datetime
from typing import Any

from twiplomacy.synthetic.loopback import Reply, Request
from twiplomacy.synthetic.model import Account, Post, World
from twiplomacy.synthetic.templates import template

TEMPLATE = template("bluesky")
PROFILE: dict[str, Any]
PROFILE, POST = TEMPLATE["profile"], TEMPLATE["post"]
KIND = "app.bsky.embed"
PAGE = 100


class Bluesky:
    """Answers as the AppView does of the world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def show(self, moment: datetime) -> None:
        """Be as the platform is at a moment."""
        self.accounts = {account.native: account for account in self.world.accounts_on("bluesky", moment)}
        self.posts = list(self.world.posts_on("bluesky", moment))
        self.moment = moment

    def answer(self, request: Request) -> Reply:
        asked = {name: [value for other, value in request.pairs if other == name] for name in dict(request.pairs)}
        match request.path.rpartition(".")[2]:
            case "getProfiles":
                shown = [self._profile(did) for did in asked["actors"] if did in self.accounts]
                return Reply({"profiles": shown})
            case "getPosts":
                posts = {uri(post): post for post in self.posts}
                return Reply({"posts": [self._post(posts[one]) for one in asked["uris"] if one in posts]})
        did = asked["actor"][0]
        if did not in self.accounts:
            return Reply(TEMPLATE["profile_not_found"], 400)
        match request.path.rpartition(".")[2]:
            case "getProfile":
                return Reply(self._profile(did))
            case "getAuthorFeed":
                return Reply(self._feed(did, int(asked.get("cursor", ["0"])[0])))
        follows = [self._profile(other.partition(":")[2]) for other in self.accounts[did].follows]
        return Reply({"subject": self._profile(did), "follows": follows})

    def _profile(self, did: str) -> dict[str, Any]:
        account: Account = self.world.accounts[f"bluesky:{did}"]
        counts = {"followersCount": account.audience_on(self.moment.date()), "followsCount": len(account.follows)}
        return PROFILE | {"did": did, "handle": account.handle, "postsCount": self._lifetime(did), **counts}

    def _lifetime(self, did: str) -> int:
        return sum(post.account_id == f"bluesky:{did}" for post in self.posts)

    def _feed(self, did: str, first: int) -> dict[str, Any]:
        own = [post for post in self.posts if post.account_id == f"bluesky:{did}"]
        more = {"cursor": str(first + PAGE)} if len(own) > first + PAGE else {}
        return {"feed": [self._item(post) for post in own[first : first + PAGE]], **more}

    def _item(self, post: Post) -> dict[str, Any]:
        if not post.reposted:
            return {"post": self._post(post)}
        address = uri(post).replace("feed.post", "feed.repost")
        by = POST["author"] | {"did": post.account_id.partition(":")[2]}
        reason = TEMPLATE["reason"] | {"by": by, "uri": address, "indexedAt": f"{post.stamp()}.000Z"}
        return {"post": self._post(post.reposted), "reason": reason}

    def _post(self, post: Post) -> dict[str, Any]:
        whole: dict[str, Any] = deepcopy(POST)
        whole["uri"], whole["author"]["did"] = uri(post), post.account_id.partition(":")[2]
        whole |= {
            "likeCount": post.grown("likes", self.moment),
            "repostCount": post.grown("reposts", self.moment),
            "replyCount": post.grown("replies", self.moment),
            "quoteCount": post.grown("quotes", self.moment),
        }
        record = whole["record"]
        record |= {"createdAt": f"{post.stamp()}Z", "langs": [post.language]}
        features = [{"$type": "app.bsky.richtext.facet#tag", "tag": tag} for tag in post.hashtags]
        features += [
            {"$type": "app.bsky.richtext.facet#mention", "did": other.partition(":")[2]} for other in post.mentions
        ]
        record["facets"] = [{"index": {"byteStart": 0, "byteEnd": 5}, "features": [feature]} for feature in features]
        if post.replied_to:
            parent = {
                "uri": f"at://{post.replied_to.partition(':')[2]}/app.bsky.feed.post/3question",
                "cid": POST["cid"],
            }
            record["reply"] = {"root": parent, "parent": parent}
        if embed := _embed(post):
            record["embed"] = embed
        return whole


def _embed(post: Post) -> dict[str, Any]:
    if post.is_quote:
        quoted = {"uri": f"at://{post.account_id.partition(':')[2]}/app.bsky.feed.post/3quoted", "cid": POST["cid"]}
        return {"$type": f"{KIND}.record", "record": quoted}
    kinds = {"photo": f"{KIND}.images", "video": f"{KIND}.video", "link": f"{KIND}.external"}
    return {"$type": kinds[post.kind]} if post.kind in kinds else {}


def uri(post: Post) -> str:
    return f"at://{post.account_id.partition(':')[2]}/app.bsky.feed.post/{post.native}"
