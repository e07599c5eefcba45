"""Keep the gate's verdict on a build in a file until the release is made; a damaged file is refused."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingestion.files import write_file


class KeptError(Exception):
    """The file is damaged; the message names it."""


def keep(path: Path, stamp: Mapping[str, Any], verdict: Mapping[str, Any]) -> None:
    """Write a verdict and the stamp of the build that it judges."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, _encoded(stamp, verdict))


def kept(path: Path, stamp: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the verdict on the build with a stamp; None if none is kept.

    Raises:
        KeptError: the file was changed since ``keep`` wrote it.
    """
    if not path.exists():
        return None
    content = path.read_bytes()
    try:
        found = json.loads(content)
        is_whole = content == _encoded(found["stamp"], found["verdict"])
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        raise KeptError(f"{path} is damaged: it is no verdict") from error
    if not is_whole:
        raise KeptError(f"{path} is damaged: it is not as it was written")
    verdict: Mapping[str, Any] = found["verdict"]
    return verdict if found["stamp"] == stamp else None


def _encoded(stamp: Mapping[str, Any], verdict: Mapping[str, Any]) -> bytes:
    content = {"stamp": stamp, "verdict": verdict}
    return json.dumps({**content, "sha256": hashlib.sha256(json.dumps(content).encode()).hexdigest()}).encode()
