"""The releases beside a log: which there are, whether this log holds them, which of them an erasure withdraws."""

from collections.abc import Iterator
from pathlib import Path

from ingestion.clock import Clock
from ingestion.erase.run import Erased
from ingestion.files import Places
from ingestion.log import segments
from ingestion.log.ledger import Ledger
from ingestion.roster.changes import SOURCE_ID as ROSTER_SOURCE_ID
from release import stored, withdrawn
from release.cut import Cut
from release.diff import Version
from release.stored import StoredError
from release.verify import VerifyError


def releases_of(places: Places, is_synthetic: bool | None = None) -> list[Path]:
    """Return the folders of the releases, only those of synthetic data or only the real ones.

    None takes all, and other folders whose name begins with a digit.
    """
    named = {path: Version.parse(path.name) for path in sorted(places.releases.glob("[0-9]*"))}
    if is_synthetic is None:
        return [path for path, version in named.items() if version or path.is_dir()]
    return [path for path, version in named.items() if version and version.is_synthetic == is_synthetic]


def is_made_up(ledger: Ledger) -> bool:
    """Return whether a log ever named a synthetic source; ``land.is_synthetic`` asks a database the same."""
    own = (line for line in ledger.current() if line.source == ROSTER_SOURCE_ID and line.rows)
    paths = (ledger.segments / line.name for line in own)
    return any(b'"is_synthetic":true' in event for path in paths for event in segments.lines(path))


def require_held(places: Places, ledger: Ledger, folder: Path) -> Cut:
    """Return the cut that a release was made from.

    Raises:
        VerifyError: the log does not hold it, e.g. because it lost its end.
        StoredError: the release does not say it as it was written.
    """
    cut, lines = stored.cut(folder), ledger.lines()
    if cut.position > len(lines):
        raise VerifyError(
            f"{ledger.path} has {len(lines)} segments, and {folder} was made from {cut.position}: the log has lost "
            f"its end; restore {places.log} from its backup"
        )
    if lines[cut.position - 1].chain != cut.chain:
        raise VerifyError(
            f"{folder} was made from another log than {places.log}: if the release is of this log, restore the log "
            f"from its backup; if not, move the release to another folder"
        )
    return cut


def withdraw_erased(places: Places, erased: Erased, reason: str) -> Iterator[Path]:
    """Mark the releases that were made from what was just erased as withdrawn, and yield their folders."""
    known, day = withdrawn.read(places.releases), Clock().now().date().isoformat()
    for folder in (path for path in releases_of(places) if Version.parse(path.name)):
        try:
            held_it = erased.was_in(stored.cut(folder).position)
        except StoredError:
            held_it = True  # nobody can tell, so it may have
        if folder.name not in known and held_it:
            withdrawn.withdraw(places.releases, folder.name, f"erasure {erased.number}: {reason}", day, erased.number)
            yield folder
