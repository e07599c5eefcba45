"""What one row may say of things counted together: accounts of a group, hashtags of a campaign, platforms of a session.

In: cells of a CSV row. Out: a checked, immutable entry. Never: a rule that needs another row.
"""

import re
import unicodedata
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from ingestion.roster.cells import Code, Count, Day, Entry, Instant, ListedId, OfficeCode, Url


def _hashtag(text: str) -> str:
    if re.search(r"[#＃\s]", text):
        raise ValueError("a hashtag stands without '#' and spaces, one a row")
    return unicodedata.normalize("NFC", text)


class AccountGroup(Entry):
    """An account that belongs with others, between dates where they are known, both inclusive.

    ``policy_code``: a group is ranked as one by the ``sum`` of its accounts, or they are ranked apart (``separate``).
    """

    key = ("account_group_id", "account_id", "start_date")
    references: ClassVar = {"account_id": "accounts"}
    alike: ClassVar = {"account_group_id": ("account_group_name", "policy_code")}
    account_group_id: Code
    account_group_name: str
    account_id: ListedId
    start_date: Day | None = None
    end_date: Day | None = None
    policy_code: Literal["sum", "separate"]
    evidence_title: str
    evidence_url: Url


class Campaign(Entry):
    """A hashtag of a campaign; a campaign has a row for each of them. Its dates are whole UTC days, both inclusive.

    A hashtag stands as people write it; two that differ in case alone are one.
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
        """The campaign and the hashtag in small letters."""
        return f"{self.campaign_id}/{unicodedata.normalize('NFC', self.hashtag.lower())}"


class QuestionSession(Entry):
    """A time, from an instant until another (UTC), in which an office took questions on some platforms.

    ``platform_codes``: with spaces between them. ``questions_count``: as the evidence prints it.
    """

    key = ("session_id",)
    references: ClassVar = {"office_code": "offices", "platform_codes": "platforms"}
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
    def _whole(self) -> Self:
        if self.start_at >= self.end_at:
            raise ValueError("end_at is not after start_at")
        codes = self.platform_codes.split(" ")
        if len(codes) > len(set(codes)):
            raise ValueError("platform_codes names a platform twice")
        if (self.questions_count is None) != (self.questions_rounding_code is None):
            raise ValueError("questions_count and questions_rounding_code stand together or not at all")
        return self
