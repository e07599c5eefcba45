"""The steps from a landed log to a release: build, gate, release.

A *stamp* says what a database was built from. Each step checks the stamp of the step before, so that nothing is gated
or released that another build has replaced.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dbt_project.build import BuildError, Limits, Stamp, build, read_stamp
from expectations.gate import KeptError, Verdict, describe, gate, keep, kept
from ingestion.files import PROJECT, Places
from ingestion.log.land import is_synthetic, recorded_date
from ingestion.log.ledger import Ledger
from ingestion.roster.files import RosterError, read_roster
from release import withdrawn
from release.cut import Cut, code_sha256, editions
from release.describe import Table, tables
from release.headlines import headlines
from release.release import ReleaseError, release
from release.tables import connect, write_database
from twiplomacy.releases import releases_of, require_held
from twiplomacy.say import say

CODE = (
    "dbt_project",
    "expectations",
    "ingestion/log/land.py",
    "release",
    "requirements.lock",
    "LICENSE",
    "LICENSE-DATA",
)
"""What decides the figures of a release besides the log."""


def code() -> str:
    """Return the SHA-256 (hex) of the code that decides the figures of a release."""
    return code_sha256(PROJECT, CODE)


def newest_edition(folder: Path, year: int | None) -> int:
    """Return the newest edition of the panel that is asked for; None asks for the newest there is.

    Raises:
        RosterError: the roster has no edition of that year.
    """
    years = read_roster(folder).years
    newest = max(years, default=0) if year is None else year
    if newest not in years:
        known = ", ".join(map(str, years)) or "none"
        raise RosterError(f"{newest} is no edition; roster/editions.csv has {known}")
    return newest


def stamp_at(ledger: Ledger, year: int, position: int) -> Stamp:
    """Return what a panel up to ``year`` is built from at a position of the ledger."""
    return Stamp(year, position, ledger.at(position).chain, code())


def build_panel(places: Places, stamp: Stamp, limits: Limits) -> None:
    """Build every edition up to the year of a stamp, then replace the report authors' copy."""
    build(places.database, places.data / "dbt", stamp, limits, say)
    with connect(places.database) as connection:
        write_database(connection, described(places, stamp), places.report)


def built(places: Places, year: int) -> Stamp:
    """Return the stamp of the panel that is built.

    Raises:
        BuildError: no panel up to ``year`` is built, or other code built it.
    """
    stamp = read_stamp(places.database)
    if stamp is None or stamp.year != year or stamp.code != code():
        raise BuildError(
            f"{places.database} does not hold {year} as this code builds it; run: twiplomacy build --year {year}"
        )
    return stamp


def gate_panel(places: Places, year: int) -> Verdict:
    """Check the panel that is built, and keep the verdict for its release."""
    stamp = built(places, year)
    verdict = judge(places, stamp)
    keep(_verdict_path(places, year), asdict(stamp), verdict.as_json())
    for check in verdict.failed("warning"):
        say(describe(check))
    return verdict


def judge(places: Places, stamp: Stamp) -> Verdict:
    """Run every check of the gate on a built panel."""
    public = {table.name: table.public().select() for table in described(places, stamp)}
    return gate(places.database, stamp.year, public)


def release_panel(places: Places, ledger: Ledger, year: int) -> None:
    """Write the next version of the panel, if a value or a description changed, and print what is in it."""
    stamp = built(places, year)
    verdict = _kept_verdict(places, stamp)
    gone = withdrawn.read(places.releases)
    for folder in releases_of(places, is_synthetic(places.database, stamp.cut)):
        if folder.name not in gone:
            require_held(places, ledger, folder)
    made = release(places.database, described(places, stamp), cut(places, ledger, stamp), verdict, places.releases)
    for line in headlines(made.path):
        say(line)
    checks = verdict["checks"]
    say(f"gate: {verdict['verdict']}, {sum(check['passed'] for check in checks)} of {len(checks)} checks")
    if made.is_new:
        say(f"release: wrote {made.path}")
        return
    say(f"release: nothing written, no value or description changed since {made.path}")
    if made.path.name in gone:
        say(f"release: {made.path.name} is withdrawn: {gone[made.path.name].reason}")


def described(places: Places, stamp: Stamp) -> list[Table]:
    """Return the tables of a built panel with their descriptions, marked as synthetic if its log is."""
    found = tables(places.data / "dbt" / "manifest.json")
    return [table.as_synthetic() for table in found] if is_synthetic(places.database, stamp.cut) else found


def cut(places: Places, ledger: Ledger, stamp: Stamp) -> Cut:
    """Return what a release of a built panel is made from."""
    return Cut(
        is_synthetic=is_synthetic(places.database, stamp.cut),
        year=stamp.year,
        editions=editions(places.database),
        position=stamp.cut,
        chain=stamp.chain,
        events=sum(line.rows for line in ledger.lines()[: stamp.cut]),
        recorded_date=recorded_date(places.database, stamp.cut),
        code=stamp.code,
    )


def _verdict_path(places: Places, year: int) -> Path:
    return places.data / "gate" / f"{year}.json"


def _kept_verdict(places: Places, stamp: Stamp) -> Mapping[str, Any]:
    remedy = f"run: twiplomacy gate --year {stamp.year}"
    try:
        verdict = kept(_verdict_path(places, stamp.year), asdict(stamp))
    except KeptError as error:
        raise ReleaseError(f"{error}; {remedy}") from error
    if verdict is None:
        raise ReleaseError(f"{stamp.year} has not been through the gate as it is; {remedy}")
    return verdict
