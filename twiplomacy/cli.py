"""The command line: one subcommand per verb, the same ones that the DAGs and the Makefile run.

The only module that imports across packages.
"""

import argparse
import errno
import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import duckdb
from pydantic import SecretStr

from dbt_project.build import BuildError, Stamp, build, read_stamp
from expectations.gate import GateFailed, PublicTable, Verdict, describe, gate
from expectations.kept import KeptError, keep, kept
from ingestion.clock import Clock
from ingestion.collect.files import collect
from ingestion.collect.files.workers import WorkerError
from ingestion.collect.living.budget import Cost
from ingestion.collect.living.collection import Collection, Endpoint, RunRequest, plan_lines
from ingestion.collect.living.http import Http
from ingestion.collect.living.page import Platform
from ingestion.collect.living.progress import progress
from ingestion.collect.outcome import SourceError
from ingestion.collect.platforms.bluesky import Bluesky
from ingestion.collect.platforms.mastodon import Mastodon
from ingestion.collect.platforms.x import X
from ingestion.collect.platforms.youtube import YouTube
from ingestion.erase import Erased, EraseError, erase
from ingestion.files import PROJECT
from ingestion.log import segments
from ingestion.log.land import is_synthetic, land, recorded_date
from ingestion.log.ledger import Ledger
from ingestion.log.segments import LogError
from ingestion.refresh import refresh
from ingestion.refresh.wikidata import QueryService
from ingestion.roster import exclusions
from ingestion.roster import files as roster
from ingestion.roster.files import RosterError
from ingestion.shown import inert
from release import stored, withdrawn
from release.cut import Cut, code_sha256, editions
from release.describe import DescriptionError, Table, tables
from release.diff import Version
from release.headlines import headlines
from release.release import ReleaseError, release, write_papers, write_tables
from release.scratch import scratch as scratch_below
from release.stored import StoredCut, StoredError
from release.tables import connect, write_database
from release.verify import VerifyError, remake_changes, verify_files, verify_rebuilt, verify_version
from release.withdrawn import WithdrawError, withdraw
from twiplomacy.arguments import parser
from twiplomacy.settings import Settings, SettingsError

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

ERRORS = (
    BuildError,
    DescriptionError,
    EraseError,
    GateFailed,
    LogError,
    ReleaseError,
    RosterError,
    SettingsError,
    SourceError,
    StoredError,
    VerifyError,
    WithdrawError,
    WorkerError,
)


_FULL = "No space left on device"
_DAMAGED = (
    "Corrupt database file",
    "Could not read enough bytes",
    "INTERNAL Error",
    "Serialization Error",
    "WAL file",
    "not a valid DuckDB database",
    "storage version",
)
"""What DuckDB says of a file that is not as it wrote it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; return 0, or 1 with one clear message on standard error."""
    options = parser(COMMANDS).parse_args(arguments)
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        return _fail(str(error))
    try:
        options.run(settings, options)
    except ERRORS as error:
        return _fail(str(error))
    except duckdb.Error as error:
        return _fail(_of_database(str(error).splitlines()[0], settings.database))
    except OSError as error:
        return _fail(_of_file(error, settings.data))
    except KeyboardInterrupt:
        return _fail("interrupted; run the same command again to go on")
    return 0


def run_collect(settings: Settings, options: argparse.Namespace) -> None:
    """Bring the log up to date with the roster and its observation files; then ask the platforms that are named."""
    ledger, clock = Ledger(settings.log), Clock()
    platforms = _platforms(settings)
    asked = options.platforms or (list(platforms) if options.plan else [])
    if asked and not options.plan:
        _require_contact(settings)
    salt = exclusions.salt(settings.data, settings.exclusion_salt)
    excluded = exclusions.read(settings.roster, salt)
    keys = settings.keys.values()
    collection = Collection(settings.roster, ledger, clock, settings.contact, say, keys=keys, exclusions=excluded)
    request = RunRequest(options.parts, Cost(options.budget, options.quota), options.day or clock.now().date())
    if options.plan:
        estimates = [line for code in asked for line in collection.plan(_endpoint(platforms[code], settings), request)]
        for line in plan_lines(estimates):
            say(line)
        return
    collect(settings.roster, ledger, say, settings.threads, excluded)
    faults = list[str]()
    with _noted(faults):
        collection.expire(_endpoint(platform, settings) for platform in platforms.values())
    for code in asked:
        with _noted(faults):
            collection.run(_endpoint(platforms[code], settings), request, progress)
    if faults:
        raise SourceError("; ".join(faults))


