"""What there is in the world: accounts and posts, whatever the platform.

In: nothing. Out: types, and what of them can be seen at a moment. Never: chance.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

YEARS = (2027, 2028)
"""A leap year and the one before it, none of them over: nobody takes them for years that were studied."""
START = datetime(YEARS[0], 1, 1, tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)
GROWN_AFTER = 30 * 24
"""Hours after which a post has got all it will get."""


@dataclass
class Account:
    """An account and what becomes of it.

    Attributes:
        account_id: as the roster has it.
        office: code of the office it speaks for; its holders are those of the office.
        audience: on the first day of the first year; ``growth`` is added every day.
        posts: how many posts a year; none for an account that never posts.
        created: the day it was made.
        verified: from and until when the platform vouches for it.
        renamed: from when on it has another handle.
        follows: the accounts of the roster it follows.
    """

    account_id: str
    office: str
    handle: str
    kind: str = "personal"
    audience: int = 1_000
    growth: int = 10
    posts: int = 20
    created: date = date(2020, 1, 1)
    verified: tuple[date, date] = (date.min, date.max)
    renamed: tuple[date, str] | None = None
    is_protected: bool = False
    hides_audience: bool = False
    hides_follows: bool = False
    suspended: date = date.max
    deleted: date = date.max
    follows: list[str] = field(default_factory=list)

    @property
    def platform(self) -> str:
        return self.account_id.partition(":")[0]

    @property
    def native(self) -> str:
        return self.account_id.partition(":")[2]

    def handle_on(self, day: date) -> str:
        return self.renamed[1] if self.renamed and day >= self.renamed[0] else self.handle

    def audience_on(self, day: date) -> int:
        return self.audience + self.growth * (day - START.date()).days

    def is_verified_on(self, day: date) -> bool:
        return self.verified[0] <= day < self.verified[1]

    def is_there_on(self, day: date) -> bool:
        return self.created <= day < min(self.suspended, self.deleted)


@dataclass(frozen=True)
class Post:
    """A post; ``number`` is its own in the world, counts are what it has in the end."""

    account_id: str
    number: int
    at: datetime
    likes: int = 0
    reposts: int = 0
    replies: int = 0
    quotes: int = 0
    language: str = "en"
    kind: str = "plain"
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    replied_to: str = ""
    reposted: "Post | None" = None
    is_quote: bool = False
    gone: datetime = NEVER

    @property
    def native(self) -> str:
        """The id its platform gives it: ascending with time where the real ones are, and none of the real ones."""
        since = int(self.at.timestamp() * 1000)
        match self.account_id.partition(":")[0]:
            case "x":
                return str((since - 1_288_834_974_657 << 22) + self.number)
            case "mastodon":
                return str((since << 16) + self.number)
            case "bluesky":
                return f"3synthetic{self.number:06}"
        return f"syn-{self.number:07}"

    def stamp(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%S}"

    def grown(self, name: str, moment: datetime) -> int:
        """Return a count as it is at a moment."""
        hours = (moment - self.at) // timedelta(hours=1) + 1
        return int(getattr(self, name) * min(hours, GROWN_AFTER) // GROWN_AFTER)


@dataclass
class World:
    """Everything there is, and the rows of the roster that lists it."""

    seed: int
    roster: dict[str, list[dict[str, str]]]
    accounts: dict[str, Account]
    posts: list[Post] = field(default_factory=list)

    def accounts_on(self, platform: str, moment: datetime) -> list[Account]:
        """Return the accounts that a platform shows at a moment."""
        return [
            account
            for account in self.accounts.values()
            if account.platform == platform and account.is_there_on(moment.date())
        ]

    def posts_on(self, platform: str, moment: datetime) -> Iterator[Post]:
        """Yield the posts that a platform has at a moment, the newest first."""
        there = {account.account_id for account in self.accounts_on(platform, moment)}
        shown = (post for post in self.posts if post.account_id in there and post.at <= moment < post.gone)
        yield from sorted(shown, key=lambda post: (post.at, post.number), reverse=True)
