"""What every row of every roster file has, and the shapes its cells share.

In: cells of a CSV row. Out: a checked, immutable entry. Never: a rule of one file, or one that needs another row.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
OfficeCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-[a-z0-9-]+$")]
AccountId = Annotated[str, StringConstraints(pattern=r"^[a-z_]+:[^\s/]+$")]
"""``x:726748106``, ``bluesky:did:plc:...``, ``mastodon:109@server``, ``youtube:UC...``."""
Wikidata = Annotated[str, StringConstraints(pattern=r"^Q[1-9]\d*$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Precision = Literal["day", "month", "year"]


class Entry(BaseModel):
    """One row of a roster file.

    ``key`` names the columns that identify it; ``references`` maps a column of a code, or of codes with spaces between
    them, to the file that has them; ``alike`` maps a column to those in which its rows of one value say the same.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: ClassVar[tuple[str, ...]]
    references: ClassVar[dict[str, str]] = {}
    alike: ClassVar[dict[str, tuple[str, ...]]] = {}

    checked_date: date

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
