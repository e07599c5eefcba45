"""X API v2 in small: a world of users and posts in the platform's own shape, in its old words or its new."""

from collections.abc import Mapping
from typing import Any

from twiplomacy.synthetic.loopback import Reply, Request

CANARY = "Canary sings in the text"
PROBLEM = "https://api.twitter.com/2/problems/"


def user(user_id: int, word: str = "tweet", **changes: Any) -> dict[str, Any]:
    """A whole user object, canaries in all that must be dropped."""
    return {
        "id": str(user_id),
        "username": f"user{user_id}",
        "name": CANARY,
        "description": CANARY,
        "location": CANARY,
        "url": "https://t.co/canary",
        "profile_image_url": "https://pbs.example/canary.jpg",
        "created_at": "2013-01-01T00:00:00.000Z",
        "protected": False,
        "verified": True,
        "verified_type": "government",
        "public_metrics": {
            "followers_count": 1000,
            "following_count": 10,
            f"{word}_count": 7,
            "listed_count": 1,
            "like_count": 2,
        },
        **changes,
    }


def post(post_id: int, author: int, created_at: str, word: str = "tweet", **changes: Any) -> dict[str, Any]:
    """A whole post object, canaries in all that must be dropped."""
    return {
        "id": str(post_id),
        "author_id": str(author),
        "created_at": f"{created_at}.000Z",
        "text": CANARY,
        "lang": "en",
        "conversation_id": str(post_id),
        f"edit_history_{word}_ids": [str(post_id)],
        "entities": {
            "hashtags": [{"start": 0, "end": 6, "tag": "Peace"}],
            "urls": [
                {"start": 7, "end": 20, "url": "https://t.co/x", "expanded_url": "https://www.example.org/canary"},
                {"start": 21, "end": 30, "url": "https://t.co/y", "expanded_url": "https://x.com/canary/photo/1"}
                | {"media_key": "3_1234567890"},
            ],
            "annotations": [{"normalized_text": CANARY}],
        },
        "attachments": {"media_keys": ["3_1234567890"]},
        "public_metrics": {
            {"tweet": "retweet_count", "post": "repost_count"}[word]: 10,
            "reply_count": 3,
            "like_count": 20,
            "quote_count": 1,
            "bookmark_count": 0,
            "impression_count": 500,
        },
        **changes,
    }


def problem(kind: str, native_id: str, detail: str = "") -> dict[str, Any]:
    """What a 200 says of a subject it does not show."""
    return {"resource_id": native_id, "parameter": "ids", "title": "t", "detail": detail, "type": PROBLEM + kind}


class XServer:
    """Answers as X does from ``users`` and ``posts``, two posts a page; what is missing is an error in a 200."""

    def __init__(self, users: list[dict[str, Any]], posts: list[dict[str, Any]]) -> None:
        self.users = {item["id"]: item for item in users}
        self.posts = {item["id"]: item for item in posts}
        self.follows: dict[str, list[str]] = {}
        self.counts: dict[str, list[dict[str, Any]]] = {}
        self.suspended: set[str] = set()
        self.page_size = 2

    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != "Bearer the-key":
            return Reply({"title": "Unauthorized", "type": "about:blank", "status": 401}, 401)
        match request.path.split("/")[2:]:
            case ["users"]:
                reply = self._by_ids(request.query["ids"], self.users)
            case ["users", "by"]:
                named = {item["username"].lower(): item for item in self.users.values()}
                reply = self._by_ids(request.query["usernames"], named)
            case ["tweets"]:
                reply = self._by_ids(request.query["ids"], self.posts)
            case ["users", user_id, "tweets"]:
                reply = self._timeline(user_id, request.query)
            case ["users", user_id, "following"]:
                users = [{"id": other, "name": CANARY, "username": "u"} for other in self.follows.get(user_id, [])]
                reply = Reply({"data": users, "meta": {"result_count": len(users)}} if users else {"meta": {}})
            case ["tweets", "counts", "all"]:
                days = self.counts.get(request.query["query"].removeprefix("from:"), [])
                reply = Reply({"data": days, "meta": {}})
            case _:
                reply = Reply({"title": "Not Found"}, 404)
        return reply

    def _by_ids(self, ids: str, known: Mapping[str, Any]) -> Reply:
        asked = ids.split(",")
        errors = [
            problem(
                "resource-not-found", one, f"User has been suspended: [{one}]." if one in self.suspended else "gone"
            )
            for one in asked
            if one not in known
        ]
        data = [known[one] for one in asked if one in known]
        return Reply({**({"data": data} if data else {}), **({"errors": errors} if errors else {})})

    def _timeline(self, user_id: str, query: Mapping[str, str]) -> Reply:
        if user_id not in self.users:
            return Reply({"errors": [problem("resource-not-found", user_id)]})
        if self.users[user_id]["protected"]:
            return Reply({"errors": [problem("not-authorized-for-resource", user_id, "Sorry, you are not authorized")]})
        since = query["start_time"]
        own = [
            item for item in self.posts.values() if item["author_id"] == user_id and item["created_at"] >= since[:19]
        ]
        own.sort(key=lambda item: item["created_at"], reverse=True)
        first = int(query.get("pagination_token", 0))
        page = own[first : first + self.page_size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if len(own) > first + self.page_size:
            meta["next_token"] = str(first + self.page_size)
        return Reply({**({"data": page} if page else {}), "meta": meta})
