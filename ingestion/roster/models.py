"""What one row of each roster file may say.

In: cells of a CSV row. Out: a checked, immutable entry. Never: a rule that needs another row.
"""

from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from ingestion import times
from ingestion.log.events import instant
from ingestion.roster import account_ids
from ingestion.roster.cells import (
    Code,
    Count,
    Country,
    Day,
    Entry,
    Flag,
    Instant,
    ListedId,
    Month,
    OfficeCode,
    Precision,
    Url,
    UsDollars,
    Wikidata,
    Year,
    in_range,
)
from ingestion.roster.groups import AccountGroup, Campaign, QuestionSession


class Edition(Entry):
    """A year the dataset is released for."""

    key = ("year",)
    year: Year


class Source(Entry):
    """Where facts come from, under which licence, observed and carried over when.

    ``is_synthetic`` stands beside ``class_code``, not in it: what was made up may be made up as observed or as printed,
    and is counted as the real is. ``timeline_code`` says that an archive has the ``newest`` posts of an account without
    a gap, or a ``sample`` of them; without it, the profile's count of posts decides. ``time_zone`` is the IANA name of
    the zone of those of its times that name none.
    """

    key = ("source_id",)
    may_lack = frozenset({"time_zone", "timeline_code", "withdrawn_date", "withdrawn_reason"})
    source_id: Code
    title: str
    citation: str
    url: Url
    licence_name: str
    licence_url: Url | None = None
    scope: Code | None = None
    adapter: (
        Literal[
            "by-hand",
            "x-v1.1-archive",
            "x-v2-archive",
            "mastodon-archive",
            "x-v2-api",
            "bluesky-api",
            "mastodon-api",
            "youtube-api",
        ]
        | None
    ) = None
    class_code: Literal["observed", "published"] | None = None
    excludes_replies: Flag | None = None
    timeline_code: Literal["newest", "sample"] | None = None
    is_synthetic: Flag | None = None
    time_zone: str | None = None
    observed_at: datetime | None = None
    observed_precision_code: Precision | None = None
    withdrawn_date: Day | None = None
    withdrawn_reason: str | None = None

    @model_validator(mode="after")
    def _withdrawn(self) -> Self:
        if bool(self.withdrawn_date) != bool(self.withdrawn_reason):
            raise ValueError("withdrawn_date and withdrawn_reason stand together or not at all")
        return self

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str | None) -> str | None:
        return name and times.zone(name).key

    @field_validator("observed_at", mode="before")
    @classmethod
    def _in_utc(cls, value: Any, info: ValidationInfo) -> Any:
        """Make one instant of all ways to write it, since it becomes part of every event's id."""
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
        """Whether its adapter asks a platform; each event then has its own time."""
        return (self.adapter or "").endswith("-api")

    @cached_property
    def observed_instant(self) -> str:
        """``observed_at`` as text.

        Raises:
            ValueError: the source has none; every source whose adapter reads files does.
        """
        if self.observed_at is None:
            raise ValueError(f"{self.source_id} has no observed_at")
        return instant(self.observed_at)

    @cached_property
    def recorded_instant(self) -> str:
        """The day the file was carried over, as an instant."""
        return f"{self.checked_date}T00:00:00Z"


class PlatformTerms(Entry):
    """A platform, and what its terms let us collect, keep and release as read in one month.

    ``collection_code``: ``api``; ``api_opt_in`` where each server has terms of its own (``servers.csv``); ``by_hand``.
    ``kept_code``: what of it the log may hold. ``retention_days_count``: for how long; empty is without end.
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
    """A server of a platform that has many, and whether its own terms let us ask it."""

    key = ("server_name",)
    references: ClassVar = {"platform_code": "platforms"}
    server_name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,252}(:[0-9]{1,5})?$")]
    platform_code: Code
    is_allowed: Flag
    terms_url: Url
    terms_read_month: Month


class Price(Entry):
    """What one operation of a platform's API costs from a day on, in US dollars or in units of its quota."""

    key = ("platform_code", "operation_code", "start_date")
    references: ClassVar = {"platform_code": "platforms"}
    platform_code: Code
    operation_code: Code
    start_date: Day
    per_code: Literal["request", "resource"]
    price_usd: UsDollars | None = None
    quota_units_count: Count | None = None
    price_url: Url


class CountryEntry(Entry):
    """A country, territory or organisation with a code of its own.

    The code is that of ISO 3166-1; an organisation's is the one ICAO Doc 9303 has for it, as UNO.
    """

    key = ("country_code",)
    country_code: Country
    country_name: str


class CountryGroup(Entry):
    """A country's membership of a group, dated where the group has members by date."""

    key = ("group_type_code", "group_code", "country_code", "start_date")
    references: ClassVar = {"country_code": "countries", "source_id": "sources"}
    group_type_code: Code
    group_code: Code
    country_code: Country
    start_date: Day | None = None
    start_precision_code: Precision | None = None
    end_date: Day | None = None
    end_precision_code: Precision | None = None
    source_id: Code


MISSIONS = frozenset({"head_of_mission", "embassy", "permanent_mission", "consulate"})
"""Categories of offices that sit in another country than the one they speak for, or at an organisation in one."""


