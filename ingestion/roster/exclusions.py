"""Exclusions: subjects that were erased and must not come in again, as hashes that name nobody.

The hashes are in ``roster/exclusions.csv``. They are made with a salt, because the id of an account has so few digits
that its hash could be guessed. The salt is a secret: it is in an environment variable, or in a file in the data folder.
"""

import csv
import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path

from pydantic import SecretStr

from ingestion.files import write_file
from ingestion.log.events import Event
from ingestion.roster import account_ids, traces
from ingestion.roster.files import ENCODING, RosterError

SALT = "exclusion-salt"
"""The file in the data folder that holds the salt."""
COLUMNS = ("subject_sha256", "excluded_date")
SHORTEST_SALT = 16
"""Characters."""
_WITNESS = "the salt"
"""A text whose hash is in each list, so that a wrong salt is noticed."""


@dataclass(frozen=True)
class Exclusions:
    """The subjects that must not come in, as hashes (hex), and the salt of these; empty if it is not known here."""

    hashes: frozenset[str] = frozenset()
    salt: SecretStr = field(default_factory=lambda: SecretStr(""))

    @property
    def is_blind(self) -> bool:
        """Whether there are exclusions whose salt is not known, so that nobody can be recognised."""
        return bool(self.hashes) and (
            not self.salt.get_secret_value() or digest(_WITNESS, self.salt) not in self.hashes
        )

    def names(self, subject: str) -> bool:
        """Return whether a subject is excluded."""
        return bool(self.hashes) and not self.is_blind and digest(subject, self.salt) in self.hashes

    def admit(self, event: Event) -> Event | None:
        """Return an event with masks for the excluded subjects it names; None if it is about one of them."""
        if not self.hashes or self.is_blind:
            return event
        if any(self.names(owner) for owner in traces.owners(event)):
            return None
        account = event.subject.partition("/")[0]
        masked = partial(self._masked, account.partition(":")[0], account_ids.server(account))
        return traces.restated(event, event.subject, traces.replaced(event.data, masked))

    def _masked(self, platform: str, server: str, path: str, text: str) -> str:
        if text.startswith("at://"):
            author, _, record = text.removeprefix("at://").partition("/")
            collection, _, key = record.partition("/")
            author = traces.mask(author) if self.names(f"{platform}:{author}") else author
            key = traces.mask(key) if self.names(f"{platform}:/{key}") else key
            return f"at://{'/'.join(filter(None, (author, collection, key)))}"
        if traces.is_handle(path) and self.names(f"{platform}:@{text.removeprefix('@').lower()}"):
            return traces.ERASED
        if path.endswith(("id", "id_str")):
            forms = (text, f"{text}@{server}" if server else "", f"/{text}")
            return traces.mask(text) if any(self.names(f"{platform}:{form}") for form in forms if form) else text
        if ":" in text and self.names(text):
            return traces.mask_account(text)
        return text


@lru_cache(maxsize=100_000)
def digest(subject: str, salt: SecretStr) -> str:
    """Return the hash (hex) of a subject."""
    return hmac.new(salt.get_secret_value().encode(), subject.encode(), hashlib.sha256).hexdigest()


def salt(data: Path, given: SecretStr) -> SecretStr:
    """Return the given salt, or else that of the data folder, or none; raise ``RosterError`` if it is too short."""
    path = data / SALT
    found = SecretStr(given.get_secret_value().strip())
    if not given.get_secret_value() and path.exists():
        found = SecretStr(path.read_text(encoding="utf-8", errors="replace").strip())
    if 0 < len(found.get_secret_value()) < SHORTEST_SALT:
        where = "TWIPLOMACY_EXCLUSION_SALT" if given.get_secret_value() else path
        raise RosterError(f"{where} is too short: {SHORTEST_SALT} characters at least (openssl rand -hex 32 makes one)")
    return found


def make_salt(data: Path) -> SecretStr:
    """Make a salt, keep it in the data folder, and return it."""
    data.mkdir(parents=True, exist_ok=True)
    write_file(data / SALT, f"{os.urandom(32).hex()}\n".encode(), mode=0o600)
    return salt(data, SecretStr(""))


def read(folder: Path, salt: SecretStr) -> Exclusions:
    """Read the exclusions of a roster, none if it has no file; raise ``RosterError`` if the file is damaged."""
    return Exclusions(frozenset(row[0] for row in _rows(folder / "exclusions.csv")), salt)


def add(folder: Path, subjects: Iterable[str], salt: SecretStr, day: str) -> None:
    """Add subjects to the exclusions of a roster; subjects that it has keep their day.

    Raises:
        RosterError: the file is not a list of hashes and days, or was made with another salt.
    """
    if read(folder, salt).is_blind:
        raise RosterError(
            f"{folder / 'exclusions.csv'} was made with another salt; set TWIPLOMACY_EXCLUSION_SALT to that one, or "
            f"put its file back: with a new salt, whoever was erased before could come in again"
        )
    path = folder / "exclusions.csv"
    rows = dict(_rows(path))
    for subject in (_WITNESS, *subjects):
        rows.setdefault(digest(subject, salt), day)
    lines = [",".join(COLUMNS), *(f"{sha256},{since}" for sha256, since in sorted(rows.items()))]
    write_file(path, "".join(f"{line}\n" for line in lines).encode())


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    if not path.exists():
        return
    try:
        with path.open(encoding=ENCODING, newline="") as file:
            reader = csv.reader(file, strict=True)
            if tuple(next(reader, ())) != COLUMNS:
                raise RosterError(f"{path}, line 1: expected {','.join(COLUMNS)}")
            for row in reader:
                if len(row) != len(COLUMNS) or not re.fullmatch("[0-9a-f]{64}", row[0]):
                    raise RosterError(f"{path}, line {reader.line_num}: expected a SHA-256 in hex, and a day")
                yield row[0], row[1]
    except (UnicodeDecodeError, csv.Error) as error:
        raise RosterError(f"{path} is not a UTF-8 CSV file: {error}") from error
