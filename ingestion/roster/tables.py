"""The roster in memory: a typed table for each file."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from ingestion.roster import models
from ingestion.roster.entry import Entry
from ingestion.roster.sources import Edition, PlatformTerms, Price, Server, Source

Row = TypeVar("Row", bound=Entry)
Thing = TypeVar("Thing")
Key = TypeVar("Key", bound=Hashable)


class Table(dict[str, Row]):
    """The rows of one file by identity, in file order.

    Attributes:
        rows: all rows; if several have one identity, which is a fault, the mapping has the last.
        refused: the cells of the rows that have faults; None if the file could not be read to its end.
    """

    def __init__(self, rows: Iterable[Row] = (), refused: Sequence[Mapping[str, Any]] | None = ()) -> None:
        self.rows, self.refused = list(rows), refused
        super().__init__((row.identity, row) for row in self.rows)


@dataclass(frozen=True)
class Roster:
    """All files: ``roster.terms`` has the rows of ``terms.csv``. Events come in the order of the attributes.

    ``sha256`` is the hash (hex) of the files' bytes.
    """

    editions: Table[Edition]
    sources: Table[Source]
    platforms: Table[PlatformTerms]
    servers: Table[Server]
    prices: Table[Price]
    countries: Table[models.Country]
    country_groups: Table[models.CountryGroup]
    offices: Table[models.Office]
    holders: Table[models.Holder]
    terms: Table[models.Term]
    accounts: Table[models.Account]
    assignments: Table[models.Assignment]
    account_groups: Table[models.AccountGroup]
    campaigns: Table[models.Campaign]
    question_sessions: Table[models.QuestionSession]
    sha256: str = ""

    @property
    def by_file(self) -> Mapping[str, Table[Entry]]:
        """File name without ``.csv`` -> its table."""
        return {file: getattr(self, file) for file in FILES}

    @property
    def years(self) -> list[int]:
        """Years that have an edition, ascending."""
        return sorted(edition.year for edition in self.editions.values())

    @property
    def observed_sources(self) -> list[Source]:
        """The sources that have observation files, in file order."""
        return [source for source in self.sources.values() if source.adapter and not source.is_living]


FILES: Mapping[str, type[Entry]] = {
    file: get_args(kind)[0] for file, kind in get_type_hints(Roster).items() if get_origin(kind) is Table
}
"""File name without ``.csv`` -> the model of its rows, as ``Roster`` declares it."""


def grouped(things: Iterable[Thing], key: Callable[[Thing], Key]) -> dict[Key, list[Thing]]:
    """Return key -> the things that have it; keys and things keep their order."""
    groups: defaultdict[Key, list[Thing]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return dict(groups)
