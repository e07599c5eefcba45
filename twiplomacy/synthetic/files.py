"""What people wrote down and handed over: the roster, sheets of looks by hand, a panel, archives.

In: the world. Out: files in a roster folder. Never: a look at a platform that can be asked.
"""

import random
from datetime import date, datetime
from pathlib import Path

from ingestion.collect.files.by_hand import Presence, Search
from twiplomacy.synthetic import states, worlds, x
from twiplomacy.synthetic.cast import archived
from twiplomacy.synthetic.model import YEARS, World
from twiplomacy.synthetic.states import ADDRESS, ARCHIVE, ARCHIVED_AT, CHECKED, CODES, PANEL, SHEET


def write(world: World, folder: Path, dice: random.Random) -> None:
    """Write the roster folder."""
    dated = {
        name: [{"checked_date": CHECKED if name == "sources" else f"{YEARS[0]}-01-01"} | row for row in rows]
        for name, rows in world.roster.items()
    }
    worlds.write_roster(folder, **dated)
    observations = folder / "observations"
    for year in YEARS:
        looks = _looks(world, date(year, 12, 15), dice)
        worlds.write_csv(observations / SHEET / f"looks-{year}.csv", list(Search.model_fields), looks)
    worlds.write_csv(observations / PANEL / "panel.csv", list(Presence.model_fields), _panel())
    (observations / ARCHIVE).mkdir()
    for number in range(2):
        account = world.accounts[archived(number)]
        lines = x.archive(world, account, datetime.fromisoformat(ARCHIVED_AT))
        (observations / ARCHIVE / f"{account.handle}.jsonl").write_text(lines if number else x.with_fault(lines))


def _looks(world: World, day: date, dice: random.Random) -> list[dict[str, str]]:
    """Return looks at every state on every platform without an API: found, with or without a count, or not."""
    listed = {account.office[:3]: account for account in world.accounts.values() if account.platform == "facebook"}
    rows = []
    for platform in states.platforms_by_hand():
        for number, code in enumerate(CODES):
            common = {
                "country_code": code,
                "platform_code": platform,
                "account_type_code": "personal",
                "looked_date": day.isoformat(),
                "evidence_url": f"{ADDRESS}/{platform}/{code.lower()}",
            }
            account = listed.get(code) if platform == "facebook" else None
            found = {"outcome_code": "found", "account_id": f"{platform}:synthetic-{code.lower()}"}
            shown = account.audience_on(day) if account else dice.randrange(1_000, 900_000)
            if number % 5 != 4 and not (account and account.hides_audience):
                counts = {"audience_count": str(shown // 100 * 100), "rounding_code": "rounded"}
                found |= {"audience_code": "page_likes" if platform == "facebook" else "followers", **counts}
            is_found = account or dice.random() < 0.6
            rows.append(common | (found if is_found else {"outcome_code": "none_found"}))
            rows.append(common | {"account_type_code": "institutional", "outcome_code": "none_found"})
    return rows


def _panel() -> list[dict[str, str]]:
    """Return since when each state has been on X, as a panel says that was looked at all of both years."""
    rows = []
    for number, code in enumerate(CODES):
        active = {"personal": number < 24, "institutional": number < 8}
        for kind, is_active in active.items():
            month = f"{2020 + number % 5}-0{1 + number % 9}" if number % 10 else f"{YEARS[1]}-04"
            rows.append(
                {
                    "country_code": code,
                    "platform_code": "x",
                    "account_type_code": kind,
                    "outcome_code": "active" if is_active else "none_found",
                    "first_active_month": month if is_active else "",
                    "looked_from_date": "2020-01-01",
                    "looked_until_date": f"{YEARS[1]}-12-31",
                }
            )
    return rows