def run_roster(settings: Settings, options: argparse.Namespace) -> None:
    """Check every file of the roster, or ask Wikidata and write what would change in it as a diff to read."""
    if options.action == "refresh":
        _require_contact(settings)
        clock = Clock()
        keys = [key.get_secret_value() for key in settings.keys.values()]
        client = QueryService(Http(clock, settings.contact, keys), settings.addresses.get("wikidata", ""))
        refresh(settings.roster, client, clock.now().date(), settings.data / "roster-refresh.patch", say)
        return
    for note in roster.check(settings.roster):
        say(f"note: {note}")
    say(f"roster: no fault in {settings.roster}")


def run_erase(settings: Settings, options: argparse.Namespace) -> None:
    """Take an account, a post or a holder out of the log, the roster and what was made of them, and keep it out."""
    erased = erase(settings.places, settings.exclusion_salt, options.subject, options.reason, Clock(), say)
    if erased.number:
        for folder in _withdraw_erased(settings, erased, options.reason):
            say(f"erase: {folder} is marked as withdrawn and still names it: take it off wherever it is published")
        say(f"erase: this is erasure {erased.number} of the log; now run: twiplomacy land, build, gate and release")
    else:
        say("erase: the log does not hold it; it is excluded from now on")
    for path in erased.left:
        say(f"erase: LEFT for you to edit: {path}")
    say(
        "erase: NOT COVERED: backups of the log and the roster; the history of Git, which keeps every committed file "
        "(git filter-repo rewrites it, then all clones have to be made anew); copies of releases elsewhere"
    )


def _withdraw_erased(settings: Settings, erased: Erased, reason: str) -> Iterator[Path]:
    """Mark the releases that were made from what is erased now, and yield them."""
    known, day = withdrawn.read(settings.releases), Clock().now().date().isoformat()
    for folder in filter(lambda path: Version.parse(path.name), _beside(settings)):
        try:
            is_made_of_it = erased.was_in(stored.cut(folder).position)
        except StoredError:
            is_made_of_it = True  # as far as anybody can tell
        if folder.name not in known and is_made_of_it:
            withdraw(settings.releases, folder.name, f"erasure {erased.number}: {reason}", day, erased.number)
            yield folder


def run_land(settings: Settings, _: argparse.Namespace) -> None:
    """Load the log's new segments into the raw tables."""
    land(Ledger(settings.log), settings.database, say)


def run_build(settings: Settings, options: argparse.Namespace) -> None:
    """Build the tables of every edition up to a year and swap in the authors' copy."""
    year, ledger = _year(settings, options), Ledger(settings.log)
    with ledger.writing(say):
        _build(settings, _stamp(ledger, year, len(ledger.lines())))


def run_gate(settings: Settings, options: argparse.Namespace) -> None:
    """Check the panel; keep the verdict for the release."""
    year = _year(settings, options)
    with Ledger(settings.log).writing(say):
        stamp = _built(settings, year)
        verdict = _gate(settings, stamp)
        keep(_verdict_path(settings, stamp.year), asdict(stamp), verdict.as_json())
    for check in verdict.failed("warning"):
        say(describe(check))
    verdict.require()
    say(f"gate: {stamp.year} passed: {verdict.summary()}")


def run_release(settings: Settings, options: argparse.Namespace) -> None:
    """Write the next version of the panel and say what is in it."""
    year, ledger = _year(settings, options), Ledger(settings.log)
    with ledger.writing(say):
        stamp = _built(settings, year)
        verdict = _kept_verdict(settings, stamp)
        gone = withdrawn.read(settings.releases)
        for folder in _beside(settings, is_synthetic(settings.database, stamp.cut)):
            if folder.name not in gone:
                _require_held(settings, ledger, folder)
        made = release(
            settings.database, _tables(settings, stamp), _cut(settings, ledger, stamp), verdict, settings.releases
        )
    for line in headlines(made.path):
        say(line)
    checks = verdict["checks"]
    say(f"gate: {verdict['verdict']}, {sum(check['passed'] for check in checks)} of {len(checks)} checks")
    if made.is_new:
        say(f"release: wrote {made.path}")
    else:
        say(f"release: nothing written, no value or description changed since {made.path}")
        if made.path.name in gone:
            say(f"release: {made.path.name} is withdrawn: {gone[made.path.name].reason}")


