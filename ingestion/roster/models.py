"""Rows about offices, holders, accounts and campaigns: one class for each file. ``sources`` has the other files."""

import re
import unicodedata
from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import AfterValidator, StringConstraints, model_validator

from ingestion.log.events import instant
from ingestion.roster import account_ids
from ingestion.roster.cells import (
    Code,
    Count,
    CountryCode,
    Day,
    Instant,
    ListedId,
    OfficeCode,
    Precision,
    Url,
    WikidataId,
)
from ingestion.roster.entry import Entry


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


Head = Literal["head_of_state", "head_of_government", "head_of_state_and_government", "deputy_head_of_government"]
International = Literal["head_of_international_organisation", "international_organisation"]
Mission = Literal["head_of_mission", "embassy", "permanent_mission", "consulate"]
MISSIONS = frozenset(get_args(Mission))
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
    category_code: Literal[Head, "foreign_minister", "foreign_ministry", "institution", International, Mission]
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


class Account(Entry):
    """An account, identified by the platform's immutable id, with the handle under which it was listed on a date.

    Until the id is known, the handle takes its place: ``x:@govexample``.
    """

    key = ("account_id",)
    references: ClassVar = {"platform_code": "platforms", "country_code": "countries", "source_id": "sources"}
    account_id: ListedId
    platform_code: Code
    handle: Annotated[str, StringConstraints(pattern=r"^[^ <>\x22\\]{1,300}$")]
    country_code: CountryCode
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
    """A holder who speaks through an account, from a first to a last day (UTC), both inclusive, as far as known."""

    key = ("account_id", "holder_id", "start_date")
    references: ClassVar = {"account_id": "accounts", "holder_id": "holders"}
    account_id: ListedId
    holder_id: Code
    start_date: Day | None = None
    end_date: Day | None = None
    evidence_title: str
    evidence_url: Url


class AccountGroup(Entry):
    """An account that belongs with others, from a first to a last day (UTC), both inclusive, as far as known.

    ``policy_code``: the group is ranked as one by the ``sum`` of its accounts, or each account is (``separate``).
    """

    key = ("account_group_id", "account_id", "start_date")
    references: ClassVar = {"account_id": "accounts"}
    alike: ClassVar = {"account_group_id": ("account_group_name", "policy_code")}
    account_group_id: Code
    account_group_name: str
    account_id: ListedId
    start_date: Day | None = None
    end_date: Day | None = None
    policy_code: Literal["sum", "separate"]
    evidence_title: str
    evidence_url: Url


def _hashtag(text: str) -> str:
    if re.search(r"[#＃\s]", text):
        raise ValueError("write the hashtag without '#' and spaces, one in a row")
    return unicodedata.normalize("NFC", text)


class Campaign(Entry):
    """A hashtag of a campaign, which has a row for each hashtag. Its dates are UTC days, both inclusive.

    A hashtag is written as people write it; hashtags that differ only in case are one.
    """

    key = ("campaign_id", "hashtag")
    alike: ClassVar = {"campaign_id": ("campaign_name", "start_date", "end_date")}
    campaign_id: Code
    campaign_name: str
    start_date: Day
    end_date: Day | None = None
    hashtag: Annotated[str, AfterValidator(_hashtag)]
    evidence_title: str
    evidence_url: Url

    @property
    def identity(self) -> str:
        """The campaign and its hashtag in small letters, e.g. ``peace/paix``."""
        return f"{self.campaign_id}/{unicodedata.normalize('NFC', self.hashtag.lower())}"


class QuestionSession(Entry):
    """A time, from one instant (UTC) until another, in which an office took questions on some platforms.

    ``platform_codes``: separated by spaces. ``questions_count``: as the evidence prints it.
    """

    key = ("session_id",)
    references: ClassVar = {"office_code": "offices", "platform_codes": "platforms"}
    together = (("questions_count", "questions_rounding_code"),)
    session_id: Code
    session_name: str
    office_code: OfficeCode
    start_at: Instant
    end_at: Instant
    platform_codes: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]+( [a-z0-9_.-]+)*$")]
    questions_count: Count | None = None
    questions_rounding_code: Literal["exact", "rounded", "at_least", "at_most"] | None = None
    evidence_title: str
    evidence_url: Url

    @model_validator(mode="after")
    def _times_and_platforms(self) -> Self:
        if self.start_at >= self.end_at:
            raise ValueError("end_at is not after start_at")
        codes = self.platform_codes.split(" ")
        if len(codes) > len(set(codes)):
            raise ValueError("platform_codes names a platform twice")
        return self
