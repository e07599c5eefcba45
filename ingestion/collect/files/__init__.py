"""Collecting of files: from the roster and its observation files to new segments of the log.

``folder`` finds the files, ``inputs`` those that are new, ``archives`` and ``by_hand`` read them, ``sheets`` compares
the versions of a hand-made sheet, ``writing`` makes the segments, and ``collection`` runs all of it.
"""

from ingestion.collect.files.collection import collect
from ingestion.collect.files.folder import files
from ingestion.collect.files.inputs import input_sha256

__all__ = ["collect", "files", "input_sha256"]
