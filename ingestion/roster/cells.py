"""What every row of every roster file has, and the shapes its cells share.

In: cells of a CSV row. Out: a checked, immutable entry. Never: a rule of one file, or one that needs another row.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from ingestion import times
from ingestion.log.events import LARGEST_COUNT
from ingestion.roster import account_ids

UNSEEN_CLASS = (
    r"\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    r"\U000e0000-\U000e007f"
)
"""Characters, as a class of a pattern has them, that no fact has: they cannot be seen, and some of them turn the text
that follows around, end a line or are half a character. U+200C and U+200D are not among them: words are written with
them."""
FORMULA = "=+@-"
"""How a cell begins that a spreadsheet takes for a formula."""
LONGEST_CELL = 5_000
"""Characters of the longest cell."""
FIRST_YEAR, LAST_YEAR = 1000, 2999
"""Years that a day may have: those beyond have too few or too many digits a day further on."""
UNSEEN = re.compile(f"[{UNSEEN_CLASS}]")
_DIGITS = re.compile(r"\d+", re.ASCII)
_PRICE = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)
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
    if not isinstance(value, str):
        return value
    if not _DAY.fullmatch(value):
        raise ValueError("write the day as YYYY-MM-DD, as 2026-03-02")
    return in_range(value)


def _price(value: Any) -> Any:
    """Refuse powers, signs, separators and what is no number, of which ``Decimal`` takes many."""
    if isinstance(value, str) and not _PRICE.fullmatch(value):
        raise ValueError("write digits with a point, as 0.005")
    return value


def _flag(value: Any) -> Any:
    """Refuse all other words for yes and no, some of which say nothing, as ``t``."""
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError("write true or false")
    return value


def _instant(value: Any) -> Any:
    """Make one instant of all ways to write it; refuse what would be taken for seconds since 1970."""
    if not isinstance(value, str):
        return value
    try:
        moment = times.utc(value)
    except ValueError as error:
        raise ValueError("write the instant in UTC, as 2017-10-03T22:06:31Z") from error
    return in_range(moment)


def in_range(text: str) -> str:
    """Refuse a day or an instant of a year that nobody means, as 0001 and 9999 for unknown."""
    if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        raise ValueError(f"its year is not between {FIRST_YEAR} and {LAST_YEAR}; correct it, or empty the cell")
    return text


Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,99}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
OfficeCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-[a-z0-9-]{1,99}$")]
_WITH_PLATFORM = StringConstraints(pattern=r"^[a-z_]{1,99}:[^\s/<>\x22\\]{1,300}$")
AccountId = Annotated[str, _WITH_PLATFORM, AfterValidator(_account_id)]
"""``x:100200300``, ``bluesky:did:plc:...``, ``mastodon:109@server``, ``youtube:UC...``."""
ListedId = Annotated[str, _WITH_PLATFORM, AfterValidator(_listed_id)]
"""The same, or ``x:@govexample`` as long as only the handle is known."""
Count = Annotated[int, BeforeValidator(_digits), Field(ge=0, le=LARGEST_COUNT)]
Year = Annotated[int, BeforeValidator(_digits), Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Month = Annotated[str, StringConstraints(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$")]
Day = Annotated[date, BeforeValidator(_day)]
Instant = Annotated[datetime, BeforeValidator(_instant)]
UsDollars = Annotated[Decimal, BeforeValidator(_price), Field(ge=0)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Wikidata = Annotated[str, StringConstraints(pattern=r"^Q[1-9][0-9]{0,18}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\x22\\]{1,2000}$")]
Precision = Literal["day", "month", "year"]


def said(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells of a row of any file that are not empty, each letter written in one way (NFC), as in the log."""
    return {
        name: unicodedata.normalize("NFC", cell) if isinstance(cell, str) else cell
        for name, cell in row.items()
        if cell
    }


def unfit(row: Mapping[str, Any]) -> str:
    """Return what is wrong with the cells of a row of any file, in order; empty if nothing is."""
    faults = {name: _unfit(cell) for name, cell in row.items() if isinstance(cell, str)}
    return "; ".join(f"{name}: {fault}" for name, fault in faults.items() if fault)


def _unfit(cell: str) -> str:
    if at := UNSEEN.search(cell):
        return f"it holds the control character U+{ord(at[0]):04X} as its character {at.start() + 1}; take it out"
    if len(cell) > LONGEST_CELL:
        return f"it is longer than {LONGEST_CELL:,} characters"
    if cell.startswith(tuple(FORMULA)):
        return f"it begins with {cell[0]}, which spreadsheets take for a formula; write it without"
    return ""


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
