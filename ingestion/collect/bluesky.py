"""Bluesky: what its AppView sends, cut to facts, and how to ask for it.

In: profiles, feeds, posts and errors in the shape of the ``app.bsky`` lexicons. Out: the same objects, facts only;
pages of events. Never: text, names, labels, media; a handle as a key, since handles change and the DID does not.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from ingestion.collect.facts import ISO_TIME, LANGUAGE, WORD, Facts, domain, instant, member
from ingestion.collect.http import Answer
from ingestion.collect.outcome import Outcome, Refused
from ingestion.collect.page import Ask, Context, Page, PlatformStopped, Unit, UnitFailed
from ingestion.events import Event

PROFILE_SCHEMA = "bluesky/profile"
POST_SCHEMA = "bluesky/feed-post"
ERROR_SCHEMA = "bluesky/error"
FOLLOWS_SCHEMA = "bluesky/follows"
MOST_FOLLOWED_PAGES = 100
"""Pages of 100 followed accounts that are asked for; who follows more is known in part."""
RATE = (3_000, 300)
"""Requests and seconds. The public AppView names no limit; a PDS allows this much."""

DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,256}")
AT_URI = re.compile(r"at://[A-Za-z0-9._:%-]{1,256}/[A-Za-z][A-Za-z0-9.-]{0,252}/[A-Za-z0-9._:~-]{1,512}")
"""Whose record, of which collection, under which key."""
_HANDLE = re.compile(r"[A-Za-z0-9.-]{1,253}")
_TAG = re.compile(r"\S{1,64}")
_FACET = "app.bsky.richtext.facet#"
_REPOST = "app.bsky.feed.defs#reasonRepost"

_WHO = Facts(texts=(("did", DID),))
_AUTHOR = Facts(texts=(("did", DID), ("handle", _HANDLE)))
_ACTOR = Facts(
    counts=("followersCount", "followsCount", "postsCount"),
    texts=(("did", DID), ("handle", _HANDLE), ("createdAt", ISO_TIME), ("indexedAt", ISO_TIME)),
    known="""associated avatar banner debug description displayName joinedViaStarterPack labels pinnedPost pronouns
    status verification viewer website""",
)
_VERIFICATION = Facts(texts=(("verifiedStatus", WORD), ("trustedVerifierStatus", WORD)))
_ITEM = Facts(known="post reason reply feedContext reqId opThreadPostCount opThreadPostIndex")
_POST = Facts(
    counts=("likeCount", "repostCount", "replyCount", "quoteCount", "bookmarkCount"),
    texts=(("uri", AT_URI), ("indexedAt", ISO_TIME)),
    known="author cid debug embed labels record threadgate viewer",
)
_RECORD = Facts(texts=(("createdAt", ISO_TIME),), known="embed entities facets labels langs reply tags text via")
_REPOSTED = Facts(texts=(("uri", AT_URI), ("indexedAt", ISO_TIME)))
_REFERENCE = Facts(texts=(("uri", AT_URI),))
_KIND = Facts(texts=(("$type", WORD),))
_ERROR = Facts(texts=(("error", WORD),))


def cut_profile(profile: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return a profile's facts.

    Raises:
        Refused: the DID or the handle is missing, or a fact is not of its form.
    """
    _ACTOR.count_unknown(profile, outcome, "profile.")
    kept = _ACTOR.cut(profile, ("did", "handle"))
    for name in kept.keys() & {"createdAt", "indexedAt"}:
        instant(kept[name])
    if profile.get("verification"):
        kept["verification"] = _VERIFICATION.cut(member(profile, "verification"))
    return kept