def run_withdraw(settings: Settings, options: argparse.Namespace) -> None:
    """Say of a release, beside it, that it is withdrawn and why; the release itself stays as it is."""
    version = Path(options.release).name
    with Ledger(settings.log).writing(say):
        withdraw(settings.releases, version, options.reason, Clock().now().date().isoformat())
    say(f"withdraw: {settings.releases / withdrawn.NAME} says so of {version}; publish it with the releases")


def run_verify(settings: Settings, options: argparse.Namespace) -> None:
    """Check the log, and make releases again from it to compare; by default all there are.

    A release that is withdrawn may be damaged, unless it is named.
    """
    ledger, whole, faults, excused = Ledger(settings.log), list[Path](), list[str](), list[str]()
    folders = [Path(name).absolute() for name in options.what if name != "log"]
    gone = set() if folders else set(withdrawn.read(settings.releases))
    if not options.what:
        folders = _beside(settings)
    for folder in folders:
        with _noted(excused if folder.name in gone else faults):
            verify_files(folder)
            whole.append(folder)
    for fault in excused:
        say(f"verify: withdrawn, and so no fault: {fault}")
    sound: list[Path] = []
    is_log_asked = not options.what or "log" in options.what
    if whole or is_log_asked:
        with _noted(faults):
            events = ledger.verify()
            say(f"verify: the log is whole: {len(ledger.lines())} segments, {events} events")
            sound = whole
            for folder in _beside(settings, _is_made_up(ledger)) if is_log_asked else ():
                if folder.name not in gone and folder not in folders:
                    with _noted(faults):
                        _require_held(settings, ledger, folder)
    alike: dict[tuple[int, int], list[Path]] = defaultdict(list)
    for folder in sound:
        with _noted(faults):
            cut = _read_cut(settings, ledger, folder)
            alike[cut.year, cut.position].append(folder)
    for (year, position), releases in alike.items():
        with _noted(faults):
            _verify_again(settings, ledger, _stamp(ledger, year, position), releases, faults)
    if faults:
        raise VerifyError("\n".join(faults))


@contextmanager
def _noted(faults: list[str]) -> Iterator[None]:
    """Note what is wrong with one release, one cut or one platform, and go on with the others."""
    try:
        yield
    except (BuildError, LogError, SourceError, StoredError, VerifyError) as error:
        faults.append(str(error))
    except PermissionError as error:
        faults.append(f"{error.strerror}: {error.filename}")


def _beside(settings: Settings, is_made_up: bool | None = None) -> list[Path]:
    """Return the releases that are there, and what is there under the name of one.

    Args:
        settings: where.
        is_made_up: take those alone that are named as synthetic versions, or as real ones; None: all, also other names.
    """
    named = {path: Version.parse(path.name) for path in sorted(settings.releases.glob("[0-9]*"))}
    if is_made_up is None:
        return [path for path, version in named.items() if version or path.is_dir()]
    return [path for path, version in named.items() if version and version.is_synthetic == is_made_up]


def _is_made_up(ledger: Ledger) -> bool:
    """Return whether a log ever named a synthetic source, as ``is_synthetic`` does of a database."""
    own = (entry for entry in ledger.current() if entry.source == roster.SOURCE_ID and entry.rows)
    paths = (ledger.segments / entry.name for entry in own)
    return any(b'"is_synthetic":true' in line for path in paths for line in segments.lines(path))


