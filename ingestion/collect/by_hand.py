"""Hand-recorded presence: one CSV of looks at who is on which platform.

In: rows of country, platform, kind of account, what was found and over which dates it was looked for.
Out: ``account.observed`` (active since a month) or ``account.unavailable`` (looked for, none found).
Never: a guess for a row that does not say.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from ingestion.collect.outcome import Outcome, Refused, SourceError
from ingestion.entries import Source
from ingestion.events import Event
from ingestion.roster import Roster, reason

SCHEMA = "by-hand/presence/1"


class Presence(BaseModel):
    """One look at one state, platform and kind of account.

    ``active`` gives the first month whose first day saw an active account; ``none_found`` means that none was
    active on any day between the two ``looked_`` dates.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

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


def read(path: Path, source: Source, roster: Roster, outcome: Outcome) -> Iterator[Event]:
    """Yield the events of one CSV; rows that make none go to the outcome's quarantine.

    Raises:
        SourceError: the file is not UTF-8 or its header is not the expected one.
    """
    seen: set[str] = set()
    for number, row in _rows(path, outcome):
        try:
            event = _event(_checked(row, roster), source)
        except Refused as error:
            outcome.quarantine(path.name, number, ",".join(map(str, row.values())).encode(), str(error))
            continue
        if event.id in seen:
            outcome.duplicates += 1
            continue
        seen.add(event.id)
        yield event


def _rows(path: Path, outcome: Outcome) -> Iterator[tuple[int, dict[str, Any]]]:
    expected = list(Presence.model_fields)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True, restkey="too many cells")
            if reader.fieldnames != expected:
                raise SourceError(f"{path}, line 1: the header is {reader.fieldnames}; expected {','.join(expected)}")
            for row in reader:
                outcome.rows += 1
                yield reader.line_num, row
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path} is not a UTF-8 CSV file: {error}") from error


def _checked(row: dict[str, Any], roster: Roster) -> Presence:
    try:
        presence = Presence(**{name: cell for name, cell in row.items() if cell})
    except ValidationError as error:
        raise Refused(reason(error)) from error
    if presence.country_code not in roster.country_codes:
        raise Refused("country_code is not in roster/countries.csv")
    if presence.platform_code not in roster.platform_codes:
        raise Refused("platform_code is not in roster/platforms.csv")
    return presence


def _event(presence: Presence, source: Source) -> Event:
    return Event(
        source=source.source_id,
        type="account.observed" if presence.outcome_code == "active" else "account.unavailable",
        subject=f"{presence.country_code}/{presence.platform_code}/{presence.account_type_code}",
        time=f"{presence.looked_until_date}T00:00:00Z",
        dataschema=SCHEMA,
        data=presence.model_dump(mode="json", exclude_none=True),
        recorded_at=source.recorded_instant,
    )
