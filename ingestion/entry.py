"""What every row of every roster file has, and the shapes its cells share.

In: cells of a CSV row. Out: a checked, immutable entry. Never: a rule of one file, or one that needs another row.
"""

import re
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from ingestion import account_ids

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
"""Characters that no cell has: they cannot be seen, and XML has no place for most of them."""
_DIGITS = re.compile(r"\d+", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _account_id(text: str) -> str:
    if fault := account_ids.fault(text):
        raise ValueError(fault)
    return text


def _listed_id(text: str) -> str:
    if fault := account_ids.listing_fault(text):
        raise ValueError(fault)
    return text


def _digits(value: Any) -> Any:
    """Refuse what a spreadsheet makes of a number, as 52.000 or 52K, before it is taken for another one."""
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ValueError("write digits only, as 52000")
    return value


def _day(value: Any) -> Any:
    """Refuse what would be taken for seconds since 1970, or for a time of which only the day is kept."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("write the day as YYYY-MM-DD, as 2026-03-02")
    return value


Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
OfficeCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-[a-z0-9-]+$")]
_WITH_PLATFORM = StringConstraints(pattern=r"^[a-z_]+:[^\s/]+$")
AccountId = Annotated[str, _WITH_PLATFORM, AfterValidator(_account_id)]
"""``x:100200300``, ``bluesky:did:plc:...``, ``mastodon:109@server``, ``youtube:UC...``."""
ListedId = Annotated[str, _WITH_PLATFORM, AfterValidator(_listed_id)]
"""The same, or ``x:@govexample`` as long as only the handle is known."""
Count = Annotated[int, BeforeValidator(_digits), Field(ge=0, le=2**53)]
Year = Annotated[int, BeforeValidator(_digits), Field(ge=1000, le=9999)]
Day = Annotated[date, BeforeValidator(_day)]
Wikidata = Annotated[str, StringConstraints(pattern=r"^Q[1-9]\d*$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Precision = Literal["day", "month", "year"]


class Entry(BaseModel):
    """One row of a roster file.

    ``key`` names the columns that identify it; ``references`` maps a column of a code, or of codes with spaces between
    them, to the file that has them; ``alike`` maps a column to those in which its rows of one value say the same;
    ``may_lack`` names columns that a file need not have.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: ClassVar[tuple[str, ...]]
    references: ClassVar[dict[str, str]] = {}
    alike: ClassVar[dict[str, tuple[str, ...]]] = {}
    may_lack: ClassVar[frozenset[str]] = frozenset()

    checked_date: Day

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        start, end = getattr(self, "start_date", None), getattr(self, "end_date", None)
        if start and end and start > end:
            raise ValueError(f"start_date {start} is after end_date {end}")
        return self

    @property
    def identity(self) -> str:
        """The row's key as text, e.g. ``GHA-president/john-mahama/2012-07-24``."""
        return "/".join("" if getattr(self, name) is None else str(getattr(self, name)) for name in self.key)
