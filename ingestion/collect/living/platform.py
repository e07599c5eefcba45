"""What each platform's class offers, and what it is given: a client, a context, a unit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from ingestion.collect.living.budget import Budget, Cost
from ingestion.collect.living.http import Answer, Http, Query
from ingestion.collect.living.page import Page, Unit
from ingestion.collect.living.rate_limits import Bucket
from ingestion.log.events import Event
from ingestion.roster.exclusions import Exclusions
from ingestion.roster.models import Account
from ingestion.roster.platforms import PLATFORMS


class Client:
    """One run's way to ask one platform: its address, its key, its budget."""

    def __init__(self, http: Http, budget: Budget, base: str, headers: Mapping[str, str] | None = None) -> None:
        self.http, self.base = http, base
        self._budget, self._headers = budget, headers
        self._before = 0

    def resume(self, spent: Cost, requests: int) -> None:
        """Count what the run spent and how many requests it made before it was interrupted."""
        self._budget.spent, self._before = spent, requests

    @property
    def spent(self) -> Cost:
        """What the run has cost so far."""
        return self._budget.spent

    @property
    def requests_count(self) -> int:
        """How many requests the run has made so far."""
        return self._before + self.http.requests_count

    def __call__(
        self,
        operation: str,
        url: str,
        params: Query | None = None,
        bucket: Bucket | None = None,
        most: int = 0,
        count: Callable[[Any], int] = lambda _: 0,
    ) -> Answer:
        """Ask until there is an answer, as ``Http.ask`` does, and book its cost.

        Args:
            operation: its name in the price table.
            url: a path below the platform's address, or a complete address.
            params: the query.
            bucket: the rate limit that applies.
            most: resources the answer may bring at most.
            count: returns how many a good answer brought.

        Raises:
            BudgetReached: the answer may cost more than is left; nothing was asked.
            HttpError: no usable answer.
        """
        address = url if "://" in url else f"{self.base}{url}"
        reserved = self._budget.reserve(operation, most)
        resources = 0
        try:
            answer = self.http.ask(address, params, self._headers, bucket)
            resources = count(answer.body) if answer.is_ok else 0
        finally:
            self._budget.settle(operation, reserved, resources)
        return answer


@dataclass(frozen=True)
class Context:
    """What a unit may need besides its subjects.

    Attributes:
        source_id: the platform's row in ``roster/sources.csv``.
        accounts: account id -> roster entry, of the accounts whose id is known.
        peers: the platform's own ids of the accounts of the roster.
        exclusions: who must not come in.
    """

    source_id: str
    accounts: Mapping[str, Account]
    peers: frozenset[str]
    exclusions: Exclusions = field(default_factory=Exclusions)

    def event(self, answer: Answer, kind: str, subject: str, dataschema: str, data: Mapping[str, Any]) -> Event:
        """Return the event of what an answer shows, observed at the instant at which the answer came."""
        return Event(self.source_id, kind, subject, answer.at, dataschema, data, answer.at)


class Platform:
    """Asks one platform for one page at a time; ``ingestion/roster/platforms.py`` declares each subclass."""

    code: str
    parts: Mapping[str, int]
    """The parts it can be asked for -> how many subjects one request takes."""
    handles: int = 1
    """How many accounts one request for profiles takes by their handle."""
    page_rows: int
    """Posts one page of a timeline brings at most."""
    requests_per_page: Mapping[str, int] = {}
    """Parts whose pages need more than one request -> how many."""
    operations: Mapping[str, str]
    """Part -> the name of its requests in the price table; what the table does not have is free."""
    posted_at: "staticmethod[[Mapping[str, Any]], str]"
    """Returns when a post was made, from its event's data; empty if the post is never measured again."""

    def fetch(self, unit: Unit, client: Client, context: Context) -> Page:
        """Ask for one page of one unit, by the method that has the part's name, e.g. ``_posts``; count its subjects.

        Raises:
            UnitFailed, PlatformStopped, HttpError, BudgetReached: there is no page; the message says why.
        """
        page: Page = getattr(self, f"_{unit.part}")(unit, client, context)
        if unit.part in ("accounts", "ages"):
            page.count_subjects()
        elif unit.part in ("posts", "volume"):
            page.got = int(page.cursor is None and not page.unavailable)
        return page


@dataclass(frozen=True)
class Endpoint:
    """How to reach one platform.

    Attributes:
        platform: asks it.
        base: its address; for one of many servers a pattern with ``{server}``.
        key: the key; never printed.
    """

    platform: Platform
    base: str
    key: SecretStr

    @property
    def code(self) -> str:
        """The platform's code."""
        return self.platform.code

    @property
    def adapter(self) -> str:
        """The platform's name in ``roster/sources.csv``."""
        return PLATFORMS[self.code].adapter

    @property
    def missing_key(self) -> str:
        """The environment variable of a key that is needed and not there; empty if none is missing."""
        return "" if self.key.get_secret_value() else PLATFORMS[self.code].key_name

    def headers(self) -> dict[str, str]:
        """Return the headers that show the key."""
        name, prefix = PLATFORMS[self.code].key_header
        return {name: prefix + self.key.get_secret_value()} if name else {}
