"""What a release says of itself is checked before it is used."""

import json

import pytest

from release import stored
from release.stored import StoredError

HASH = "0" * 64
MANIFEST = {"version": "2014.0.0", "editions": [2013, 2014], "compared_with": []}
CUT = {"year": 2014, "position": 3, "chain": HASH, "events": 9, "recorded_date": "2018-01-01", "code": HASH}


def write(folder, name, data):
    (folder / name).write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())


def test_the_editions_of_a_release_are_those_of_its_manifest(tmp_path):
    write(tmp_path, "manifest.json", MANIFEST)
    assert stored.manifest(tmp_path).editions == (2013, 2014)
    write(tmp_path, "manifest.json", {"version": "2014.0.0"})  # of the former form
    assert stored.manifest(tmp_path).editions == ()


JUNK = [b"", b"{", b"\xff", b"[]", b"null", b"[" * 5000, {"version": 1}]


@pytest.mark.parametrize(
    "data",
    [
        *JUNK,
        {"version": "2014"},
        {**MANIFEST, "editions": ["2014"]},
        {**MANIFEST, "editions": None},
        {**MANIFEST, "compared_with": [{"version": "../2013.0.0", "tables_sha256": HASH}]},
        {**MANIFEST, "compared_with": [{"version": "2013.0.0"}]},
    ],
)
def test_a_manifest_of_another_form_is_named_with_what_to_do(tmp_path, data):
    write(tmp_path, "manifest.json", data)
    with pytest.raises(StoredError, match=r"manifest\.json is damaged: .*; restore the release from a copy of it"):
        stored.manifest(tmp_path)


@pytest.mark.parametrize("data", [*JUNK, {**CUT, "position": 0}, {**CUT, "position": "3"}, {**CUT, "chain": "0"}])
def test_a_cut_of_another_form_is_named_with_what_to_do(tmp_path, data):
    write(tmp_path, "cut.json", data)
    with pytest.raises(StoredError, match=r"cut\.json is damaged: .*; restore the release from a copy of it"):
        stored.cut(tmp_path)


def test_a_cut_of_the_former_form_names_no_editions(tmp_path):
    write(tmp_path, "cut.json", CUT)
    assert (stored.cut(tmp_path).editions, stored.cut(tmp_path).is_synthetic) == ((), False)


def test_a_file_that_is_missing_is_named(tmp_path):
    for read in (stored.manifest, stored.cut, stored.descriptions):
        with pytest.raises(StoredError, match=r"json is missing; restore the release"):
            read(tmp_path)