def _require_held(settings: Settings, ledger: Ledger, folder: Path) -> StoredCut:
    """Return what a release says it was made from; refuse a log that does not hold it, as one that lost its end."""
    cut, entries = stored.cut(folder), ledger.lines()
    if cut.position > len(entries):
        raise VerifyError(
            f"{ledger.path} has {len(entries)} segments, and {folder} was made from {cut.position}: the log has lost "
            f"its end; restore {settings.log} from its backup"
        )
    if entries[cut.position - 1].chain != cut.chain:
        raise VerifyError(
            f"{folder} was made from another log than {settings.log}: if it is of this one, restore the log from its "
            f"backup, and if not, it belongs into another folder"
        )
    return cut


def _read_cut(settings: Settings, ledger: Ledger, folder: Path) -> StoredCut:
    """Return what a release says it was made from, if this log holds it."""
    cut = _require_held(settings, ledger, folder)
    say(f"verify: every file of {folder.name} is as its SHA256SUMS says; making it again from the log")
    if folder.name in (gone := withdrawn.read(folder.parent)):
        say(f"verify: {folder.name} is withdrawn: {gone[folder.name].reason}")
    if cut.code != code_sha256(PROJECT, CODE):
        say("verify: it was made by other code than this; if it differs below, verify it with the code of its time")
    return cut


def _verify_again(
    settings: Settings, ledger: Ledger, stamp: Stamp, releases: Sequence[Path], faults: list[str]
) -> None:
    """Make the panel of one cut again, in a scratch folder, and compare every release of it."""
    with scratch_below(settings.data / "verify") as folder:
        scratch = Settings(settings.roster, folder, folder, settings.threads)
        land(ledger, scratch.database, _quiet)
        named = []
        for release_folder in releases:
            with _noted(faults):
                version = stored.manifest(release_folder).version
                verify_version(release_folder, version, is_synthetic(scratch.database, stamp.cut))
                named.append(release_folder)
        if not named:
            return
        _build(scratch, stamp)
        verdict = _gate(scratch, stamp)
        described, tables_alone = _tables(scratch, stamp), scratch.data / "tables"
        tables_alone.mkdir()
        write_tables(scratch.database, [table.public() for table in described], tables_alone)
        erased = list(_erased_since(ledger, stamp.cut))
        for release_folder in named:
            again = Path(shutil.copytree(tables_alone, scratch.data / "again", copy_function=os.link))
            own: list[str] = []
            with _noted(own):
                _compare(again, described, _cut(scratch, ledger, stamp), verdict, release_folder)
            shutil.rmtree(again)
            if own and erased:
                say(f"verify: {release_folder.name} differs by {' and '.join(erased)}")
            else:
                faults += own


def _erased_since(ledger: Ledger, cut: int) -> Iterator[str]:
    """Yield the erasures that took something out of the log up to a cut after it was that long."""
    for number, tombstones in ledger.erasures().items():
        if number > cut and any(tombstone.position <= cut for tombstone in tombstones):
            yield f"erasure {number} ({tombstones[0].reason})"


def _compare(again: Path, described: list[Table], cut: Cut, verdict: Verdict, folder: Path) -> None:
    """Write what a release has beside its tables to those that were made again, and compare the two."""
    manifest, made_by = stored.manifest(folder), replace(cut, code=stored.cut(folder).code)
    version, public = manifest.version, [table.public() for table in described]
    absent = remake_changes(folder, again, public, made_by.editions, manifest.compared_with)
    compared_with = [other.model_dump() for other in manifest.compared_with]
    write_papers(again, public, made_by, verdict.as_json(), version, compared_with)
    verify_rebuilt(folder, again, described)
    if absent:
        say(f"verify: changes.csv was checked by its checksum only; not beside it as compared: {', '.join(absent)}")
    say(f"verify: {version} equals what the log gives at cut {cut.position}")


def _of_database(message: str, database: Path) -> str:
    """Return what DuckDB says, with what to do about a file that is damaged and about a disk that is full."""
    if _FULL in message:
        return f"DuckDB: {message}; free some space, and run the same command again"
    if any(words in message for words in _DAMAGED):
        return f"{database} is damaged (DuckDB: {message}); delete it and {database.name}.wal, and run: twiplomacy land"
    return f"DuckDB: {message}"


