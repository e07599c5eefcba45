"""Hand-made sheets: CSV files of searches for accounts, and of figures of single accounts.

The header of a sheet says which of three shapes its rows have. People fill in ``Search``; ``Presence`` comes from
panels, ``Figures`` from studies. A row gives ``account.observed``, or ``account.unavailable`` if a search found none.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from ingestion.collect.outcome import Outcome, Refused, SourceError
from ingestion.log.events import Event, EventError
from ingestion.roster.cells import AccountId, Count, Day, Month, Url, parse_row
from ingestion.roster.files import ENCODING
from ingestion.roster.sources import Source
from ingestion.roster.tables import Roster
from ingestion.shown import shown

LONGEST_HEADER = 1_000
"""Characters of the longest first line that may be a header."""
Handle = Annotated[str, StringConstraints(pattern=r"^[^\s/@<>\x22\\][^\s/<>\x22\\]{0,99}$")]
AudienceCode = Literal["followers", "page_likes", "subscribers"]
RoundingCode = Literal["exact", "rounded", "at_least", "at_most"]
_COUNTS = ("audience_count", "following_count", "lifetime_posts_count")


class _Row(BaseModel):
    """A row of a sheet.

    ``_faults`` yields what contradicts the roster or the source; ``_event_fields`` returns the event's type, its
    subject and its day.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


class _StateRow(_Row):
    """A row about the accounts of one kind that one state has on one platform."""

    country_code: str
    platform_code: str
    account_type_code: Literal["personal", "institutional"]

    def _faults(self, _: Source, roster: Roster) -> Iterator[str]:
        if self.country_code not in roster.countries:
            yield "country_code is not in roster/countries.csv"
        if self.platform_code not in roster.platforms:
            yield "platform_code is not in roster/platforms.csv"

    def _sought(self) -> str:
        return f"{self.country_code}/{self.platform_code}/{self.account_type_code}"


class Search(_StateRow):
    """One search by a person, on one day, for one kind of account of one state on one platform.

    ``found`` gives an account and the counts that it shows; ``none_found`` gives only what was searched.
    """

    schema_name: ClassVar = "by-hand/look/1"

    outcome_code: Literal["found", "none_found"]
    account_id: AccountId | None = None
    handle: Handle | None = None
    audience_code: AudienceCode | None = None
    audience_count: Count | None = None
    following_count: Count | None = None
    lifetime_posts_count: Count | None = None
    rounding_code: RoundingCode | None = None
    looked_date: Day
    evidence_url: Url

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.outcome_code == "none_found":
            for name in ("account_id", "handle", "audience_code", *_COUNTS, "rounding_code"):
                if getattr(self, name) is not None:
                    raise ValueError(f"{name} is given though none was found")
            return self
        if self.account_id is None:
            raise ValueError("account_id is missing though one was found")
        if self.account_id.split(":")[0] != self.platform_code:
            raise ValueError("account_id does not begin with platform_code and a colon")
        if (self.audience_code is None) != (self.audience_count is None):
            raise ValueError("give audience_code if, and only if, you give audience_count")
        if (self.rounding_code is None) != all(getattr(self, name) is None for name in _COUNTS):
            raise ValueError("give rounding_code if, and only if, you give a count")
        return self

    def _faults(self, source: Source, roster: Roster) -> Iterator[str]:
        yield from super()._faults(source, roster)
        if self.looked_date > source.checked_date:
            yield f"looked_date is after {source.checked_date}, the checked_date of {source.source_id}"
        if str(self.looked_date) < source.observed_instant[:10]:
            yield f"looked_date is before {source.observed_instant[:10]}, the observed_at of {source.source_id}"

    def _event_fields(self) -> tuple[str, str, date]:
        if self.account_id:
            return "account.observed", self.account_id, self.looked_date
        return "account.unavailable", self._sought(), self.looked_date


class Presence(_StateRow):
    """What a panel says of one state, platform and kind of account.

    ``active`` gives the first month on whose first day an account was active; ``none_found`` means that no account was
    active on any day between the two ``looked_`` dates.
    """

    schema_name: ClassVar = "by-hand/presence/1"

    outcome_code: Literal["active", "none_found"]
    first_active_month: Month | None = None
    looked_from_date: Day
    looked_until_date: Day

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.outcome_code == "active") != (self.first_active_month is not None):
            raise ValueError("give first_active_month if, and only if, outcome_code is 'active'")
        if self.looked_from_date > self.looked_until_date:
            raise ValueError("looked_from_date is after looked_until_date")
        if self.first_active_month and f"{self.first_active_month}-01" > self.looked_until_date.isoformat():
            raise ValueError("first_active_month is after looked_until_date")
        return self

    def _event_fields(self) -> tuple[str, str, date]:
        kind = "account.observed" if self.outcome_code == "active" else "account.unavailable"
        return kind, self._sought(), self.looked_until_date