class Office(Entry):
    """An office of a state or an organisation, or an institution's own place in it.

    ``host_country_code``: where a mission sits. ``host_name``: the city, or the organisation it is accredited to.
    """

    key = ("office_code",)
    references: ClassVar = {"country_code": "countries", "host_country_code": "countries"}
    office_code: OfficeCode
    office_name: str
    country_code: Country
    category_code: Literal[
        "head_of_state",
        "head_of_government",
        "head_of_state_and_government",
        "deputy_head_of_government",
        "foreign_minister",
        "head_of_international_organisation",
        "head_of_mission",
        "foreign_ministry",
        "institution",
        "embassy",
        "permanent_mission",
        "consulate",
        "international_organisation",
    ]
    host_country_code: Country | None = None
    host_name: str | None = None
    wikidata_id: Wikidata | None = None

    @model_validator(mode="after")
    def _sits_somewhere(self) -> Self:
        if self.category_code in MISSIONS and not self.host_country_code:
            raise ValueError(f"{self.category_code} needs host_country_code, the country it sits in")
        if self.category_code not in MISSIONS and (self.host_country_code or self.host_name):
            raise ValueError(f"{self.category_code} has no host; only {', '.join(sorted(MISSIONS))} have one")
        return self


class Holder(Entry):
    """A person or an institution that speaks through accounts; or a vacancy, for terms in which nobody is in office.

    ``gender_code``: as the page at ``gender_evidence_url`` states it, never told from a name or a picture.
    """

    key = ("holder_id",)
    holder_id: Code
    holder_name: str
    holder_kind_code: Literal["person", "institution", "vacancy"]
    wikidata_id: Wikidata | None = None
    gender_code: Literal["female", "male", "other"] | None = None
    gender_evidence_url: Url | None = None

    @model_validator(mode="after")
    def _gender_is_stated(self) -> Self:
        if (self.gender_code is None) != (self.gender_evidence_url is None):
            raise ValueError("gender_code and gender_evidence_url, where it is stated, stand together or not at all")
        if self.gender_code and self.holder_kind_code != "person":
            raise ValueError(f"a holder of kind {self.holder_kind_code} has no gender_code")
        return self


class Term(Entry):
    """A holder in an office, or its vacancy, whole UTC dates, both inclusive; institutions have no dates.

    Only days: a post could not be given to a holder whose first day is known to the month or year. ``start_at`` is
    the instant (UTC) of the hand-over where a source states it; until then the day is the predecessor's.
    """

    key = ("office_code", "holder_id", "start_date")
    references: ClassVar = {"office_code": "offices", "holder_id": "holders"}
    office_code: OfficeCode
    holder_id: Code
    start_date: Day | None = None
    start_precision_code: Literal["day"] | None = None
    start_at: Instant | None = None
    end_date: Day | None = None
    end_precision_code: Literal["day"] | None = None
    evidence_title: str
    evidence_url: Url

    @model_validator(mode="after")
    def _starts_on_its_day(self) -> Self:
        if self.start_at and instant(self.start_at)[:10] != str(self.start_date):
            raise ValueError("start_at is not an instant of start_date (UTC), e.g. 2017-01-20T17:00:00Z")
        return self


class Account(Entry):
    """An account, keyed on the platform's immutable id; the handle is as listed on a date.

    Until its id is known the handle stands in its place: ``x:@govexample``.
    """

    key = ("account_id",)
    references: ClassVar = {
        "platform_code": "platforms",
        "country_code": "countries",
        "source_id": "sources",
    }
    account_id: ListedId
    platform_code: Code
    handle: Annotated[str, StringConstraints(pattern=r"^[^ <>\x22\\]{1,300}$")]
    country_code: Country
    account_type_code: Literal["personal", "institutional"]
    listed_date: Day
    source_id: Code

    @model_validator(mode="after")
    def _is_of_its_platform(self) -> Self:
        if self.account_id.split(":")[0] != self.platform_code:
            raise ValueError("account_id does not begin with platform_code and a colon")
        named = account_ids.by_handle(self.platform_code, self.handle, self.account_id)
        if account_ids.handle(self.account_id) and named != self.account_id:
            raise ValueError(f"account_id lists another handle than the column handle, which would be {named}")
        return self


class Assignment(Entry):
    """Who speaks through an account, between dates where they are known."""

    key = ("account_id", "holder_id", "start_date")
    references: ClassVar = {"account_id": "accounts", "holder_id": "holders"}
    account_id: ListedId
    holder_id: Code
    start_date: Day | None = None
    end_date: Day | None = None
    evidence_title: str
    evidence_url: Url


FILES: dict[str, type[Entry]] = {
    "editions": Edition,
    "sources": Source,
    "platforms": PlatformTerms,
    "servers": Server,
    "prices": Price,
    "countries": CountryEntry,
    "country_groups": CountryGroup,
    "offices": Office,
    "holders": Holder,
    "terms": Term,
    "accounts": Account,
    "assignments": Assignment,
    "account_groups": AccountGroup,
    "campaigns": Campaign,
    "question_sessions": QuestionSession,
}
