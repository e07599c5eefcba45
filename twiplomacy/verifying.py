"""verify: check the log, and make releases again from it to compare every byte."""

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from dbt_project.build import Limits, Stamp
from expectations.gate import Verdict
from ingestion.files import Places
from ingestion.log.land import is_synthetic, land
from ingestion.log.ledger import Ledger
from release import stored, withdrawn
from release.cut import Cut
from release.describe import Table
from release.release import write_papers, write_tables
from release.scratch import scratch
from release.verify import VerifyError, remake_changes, verify_files, verify_rebuilt, verify_version
from twiplomacy import edition
from twiplomacy.releases import is_made_up, releases_of, require_held
from twiplomacy.say import noted, quiet, say


def verify(places: Places, what: Sequence[str], limits: Limits) -> None:
    """Check the log, and make releases again from it to compare.

    ``what`` is ``log``, or folders of releases; nothing means the log and all releases. A withdrawn release may be
    damaged unless it is named.

    Raises:
        VerifyError: something is not as it was; everything else was checked all the same.
    """
    ledger, faults = Ledger(places.log), list[str]()
    named, is_log_asked = [Path(name).absolute() for name in what if name != "log"], not what or "log" in what
    folders = named if what else releases_of(places)
    excused = set() if named else set(withdrawn.read(places.releases))
    whole = list(_whole(folders, excused, faults))
    if whole or is_log_asked:
        sound: list[Path] = []
        with noted(faults):
            events = ledger.verify()
            say(f"verify: the log is complete: {len(ledger.lines())} segments, {events} events")
            sound = whole
            for folder in releases_of(places, is_made_up(ledger)) if is_log_asked else ():
                if folder.name not in excused and folder not in folders:
                    with noted(faults):
                        require_held(places, ledger, folder)
        _make_again(places, ledger, sound, limits, faults)
    if faults:
        raise VerifyError("\n".join(faults))


def _whole(folders: Sequence[Path], excused: set[str], faults: list[str]) -> Iterator[Path]:
    """Yield the releases whose files are as they were written."""
    for folder in folders:
        own: list[str] = []
        with noted(own):
            verify_files(folder)
            yield folder
        if folder.name not in excused:
            faults += own
        for fault in own if folder.name in excused else ():
            say(f"verify: withdrawn, and so no fault: {fault}")


def _make_again(places: Places, ledger: Ledger, folders: Sequence[Path], limits: Limits, faults: list[str]) -> None:
    """Make each panel once that releases were made from, and compare its releases."""
    alike: dict[tuple[int, int], list[Path]] = defaultdict(list)
    for folder in folders:
        with noted(faults):
            cut = require_held(places, ledger, folder)
            say(f"verify: every file of {folder.name} is as its SHA256SUMS says; making it again from the log")
            if folder.name in (gone := withdrawn.read(folder.parent)):
                say(f"verify: {folder.name} is withdrawn: {gone[folder.name].reason}")
            if cut.code != edition.code():
                say("verify: other code than this made it; if it differs below, verify it with the code of its time")
            alike[cut.year, cut.position].append(folder)
    for (year, position), releases in alike.items():
        with noted(faults):
            _compare_panel(places, ledger, edition.stamp_at(ledger, year, position), releases, limits, faults)


def _compare_panel(
    places: Places, ledger: Ledger, stamp: Stamp, releases: Sequence[Path], limits: Limits, faults: list[str]
) -> None:
    """Make the panel of one cut again below ``data/verify``, and compare every release of it."""
    with scratch(places.data / "verify") as folder:
        again = Places(places.roster, folder, folder)
        land(ledger, again.database, quiet)
        named = []
        for release in releases:
            with noted(faults):
                verify_version(release, stored.manifest(release).version, is_synthetic(again.database, stamp.cut))
                named.append(release)
        if not named:
            return
        edition.build_panel(again, stamp, limits)
        verdict, described = edition.judge(again, stamp), edition.described(again, stamp)
        tables = folder / "tables"
        tables.mkdir()
        write_tables(again.database, [table.public() for table in described], tables)
        cut, erased = edition.cut(again, ledger, stamp), list(_erased_since(ledger, stamp.cut))
        for release in named:
            copy = Path(shutil.copytree(tables, folder / "again", copy_function=os.link))
            own: list[str] = []
            with noted(own):
                _compare(copy, described, cut, verdict, release)
            shutil.rmtree(copy)
            if own and erased:
                say(f"verify: {release.name} differs by {' and '.join(erased)}")
            else:
                faults += own


def _erased_since(ledger: Ledger, cut: int) -> Iterator[str]:
    """Yield the erasures that later took something out of the log up to a cut."""
    for number, tombstones in ledger.erasures().items():
        if number > cut and any(tombstone.position <= cut for tombstone in tombstones):
            yield f"erasure {number} ({tombstones[0].reason})"


def _compare(again: Path, described: list[Table], cut: Cut, verdict: Verdict, release: Path) -> None:
    """Write what a release holds beside its tables to a folder with the tables made again; compare the two."""
    manifest, made_by = stored.manifest(release), cut.model_copy(update={"code": stored.cut(release).code})
    public = [table.public() for table in described]
    absent = remake_changes(release, again, public, made_by.editions, manifest.compared_with)
    write_papers(again, public, made_by, verdict.as_json(), manifest.version, manifest.compared_with)
    verify_rebuilt(release, again, described)
    if absent:
        say(
            f"verify: changes.csv was checked by its checksum only, because releases that it compares with are not "
            f"beside it: {', '.join(absent)}"
        )
    say(f"verify: {manifest.version} equals what the log gives at cut {cut.position}")
