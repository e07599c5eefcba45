"""Who was in office on which account, from the roster's entries.

In: the roster's events, the year, the cut. Out: tenures (account, holder, office and term within the year). Never: SQL.

The rules, in words: a link holds from the first instant of its first day to the last of its last day (UTC). On a day
that two share, the incoming one wins; where the instant of the hand-over is sourced, from that instant on. An account
that goes with an office passes when the office does.

An account that is listed by its handle is the one whose id was seen under it: within 92 days of the listing, or a row
states both, and no other id since 92 days before. Of two listings of one account the row of its id counts, else the
later one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from tests.support.reference.shapes import Log, instant

EVER = datetime.min.replace(tzinfo=UTC)
FOREVER = datetime.max.replace(tzinfo=UTC)
RANKS = """head_of_state_and_government head_of_state head_of_government foreign_minister deputy_head_of_government
    institution""".split()
Rows = list[Mapping[str, Any]]
Days = list[tuple[Mapping[str, Any], tuple[date, ...]]]
"""Offices, each with the days in it."""


@dataclass(frozen=True)
class Tenure:
    """A holder in an office on an account: ``[held_from, held_until)`` in any year, ``[start, end)`` within ours."""

    account: Mapping[str, Any]
    holder: Mapping[str, Any]
    office: Mapping[str, Any]
    term: Mapping[str, Any]
    held_from: datetime
    held_until: datetime
    start: datetime = EVER
    end: datetime = EVER

    @property
    def first_day(self) -> date:
        return self.start.date()

    @property
    def last_day(self) -> date:
        return _last_day(self.end)


def entries(log: Log) -> dict[str, Rows]:
    """Return each file's entries as they stand at the cut: the last version of each, ended ones left out."""
    last: dict[str, Mapping[str, Any] | None] = {}
    for _, event in log:
        if event.type.startswith("roster."):
            last[event.subject] = None if event.type == "roster.entry_ended" else event.data
    rows: dict[str, Rows] = defaultdict(list)
    for subject, data in last.items():
        if data is not None:
            rows[subject.split("/")[1]].append(data)
    return rows


def ids_of_handles(rows: Mapping[str, Rows], seen: Iterable[tuple[str, str, date]]) -> dict[str, str]:
    """Return the ids of the accounts that are listed by their handles.

    Args:
        rows: of the roster.
        seen: handle, account id and day of each sighting.
    """
    stated = defaultdict(set)
    for row in rows["accounts"]:
        if "@" not in row["account_id"]:
            stated[row["handle"].lower()].add(row["account_id"])
    sightings = [(handle.lower(), account_id, day) for handle, account_id, day in seen]
    ids = {}
    for row in rows["accounts"]:
        handle = row["handle"].lower()
        if "@" in row["account_id"]:
            days = {(i, (day - date.fromisoformat(row["listed_date"])).days) for h, i, day in sightings if h == handle}
            since = stated[handle] | {account_id for account_id, after in days if after >= -92}
            in_time = stated[handle] | {account_id for account_id, after in days if abs(after) <= 92}
            if len(since) == 1 and in_time:
                (ids[row["account_id"]],) = since
    return ids


def under_ids(rows: Mapping[str, Rows], ids: Mapping[str, str]) -> dict[str, Rows]:
    """Return the entries with the id of each account in place of its handle, each account from one listing."""
    listed = {row["account_id"]: row["listed_date"] for row in rows["accounts"]}

    def told(entries: Rows) -> Rows:
        listings = defaultdict(set)
        for row in entries:
            listings[ids.get(row["account_id"], row["account_id"])].add(row["account_id"])
        first = {
            account_id: account_id if account_id in each else max(sorted(each), key=lambda one: listed[one])
            for account_id, each in listings.items()
        }
        own = [(ids.get(row["account_id"], row["account_id"]), row) for row in entries]
        return [{**row, "account_id": known} for known, row in own if first[known] == row["account_id"]]

    return {**rows, "accounts": told(rows["accounts"]), "assignments": told(rows["assignments"])}


def tenures(rows: Mapping[str, Rows], year: int) -> list[Tenure]:
    """Return the tenures of a year, one per account, holder and term."""
    opening, closing = _window(year)
    whole = [
        replace(tenure, start=max(tenure.held_from, opening), end=min(tenure.held_until, closing))
        for tenure in _one_at_a_time(_held(rows))
    ]
    return list(_named_by_the_higher_office(tenure for tenure in whole if tenure.start < tenure.end))


