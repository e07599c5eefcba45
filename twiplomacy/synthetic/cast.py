"""Who speaks: offices, holders, terms and accounts, and what each account is in the world for.

In: chance with a seed. Out: the world without posts. Never: chance in who does what; it decides figures only.
"""

import random
from dataclasses import replace
from datetime import date
from typing import Any

from twiplomacy.synthetic import missions, states
from twiplomacy.synthetic.missions import EVIDENCE
from twiplomacy.synthetic.model import YEARS, Account, World
from twiplomacy.synthetic.states import CODES, NAMES, ROSTER

LAST = YEARS[1]
HANDOVER_AT = f"{LAST}-05-10T15:30:00Z"
"""When the first office passes; the second passes on a day of which no source states the instant."""
SHARED_DAY = f"{LAST}-06-01"
PRESIDENTS, PREMIERS, MINISTERS, MINISTRIES = 24, 10, 6, 8
"""How many states have each on X, from the first on."""
NEW = 18
"""Whose president comes into office and joins on one day of the last year."""


def x_id(number: int) -> str:
    """Return an id of an account on X, far above those that X gives out in these years."""
    return f"x:{9_100_000_000_000_000_000 + number}"


def did(name: str) -> str:
    return f"did:plc:synthetic{name.lower():z<15}"


def president(number: int) -> str:
    return x_id(100 + number)


def ministry(number: int) -> str:
    return x_id(400 + number)


def archived(number: int) -> str:
    """Return an account that hides its posts, and whose archive was given to the project."""
    return x_id(600 + number)


def cast(seed: int, dice: random.Random) -> World:
    """Return the states, who speaks for them, and through which accounts."""
    world = World(seed, {**states.rows(seed), "offices": [], "holders": [], "terms": []}, {})
    for number in range(len(CODES)):
        _government(world, number)
    abroad = [
        replace(account, account_id=x_id(700 + number)) for number, account in enumerate(missions.add(world.roster))
    ]
    for account in (*_x_accounts(), *abroad, *_other_accounts()):
        varied = replace(account, audience=account.audience or dice.randrange(2_000, 5_000_000))
        world.accounts[account.account_id] = replace(varied, growth=account.growth or dice.randrange(1, 900))
    _follow(world, dice)
    world.roster["account_groups"] = missions.group(abroad)
    world.roster["accounts"] = [_listed(account) for account in world.accounts.values()]
    world.roster["assignments"] = [row for account in world.accounts.values() for row in _assigned(world, account)]
    return world


def _government(world: World, number: int) -> None:
    """Add the offices of a state, each with its holder; three of them have something about them."""
    code, state = CODES[number], NAMES[number]
    offices = [("president", "head_of_state"), ("premier", "head_of_government"), ("minister", "foreign_minister")]
    for name, category in offices[: 3 if number < PREMIERS else 1]:
        _office(world, code, name, category, state)
        holder = _holder(world, f"{code.lower()}-{name}-1", f"{name.title()} 1 of {state} (synthetic)")
        start = "2025-03-01" if number != NEW else f"{LAST}-02-10"
        world.roster["terms"].append(_term(f"{code}-{name}", holder, start_date=start))
    if number < MINISTRIES:
        _office(world, code, "ministry", "foreign_ministry", state)
        holder = _holder(world, f"{code.lower()}-ministry", f"Ministry of {state} (synthetic)", "institution")
        world.roster["terms"].append(_term(f"{code}-ministry", holder))
    if number in (0, 1):
        ending = HANDOVER_AT[:10] if number == 0 else SHARED_DAY
        _last_term(world, f"{code}-president")["end_date"] = ending
        successor = _holder(world, f"{code.lower()}-president-2", f"President 2 of {state} (synthetic)")
        instant = {"start_at": HANDOVER_AT} if number == 0 else {}
        world.roster["terms"].append(_term(f"{code}-president", successor, start_date=ending, **instant))
    if number == 9:  # who is president becomes minister as well
        _last_term(world, f"{code}-minister")["end_date"] = f"{LAST}-03-31"
        both = f"{code.lower()}-president-1"
        world.roster["terms"].append(_term(f"{code}-minister", both, start_date=f"{LAST}-04-01"))


def _office(world: World, code: str, name: str, category: str, state: str) -> None:
    named = {"office_name": f"{name.title()} of {state} (synthetic)", "category_code": category}
    world.roster["offices"].append({"office_code": f"{code}-{name}", "country_code": code, **named})


def _holder(world: World, holder_id: str, name: str, kind: str = "person") -> str:
    stated = {}
    if kind == "person" and len(world.roster["holders"]) % 4:  # of every fourth it is not known
        gender = ("female", "male", "other")[len(world.roster["holders"]) % 3]
        stated = {"gender_code": gender, "gender_evidence_url": EVIDENCE["evidence_url"]}
    row = {"holder_id": holder_id, "holder_name": name, "holder_kind_code": kind, **stated}
    world.roster["holders"].append(row)
    return holder_id


def _term(office: str, holder: str, **more: str) -> dict[str, str]:
    precision = {"start_precision_code": "day"} if "start_date" in more else {}
    return {"office_code": office, "holder_id": holder, **EVIDENCE, **precision, **more}


