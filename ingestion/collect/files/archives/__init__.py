"""Archives: files of what a platform once showed, as events. ``reading`` says how; a module reads each shape."""

from collections.abc import Mapping

from ingestion.collect.files.archives.mastodon import MastodonArchive
from ingestion.collect.files.archives.reading import Part, Shape, read
from ingestion.collect.files.archives.x_v2 import XV2Archive
from ingestion.collect.files.archives.x_v11 import XV11Archive

__all__ = ["ARCHIVES", "Part", "Shape", "read"]

ARCHIVES: Mapping[str, type[Shape]] = {
    "x-v1.1-archive": XV11Archive,
    "x-v2-archive": XV2Archive,
    "mastodon-archive": MastodonArchive,
}
"""The adapters that ``roster/sources.csv`` may name for an archive."""