def terms_within(rows: Mapping[str, Rows], year: int) -> dict[str, Days]:
    """Return by holder the offices that each was in within a year, whatever the accounts, with the days."""
    opening, closing = _window(year)
    offices = {row["office_code"]: row for row in rows["offices"]}
    held: dict[str, Days] = defaultdict(list)
    for each in _by(rows["terms"], "office_code").values():
        for term in each:
            start, end = max(_begin(term), opening), min(_until(term, each), closing)
            if start < end:
                days = days_between(start.date(), _last_day(end))
                held[term["holder_id"]].append((offices[term["office_code"]], days))
    return held


@lru_cache
def days_between(first: date, last: date) -> tuple[date, ...]:
    """Return the days from the first to the last, both included."""
    return tuple(first + timedelta(number) for number in range((last - first).days + 1))


def _window(year: int) -> tuple[datetime, datetime]:
    return datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)


def _last_day(end: datetime) -> date:
    return (end - timedelta(microseconds=1)).date()


def _by(rows: Rows, column: str) -> dict[str, Rows]:
    groups: dict[str, Rows] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def _midnight(day: str | None, otherwise: datetime, days: int = 0) -> datetime:
    if day is None:
        return otherwise
    return datetime.combine(date.fromisoformat(day) + timedelta(days), time(), UTC)


def _begin(term: Mapping[str, Any]) -> datetime:
    return instant(term["start_at"]) if "start_at" in term else _midnight(term.get("start_date"), EVER)


def _until(term: Mapping[str, Any], of_office: Rows) -> datetime:
    """Return when an office passes on: at its successor's first instant on a shared day, else with the day."""
    shared = [
        _begin(other)
        for other in of_office
        if other.get("start_date") == term.get("end_date") is not None
        and other.get("start_date") > term.get("start_date", "")
    ]
    return min([*shared, _midnight(term.get("end_date"), FOREVER, 1)])


def _held(rows: Mapping[str, Rows]) -> Iterator[Tenure]:
    accounts = {row["account_id"]: row for row in rows["accounts"]}
    holders = {row["holder_id"]: row for row in rows["holders"]}
    offices = {row["office_code"]: row for row in rows["offices"]}
    of_holder, of_office = _by(rows["terms"], "holder_id"), _by(rows["terms"], "office_code")
    for links in _by(rows["assignments"], "account_id").values():
        for link in links:
            since, until = _passed_at(link, of_holder), _kept_until(link, links, of_holder)
            for term in of_holder[link["holder_id"]]:
                yield Tenure(
                    accounts[link["account_id"]],
                    holders[link["holder_id"]],
                    offices[term["office_code"]],
                    term,
                    max(_begin(term), since),
                    min(_until(term, of_office[term["office_code"]]), until),
                )


def _passed_at(link: Mapping[str, Any], of_holder: Mapping[str, Rows]) -> datetime:
    """Return when an account comes to its holder: with the office that the holder enters on that day."""
    day = link.get("start_date")
    entered = [_begin(term) for term in of_holder[link["holder_id"]] if day and term.get("start_date") == day]
    return max([_midnight(day, EVER), *entered])


def _kept_until(link: Mapping[str, Any], links: Rows, of_holder: Mapping[str, Rows]) -> datetime:
    """Return when an account goes from its holder: to the next one on a shared day, else with the day."""
    day = link.get("end_date")
    others = [other for other in links if other["holder_id"] != link["holder_id"]]
    passed = [_passed_at(other, of_holder) for other in others if day and other.get("start_date") == day]
    return min([*passed, _midnight(day, FOREVER, 1)])


def _one_at_a_time(held: Iterable[Tenure]) -> Iterator[Tenure]:
    """Yield the tenures so that no instant on an account is two holders': the incoming one has the shared day."""
    of_account: dict[str, list[Tenure]] = defaultdict(list)
    for tenure in held:
        if tenure.held_from < tenure.held_until:
            of_account[tenure.account["account_id"]].append(tenure)
    for each in of_account.values():
        for tenure in each:
            incoming = [
                other.held_from
                for other in each
                if other.holder != tenure.holder and tenure.held_from < other.held_from < tenure.held_until
            ]
            yield replace(tenure, held_until=min([*incoming, tenure.held_until]))


def _named_by_the_higher_office(found: Iterable[Tenure]) -> Iterator[Tenure]:
    """Yield one tenure for the offices that a holder entered on the same day: in office while in any of them."""
    same: dict[tuple[str, ...], list[Tenure]] = defaultdict(list)
    for tenure in found:
        day = tenure.term.get("start_date", "")
        same[tenure.account["account_id"], tenure.holder["holder_id"], day].append(tenure)
    for each in same.values():
        high = min(each, key=lambda tenure: (RANKS.index(tenure.office["category_code"]), tenure.office["office_code"]))
        yield replace(
            high,
            held_from=min(tenure.held_from for tenure in each),
            held_until=max(tenure.held_until for tenure in each),
            start=min(tenure.start for tenure in each),
            end=max(tenure.end for tenure in each),
        )
