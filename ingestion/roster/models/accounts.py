"""Accounts, who speaks through them, and which of them belong together."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import StringConstraints, model_validator

from ingestion.roster import account_ids
from ingestion.roster.cells import Code, CountryCode, Day, ListedId, Url
from ingestion.roster.models.entry import Entry


class Account(Entry):
    """An account, identified by the platform's immutable id, with the handle under which it was listed on a date.

    Until the id is known, the handle takes its place: ``x:@govexample``.
    """

    key = ("account_id",)
    references: ClassVar = {"platform_code": "platforms", "country_code": "countries", "source_id": "sources"}
    account_id: ListedId
    platform_code: Code
    handle: Annotated[str, StringConstraints(pattern=r"^[^ <>\x22\\]{1,300}$")]
    country_code: CountryCode
    account_type_code: Literal["personal", "institutional"]
    listed_date: Day
    source_id: Code

    @model_validator(mode="after")
    def _is_of_its_platform(self) -> Self:
        if self.account_id.split(":")[0] != self.platform_code:
            raise ValueError("account_id does not begin with platform_code and a colon")
        named = account_ids.by_handle(self.platform_code, self.handle, self.account_id)
        if account_ids.handle(self.account_id) and named != self.account_id:
            raise ValueError(f"account_id lists another handle than the column handle, which would be {named}")
        return self


class Assignment(Entry):
    """A holder who speaks through an account, from a first to a last day (UTC), both inclusive, as far as known."""

    key = ("account_id", "holder_id", "start_date")
    references: ClassVar = {"account_id": "accounts", "holder_id": "holders"}
    account_id: ListedId
    holder_id: Code
    start_date: Day | None = None
    end_date: Day | None = None
    evidence_title: str
    evidence_url: Url


class AccountGroup(Entry):
    """An account that belongs with others, from a first to a last day (UTC), both inclusive, as far as known.

    ``policy_code``: the group is ranked as one by the ``sum`` of its accounts, or each account is (``separate``).
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
