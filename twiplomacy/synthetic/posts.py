"""What is posted: by chance, and on purpose where a figure has to be looked up.

In: a world without posts, chance with a seed. Out: its posts. Never: a post on purpose that chance may move or count.
"""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from twiplomacy.synthetic.cast import HANDOVER_AT, SHARED_DAY, archived, ministry, president, x_id
from twiplomacy.synthetic.missions import EVIDENCE
from twiplomacy.synthetic.model import YEARS, Account, Post, World
from twiplomacy.synthetic.states import CODES

LAST = YEARS[1]
STRANGERS = {
    "x": x_id(999),
    "bluesky": "bluesky:did:plc:syntheticstrangerzzzzzzz",
    "mastodon": "mastodon:1999@social.synthetic.example",
}
"""Somebody on each platform whom the roster does not have."""
LANGUAGES = ("en", "en", "fr", "es", "ar")
TAGS = ("Peace", "Trade", "Climate", "Health")
CAMPAIGN, CAMPAIGN_DAYS = "SyntheticOceans", (date(LAST, 6, 8), date(LAST, 6, 10))
QUESTIONS, QUESTION_TAG = 17, "AskSynthetic"
"""Whose president answers questions, and under which tag."""
QUESTIONS_AT = (datetime(LAST, 9, 12, 14, tzinfo=UTC), datetime(LAST, 9, 12, 16, tzinfo=UTC))
MEASURED = datetime(LAST, 2, 28, 6, tzinfo=UTC)
"""When the posts were made that are measured again after 1, 7 and 30 days; one of them is deleted in between."""


def write(world: World, dice: random.Random) -> None:
    """Add all posts to a world, and the campaign and the question session they belong to."""
    world.roster["campaigns"] = [
        {
            "campaign_id": "synthetic-oceans",
            "campaign_name": "Oceans (synthetic)",
            "start_date": CAMPAIGN_DAYS[0].isoformat(),
            "end_date": CAMPAIGN_DAYS[1].isoformat(),
            "hashtag": CAMPAIGN,
            **EVIDENCE,
        }
    ]
    world.roster["question_sessions"] = [
        {
            "session_id": "ask-synthetic",
            "session_name": "Questions (synthetic)",
            "office_code": f"{CODES[QUESTIONS]}-president",
            "start_at": f"{QUESTIONS_AT[0]:%Y-%m-%dT%H:%M:%SZ}",
            "end_at": f"{QUESTIONS_AT[1]:%Y-%m-%dT%H:%M:%SZ}",
            "platform_codes": "x",
            "questions_count": "60",
            "questions_rounding_code": "at_least",
            **EVIDENCE,
        }
    ]
    numbers = count(1)
    for account in world.accounts.values():
        world.posts += [_by_chance(account, dice, next(numbers)) for _ in range(account.posts * len(YEARS))]
    world.posts += [replace(post, number=number) for number, post in enumerate(_on_purpose(), start=500_000)]


def _by_chance(account: Account, dice: random.Random, number: int) -> Post:
    first = max(datetime(YEARS[0], 1, 2, tzinfo=UTC), datetime.combine(account.created, datetime.min.time(), UTC))
    seconds = int((datetime(LAST, 12, 30, tzinfo=UTC) - first).total_seconds())
    at = first + timedelta(seconds=dice.randrange(seconds))
    post = Post(
        account.account_id,
        number,
        at,
        likes=int(20 * dice.paretovariate(1.1)) % 100_000,
        reposts=int(5 * dice.paretovariate(1.1)) % 50_000,
        replies=dice.randrange(40),
        quotes=dice.randrange(8),
        language=dice.choice(LANGUAGES),
        kind=dice.choice(("plain", "photo", "video", "link")),
        hashtags=tuple(dice.sample(TAGS, dice.randrange(3))),
        mentions=(dice.choice(account.follows),) if account.follows and dice.random() < 0.2 else (),
    )
    stranger = STRANGERS.get(account.platform)
    chance = dice.random()
    if stranger is None or chance > 0.45:
        return post
    other = dice.choice([*account.follows, stranger])
    if chance < 0.2:
        original = Post(other, 900_000 + number, at - timedelta(hours=1), likes=500, reposts=70)
        return replace(post, reposted=original, mentions=(), hashtags=(), kind="plain")
    return replace(post, replied_to=other) if chance < 0.35 else replace(post, is_quote=True)


