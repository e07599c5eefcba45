"""Hand-recorded facts: CSV files of looks at who is on which platform, and of figures seen of single accounts.

In: rows of one of two shapes, told apart by the header. Out: ``account.observed``, or ``account.unavailable`` where
someone looked and found none. Never: a guess for a row that does not say.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, NonNegativeInt, StringConstraints, ValidationError, model_validator

from ingestion.collect.outcome import Outcome, Refused, SourceError
from ingestion.entries import AccountId, Source, Url
from ingestion.events import Event
from ingestion.roster import Roster, reason


class Presence(BaseModel):
    """One look at one state, platform and kind of account.

    ``active`` gives the first month whose first day saw an active account; ``none_found`` means that none was
    active on any day between the two ``looked_`` dates.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    schema_name: ClassVar = "by-hand/presence/1"

    country_code: str
    platform_code: str
    account_type_code: Literal["personal", "institutional"]
    outcome_code: Literal["active", "none_found"]
    first_active_month: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] | None = None
    looked_from_date: date
    looked_until_date: date

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.outcome_code == "active") != (self.first_active_month is not None):
            raise ValueError("first_active_month is given exactly when outcome_code is 'active'")
        if self.looked_from_date > self.looked_until_date:
            raise ValueError("looked_from_date is after looked_until_date")
        if self.first_active_month and f"{self.first_active_month}-01" > self.looked_until_date.isoformat():
            raise ValueError("first_active_month is after looked_until_date")
        return self

    def unknown_codes(self, roster: Roster) -> Iterator[str]:
        """Yield each code that the roster does not have."""
        if self.country_code not in roster.country_codes:
            yield "country_code is not in roster/countries.csv"
        if self.platform_code not in roster.platform_codes:
            yield "platform_code is not in roster/platforms.csv"

    def event_fields(self) -> tuple[str, str, date]:
        """Return the event's type, its subject, and the day of the look."""
        kind = "account.observed" if self.outcome_code == "active" else "account.unavailable"
        return kind, f"{self.country_code}/{self.platform_code}/{self.account_type_code}", self.looked_until_date


class Figures(BaseModel):
    """Counts of one account as somebody saw or printed them, with how well the day and the number are known.

    ``observed_date`` is the first day of the time that ``observed_precision_code`` names.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    schema_name: ClassVar = "by-hand/account/1"

    account_id: AccountId
    audience_code: Literal["followers", "page_likes", "subscribers"]
    audience_count: NonNegativeInt | None = None
    following_count: NonNegativeInt | None = None
    listed_count: NonNegativeInt | None = None
    lifetime_posts_count: NonNegativeInt | None = None
    rounding_code: Literal["exact", "rounded", "at_least", "at_most"]
    observed_date: date
    observed_precision_code: Literal["day", "month", "year"]
    evidence_url: Url

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        counts = (self.audience_count, self.following_count, self.listed_count, self.lifetime_posts_count)
        if all(count is None for count in counts):
            raise ValueError("no count is given")
        if self.observed_precision_code != "day" and self.observed_date.day != 1:
            raise ValueError("observed_date is not the first day of its month or year")
        if self.observed_precision_code == "year" and self.observed_date.month != 1:
            raise ValueError("observed_date is not the first day of its month or year")
        return self

    def unknown_codes(self, roster: Roster) -> Iterator[str]:
        """Yield each code that the roster does not have."""
        if self.account_id.split(":")[0] not in roster.platform_codes:
            yield "the platform of account_id is not in roster/platforms.csv"

    def event_fields(self) -> tuple[str, str, date]:
        """Return the event's type, its subject, and the first day it may have been seen on."""
        return "account.observed", self.account_id, self.observed_date


SHAPES: tuple[type[Presence] | type[Figures], ...] = (Presence, Figures)


def read(path: Path, source: Source, roster: Roster, outcome: Outcome) -> Iterator[Event]:
    """Yield the events of one CSV; rows that make none go to the outcome's quarantine.

    Raises:
        SourceError: the file is not UTF-8, its header is of neither shape, or a look has a source without a scope.
    """
    seen: set[str] = set()
    for number, shape, row in _rows(path, source, outcome):
        try:
            event = _event(_checked(row, shape, roster), source)
        except Refused as error:
            outcome.quarantine(path.name, number, ",".join(map(str, row.values())).encode(), str(error))
            continue
        if event.id in seen:
            outcome.duplicates += 1
            continue
        seen.add(event.id)
        yield event


def _rows(
    path: Path, source: Source, outcome: Outcome
) -> Iterator[tuple[int, type[Presence] | type[Figures], dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True, restkey="too many cells")
            shape = _shape(path, source, list(reader.fieldnames or []))
            for row in reader:
                outcome.rows += 1
                yield reader.line_num, shape, row
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path} is not a UTF-8 CSV file: {error}") from error


def _shape(path: Path, source: Source, header: list[str]) -> type[Presence] | type[Figures]:
    for shape in SHAPES:
        if header == list(shape.model_fields):
            if shape is Presence and not source.scope:
                raise SourceError(
                    f"{path}: {source.source_id} needs a scope in roster/sources.csv, a name for the states it looks at"
                )
            return shape
    expected = " or ".join(",".join(shape.model_fields) for shape in SHAPES)
    raise SourceError(f"{path}, line 1: the header is {header}; expected {expected}")


def _checked(row: dict[str, Any], shape: type[Presence] | type[Figures], roster: Roster) -> Presence | Figures:
    try:
        facts = shape(**{name: cell for name, cell in row.items() if cell})
    except ValidationError as error:
        raise Refused(reason(error)) from error
    for fault in facts.unknown_codes(roster):
        raise Refused(fault)
    return facts


def _event(facts: Presence | Figures, source: Source) -> Event:
    kind, subject, day = facts.event_fields()
    return Event(
        source=source.source_id,
        type=kind,
        subject=subject,
        time=f"{day}T00:00:00Z",
        dataschema=facts.schema_name,
        data=facts.model_dump(mode="json", exclude_none=True),
        recorded_at=source.recorded_instant,
    )
