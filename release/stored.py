"""Read a release's manifest, cut and descriptions from its files, and refuse damaged ones."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from release.cut import Cut, Sha256
from release.diff import Version

Form = TypeVar("Form")
REMEDY = "restore the release from a copy of it"


class StoredError(Exception):
    """A file of a release is missing or damaged; the message names it, what is wrong, and what to do."""


class Compared(BaseModel, frozen=True, strict=True):
    """The release that ``changes.csv`` compares with: its version, and the hash of its tables."""

    version: str
    tables_sha256: Sha256


class Manifest(BaseModel, frozen=True, strict=True):
    """``manifest.json``, as far as it is read again. One without editions has the former form and is no panel."""

    version: str
    is_synthetic: bool = False
    editions: tuple[int, ...] = ()
    compared_with: tuple[Compared, ...] = Field((), max_length=1)


class _Field(BaseModel, strict=True):
    name: str
    description: str


class _Schema(BaseModel, strict=True):
    fields: list[_Field]


class _Resource(BaseModel, strict=True):
    path: str
    description: str = ""
    table_schema: _Schema | None = Field(None, alias="schema")


class _Package(BaseModel, strict=True):
    resources: list[_Resource]


def manifest(folder: Path) -> Manifest:
    """Return the manifest of a release.

    Raises:
        StoredError: the file is missing or damaged, or names no versions.
    """
    found = read(folder / "manifest.json", Manifest, REMEDY)
    for version in (found.version, *(other.version for other in found.compared_with)):
        if Version.parse(version) is None:
            raise StoredError(f"{folder / 'manifest.json'} is damaged: {version!r} is no version; {REMEDY}")
    return found


def cut(folder: Path) -> Cut:
    """Return the cut that a release was made from.

    Raises:
        StoredError: the file is missing or damaged.
    """
    return read(folder / "cut.json", Cut, REMEDY)


def descriptions(folder: Path) -> Mapping[str, Any]:
    """Return file name -> descriptions of the table and its columns, from the data package of a release.

    Raises:
        StoredError: the file is missing or damaged.
    """
    listed = read(folder / "datapackage.json", _Package, REMEDY).resources
    return {
        each.path: (each.description, {field.name: field.description for field in each.table_schema.fields})
        for each in listed
        if each.table_schema
    }


def read(path: Path, form: type[Form], remedy: str) -> Form:
    """Return a JSON file as a type that pydantic knows.

    Raises:
        StoredError: the file is missing, cannot be read, is not JSON, or does not fit the type.
    """
    try:
        return TypeAdapter(form).validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise StoredError(f"{path} is missing; {remedy}") from error
    except OSError as error:
        raise StoredError(f"{path} cannot be read ({error.strerror}); {remedy}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise StoredError(f"{path} is damaged: {f'{where}: ' if where else ''}{first['msg']}; {remedy}") from error
