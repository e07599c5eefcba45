"""Withdrawn releases: ``withdrawn.json`` lists them beside the releases, because a release never changes."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel

from ingestion.files import write_file
from release.diff import Version
from release.package import dump
from release.stored import read as read_stored

NAME = "withdrawn.json"
REMEDY = "restore it from a copy, or correct it by hand: version -> reason and withdrawn_date"


class Withdrawal(BaseModel, extra="forbid", frozen=True, strict=True):
    """Why a release is withdrawn, and since which day (UTC, ``YYYY-MM-DD``).

    ``erasure``: the number of the erasure, if the release names a subject that was erased from the log.
    """

    reason: str
    withdrawn_date: str
    erasure: int | None = None


class WithdrawError(Exception):
    """A release cannot be withdrawn; the message says why."""


def read(releases: Path) -> Mapping[str, Withdrawal]:
    """Return the withdrawn releases of a folder by version.

    Raises:
        StoredError: the file is damaged.
    """
    path = releases / NAME
    return read_stored(path, dict[str, Withdrawal], REMEDY) if path.exists() else {}


def withdraw(releases: Path, version: str, reason: str, withdrawn_date: str, erasure: int | None = None) -> None:
    """List a release as withdrawn. Call it with the log's lock.

    Raises:
        WithdrawError: it is no release of this folder, it is withdrawn already, or the reason is not one line of text.
        StoredError: the list is damaged.
    """
    known = read(releases)
    if Version.parse(version) is None or not os.path.lexists(releases / version):
        raise WithdrawError(f"{releases} has no release {version!r}")
    if version in known:
        raise WithdrawError(f"{version} is withdrawn already: {known[version].reason}")
    if not (reason.strip() and reason.isprintable()):
        raise WithdrawError("the reason must be one line of text")
    every = {**known, version: Withdrawal(reason=reason.strip(), withdrawn_date=withdrawn_date, erasure=erasure)}
    content = dump({name: every[name].model_dump(exclude_none=True) for name in sorted(every)})
    write_file(releases / NAME, content.encode())
