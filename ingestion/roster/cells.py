"""What a cell of a CSV file may hold: one type for each kind of cell, and the rules for every cell."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, ValidationError

from ingestion import times
from ingestion.log.events import LARGEST_COUNT
from ingestion.roster import account_ids

Model = TypeVar("Model", bound=BaseModel)

UNSEEN_CLASS = (
    r"\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    r"\U000e0000-\U000e007f"
)
"""Invisible characters, as a class for patterns. No fact holds one: some turn the direction of the text that follows,
some end a line, some are half a character. U+200C and U+200D are allowed, because words are written with them."""
UNSEEN = re.compile(f"[{UNSEEN_CLASS}]")
FORMULA = "=+@-"
"""First characters of a cell that a spreadsheet takes for a formula."""
LONGEST_CELL = 5_000
"""Characters of the longest cell."""
FIRST_YEAR, LAST_YEAR = 1000, 2999
"""Years that a day may have. Beyond them a neighbouring day could have a year of more or fewer than four digits."""


def _faultless(find_fault: Callable[[str], str]) -> AfterValidator:
    """Refuse a text in which a function finds a fault, which it describes."""

    def validate(text: str) -> str:
        if fault := find_fault(text):
            raise ValueError(fault)
        return text

    return AfterValidator(validate)


def _written(pattern: str, advice: str) -> BeforeValidator:
    """Refuse other spellings before pydantic reads them, because it accepts many, e.g. a day as seconds since 1970."""

    def validate(value: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(pattern, value, re.ASCII):
            raise ValueError(advice)
        return value

    return BeforeValidator(validate)


def _instant(value: Any) -> Any:
    """Bring all spellings of an instant to one."""
    if not isinstance(value, str):
        return value
    try:
        moment = times.utc(value)
    except ValueError as error:
        raise ValueError("write the instant in UTC, e.g. 2017-10-03T22:06:31Z") from error
    return in_range(moment)


def in_range(value: Any) -> Any:
    """Refuse the text of a day or an instant in a year that nobody means, e.g. 0001 or 9999 for unknown."""
    if isinstance(value, str) and not FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
        raise ValueError(f"its year is not between {FIRST_YEAR} and {LAST_YEAR}; correct it, or empty the cell")
    return value


_WITH_PLATFORM = StringConstraints(pattern=r"^[a-z_]{1,99}:[^\s/<>\x22\\]{1,300}$")
_DIGITS = _written(r"\d+", "write digits only, e.g. 52000")
"""Spreadsheets make 52.000 or 52K of a number, which could be read as another number."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,99}$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
OfficeCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-[a-z0-9-]{1,99}$")]
AccountId = Annotated[str, _WITH_PLATFORM, _faultless(account_ids.fault)]
"""``x:100200300``, ``bluesky:did:plc:...``, ``mastodon:109@server``, ``youtube:UC...``."""
ListedId = Annotated[str, _WITH_PLATFORM, _faultless(account_ids.listing_fault)]
"""An ``AccountId``, or ``x:@govexample`` as long as only the handle is known."""
Count = Annotated[int, _DIGITS, Field(ge=0, le=LARGEST_COUNT)]
Year = Annotated[int, _DIGITS, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Month = Annotated[str, StringConstraints(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$")]
Day = Annotated[
    date,
    BeforeValidator(in_range),
    _written(r"\d{4}-\d\d-\d\d", "write the day as YYYY-MM-DD, e.g. 2026-03-02"),
]
Instant = Annotated[datetime, BeforeValidator(_instant)]
UsDollars = Annotated[Decimal, _written(r"\d{1,9}(\.\d{1,9})?", "write digits with a point, e.g. 0.005"), Field(ge=0)]
Flag = Annotated[bool, _written("true|false", "write true or false")]
WikidataId = Annotated[str, StringConstraints(pattern=r"^Q[1-9][0-9]{0,18}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\x22\\]{1,2000}$")]
Precision = Literal["day", "month", "year"]


def parse_row(model: type[Model], row: Mapping[str, Any], where: str = "") -> Model:
    """Return a row of a CSV file (column -> cell) as its model, which may keep where the row is: file and line.

    Letters are written in one way (NFC), as in the log; a column whose cell is empty gets its default.

    Raises:
        ValueError: names each column with a fault and what is expected of it, but not what the cell holds.
    """
    cells = {
        name: unicodedata.normalize("NFC", cell) if isinstance(cell, str) else cell
        for name, cell in row.items()
        if cell
    }
    try:
        parsed = model.model_validate(cells, context=where)
    except ValidationError as error:
        faults = [
            (".".join(map(str, fault["loc"])) or "row", fault["msg"].removeprefix("Value error, "))
            for fault in error.errors()
        ]
    else:
        faults = [(name, fault) for name, cell in row.items() if isinstance(cell, str) and (fault := _fault(cell))]
    if faults:
        raise ValueError("; ".join(f"{name}: {fault}" for name, fault in faults))
    return parsed


def _fault(cell: str) -> str:
    if at := UNSEEN.search(cell):
        return f"it holds the control character U+{ord(at[0]):04X} as its character {at.start() + 1}; take it out"
    if len(cell) > LONGEST_CELL:
        return f"it is longer than {LONGEST_CELL:,} characters"
    if cell.startswith(tuple(FORMULA)):
        return f"it begins with {cell[0]}, which spreadsheets take for a formula; write it without"
    return ""
