"""Carry over the register of states and the months in which each was first active.

Usage: python carry_over.py INPUT_DIR    (with the three CSV files of the replication data)

The program writes ``adoption.csv`` (195 states x 2 platforms x 2 kinds) and ``audience.csv`` (one count per account)
beside this file. It adds the register's accounts that are not yet in ``roster/accounts.csv``, and the audience file's
regions that are not yet in ``roster/country_groups.csv``.
"""

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

from ingestion.collect.files import by_hand

HERE = Path(__file__).resolve().parent
ROSTER = HERE.parents[1]
CHECKED = "2026-11-23"
KINDS = {  # register column, panel column
    ("x", "personal"): ("Twitter_personal", "leader_active_tw_personal"),
    ("x", "institutional"): ("Twitter_institution", "leader_active_tw_institution"),
    ("facebook", "personal"): ("Facebook_personal", "leader_active_fb_personal"),
    ("facebook", "institutional"): ("Facebook_institution", "leader_active_fb_institution"),
}


def main(inputs: Path) -> None:
    """Carry over all three files."""
    register = read(inputs / "world-leaders-social-media.csv")
    panel = sorted(read(inputs / "data01-leader-adoption.csv"), key=lambda row: row["month"])
    audience = read(inputs / "data02-user-profiles.csv")
    write(HERE / "adoption.csv", adoption(panel))
    write(HERE / "audience.csv", audiences(audience))
    add(ROSTER / "accounts.csv", accounts(register), key=1)
    add(ROSTER / "country_groups.csv", regions(register, audience), key=3)


def adoption(panel: list[dict[str, str]]) -> Iterable[list[str]]:
    """Yield the header and one row per state, platform and kind with its first active month."""
    yield list(by_hand.Presence.model_fields)
    first, last = panel[0]["month"], panel[-1]["month"]
    for country in sorted({row["iso3c"] for row in panel}):
        rows = [row for row in panel if row["iso3c"] == country]
        for (platform, kind), (_, column) in KINDS.items():
            month = next((row["month"][:7] for row in rows if row[column] == "1"), "")
            yield [country, platform, kind, "active" if month else "none_found", month, first, last]


def accounts(register: list[dict[str, str]]) -> Iterable[list[str]]:
    """Yield the register's accounts as rows of ``roster/accounts.csv``."""
    for row in sorted(register, key=lambda row: row["iso3c"]):
        for (platform, kind), (column, _) in KINDS.items():
            if row[column] != "NA":
                account_id = f"{platform}:{row[column + '_id']}"
                yield [account_id, platform, row[column], row["iso3c"], kind, "2014-01-01", HERE.name, CHECKED]


def audiences(audience: list[dict[str, str]]) -> Iterable[list[str]]:
    """Yield the header and one row per account; the file has no date, and its counts are of about April 2017."""
    yield list(by_hand.Figures.model_fields)
    codes = {
        "Number of Followers on Twitter": ("x", "followers"),
        "Number of Likes on Facebook": ("facebook", "page_likes"),
    }
    known = (row for row in audience if row["audience"] != "NA")
    counts = {(*codes[row["platform"]], row["merge"]): row["audience"] for row in known}
    for (platform, code, number), count in sorted(counts.items()):
        address = "https://github.com/pablobarbera/world-leaders-isq"
        yield [f"{platform}:{number}", code, count, "", "", "", "exact", "2017-04-01", "month", address]


def regions(register: list[dict[str, str]], audience: list[dict[str, str]]) -> Iterable[list[str]]:
    """Yield the region the audience file gives each state, joined by account id."""
    states = {row[column + "_id"]: row["iso3c"] for row in register for column, _ in KINDS.values()}
    found = {(states[row["merge"]], row["region"]) for row in audience if row["merge"] in states}
    for country, region in sorted(found):
        code = region.lower().replace(" & ", "-").replace(" ", "-")
        yield ["audience-region", code, country, "", "", "", "", HERE.name, CHECKED]


def read(path: Path) -> list[dict[str, str]]:
    """Return all rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Iterable[list[str]]) -> None:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def add(path: Path, rows: Iterable[list[str]], key: int) -> None:
    """Append the rows whose first ``key`` cells the file does not have yet."""
    with path.open(encoding="utf-8", newline="") as file:
        held = list(csv.reader(file))
    known = {tuple(row[:key]) for row in held}
    write(path, [*held, *(row for row in rows if tuple(row[:key]) not in known)])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