def _on_purpose() -> list[Post]:
    posts = [*_at_the_edges(), *_own(), *_campaign(), *_questions(), *_measured()]
    posts.append(_post(president(2), datetime(LAST, 4, 2, 9, tzinfo=UTC), mentions=(president(3),)))
    posts.append(_post(president(9), datetime(LAST, 4, 3, 9, tzinfo=UTC)))
    posts += [_post(president(12), datetime(YEARS[0], 1, day, 9, tzinfo=UTC)) for day in (4, 11, 18)]
    posts.append(_post(president(12), datetime(LAST, 10, 2, 9, tzinfo=UTC)))  # after more than a year of silence
    posts += [_post(archived(number % 2), datetime(LAST, 1 + number % 6, 3, 9, tzinfo=UTC)) for number in range(42)]
    return posts


def _post(account_id: str, at: datetime, **more: object) -> Post:
    return replace(Post(account_id, 0, at, likes=7, reposts=3, replies=1), **more)  # type: ignore[arg-type]


def _at_the_edges() -> list[Post]:
    """Return posts in the last and the first second of a day, a year and a term, and on the leap day."""
    handover = datetime.fromisoformat(HANDOVER_AT)
    edges = [datetime(LAST, 1, 1, tzinfo=UTC), datetime(LAST + 1, 1, 1, tzinfo=UTC)]
    second = timedelta(seconds=1)
    moments = {
        president(0): [handover - second, handover],
        president(1): [datetime.fromisoformat(f"{SHARED_DAY}T00:30:00Z") - timedelta(days=day) for day in (1, 0)],
        president(13): [*edges, *(edge - second for edge in edges), datetime(LAST, 2, 29, 8, tzinfo=UTC)],
    }
    return [_post(account_id, at) for account_id, times in moments.items() for at in times]


def _own() -> list[Post]:
    """Return a post, a repost of it by its author, and a thread of replies to oneself."""
    author = president(15)
    first = replace(_post(author, datetime(LAST, 4, 1, 10, tzinfo=UTC)), number=800_000)
    again = _post(author, datetime(LAST, 4, 1, 18, tzinfo=UTC), reposted=first)
    thread = [_post(author, datetime(LAST, 4, 2, 10, minute, tzinfo=UTC), replied_to=author) for minute in (1, 2)]
    return [_post(author, first.at), again, *thread]


def _campaign() -> list[Post]:
    """Return the posts of a campaign's days under its tag, and one of the day after."""
    days = [*(CAMPAIGN_DAYS[0] + timedelta(days=day) for day in range(3)), CAMPAIGN_DAYS[1] + timedelta(days=1)]
    return [
        _post(president(16 + number), datetime(day.year, day.month, day.day, 11, tzinfo=UTC), hashtags=(CAMPAIGN,))
        for day in days
        for number in range(4 if day <= CAMPAIGN_DAYS[1] else 1)
    ]


def _questions() -> list[Post]:
    """Return the announcement of a question session, five answers in its two hours and one after them."""
    host, start = president(QUESTIONS), QUESTIONS_AT[0]
    announced = _post(host, start - timedelta(hours=3), hashtags=(QUESTION_TAG,))
    minutes = (5, 20, 45, 70, 119, 150)
    answers = [
        _post(host, start + timedelta(minutes=one), replied_to=STRANGERS["x"], hashtags=(QUESTION_TAG,))
        for one in minutes
    ]
    return [announced, *answers]


def _measured() -> list[Post]:
    """Return two posts of one morning, one of which is gone the next day."""
    gone = MEASURED + timedelta(hours=20)
    return [
        _post(ministry(0), MEASURED, likes=720, reposts=1_440),
        _post(president(14), MEASURED, gone=gone),
    ]
