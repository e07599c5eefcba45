"""Collecting of files: from the roster and its observation files to new segments of the log.

``inputs`` finds the files that are new, ``archives`` and ``by_hand`` read them, ``sheets`` compares the versions of a
hand-made sheet, and ``collection`` writes the segments.
"""

from ingestion.collect.files.collection import collect
from ingestion.collect.files.inputs import files, input_sha256

__all__ = ["collect", "files", "input_sha256"]
