"""The editions, the sources of facts, and the platforms: their terms, servers and prices."""

from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator, model_validator

from ingestion import times
from ingestion.log.events import instant
from ingestion.roster import platforms
from ingestion.roster.cells import Code, Count, Day, Flag, Month, Precision, Url, UsDollars, Year, in_range
from ingestion.roster.entry import Entry


class Edition(Entry):
    """A calendar year of the panel."""

    key = ("year",)
    year: Year


class Source(Entry):
    """Where facts come from: citation, licence, when they were observed and when they were carried over.

    ``is_synthetic`` is independent of ``class_code``: synthetic data can imitate observed or published data, and are
    counted like them. ``timeline_code`` says that an archive has the ``newest`` posts of an account without a gap, or a
    ``sample`` of them; if it is empty, the profile's count of posts decides. ``time_zone`` is the IANA name of the zone
    for times of the source that name no zone.
    """

    key = ("source_id",)
    together = (("withdrawn_date", "withdrawn_reason"),)
    may_lack = frozenset({"time_zone", "timeline_code", "withdrawn_date", "withdrawn_reason"})
    source_id: Code
    title: str
    citation: str
    url: Url
    licence_name: str
    licence_url: Url | None = None
    scope: Code | None = None
    adapter: Annotated[str, AfterValidator(platforms.adapter)] | None = None
    class_code: Literal["observed", "published"] | None = None
    excludes_replies: Flag | None = None
    timeline_code: Literal["newest", "sample"] | None = None
    is_synthetic: Flag | None = None
    time_zone: str | None = None
    observed_at: datetime | None = None
    observed_precision_code: Precision | None = None
    withdrawn_date: Day | None = None
    withdrawn_reason: str | None = None

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, name: str | None) -> str | None:
        return name and times.zone(name).key

    @field_validator("observed_at", mode="before")
    @classmethod
    def _in_utc(cls, value: Any, info: ValidationInfo) -> Any:
        """Bring all spellings of an instant to one, because it becomes part of every event's id."""
        return in_range(times.utc(value, info.data.get("time_zone"))) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _observed(self) -> Self:
        if self.adapter and self.is_living == bool(self.observed_at):
            raise ValueError("a source whose adapter reads files needs observed_at; one that asks a platform has none")
        if self.adapter and not (self.observed_precision_code and self.class_code):
            raise ValueError("a source with an adapter needs observed_precision_code and class_code")
        return self

    @property
    def is_living(self) -> bool:
        """Whether its adapter asks a platform, so that each event has its own time."""
        return (self.adapter or "").endswith("-api")

    @cached_property
    def observed_instant(self) -> str:
        """``observed_at`` as text; raise ``ValueError`` if there is none, because the adapter reads no files."""
        if self.observed_at is None:
            raise ValueError(f"{self.source_id} has no observed_at")
        return instant(self.observed_at)

    @cached_property
    def recorded_instant(self) -> str:
        """The day on which the files were carried over, as an instant."""
        return f"{self.checked_date}T00:00:00Z"


class PlatformTerms(Entry):
    """What a platform's terms, read in one month, let us collect, keep and release.

    ``collection_code``: ``api``; ``api_opt_in`` if each server has its own terms (``servers.csv``); ``by_hand``.
    ``kept_code``: what the log may hold. ``retention_days_count``: for how many days; empty means without end.
    """

    key = ("platform_code",)
    platform_code: Code
    platform_name: str
    collection_code: Literal["api", "api_opt_in", "by_hand"]
    kept_code: Literal["accounts_and_posts", "accounts"]
    retention_days_count: Annotated[Count, Field(ge=1, le=36_500)] | None = None
    redistribution_code: Literal["open", "ids_only", "aggregate_only", "not_released"]
    timeline_reach_count: Count | None = None
    terms_url: Url
    terms_read_month: Month


class Server(Entry):
    """A server of a platform that has many servers, and whether its own terms let us ask it."""

    key = ("server_name",)
    references: ClassVar = {"platform_code": "platforms"}
    server_name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,252}(:[0-9]{1,5})?$")]
    platform_code: Code
    is_allowed: Flag
    terms_url: Url
    terms_read_month: Month


class Price(Entry):
    """The price of one operation of a platform's API from a day on, in US dollars or in units of its quota."""

    key = ("platform_code", "operation_code", "start_date")
    references: ClassVar = {"platform_code": "platforms"}
    platform_code: Code
    operation_code: Code
    start_date: Day
    per_code: Literal["request", "resource"]
    price_usd: UsDollars | None = None
    quota_units_count: Count | None = None
    price_url: Url
