"""Exclusions: hashes that name nobody, and intake without the excluded subjects."""

import pytest
from pydantic import SecretStr

from ingestion.roster import exclusions
from ingestion.roster.exclusions import Exclusions
from ingestion.roster.files import RosterError
from tests.ingestion.log.test_events import event

SALT = SecretStr("a secret of some length")
DAY = "2026-01-01"


@pytest.fixture
def excluded(tmp_path) -> Exclusions:
    exclusions.add(tmp_path, ["x:900100200", "x:@palace", "jane-doe", "x:7/25"], SALT, DAY)
    return exclusions.read(tmp_path, SALT)


def test_the_file_names_nobody_and_keeps_the_first_day(tmp_path):
    exclusions.add(tmp_path, ["x:900100200"], SALT, DAY)
    exclusions.add(tmp_path, ["x:900100200", "x:1"], SALT, "2026-02-02")
    lines = (tmp_path / "exclusions.csv").read_text().splitlines()
    assert lines[0] == "subject_sha256,excluded_date"
    assert {line[64:] for line in lines[1:]} == {f",{DAY}", ",2026-02-02"}
    assert "900100200" not in "".join(lines)


def test_another_salt_gives_other_hashes_and_without_one_nobody_is_recognised(tmp_path, excluded):
    assert excluded.names("x:900100200")
    assert not exclusions.read(tmp_path, SecretStr("another secret of a length")).names("x:900100200")
    blind = exclusions.read(tmp_path, SecretStr(""))
    assert blind.is_blind
    assert not blind.names("x:900100200")
    assert not exclusions.read(tmp_path / "nowhere", SALT).hashes


def test_the_salt_is_the_one_that_is_given_or_that_of_the_data_folder(tmp_path):
    none = SecretStr("")
    assert exclusions.salt(tmp_path, none) == none
    made = exclusions.make_salt(tmp_path / "data")
    assert len(made.get_secret_value()) == 64
    assert exclusions.salt(tmp_path / "data", none) == made
    assert exclusions.salt(tmp_path / "data", SALT) == SALT
    assert (tmp_path / "data" / "exclusion-salt").stat().st_mode & 0o777 == 0o600


def test_a_short_salt_is_refused(tmp_path):
    (tmp_path / "exclusion-salt").write_text("short\n")
    with pytest.raises(RosterError, match="exclusion-salt is too short: 16 characters at least"):
        exclusions.salt(tmp_path, SecretStr(""))
    with pytest.raises(RosterError, match="TWIPLOMACY_EXCLUSION_SALT is too short"):
        exclusions.salt(tmp_path, SecretStr("short"))


@pytest.mark.parametrize("content", ["", "a,b\n", "subject_sha256,excluded_date\nshort,2026-01-01\n", "\xff\n"])
def test_another_file_is_named(tmp_path, content):
    (tmp_path / "exclusions.csv").write_bytes(content.encode("latin-1"))
    with pytest.raises(RosterError, match=r"exclusions\.csv"):
        exclusions.read(tmp_path, SALT)


@pytest.mark.parametrize(
    ("subject", "data"),
    [
        ("x:900100200", {}),
        ("x:900100200/1", {}),
        ("x:@palace", {}),
        ("x:7/25", {}),
        ("roster/accounts/x:900100200", {"account_id": "x:900100200"}),
        ("roster/terms/AAA-head/jane-doe/", {"holder_id": "jane-doe"}),
    ],
)
def test_what_is_about_somebody_excluded_stays_out(excluded, subject, data):
    assert excluded.admit(event(data, subject=subject)) is None


def test_who_is_only_named_gets_a_mask(excluded):
    given = event(
        {"user_mentions": [{"id_str": "900100200"}, {"id_str": "8"}], "ids": {"x:@palace": "x:900100200"}},
        subject="x:7/1",
    )
    assert excluded.admit(given).data == {
        "user_mentions": [{"id_str": "000000000"}, {"id_str": "8"}],
        "ids": {"x:@erased": "x:000000000"},
    }
    for other in (event({"id_str": "900100200"}, subject="facebook:7"), event({"n": 900100200}, subject="x:8")):
        assert excluded.admit(other) is other


def test_mentions_in_the_forms_of_each_platform_get_a_mask(tmp_path):
    did = "did:plc:abcdefghijklmnopqrstuvw2"
    named = ["mastodon:109000000000000001@a.example", f"bluesky:{did}", "x:/700800"]
    exclusions.add(tmp_path, named, SALT, DAY)
    excluded = exclusions.read(tmp_path, SALT)
    toot = event({"mentions": [{"id": "109000000000000001"}]}, subject="mastodon:8@a.example/1")
    assert excluded.admit(toot).data == {"mentions": [{"id": "0" * 18}]}
    by_handle = event({"mentions": [{"id": "109000000000000001"}]}, subject="mastodon:@alice@a.example")
    assert excluded.admit(by_handle).data == {"mentions": [{"id": "0" * 18}]}
    elsewhere = event({"mentions": [{"id": "109000000000000001"}]}, subject="mastodon:8@b.example/1")
    assert excluded.admit(elsewhere) is elsewhere
    reply = event({"parent": {"uri": f"at://{did}/app.bsky.feed.post/3m"}}, subject="bluesky:did:plc:b/1")
    assert did not in str(excluded.admit(reply).data)
    quote = event({"referenced_tweets": [{"id": "700800"}]}, subject="x:7/1")
    assert excluded.admit(quote).data == {"referenced_tweets": [{"id": "000000"}]}
    assert excluded.admit(event({}, subject="x:/700800")) is None
