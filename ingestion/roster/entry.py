"""What every row of the roster has: a key, the file and line it is read from, and the day somebody checked it."""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, PrivateAttr, model_validator

from ingestion.roster.cells import Day


class Entry(BaseModel):
    """One row of a roster file.

    Attributes:
        key: columns that identify the row.
        references: column -> the file that must have its code, or each of its codes if spaces separate several.
        alike: column -> columns that say the same in all rows with one value of it.
        together: pairs of columns that are both filled or both empty.
        may_lack: columns that a file need not have.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: ClassVar[tuple[str, ...]]
    references: ClassVar[dict[str, str]] = {}
    alike: ClassVar[dict[str, tuple[str, ...]]] = {}
    together: ClassVar[tuple[tuple[str, str], ...]] = ()
    may_lack: ClassVar[frozenset[str]] = frozenset()

    checked_date: Day
    _where: str = PrivateAttr("")

    def model_post_init(self, context: Any) -> None:
        """Keep the file and line, which ``parse_row`` gives."""
        self._where = context or ""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        start, end = getattr(self, "start_date", None), getattr(self, "end_date", None)
        if start and end and start > end:
            raise ValueError(f"start_date {start} is after end_date {end}")
        return self

    @model_validator(mode="after")
    def _pairs_complete(self) -> Self:
        for one, two in self.together:
            if (getattr(self, one) is None) != (getattr(self, two) is None):
                raise ValueError(f"fill {one} if, and only if, you fill {two}")
        return self

    @property
    def identity(self) -> str:
        """The row's key as text, e.g. ``GHA-president/john-mahama/2012-07-24``."""
        return "/".join("" if getattr(self, name) is None else str(getattr(self, name)) for name in self.key)

    @property
    def where(self) -> str:
        """Where the row is, e.g. ``roster/terms.csv, line 7``; empty if it was not read from a file."""
        return self._where