def cut_item(item: dict[str, Any], did: str, at: str, outcome: Outcome) -> dict[str, Any] | None:
    """Return the facts of one item of an account's feed; None if neither the post nor a repost of it is the account's.

    Args:
        item: the whole object.
        did: whose feed it came in.
        at: when it came.
        outcome: gets the unknown fields.

    Raises:
        Refused: an id or the time is missing, or a fact is not of its form.
    """
    _ITEM.count_unknown(item, outcome, "feed.")
    post, reason = member(item, "post"), item.get("reason") or {}
    author = _WHO.cut(member(post, "author"), ("did",))
    if reason.get("$type") == _REPOST and member(reason, "by").get("did") == did:
        reposted = _REPOSTED.cut(reason, ("uri", "indexedAt"))
        _refuse_later(reposted, "indexedAt", at)
        return {
            "post": {**_REFERENCE.cut(post, ("uri",)), "author": author},
            "reason": {**reposted, "by": {"did": did}},
        }
    return {"post": cut_post(post, at, outcome)} if author["did"] == did else None


def cut_post(post: dict[str, Any], at: str, outcome: Outcome) -> dict[str, Any]:
    """Return a post's facts.

    Args:
        post: the whole object.
        at: when it came.
        outcome: gets the unknown fields.

    Raises:
        Refused: the id, the author or the time is missing, or a fact is not of its form.
    """
    _POST.count_unknown(post, outcome, "post.")
    author = member(post, "author")
    _ACTOR.count_unknown(author, outcome, "author.")
    return {
        **_POST.cut(post, ("uri",)),
        "author": _AUTHOR.cut(author, ("did",)),
        "record": _cut_record(member(post, "record"), at, outcome),
    }


def _cut_record(record: dict[str, Any], at: str, outcome: Outcome) -> dict[str, Any]:
    # clients name the fields of a record as they like: what does not look like a name is counted without it
    names = {name if WORD.fullmatch(name) else "(no name)": None for name in record.keys() - {"$type"}}
    _RECORD.count_unknown(names, outcome, "record.")
    kept = _RECORD.cut(record, ("createdAt",))
    _refuse_later(kept, "createdAt", at)
    if reply := record.get("reply"):
        kept["reply"] = {name: _REFERENCE.cut(reply[name], ("uri",)) for name in ("root", "parent")}
    if record.get("embed"):
        kept["embed"] = _cut_embed(member(record, "embed"))
    lists = {
        "langs": [language for language in record.get("langs") or () if LANGUAGE.fullmatch(language)],
        "tags": [tag for tag in record.get("tags") or () if _TAG.fullmatch(tag)],
        "facets": [
            {"features": features}
            for facet in record.get("facets") or ()
            if (features := [fact for feature in facet["features"] if (fact := _cut_feature(feature))])
        ],
    }
    return kept | {name: items for name, items in lists.items() if items}


def _cut_embed(embed: dict[str, Any]) -> dict[str, Any]:
    """Return an embed's kind and, if it is one that quotes, the record it quotes."""
    kept: dict[str, Any] = _KIND.cut(embed, ("$type",))
    if kept["$type"] == "app.bsky.embed.record":
        kept["record"] = _REFERENCE.cut(member(embed, "record"), ("uri",))
    elif kept["$type"] == "app.bsky.embed.recordWithMedia":
        kept["record"] = {"record": _REFERENCE.cut(member(member(embed, "record"), "record"), ("uri",))}
        kept["media"] = _KIND.cut(member(embed, "media"), ("$type",))
    return kept


