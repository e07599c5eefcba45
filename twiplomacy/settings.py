"""The settings of one run, from environment variables that start with ``TWIPLOMACY_`` and from a ``.env`` file."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingestion.collect.living.http import is_loopback
from ingestion.files import PROJECT, Places
from ingestion.roster.platforms import PLATFORMS
from ingestion.shown import inert

PREFIX = "TWIPLOMACY_"
_OF_A_HEADER = re.compile(r"[\x21-\x7e]+( [\x21-\x7e]+)*")
"""What the header of a request can hold."""


class SettingsError(Exception):
    """A setting has a value that cannot be; the message names the variable, and never a secret."""


def _folder(name: str | Path) -> Path:
    path = Path(name).absolute()
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"is {inert(str(path))}, which is not UTF-8; choose another folder") from error
    if path.exists() and not path.is_dir():
        raise ValueError(f"is {path}, which is a file; expected a folder")
    return path


def _header(text: str) -> str:
    """Return a text without white space around it, if the header of a request can hold it."""
    text = text.strip()
    if text and not _OF_A_HEADER.fullmatch(text):
        raise ValueError("has a line break, a letter that is not ASCII, or two spaces in a row; set it anew")
    return text


def _key(key: SecretStr) -> SecretStr:
    return SecretStr(_header(key.get_secret_value()))


def _address(address: str) -> str:
    """Return an address that is encrypted or on this machine, because a key is sent with each request."""
    address = address.strip()
    try:
        split = urlsplit(address)
        host, is_secure = split.hostname or "", split.scheme == "https"
    except ValueError:
        host, is_secure = "", False
    if address and not (host and (is_secure or (split.scheme == "http" and is_loopback(host)))):
        raise ValueError("does not start with https:// and a host; only this machine may be asked in clear")
    return address


Folder = Annotated[Path, BeforeValidator(_folder)]
Key = Annotated[SecretStr, AfterValidator(_key)]
Address = Annotated[str, AfterValidator(_address)]


class Settings(BaseSettings):
    """What a person or a server may set; every setting has a default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True)

    data: Folder = Field(
        PROJECT / "data",
        description="Folder of the log and of everything made from it. Back up the folder `log` in it.",
    )
    releases: Folder = Field(PROJECT / "releases", description="Folder that gets one folder per released version.")
    roster: Folder = Field(PROJECT / "roster", description="Folder of the files that people edit.")
    threads: int = Field(
        ge=1,
        default_factory=lambda: os.cpu_count() or 1,
        description="Threads of DuckDB and dbt, and files read at once; no figure depends on it. "
        "By default as many as the machine has cores.",
    )
    memory: str = Field(
        "",
        description="Memory that DuckDB may use in a build, e.g. `1GB`; what does not fit goes to disk. "
        "By default 80 % of the machine's memory.",
    )
    contact: Annotated[str, AfterValidator(_header)] = Field(
        "",
        description="E-mail address or web page of whoever collects. It is sent with each request to a platform or to "
        "Wikidata, and without it nothing is asked.",
    )
    x_bearer_token: Key = Field(SecretStr(""), description="Key for X. Without it X is skipped, and the log says so.")
    youtube_api_key: Key = Field(
        SecretStr(""), description="Key for YouTube. Without it YouTube is skipped, and the log says so."
    )
    x_word: Literal["tweet", "post"] = Field(
        "tweet", description="Word by which X is asked for fields: `tweet` or `post`. Answers are read in both."
    )
    exclusion_salt: SecretStr = Field(
        SecretStr(""),
        description="Secret by which `roster/exclusions.csv` is written and read. Never change it. By default the one "
        "in `data/exclusion-salt`, which the first `twiplomacy erase` makes.",
    )
    x_url: Address = Field("", description="Address to use instead of X's own, e.g. of a test server.")
    bluesky_url: Address = Field("", description="Address to use instead of Bluesky's own.")
    mastodon_url: Address = Field("", description="Address to use for every Mastodon server; `{server}` is its name.")
    youtube_url: Address = Field("", description="Address to use instead of YouTube's own.")
    wikidata_url: Address = Field("", description="Address to use instead of Wikidata's own.")

    @classmethod
    def load(cls) -> Self:
        """Read the environment, then for what it does not set ``.env`` in the project's folder.

        ``TWIPLOMACY_ENV_FILE`` names another file than ``.env``.

        Raises:
            SettingsError: a value cannot be used.
        """
        file = os.environ.get(f"{PREFIX}ENV_FILE") or PROJECT / ".env"
        try:
            return cls(_env_file=file, _env_file_encoding="utf-8")
        except ValidationError as error:
            first = error.errors()[0]
            is_ours = first["type"] == "value_error"  # of a key too: it never says the value
            reason = first["ctx"]["error"] if is_ours else f"is {first['input']!r}: {first['msg']}"
            raise SettingsError(f"{PREFIX}{str(first['loc'][0]).upper()} {reason}") from None
        except OSError as error:
            raise SettingsError(f"{file} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError as error:
            raise SettingsError(f"{file} is not UTF-8 text: {error}") from None

    @property
    def places(self) -> Places:
        """The folders, and what lies in them."""
        return Places(self.roster, self.data, self.releases)

    @property
    def keys(self) -> Mapping[str, SecretStr]:
        """Environment variable -> key, of the platforms whose key is set."""
        names = [name for platform in PLATFORMS.values() if (name := platform.key_name)]
        keys = {name: getattr(self, name.removeprefix(PREFIX).lower()) for name in names}
        return {name: key for name, key in keys.items() if key.get_secret_value()}

    @property
    def addresses(self) -> Mapping[str, str]:
        """Platform, or ``wikidata`` -> the address to use instead of its own."""
        names = [name for name in type(self).model_fields if name.endswith("_url")]
        return {name.removesuffix("_url"): address for name in names if (address := getattr(self, name))}
