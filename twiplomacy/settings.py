"""Where things are on this machine.

In: environment variables that start with ``TWIPLOMACY_``. Out: typed paths. Never: a secret in a printable field, or an
address to which a key would go in clear.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import SecretStr

from ingestion.collect.living.http import is_loopback
from ingestion.files import PROJECT, Places

KEYS = ("TWIPLOMACY_X_BEARER_TOKEN", "TWIPLOMACY_YOUTUBE_API_KEY")
_OF_A_HEADER = re.compile(r"[\x21-\x7e]+( [\x21-\x7e]+)*")
"""What may stand in the head of a request."""


class SettingsError(Exception):
    """An environment variable does not say what it should; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Folders and limits of one run.

    Attributes:
        roster: the files people edit.
        data: the log (``data/log``, the only thing to back up), answers on their way to it, and what is made from it.
        releases: one folder per released version.
        threads: how many threads DuckDB and dbt use, and how many inputs are read at once; no figure depends on it.
        contact: an address or page by which platforms can reach whoever asks them; needed for asking.
        x_word: the word by which X is asked for fields, ``tweet`` or ``post``.
        keys: environment variable -> key of a platform.
        exclusion_salt: the secret by which ``roster/exclusions.csv`` is read and written; empty if it is not known.
        addresses: platform -> address other than its own, as of a test server.
    """

    roster: Path
    data: Path
    releases: Path
    threads: int
    contact: str = ""
    x_word: str = "tweet"
    keys: Mapping[str, SecretStr] = field(default_factory=dict)
    exclusion_salt: SecretStr = field(default_factory=lambda: SecretStr(""))
    addresses: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_environment(cls) -> Self:
        """Read the variables that ``.env.example`` explains; each has a default.

        Raises:
            SettingsError: the number of threads is not one, the word is neither, a key or the contact has letters that
                no request can hold, an address is not of https, or a folder cannot be one.
        """
        read = os.environ.get
        threads = read("TWIPLOMACY_THREADS") or str(os.cpu_count() or 1)
        if not (threads.isdecimal() and int(threads)):
            raise SettingsError(f"TWIPLOMACY_THREADS is {threads!r}; expected a number from 1")
        x_word = read("TWIPLOMACY_X_WORD") or "tweet"
        if x_word not in ("tweet", "post"):
            raise SettingsError(f"TWIPLOMACY_X_WORD is {x_word!r}; expected tweet or post")
        return cls(
            roster=_folder("TWIPLOMACY_ROSTER", "roster"),
            data=_folder("TWIPLOMACY_DATA", "data"),
            releases=_folder("TWIPLOMACY_RELEASES", "releases"),
            threads=int(threads),
            contact=_of_a_header("TWIPLOMACY_CONTACT"),
            x_word=x_word,
            keys={name: SecretStr(key) for name in KEYS if (key := _of_a_header(name))},
            exclusion_salt=SecretStr(read("TWIPLOMACY_EXCLUSION_SALT", "")),
            addresses={
                name.removeprefix("TWIPLOMACY_").removesuffix("_URL").lower(): _address(name)
                for name, address in os.environ.items()
                if name.startswith("TWIPLOMACY_") and name.endswith("_URL") and address
            },
        )

    @property
    def places(self) -> Places:
        """The folders alone."""
        return Places(self.roster, self.data, self.releases)

    @property
    def log(self) -> Path:
        """The folder of the ledger and its segments."""
        return self.data / "log"

    @property
    def database(self) -> Path:
        """The live projection: one writer, no reader while it builds."""
        return self.data / "twiplomacy.duckdb"

    @property
    def report(self) -> Path:
        """The report authors' copy, swapped in after each build."""
        return self.data / "report.duckdb"


def _of_a_header(name: str) -> str:
    """Return what a variable says, without white space around it, if a request can hold it."""
    text = os.environ.get(name, "").strip()
    if text and not _OF_A_HEADER.fullmatch(text):
        raise SettingsError(f"{name} has a line break, a letter that is not ASCII, or two spaces in a row; set it anew")
    return text


def _address(name: str) -> str:
    """Return the address that a variable names; a key goes along, so that only this machine may be asked in clear."""
    address = os.environ[name].strip()
    try:
        split = urlsplit(address)
        host, is_secure = split.hostname or "", split.scheme == "https"
    except ValueError:
        host, is_secure = "", False
    if not host or not (is_secure or (split.scheme == "http" and is_loopback(host))):
        raise SettingsError(f"{name} does not start with https:// and a host; only this machine may be asked in clear")
    return address


def _folder(name: str, default: str) -> Path:
    """Return the folder that a variable names, which need not be there; by default one of the project."""
    path = Path(os.environ.get(name) or PROJECT / default).absolute()
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise SettingsError(f"{name} is {path}, which is not UTF-8; choose another folder") from error
    if path.exists() and not path.is_dir():
        raise SettingsError(f"{name} is {path}, which is a file; expected a folder")
    return path
