"""Countries, their groups and offices, and who held which office when."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from ingestion.log.events import instant
from ingestion.roster.cells import Code, CountryCode, Day, Instant, OfficeCode, Precision, Url, WikidataId
from ingestion.roster.models.entry import Entry


class Country(Entry):
    """A country, territory or organisation with its own code.

    The code is that of ISO 3166-1; for an organisation it is that of ICAO Doc 9303, e.g. UNO.
    """

    key = ("country_code",)
    country_code: CountryCode
    country_name: str


class CountryGroup(Entry):
    """A country's membership of a group, with dates if members join and leave it."""

    key = ("group_type_code", "group_code", "country_code", "start_date")
    references: ClassVar = {"country_code": "countries", "source_id": "sources"}
    group_type_code: Code
    group_code: Code
    country_code: CountryCode
    start_date: Day | None = None
    start_precision_code: Precision | None = None
    end_date: Day | None = None
    end_precision_code: Precision | None = None
    source_id: Code


MISSIONS = frozenset({"head_of_mission", "embassy", "permanent_mission", "consulate"})
"""Categories of offices that have a host: they sit in another country or at an organisation."""


class Office(Entry):
    """An office of a state or an organisation, or the place of an institution in one.

    ``host_country_code``: the country in which a mission sits. ``host_name``: its city, or the organisation to which it
    is accredited.
    """

    key = ("office_code",)
    references: ClassVar = {"country_code": "countries", "host_country_code": "countries"}
    office_code: OfficeCode
    office_name: str
    country_code: CountryCode
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
    host_country_code: CountryCode | None = None
    host_name: str | None = None
    wikidata_id: WikidataId | None = None

    @model_validator(mode="after")
    def _host_for_missions_only(self) -> Self:
        if self.category_code in MISSIONS and not self.host_country_code:
            raise ValueError(f"{self.category_code} needs host_country_code, the country it sits in")
        if self.category_code not in MISSIONS and (self.host_country_code or self.host_name):
            raise ValueError(f"{self.category_code} has no host; only {', '.join(sorted(MISSIONS))} have one")
        return self


class Holder(Entry):
    """A person or an institution that speaks through accounts, or a vacancy, for terms in which nobody is in office.

    ``gender_code``: as the page at ``gender_evidence_url`` states it, never inferred from a name or a picture.
    """

    key = ("holder_id",)
    together = (("gender_code", "gender_evidence_url"),)
    holder_id: Code
    holder_name: str
    holder_kind_code: Literal["person", "institution", "vacancy"]
    wikidata_id: WikidataId | None = None
    gender_code: Literal["female", "male", "other"] | None = None
    gender_evidence_url: Url | None = None

    @model_validator(mode="after")
    def _gender_for_persons_only(self) -> Self:
        if self.gender_code and self.holder_kind_code != "person":
            raise ValueError(f"a holder of kind {self.holder_kind_code} has no gender_code")
        return self


class Term(Entry):
    """A holder in an office, or the vacancy of the office, from a first to a last day (UTC), both inclusive.

    Only a term of an institution may lack the first day. Dates are known to the day, because posts cannot be credited
    to a holder whose first day is known only to the month. ``start_at`` is the instant (UTC) of the hand-over if a
    source states it: until then the first day counts for the predecessor.
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
