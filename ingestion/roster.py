"""The roster: who holds which office, on which accounts, on what evidence.

In: the CSV files people edit under ``roster/``. Out: checked entries, and the events that bring the log from the
roster it holds to the roster in the files. Never: a file that is only partly right; all faults are named at once.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from ingestion.events import Event, instant

SOURCE_ID = "roster"

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
OfficeCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-[a-z0-9-]+$")]
AccountId = Annotated[str, StringConstraints(pattern=r"^[a-z_]+:[^\s:/]+$")]
Wikidata = Annotated[str, StringConstraints(pattern=r"^Q[1-9]\d*$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Precision = Literal["day", "month", "year"]


class RosterError(Exception):
    """The roster's files are not right; the message lists every fault with file and line."""


class Entry(BaseModel):
    """One row of a roster file. ``key`` names the columns that identify it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: ClassVar[tuple[str, ...]]
    references: ClassVar[dict[str, str]] = {}

    checked_date: date

    @property
    def identity(self) -> str:
        """The row's key as text, e.g. ``GHA-president/john-mahama/2012-07-24``."""
        return "/".join("" if getattr(self, name) is None else str(getattr(self, name)) for name in self.key)


class Edition(Entry):
    """A year the dataset is released for."""

    key = ("year",)
    year: int


class Source(Entry):
    """Where facts come from, under which licence, observed and carried over when."""

    key = ("source_id",)
    source_id: Code
    title: str
    citation: str
    url: Url
    licence_name: str
    licence_url: Url | None = None
    scope: Code | None = None
    adapter: Literal["by-hand", "x-v1.1-archive"] | None = None
    observed_at: datetime | None = None
    observed_precision_code: Precision | None = None

    @property
    def observed_instant(self) -> str:
        """``observed_at`` as text; set for every source that has an adapter."""
        return instant(self.observed_at or datetime(self.checked_date.year, 1, 1, tzinfo=UTC))

    @property
    def recorded_instant(self) -> str:
        """The day the file was carried over, as an instant."""
        return f"{self.checked_date}T00:00:00Z"


class Platform(Entry):
    """A platform and what its terms let us keep and release."""

    key = ("platform_code",)
    platform_code: Code
    platform_name: str
    redistribution_code: Literal["open", "ids_only", "aggregate_only", "not_released"]
    timeline_reach_count: int | None = None
    terms_url: Url
    terms_read_month: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d$")]


class CountryEntry(Entry):
    """A country or territory with a code of its own."""

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
    start_date: date | None = None
    start_precision_code: Precision | None = None
    end_date: date | None = None
    end_precision_code: Precision | None = None
    source_id: Code


class Office(Entry):
    """An office of a state, or an institution's own place in it."""

    key = ("office_code",)
    references: ClassVar = {"country_code": "countries"}
    office_code: OfficeCode
    office_name: str
    country_code: Country
    category_code: Literal[
        "head_of_state",
        "head_of_government",
        "head_of_state_and_government",
        "deputy_head_of_government",
        "foreign_minister",
        "institution",
    ]
    wikidata_id: Wikidata | None = None


class Holder(Entry):
    """A person or an institution that speaks through accounts."""

    key = ("holder_id",)
    holder_id: Code
    holder_name: str
    holder_kind_code: Literal["person", "institution"]
    wikidata_id: Wikidata | None = None


class Term(Entry):
    """A holder in an office, whole UTC dates, both inclusive; institutions have no dates."""

    key = ("office_code", "holder_id", "start_date")
    references: ClassVar = {"office_code": "offices", "holder_id": "holders"}
    office_code: OfficeCode
    holder_id: Code
    start_date: date | None = None
    start_precision_code: Precision | None = None
    end_date: date | None = None
    end_precision_code: Precision | None = None
    evidence_title: str
    evidence_url: Url


class Account(Entry):
    """An account, keyed on the platform's immutable id; the handle is as listed on a date."""

    key = ("account_id",)
    references: ClassVar = {
        "platform_code": "platforms",
        "country_code": "countries",
        "source_id": "sources",
    }
    account_id: AccountId
    platform_code: Code
    handle: str
    country_code: Country
    account_type_code: Literal["personal", "institutional"]
    listed_date: date
    source_id: Code


class Assignment(Entry):
    """Who speaks through an account, between dates where they are known."""

    key = ("account_id", "holder_id", "start_date")
    references: ClassVar = {"account_id": "accounts", "holder_id": "holders"}
    account_id: AccountId
    holder_id: Code
    start_date: date | None = None
    end_date: date | None = None
    evidence_title: str
    evidence_url: Url


FILES: dict[str, type[Entry]] = {
    "editions": Edition,
    "sources": Source,
    "platforms": Platform,
    "countries": CountryEntry,
    "country_groups": CountryGroup,
    "offices": Office,
    "holders": Holder,
    "terms": Term,
    "accounts": Account,
    "assignments": Assignment,
}