def _cut_feature(feature: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a stretch of text is, and the account, tag or domain it names; None if it is of another kind."""
    kind = feature.get("$type")
    if kind == f"{_FACET}mention":
        return {"$type": kind, **_WHO.cut(feature, ("did",))}
    if kind == f"{_FACET}link":
        return {"$type": kind, "domain": domain(feature["uri"])}
    if kind == f"{_FACET}tag" and _TAG.fullmatch(feature["tag"]):
        return {"$type": kind, "tag": feature["tag"]}
    return None


def _refuse_later(kept: Mapping[str, str], name: str, at: str) -> None:
    """Refuse a time after the answer: clients set the time of their posts, and some set it wrong."""
    if instant(kept[name]) > at:
        raise Refused(f"{name} lies after the answer")


def made_at(data: Mapping[str, Any]) -> str:
    """Return when a post or a repost was made, from its event's data."""
    return instant(data["reason"]["indexedAt"] if "reason" in data else data["post"]["record"]["createdAt"])


class _Refusal(UnitFailed):
    """The platform's word, in ``answer``, for why it refuses a question or shows no such account."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"Bluesky refused the question: {answer.status} {answer.body['error']}")
        self.answer = answer


class Bluesky:
    """Asks the public AppView."""

    code = "bluesky"
    adapter = "bluesky-api"
    address = "https://public.api.bsky.app"
    key_name = ""
    key_header = ("", "")
    parts: Mapping[str, int] = {"accounts": 25, "posts": 1, "ages": 25, "follows": 1}
    page_rows = 100
    requests_per_page: Mapping[str, int] = {}
    _methods: Mapping[str, str] = {
        "accounts": "app.bsky.actor.getProfiles",
        "posts": "app.bsky.feed.getAuthorFeed",
        "ages": "app.bsky.feed.getPosts",
        "follows": "app.bsky.graph.getFollows",
    }

    def operation(self, part: str) -> str:
        """Return the name of a part's requests in the price table."""
        return self._methods[part]

    @staticmethod
    def posted_at(data: Mapping[str, Any]) -> str:
        """Return when a post was made; empty for a repost, which has no counts of its own."""
        return "" if "reason" in data else made_at(data)

    def fetch(self, unit: Unit, ask: Ask, context: Context) -> Page:
        """Ask for one page of one unit."""
        try:
            page: Page = getattr(self, f"_{unit.part}")(unit, ask, context)
        except _Refusal as refusal:
            if unit.part not in ("posts", "follows"):
                raise
            page = Page(refusal.answer.at)
            _look_up(page, unit.subjects[0], ask, context)
            if not page.unavailable:
                raise
        return page

    def _accounts(self, unit: Unit, ask: Ask, context: Context) -> Page:
        answer = _ask(ask, self._methods["accounts"], actors=[_did(subject) for subject in unit.subjects])
        page, profiles = Page(answer.at), answer.body["profiles"]
        _read_profiles(page, profiles, unit.subjects, answer, context)
        shown = {profile.get("did") for profile in profiles}
        for subject in unit.subjects:
            if _did(subject) not in shown:
                _look_up(page, subject, ask, context)
        page.got = len(page.events) - page.unavailable
        return page

    def _posts(self, unit: Unit, ask: Ask, context: Context) -> Page:
        (subject,) = unit.subjects
        did = _did(subject)
        query = {"actor": did, "filter": "posts_with_replies", "limit": "100", "cursor": unit.cursor or ()}
        answer = _ask(ask, self._methods["posts"], **query)
        page, items = Page(answer.at, cursor=answer.body.get("cursor")), answer.body["feed"]
        moments: list[str] = []

        def own(item: dict[str, Any]) -> Event | None:
            kept = cut_item(item, did, answer.at, page.outcome)
            if kept is None:
                return None
            made = _subject(kept.get("reason", kept["post"])["uri"], did)
            moments.append(made_at(kept))
            if moments[-1] < unit.since:
                return None
            return context.event(answer, "post.observed", made, POST_SCHEMA, kept)

        page.read(f"feed of {subject}", items, own)
        page.oldest_at = min(moments, default="")
        # the feed is in the order of times that clients set: one old item says nothing of those that follow
        if items and len(moments) == len(items) and max(moments) < unit.since:
            page.cursor = None
        page.got = int(page.cursor is None)
        return page

    def _ages(self, unit: Unit, ask: Ask, context: Context) -> Page:
        uris = {_uri(subject): subject for subject in unit.subjects}
        answer = _ask(ask, self._methods["ages"], uris=list(uris))
        page, posts = Page(answer.at), answer.body["posts"]

        def asked(post: dict[str, Any]) -> Event | None:
            kept = cut_post(post, answer.at, page.outcome)
            subject = _subject(kept["uri"], kept["author"]["did"])
            data = {"post": kept}
            return context.event(answer, "post.observed", subject, POST_SCHEMA, data) if kept["uri"] in uris else None

        page.read("posts", posts, asked)
        page.got = len(page.events)
        shown = {post.get("uri") for post in posts}
        for uri, subject in uris.items():
            if uri not in shown and None not in shown:  # else the one without a URI may be it
                page.add(context.event(answer, "post.unavailable", subject, ERROR_SCHEMA, {"uri": uri}))
                page.unavailable += 1
        return page

    def _follows(self, unit: Unit, ask: Ask, context: Context) -> Page:
        (subject,) = unit.subjects
        did = _did(subject)
        answer = _ask(ask, self._methods["follows"], actor=did, limit="100", cursor=unit.cursor or ())
        page = Page(answer.at, cursor=answer.body.get("cursor"))
        peers = [{"did": actor["did"]} for actor in answer.body["follows"] if actor["did"] in context.peers]
        data = {"did": did, "follows": peers, "is_last": page.cursor is None}
        page.add(context.event(answer, "follows.observed", subject, FOLLOWS_SCHEMA, data))
        if page.cursor is not None and unit.seen_count + 1 >= MOST_FOLLOWED_PAGES:
            page.cursor, page.limit_code = None, "reach_limit"
        page.got = int(page.cursor is None)
        return page


def _read_profiles(
    page: Page, profiles: Sequence[Any], subjects: Sequence[str], answer: Answer, context: Context
) -> None:
    def observed(profile: dict[str, Any]) -> Event | None:
        kept = cut_profile(profile, page.outcome)
        subject = f"bluesky:{kept['did']}"
        return context.event(answer, "account.observed", subject, PROFILE_SCHEMA, kept) if subject in subjects else None

    page.read("profiles", profiles, observed)


def _look_up(page: Page, subject: str, ask: Ask, context: Context) -> None:
    """Ask for one profile that a list left out: it is there after all, or the platform says why it is not shown.

    Raises:
        UnitFailed: the question is refused, which says nothing of the account.
    """
    try:
        answer = _ask(ask, "app.bsky.actor.getProfile", actor=_did(subject))
    except _Refusal as refusal:
        answer, error = refusal.answer, refusal.answer.body["error"]
        is_not_found = "not found" in str(answer.body.get("message")).lower()
        if error == "InvalidRequest" and not is_not_found:  # the word for any question that is at fault
            raise
        data = {"did": _did(subject), "error": error, "is_not_found": is_not_found}
        page.add(context.event(answer, "account.unavailable", subject, ERROR_SCHEMA, data))
        page.unavailable += 1
    else:
        _read_profiles(page, [answer.body], (subject,), answer, context)


def _did(account_id: str) -> str:
    return account_id.partition(":")[2]


def _uri(subject: str) -> str:
    account_id, _, key = subject.partition("/")
    return f"at://{_did(account_id)}/app.bsky.feed.post/{key}"


def _subject(uri: str, did: str) -> str:
    """Return the subject that the URI of one of an account's records names.

    Raises:
        Refused: the record is another account's.
    """
    owner, _, key = uri.removeprefix("at://").split("/")
    if owner != did:
        raise Refused("the uri is not its author's")
    return f"bluesky:{did}/{key}"


def _ask(ask: Ask, method: str, **query: str | Sequence[str]) -> Answer:
    """Ask once; an empty list is no parameter.

    Raises:
        PlatformStopped: the host turns this project away.
        UnitFailed: this question is refused.
    """
    answer = ask(method, f"/xrpc/{method}?{urlencode(query, doseq=True)}", bucket=ask.http.bucket("bluesky", *RATE))
    if answer.is_ok:
        return answer
    said = _ERROR.cut(answer.body if isinstance(answer.body, dict) else {})
    if said and answer.status == 400:  # noqa: PLR2004
        raise _Refusal(answer)
    title = f"{answer.status} {said.get('error', 'without a word')}"
    if answer.status in (401, 403):
        raise PlatformStopped(f"Bluesky turned this project away: {title}")
    raise UnitFailed(f"Bluesky refused the question: {title}")