class Figures(_Row):
    """Counts of one account as somebody saw or printed them, and how precise the day and the numbers are.

    ``observed_date`` is the first day of the day, month or year that ``observed_precision_code`` names.
    """

    schema_name: ClassVar = "by-hand/account/1"

    account_id: AccountId
    audience_code: AudienceCode
    audience_count: Count | None = None
    following_count: Count | None = None
    listed_count: Count | None = None
    lifetime_posts_count: Count | None = None
    rounding_code: RoundingCode
    observed_date: Day
    observed_precision_code: Literal["day", "month", "year"]
    evidence_url: Url

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        counts = (self.audience_count, self.following_count, self.listed_count, self.lifetime_posts_count)
        if all(count is None for count in counts):
            raise ValueError("no count is given")
        first = {"year": (1, 1), "month": (self.observed_date.month, 1)}.get(self.observed_precision_code)
        if first and first != (self.observed_date.month, self.observed_date.day):
            raise ValueError("observed_date is not the first day of its month or year")
        return self

    def _faults(self, _: Source, roster: Roster) -> Iterator[str]:
        if self.account_id.split(":")[0] not in roster.platforms:
            yield "the platform of account_id is not in roster/platforms.csv"

    def _event_fields(self) -> tuple[str, str, date]:
        return "account.observed", self.account_id, self.observed_date


Row = Search | Presence | Figures
SHAPES: tuple[type[Row], ...] = (Search, Presence, Figures)


def read(path: Path, name: str, source: Source, roster: Roster, outcome: Outcome) -> Iterator[Event]:
    """Yield the events of one sheet; rows that make none go to the outcome's quarantine, under the file's ``name``.

    Raises:
        SourceError: the file cannot be read, is not UTF-8, its header is of no shape, or a search or panel has a source
            without a scope.
    """
    seen: set[str] = set()
    for number, shape, row in _rows(path, source, outcome):
        try:
            event = _event(row, shape, source, roster)
        except (Refused, EventError) as error:
            outcome.quarantine(name, number, ",".join(map(str, row.values())).encode(), str(error))
            continue
        admitted = outcome.exclusions.admit(event)
        if admitted is None:
            outcome.left_out += 1
        elif admitted.id in seen:
            outcome.duplicates += 1
        else:
            seen.add(admitted.id)
            yield admitted


def held_against(path: Path, source: Source, roster: Roster) -> bytes:
    """Return what besides its bytes decides which rows of a sheet are right: refused rows can come in later.

    These are the codes that rows may name and, for searches, the day on which they were carried over.
    """
    codes = " ".join(sorted(roster.countries.keys() | roster.platforms.keys()))
    with path.open(encoding=ENCODING, errors="replace", newline="") as file:
        is_search = file.readline(LONGEST_HEADER).strip().replace('"', "").split(",") == list(Search.model_fields)
    return f"{codes} {source.checked_date}".encode() if is_search else codes.encode()


def _rows(path: Path, source: Source, outcome: Outcome) -> Iterator[tuple[int, type[Row], dict[str, Any]]]:
    try:
        with path.open(encoding=ENCODING, newline="") as file:
            reader = csv.DictReader(file, strict=True, restkey="too many cells")
            shape = _shape(path, source, list(reader.fieldnames or []))
            for row in reader:
                outcome.rows += 1
                yield reader.line_num, shape, row
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path} is not a UTF-8 CSV file: {error}") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error


def _shape(path: Path, source: Source, header: list[str]) -> type[Row]:
    for shape in SHAPES:
        if header == list(shape.model_fields):
            if shape is not Figures and not source.scope:
                raise SourceError(
                    f"{path}: {source.source_id} needs a scope in roster/sources.csv, a name of the states it covers"
                )
            return shape
    expected = " or ".join(",".join(shape.model_fields) for shape in SHAPES)
    raise SourceError(f"{path}, line 1: the header is {shown(str(header))}; expected {expected}")


def _event(row: dict[str, Any], shape: type[Row], source: Source, roster: Roster) -> Event:
    try:
        facts = parse_row(shape, row)
    except ValueError as error:
        raise Refused(str(error)) from error
    for fault in facts._faults(source, roster):
        raise Refused(fault)
    kind, subject, day = facts._event_fields()
    return Event(
        source=source.source_id,
        type=kind,
        subject=subject,
        time=f"{day}T00:00:00Z",
        dataschema=facts.schema_name,
        data=facts.model_dump(mode="json", exclude_none=True),
        recorded_at=source.recorded_instant,
    )
