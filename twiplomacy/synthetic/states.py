"""The states and their groups, the sources and the terms: what the roster needs before anybody speaks.

In: the seed, for the citation. Out: rows of roster files. Never: a code that a real state could have: XAA to XZZ are
free for users in ISO 3166-1.
"""

import csv

from ingestion.files import PROJECT
from twiplomacy.synthetic.model import YEARS

NAMES = """Avellia Bordunia Caltria Dorvania Elmeria Fenholm Gorovia Halcynia Istmar Jurandia Kelvaria Lomondia Mirathia
Norvenia Ostmark-Vale Pellucia Quarnia Rovellia Sarnovia Tolmeria Ulvania Vestoria Wendlia Xanterra Yvernia Zelmark
Arkavia Belmoria Cordavia Delmaria""".split()
CODES = [f"X{'AB'[number // 26]}{chr(ord('A') + number % 26)}" for number in range(len(NAMES))]
"""XAA, XAB ... XBD."""
ROSTER, PANEL, SHEET, ARCHIVE = "synthetic-roster", "synthetic-panel", "synthetic-sheet", "synthetic-archive"
ARCHIVED_AT = f"{YEARS[1]}-07-01T00:00:00Z"
CHECKED = f"{YEARS[1]}-12-31"
ADDRESS = "https://synthetic.example"
SERVERS = {"social.synthetic.example": "true", "fedi.synthetic.example": "true", "closed.synthetic.example": "false"}
"""Servers of Mastodon, and whether their terms let us ask."""


def rows(seed: int) -> dict[str, list[dict[str, str]]]:
    """Return the files that do not depend on who speaks."""
    return {
        "editions": [{"year": str(year)} for year in YEARS],
        "sources": _sources(seed),
        "platforms": _real("platforms"),
        "servers": [
            {"server_name": name, "platform_code": "mastodon", "is_allowed": is_allowed}
            for name, is_allowed in SERVERS.items()
        ],
        "prices": _real("prices"),
        "countries": [
            {"country_code": code, "country_name": f"{name} (synthetic)"}
            for code, name in zip(CODES, NAMES, strict=True)
        ],
        "country_groups": [row | {"source_id": ROSTER} for row in _groups()],
    }


def platforms_by_hand() -> list[str]:
    """Return the platforms that are looked at by hand only."""
    return [row["platform_code"] for row in _real("platforms") if row["collection_code"] == "by_hand"]


def _real(name: str) -> list[dict[str, str]]:
    """Return a file of the real roster: the terms and prices of the platforms hold for made-up accounts too."""
    with (PROJECT / "roster" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _sources(seed: int) -> list[dict[str, str]]:
    living = {f"synthetic-{name}": f"{code}-api" for name, code in _LIVING.items()}
    observed = {"class_code": "observed", "observed_precision_code": "day"}
    adapters: dict[str, dict[str, str]] = {
        ROSTER: {"class_code": ""},
        PANEL: {"adapter": "by-hand", "scope": "synthetic_panel", "observed_at": f"{CHECKED}T00:00:00Z"},
        SHEET: {"adapter": "by-hand", "scope": "synthetic_sheet", "observed_at": f"{YEARS[0]}-12-15T00:00:00Z"},
        ARCHIVE: {"adapter": "x-v1.1-archive", "observed_at": ARCHIVED_AT},
        **{source_id: {"adapter": adapter} for source_id, adapter in living.items()},
    }
    return [
        {
            "source_id": source_id,
            "title": f"Synthetic: {source_id.removeprefix('synthetic-')}",
            "citation": f"Synthetic data, made up by twiplomacy/synthetic with the seed {seed}.",
            "url": ADDRESS,
            "licence_name": "CC0; made up",
            "is_synthetic": "true",
            **observed,
            **more,
            "checked_date": CHECKED,
        }
        for source_id, more in adapters.items()
    ]


_LIVING = {"x": "x-v2", "bluesky": "bluesky", "mastodon": "mastodon", "youtube": "youtube"}


def _groups() -> list[dict[str, str]]:
    """Return memberships: one state joins the United Nations on a leap day, two are no members, the union changes."""
    regions = ("africa", "americas", "asia", "europe", "oceania")
    subregions = ("eastern-africa", "south-america", "south-eastern-asia", "northern-europe", "polynesia")
    audience = ("sub-saharan-africa", "latin-america-caribbean", "east-asia-pacific", "europe-central-asia")
    first = {"start_date": "2001-01-01", "start_precision_code": "day"}
    rows = [_member("un", "un", code, first) for code in CODES[:27]]
    rows.append(_member("un", "un", CODES[27], {"start_date": f"{YEARS[1]}-02-29", "start_precision_code": "day"}))
    rows += [_member("eu", "eu", code, first) for code in CODES[15:22]]
    rows.append(_member("eu", "eu", CODES[22], {**first, "end_date": f"{YEARS[0]}-06-30", "end_precision_code": "day"}))
    rows.append(_member("eu", "eu", CODES[23], {"start_date": f"{YEARS[1]}-01-01", "start_precision_code": "day"}))
    rows += [_member("g7", "g7", code, first) for code in CODES[:7]]
    rows += [_member("g20", "g20", code, first) for code in CODES[:14]]
    for number, code in enumerate(CODES):
        rows.append(_member("m49-region", regions[number % 5], code, {}))
        rows.append(_member("m49-subregion", subregions[number % 5], code, {}))
        rows.append(_member("audience-region", audience[number % 4], code, {}))
    return rows


def _member(kind: str, group: str, country: str, dates: dict[str, str]) -> dict[str, str]:
    return {"group_type_code": kind, "group_code": group, "country_code": country, **dates}
