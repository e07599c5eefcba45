"""The adapters that ``roster/sources.csv`` may name for an archive."""

from collections.abc import Callable, Mapping

from ingestion.collect.files.archives.mastodon import MastodonArchive
from ingestion.collect.files.archives.reading import Shape
from ingestion.collect.files.archives.x_v2 import XV2Archive
from ingestion.collect.files.archives.x_v11 import XV11Archive
from ingestion.collect.outcome import Outcome
from ingestion.roster.sources import Source

ARCHIVES: Mapping[str, Callable[[Source, Outcome], Shape]] = {
    "x-v1.1-archive": XV11Archive,
    "x-v2-archive": XV2Archive,
    "mastodon-archive": MastodonArchive,
}