@dataclass(frozen=True)
class Roster:
    """All entries of all files, checked.

    Attributes:
        entries: file name without ``.csv`` -> identity -> entry, in file order.
        sha256: hash (hex) of the files' bytes.
    """

    entries: Mapping[str, Mapping[str, Entry]]
    sha256: str

    @property
    def country_codes(self) -> frozenset[str]:
        """ISO 3166-1 alpha-3 codes of the roster's countries."""
        return frozenset(self.entries["countries"])

    @property
    def platform_codes(self) -> frozenset[str]:
        """Codes of the roster's platforms."""
        return frozenset(self.entries["platforms"])

    @property
    def years(self) -> list[int]:
        """Years that have an edition, ascending."""
        return sorted(int(identity) for identity in self.entries["editions"])

    @property
    def observed_sources(self) -> list[Source]:
        """The sources that have observation files, in file order."""
        return [entry for entry in self.entries["sources"].values() if isinstance(entry, Source) and entry.adapter]


def read(folder: Path) -> Roster:
    """Read and check every file of the roster.

    Raises:
        RosterError: lists each fault as ``file, line: what is wrong``.
    """
    faults: list[str] = []
    entries = {name: dict(_read_file(folder / f"{name}.csv", model, faults)) for name, model in FILES.items()}
    for name, rows in entries.items():
        for identity, entry in rows.items():
            faults.extend(_broken_references(folder / f"{name}.csv", identity, entry, entries))
            if isinstance(entry, Source) and entry.adapter and not entry.observed_at:
                faults.append(f"{folder / name}.csv: {identity} has an adapter but no observed_at")
    if faults:
        raise RosterError("the roster has faults; nothing of it was collected:\n  " + "\n  ".join(faults))
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((folder / f"{name}.csv").read_bytes())
    return Roster(entries, digest.hexdigest())


def changes(roster: Roster, state: Mapping[str, Mapping[str, Any]]) -> Iterator[Event]:
    """Yield the events that turn the log's roster into the files' roster.

    Args:
        roster: what the files say.
        state: what the log says, as ``fold`` returns it.
    """
    wanted = {
        f"{SOURCE_ID}/{name}/{identity}": (name, entry.model_dump(mode="json", exclude_none=True))
        for name, rows in roster.entries.items()
        for identity, entry in rows.items()
    }
    for subject, (name, data) in wanted.items():
        if subject not in state:
            yield _event("roster.entry_added", subject, name, data)
        elif state[subject] != data:
            yield _event("roster.entry_changed", subject, name, data)
    last_checked = max((data["checked_date"] for _, data in wanted.values()), default="1970-01-01")
    for subject in sorted(state.keys() - wanted.keys()):
        name = subject.split("/")[1]
        yield _event("roster.entry_ended", subject, name, {**state[subject], "checked_date": last_checked})


def fold(events: Iterable[Event], state: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Mapping[str, Any]]:
    """Return the roster that a sequence of events leaves, starting from ``state``: subject -> data.

    A pure left fold: ``fold(a + b) == fold(b, fold(a))``.
    """
    entries = dict(state or {})
    for event in events:
        if event.type in ("roster.entry_added", "roster.entry_changed"):
            entries[event.subject] = event.data
        elif event.type == "roster.entry_ended":
            entries.pop(event.subject, None)
    return entries


def reason(error: ValidationError) -> str:
    """Return a validation error as one line that names each column and what is wrong with it."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'row'}: {fault['msg'].removeprefix('Value error, ')}"
        + (f" (found {fault['input']!r})" if fault["loc"] and fault["type"] != "missing" else "")
        for fault in error.errors()
    )


def _event(kind: str, subject: str, name: str, data: Mapping[str, Any]) -> Event:
    checked = f"{data['checked_date']}T00:00:00Z"
    return Event(SOURCE_ID, kind, subject, checked, f"roster/{name}/1", data, checked)


def _read_file(path: Path, model: type[Entry], faults: list[str]) -> Iterator[tuple[str, Entry]]:
    columns = [*(name for name in model.model_fields if name != "checked_date"), "checked_date"]
    seen: set[str] = set()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True, restkey="too many cells")
            if reader.fieldnames != columns:
                faults.append(f"{path}, line 1: the header is {reader.fieldnames}; expected {','.join(columns)}")
                return
            for row in reader:
                try:
                    entry = model(**{name: cell for name, cell in row.items() if cell})
                except ValidationError as error:
                    faults.append(f"{path}, line {reader.line_num}: {reason(error)}")
                    continue
                if entry.identity in seen:
                    faults.append(f"{path}, line {reader.line_num}: {entry.identity} is there twice")
                seen.add(entry.identity)
                yield entry.identity, entry
    except FileNotFoundError:
        faults.append(f"{path} is missing")
    except (UnicodeDecodeError, csv.Error) as error:
        faults.append(f"{path} is not a UTF-8 CSV file: {error}")


def _broken_references(
    path: Path, identity: str, entry: Entry, entries: Mapping[str, Mapping[str, Entry]]
) -> Iterator[str]:
    for column, target in entry.references.items():
        if getattr(entry, column) not in entries[target]:
            yield f"{path}: {identity}: {column} {getattr(entry, column)!r} is not in {target}.csv"
