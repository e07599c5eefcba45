"""``collection.finished``, the event that closes the segment of one file or of one run over a platform.

A field that is None is left out of its data. Which of them are there decides the version of its schema.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingestion.log.events import Event


@dataclass(kw_only=True)
class _Finished(ABC):
    """How a collection ended (``outcome``), and its counts as ``outcome.Outcome`` explains them."""

    outcome: str
    rows: int = 0
    events: Mapping[str, int] = field(default_factory=dict)
    duplicates: int = 0
    left_out: int | None = 0
    quarantined: Sequence[Mapping[str, Any]] = ()
    unlisted: Mapping[str, int] | None = None
    unknown_fields: Mapping[str, int] = field(default_factory=dict)

    def event(self, source_id: str, name: str, at: str) -> Event:
        """Return the event; ``name`` is that of the file, or the instant at which the run began."""
        data = {name: value for name, value in vars(self).items() if value is not None}
        return Event(source_id, "collection.finished", f"{source_id}/{name}", at, self._schema(), data, at)

    @abstractmethod
    def _schema(self) -> str:
        """Return the version of the schema that the fields make."""


@dataclass(kw_only=True)
class FileFinished(_Finished):
    """What became of one file.

    Attributes:
        input: the file's name and hash.
        beside: how many events are not of rows, where the counts do not say so by themselves.
        version: which version of a sheet this is, if it is a later one.
    """

    input: Mapping[str, str]
    beside: int | None = None
    version: Mapping[str, Any] | None = None

    def _schema(self) -> str:
        rows = 4 if self.beside is not None else 3 if self.left_out else 1
        return f"collection/{5 if self.unlisted else 2 if self.version else rows}"


@dataclass(kw_only=True)
class RunFinished(_Finished):
    """What became of one run over a platform; one that asked for nothing has none of the fields from ``parts`` on.

    Attributes:
        reason: why it was stopped, or asked for nothing.
        day: the day (UTC) whose stocks were wanted.
        parts: part -> how many subjects were asked for, got, unavailable and left undone.
        skipped: reason -> how many accounts were not asked for.
        ids: account listed by its handle -> its id.
        undone: part, subjects and reason of what was not answered.
        timelines: between which instants each timeline was seen, and why not further back.
        spent: what it cost, in US dollars and units of quota.
    """

    reason: str
    platform_code: str
    started_at: str
    finished_at: str
    day: str
    requests: int = 0
    parts: Mapping[str, Mapping[str, int]] | None = None
    skipped: Mapping[str, int] | None = None
    ids: Mapping[str, str] | None = None
    undone: Sequence[Mapping[str, Any]] | None = None
    timelines: Sequence[Mapping[str, str]] | None = None
    spent: Mapping[str, Any] | None = None

    def _schema(self) -> str:
        return f"collection/run/{3 if self.unlisted else 2 if self.ids else 1}"
