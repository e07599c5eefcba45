"""Campaigns with their hashtags, and sessions in which an office answered questions."""

import re
import unicodedata
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from ingestion.roster.cells import Code, Count, Day, Instant, OfficeCode, Url
from ingestion.roster.models.entry import Entry


def _hashtag(text: str) -> str:
    if re.search(r"[#＃\s]", text):
        raise ValueError("write the hashtag without '#' and spaces, one in a row")
    return unicodedata.normalize("NFC", text)


class Campaign(Entry):
    """A hashtag of a campaign, which has a row for each hashtag. Its dates are UTC days, both inclusive.

    A hashtag is written as people write it; hashtags that differ only in case are one.
    """

    key = ("campaign_id", "hashtag")
    alike: ClassVar = {"campaign_id": ("campaign_name", "start_date", "end_date")}
    campaign_id: Code
    campaign_name: str
    start_date: Day
    end_date: Day | None = None
    hashtag: Annotated[str, AfterValidator(_hashtag)]
    evidence_title: str
    evidence_url: Url

    @property
    def identity(self) -> str:
        """The campaign and its hashtag in small letters, e.g. ``peace/paix``."""
        return f"{self.campaign_id}/{unicodedata.normalize('NFC', self.hashtag.lower())}"


class QuestionSession(Entry):
    """A time, from one instant (UTC) until another, in which an office took questions on some platforms.

    ``platform_codes``: separated by spaces. ``questions_count``: as the evidence prints it.
    """

    key = ("session_id",)
    references: ClassVar = {"office_code": "offices", "platform_codes": "platforms"}
    together = (("questions_count", "questions_rounding_code"),)
    session_id: Code
    session_name: str
    office_code: OfficeCode
    start_at: Instant
    end_at: Instant
    platform_codes: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]+( [a-z0-9_.-]+)*$")]
    questions_count: Count | None = None
    questions_rounding_code: Literal["exact", "rounded", "at_least", "at_most"] | None = None
    evidence_title: str
    evidence_url: Url

    @model_validator(mode="after")
    def _times_and_platforms(self) -> Self:
        if self.start_at >= self.end_at:
            raise ValueError("end_at is not after start_at")
        codes = self.platform_codes.split(" ")
        if len(codes) > len(set(codes)):
            raise ValueError("platform_codes names a platform twice")
        return self