def _last_term(world: World, office: str) -> dict[str, str]:
    return [term for term in world.roster["terms"] if term["office_code"] == office][-1]


def _x_accounts() -> list[Account]:
    presidents = [
        Account(
            president(number), f"{CODES[number]}-president", f"syn_{CODES[number].lower()}_pres", audience=0, growth=0
        )
        for number in range(PRESIDENTS)
    ]
    odd = {
        0: {"kind": "institutional"},
        2: {"audience": 30_000_000, "growth": 1_000},
        3: {"audience": 30_000_000, "growth": 1_000},
        4: {"posts": 0},
        5: {"is_protected": True},
        6: {"renamed": (date(LAST, 3, 1), "syn_xag_renamed")},
        7: {"suspended": date(LAST, 3, 15)},
        8: {"deleted": date(LAST, 3, 15)},
        10: {"verified": (date(LAST, 3, 1), date.max)},
        11: {"verified": (date.min, date(LAST, 3, 1))},
        12: {"posts": 0},
        NEW: {"created": date(LAST, 2, 10)},
    }
    presidents = [replace(account, **odd.get(number, {})) for number, account in enumerate(presidents)]  # type: ignore[arg-type]
    others = [
        Account(
            x_id(200 + number), f"{CODES[number]}-premier", f"syn_{CODES[number].lower()}_prem", audience=0, growth=0
        )
        for number in range(PREMIERS)
    ]
    others += [
        Account(
            x_id(300 + number), f"{CODES[number]}-minister", f"syn_{CODES[number].lower()}_min", audience=0, growth=0
        )
        for number in range(MINISTERS)
    ]
    others += [
        Account(
            ministry(number),
            f"{CODES[number]}-ministry",
            f"syn_{CODES[number].lower()}_mfa",
            "institutional",
            audience=0,
            growth=0,
            posts=30,
        )
        for number in range(MINISTRIES)
    ]
    given = [
        Account(archived(number), f"{CODES[24 + number]}-president", f"syn_given_{number}", posts=0, is_protected=True)
        for number in range(2)
    ]
    return [*presidents, *others, *given]


def _other_accounts() -> list[Account]:
    """Return the accounts on the other platforms; those of the first states' presidents are seen by hand only."""
    people = [(CODES[number], f"{CODES[number]}-president") for number in range(15, 24)]
    drawn: dict[str, Any] = {"audience": 0, "growth": 0}
    bluesky = [
        Account(f"bluesky:{did(code)}", office, f"{code.lower()}.synthetic.example", **drawn)
        for code, office in people[:5]
    ]
    bluesky[4].deleted = date(LAST, 3, 15)
    homes = ["social.synthetic.example"] * 3 + ["fedi.synthetic.example", "closed.synthetic.example"]
    mastodon = [
        Account(f"mastodon:{1090 + number}@{home}", office, f"president_{code.lower()}@{home}", **drawn)
        for number, (home, (code, office)) in enumerate(zip(homes, people[4:], strict=True))
    ]
    mastodon[1].hides_follows = mastodon[2].hides_audience = True
    youtube = [
        Account(f"youtube:UCsynthetic{code.lower():_<13}", office, f"synthetic{code.lower()}", posts=8, **drawn)
        for code, office in people[:4]
    ]
    youtube[3].hides_audience = True
    facebook = [
        Account(
            f"facebook:synthetic-{code.lower()}", f"{code}-president", f"synthetic.{code.lower()}", posts=0, **drawn
        )
        for code in CODES[:6]
    ]
    facebook[5].hides_audience = True
    return [*bluesky, *mastodon, *youtube, *facebook]


def _follow(world: World, dice: random.Random) -> None:
    """Let accounts of one platform follow each other: two of them mutually, two one way only, the others by chance."""
    for account in world.accounts.values():
        peers = [
            other.account_id
            for other in world.accounts.values()
            if other.platform == account.platform and other.account_id != account.account_id
        ]
        if account.platform in ("x", "bluesky", "mastodon"):
            account.follows = sorted(dice.sample(peers, min(len(peers), 6)))
    certain = {(0, 1): True, (1, 0): True, (2, 3): True, (3, 2): False, (0, 5): True}
    for (one, two), does_follow in certain.items():
        follows = set(world.accounts[president(one)].follows) - {president(two)}
        world.accounts[president(one)].follows = sorted(follows | ({president(two)} if does_follow else set()))


def _listed(account: Account) -> dict[str, str]:
    return {
        "account_id": account.account_id,
        "platform_code": account.platform,
        "handle": account.handle,
        "country_code": account.office[:3],
        "account_type_code": account.kind,
        "listed_date": max(date(YEARS[0], 1, 1), account.created).isoformat(),
        "source_id": ROSTER,
    }


def _assigned(world: World, account: Account) -> list[dict[str, str]]:
    """Return who speaks through an account: whoever holds its office, as long as they do."""
    terms = [term for term in world.roster["terms"] if term["office_code"] == account.office]
    return [
        {
            "account_id": account.account_id,
            "holder_id": term["holder_id"],
            "start_date": term.get("start_date", "") if number else "",
            "end_date": term.get("end_date", ""),
            **EVIDENCE,
        }
        for number, term in enumerate(terms)
    ]
