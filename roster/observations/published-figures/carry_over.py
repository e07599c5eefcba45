"""Carry over the printed figures: all of them as a seed to compare with, counts of single accounts as observations.

Usage: python carry_over.py INPUT_DIR    (with published_figures.csv)

The program writes ``dbt_project/seeds/published_figures.csv`` (one row per figure, numbered in the order of the input)
and ``accounts.csv`` beside this file (one row per count of an account whose id the roster has).
"""

import csv
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from ingestion.collect.files import by_hand

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[2]
PLATFORMS = {"twitter": "x"}
BOUNDS = {
    "more than": "at_least",
    "over": "at_least",
    "well over": "at_least",
    "almost": "at_most",
    "nearly": "at_most",
    "just under": "at_most",
}
COUNTS = {  # printed metric -> column of a by-hand account row
    "followers": "audience_count",
    "following": "following_count",
    "listed": "listed_count",
    "total_tweets": "lifetime_posts_count",
}
AUDIENCES = {"x": "followers", "facebook": "page_likes"}
NAMES = {  # platform and name, printed without a handle -> the account that is meant
    ("x", "Abdullah Gul"): "x:95602761",
    ("x", "Barack Obama"): "x:813286",
    ("x", "Benjamin Netanyahu"): "x:17061263",
    ("x", "Cristina Fernandez"): "x:138814032",
    ("x", "Cristina Kirchner"): "x:138814032",
    ("x", "David Cameron"): "x:103065157",
    ("x", "Dilma Rousseff"): "x:131574396",
    ("x", "Elysee"): "x:16717501",
    ("x", "Francois Hollande"): "x:18814998",
    ("x", "Hugo Chavez"): "x:128637475",
    ("x", "Najib Razak"): "x:16389180",
    ("x", "Queen Rania"): "x:36412963",
    ("x", "Recep Tayyip Erdogan"): "x:68034431",
    ("x", "Sheikh Mohammed"): "x:44335525",
    ("x", "Uhuru Kenyatta"): "x:183165874",
    ("facebook", "Barack Obama"): "facebook:6815841748",
    ("facebook", "Benigno Aquino III"): "facebook:141976959168393",
    ("facebook", "David Cameron"): "facebook:653092548048400",
    ("facebook", "PMO India"): "facebook:478216262309083",
    ("facebook", "Recep Tayyip Erdogan"): "facebook:344704883576",
    ("facebook", "White House"): "facebook:63811549237",
}
UNTIL = {"@WhiteHouse": "2017-01-20"}
"""Handle -> the day on which it passed to another account; the roster has the account before that."""
NOT_ONE_ACCOUNT = re.compile(r"summed|variant")
SUMMED = {"@Pontifex", "Pope Francis"}
"""The studies add up the Pope's nine accounts in different languages, even if the printed source does not say so."""


def main(inputs: Path) -> None:
    """Write both files."""
    with (inputs / "published_figures.csv").open(encoding="utf-8", newline="") as file:
        figures = [figure(number, row) for number, row in enumerate(csv.DictReader(file), start=1)]
    write(PROJECT / "dbt_project" / "seeds" / "published_figures.csv", list(figures[0]), figures)
    rows = list(account_rows(figures, handles()))
    write(HERE / "accounts.csv", list(by_hand.Figures.model_fields), rows)
    print(f"{len(figures)} figures, {len(rows)} of them counts of single accounts")  # noqa: T201


def figure(number: int, row: dict[str, str]) -> dict[str, str]:
    """Return one printed figure, with columns for its bound, its rounding and the precision of its date."""
    unit, bound = re.fullmatch(r"([^(]+?)(?: \(([^)]+)\))?", row["unit"]).groups()  # type: ignore[union-attr]
    place = rounded_to(row["value"])
    day = re.match(r"\d{4}(-\d\d)?(-\d\d)?", row["as_of_date"])[0]  # type: ignore[index]
    return {
        "figure_id": f"f{number:04}",
        "edition_year": row["edition_year"],
        "platform_code": PLATFORMS.get(row["platform"], row["platform"]),
        "printed_metric_name": row["metric"],
        "printed_scope": row["scope"],
        "subject_name": row["subject"],
        "value": row["value"],
        "unit": unit,
        "rounding_code": BOUNDS.get(bound) or ("rounded" if bound or place != "1" else "exact"),
        "rounded_to": place,
        "as_of_date": (day + "-01-01")[:10] if len(day) != len("2015-03") else f"{day}-01",
        "as_of_precision_code": {4: "year", 7: "month", 10: "day"}[len(day)],
        "source_title": row["source_title"],
        "source_url": row["source_url"],
        "is_quoted": "true" if row["quote_checked"] == "yes" else "false",
    }


def rounded_to(value: str) -> str:
    """Return the place of the last digit that is not a trailing zero: 43700000 -> 100000, 77.7 -> 0.1."""
    if "." in value:
        return "0." + "0" * (len(value.split(".")[1]) - 1) + "1"
    return "1" + "0" * (len(value) - len(value.rstrip("0"))) if value.strip("0") else "1"


def account_rows(figures: list[dict[str, str]], known: dict[str, str]) -> Iterable[dict[str, str]]:
    """Yield a by-hand row for each count of a single account whose id is known."""
    for row in figures:
        platform, name = row["platform_code"], row["subject_name"]
        if platform not in AUDIENCES or row["printed_metric_name"] not in COUNTS:
            continue
        if NOT_ONE_ACCOUNT.search(row["printed_scope"]) or name in SUMMED:
            continue
        handle = known.get(name[1:].lower()) if platform == "x" and name.startswith("@") else None
        if row["as_of_date"] > UNTIL.get(name, row["as_of_date"]):
            continue
        if account := handle or NAMES.get((platform, name)):
            yield {
                "account_id": account,
                "audience_code": AUDIENCES[platform],
                COUNTS[row["printed_metric_name"]]: row["value"],
                "rounding_code": row["rounding_code"],
                "observed_date": row["as_of_date"],
                "observed_precision_code": row["as_of_precision_code"],
                "evidence_url": row["source_url"],
            }


def handles() -> dict[str, str]:
    """Return handle in small letters -> account id, for the roster's accounts on X."""
    with (PROJECT / "roster" / "accounts.csv").open(encoding="utf-8", newline="") as file:
        return {row["handle"].lower(): row["account_id"] for row in csv.DictReader(file) if row["platform_code"] == "x"}


def write(path: Path, header: list[str], rows: Iterable[dict[str, str]]) -> None:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