def _of_file(error: OSError, data: Path) -> str:
    """Return what the system says of a file, with what to do about a disk that is full."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{_FULL}: {error.filename or data}: free some space, and run the same command again"
    return f"{error.strerror}: {error.filename}" if error.filename else str(error)


def say(line: str) -> None:
    """Print one line of progress."""
    print(inert(line), flush=True)


def _quiet(_: str) -> None:
    """Say nothing."""


def _stamp(ledger: Ledger, year: int, cut: int) -> Stamp:
    return Stamp(year, cut, ledger.at(cut).chain, code_sha256(PROJECT, CODE))


def _build(settings: Settings, stamp: Stamp) -> None:
    build(settings.database, settings.data / "dbt", stamp, settings.threads, say)
    with connect(settings.database) as connection:
        write_database(connection, _tables(settings, stamp), settings.report)


def _built(settings: Settings, year: int) -> Stamp:
    stamp = read_stamp(settings.database)
    if stamp is None or stamp.year != year or stamp.code != code_sha256(PROJECT, CODE):
        raise BuildError(
            f"{settings.database} does not hold {year} as this code builds it; run: twiplomacy build --year {year}"
        )
    return stamp


def _gate(settings: Settings, stamp: Stamp) -> Verdict:
    public = [
        PublicTable(
            table.name,
            {column.name: column.data_type for column in table.columns},
            table.rows,
            {column.name: column.sql for column in table.columns if column.is_masked},
        )
        for table in (described.public() for described in _tables(settings, stamp))
    ]
    return gate(settings.database, stamp.year, public)


def _verdict_path(settings: Settings, year: int) -> Path:
    return settings.data / "gate" / f"{year}.json"


def _kept_verdict(settings: Settings, stamp: Stamp) -> Mapping[str, Any]:
    remedy = f"run: twiplomacy gate --year {stamp.year}"
    try:
        verdict = kept(_verdict_path(settings, stamp.year), asdict(stamp))
    except KeptError as error:
        raise ReleaseError(f"{error}; {remedy}") from error
    if verdict is None:
        raise ReleaseError(f"{stamp.year} has not been through the gate as it is; {remedy}")
    return verdict


def _cut(settings: Settings, ledger: Ledger, stamp: Stamp) -> Cut:
    entries = ledger.lines()[: stamp.cut]
    return Cut(
        is_synthetic=is_synthetic(settings.database, stamp.cut),
        year=stamp.year,
        editions=editions(settings.database),
        position=stamp.cut,
        chain=stamp.chain,
        events=sum(entry.rows for entry in entries),
        recorded_date=recorded_date(settings.database, stamp.cut),
        code=stamp.code,
    )


def _tables(settings: Settings, stamp: Stamp) -> list[Table]:
    described = tables(settings.data / "dbt" / "manifest.json")
    return [table.as_synthetic() for table in described] if is_synthetic(settings.database, stamp.cut) else described


def _year(settings: Settings, options: argparse.Namespace) -> int:
    """Return the newest edition of the panel that is asked for."""
    years = roster.read(settings.roster).years
    year: int = max(years, default=0) if options.year is None else options.year
    if year not in years:
        known = ", ".join(map(str, years)) or "none"
        raise RosterError(f"{year} is no edition; roster/editions.csv has {known}")
    return year


def _require_contact(settings: Settings) -> None:
    if not settings.contact:
        raise SettingsError("set TWIPLOMACY_CONTACT, an e-mail address or page; whoever is asked wants to know by whom")


def _platforms(settings: Settings) -> Mapping[str, Platform]:
    every = (X(settings.x_word), Bluesky(), Mastodon(), YouTube())
    return {platform.code: platform for platform in every}


def _endpoint(platform: Platform, settings: Settings) -> Endpoint:
    base = settings.addresses.get(platform.code, platform.address)
    return Endpoint(platform, base, settings.keys.get(platform.key_name, SecretStr("")))


def _fail(message: str) -> int:
    print(f"error: {inert(message)}", file=sys.stderr, flush=True)
    return 1


COMMANDS = {
    "collect": run_collect,
    "roster": run_roster,
    "land": run_land,
    "build": run_build,
    "gate": run_gate,
    "release": run_release,
    "verify": run_verify,
    "withdraw": run_withdraw,
    "erase": run_erase,
}


if __name__ == "__main__":
    sys.exit(main())
