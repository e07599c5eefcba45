"""Who speaks abroad: embassies, consulates, permanent missions, their heads, and organisations of states.

In: the world's roster. Out: their offices, holders and terms, and an account for each, four of one organisation.
Never: a mission to itself.
"""

from collections.abc import Iterator

from twiplomacy.synthetic.model import YEARS, Account
from twiplomacy.synthetic.states import ADDRESS, CODES, NAMES

EVIDENCE = {"evidence_title": "synthetic", "evidence_url": f"{ADDRESS}/evidence"}
ORGANISATIONS = {"XZY": "Synthetic Union", "XZZ": "Synthetic Nations"}
SEAT = CODES[26]
"""Where the organisations sit."""
LANGUAGES = ("en", "fr", "es", "ar")
GROUP = "xzz-languages"


def add(roster: dict[str, list[dict[str, str]]]) -> list[Account]:
    """Add the missions and organisations to a roster; return their accounts."""
    roster["countries"] += [
        {"country_code": code, "country_name": f"{name} (synthetic)"} for code, name in ORGANISATIONS.items()
    ]
    accounts = [_speaker(roster, *office) for office in _offices()]
    languages = [
        Account("", "XZZ-secretariat", f"syn_xzz_{language}", "institutional", audience=0, growth=0)
        for language in LANGUAGES
    ]
    return [*accounts, *languages]


def group(accounts: list[Account]) -> list[dict[str, str]]:
    """Return the rows by which the accounts of one organisation, a language each, are summed."""
    return [
        {"account_group_id": GROUP, "account_group_name": "Languages (synthetic)", "account_id": account.account_id}
        | {"policy_code": "sum", **EVIDENCE}
        for account in accounts
        if account.handle in {f"syn_xzz_{language}" for language in LANGUAGES}
    ]


def _offices() -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield whose office it is, its name, its category and where it sits."""
    for number in range(6):
        host = CODES[number + 1]
        yield CODES[number], f"embassy-{host.lower()}", "embassy", {"host_country_code": host}
    for number in range(4):
        host = CODES[number + 1]
        yield CODES[number], f"ambassador-{host.lower()}", "head_of_mission", {"host_country_code": host}
    for code in CODES[:3]:
        sits = {"host_country_code": SEAT, "host_name": ORGANISATIONS["XZZ"]}
        yield code, "mission-xzz", "permanent_mission", sits
    for code in CODES[:2]:
        yield code, "consulate-xac", "consulate", {"host_country_code": CODES[2]}
    for code in ORGANISATIONS:
        yield code, "secretariat", "international_organisation", {}
        yield code, "secretary", "head_of_international_organisation", {}


def _speaker(
    roster: dict[str, list[dict[str, str]]], code: str, name: str, category: str, sits: dict[str, str]
) -> Account:
    """Add an office with its holder, who has it all the time, and return its account."""
    office, is_person = f"{code}-{name}", category.startswith("head_of")
    state = ORGANISATIONS.get(code) or NAMES[CODES.index(code)]
    title = f"{name.replace('-', ' ').title()} of {state} (synthetic)"
    roster["offices"].append(
        {"office_code": office, "office_name": title, "country_code": code, "category_code": category, **sits}
    )
    kind = "person" if is_person else "institution"
    roster["holders"].append({"holder_id": office.lower(), "holder_name": title, "holder_kind_code": kind})
    dates = {"start_date": f"{YEARS[0]}-01-01", "start_precision_code": "day"} if is_person else {}
    roster["terms"].append({"office_code": office, "holder_id": office.lower(), **EVIDENCE, **dates})
    handle = f"syn_{office.lower().replace('-', '_')}"[:20].rstrip("_")
    return Account("", office, handle, "personal" if is_person else "institutional", audience=0, growth=0, posts=8)
