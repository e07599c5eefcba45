"""erase: after it nothing names the subject, the chain verifies, and the subject cannot come in again."""

import gzip
import json
import pkgutil
from fnmatch import fnmatch
from pathlib import Path

import duckdb
import pytest
import zstandard
from filelock import FileLock
from pydantic import SecretStr

from ingestion.collect.files import collect
from ingestion.erase.files import edit
from ingestion.erase.run import erase
from ingestion.erase.subject import EraseError
from ingestion.log import segments
from ingestion.log.events import Event
from ingestion.log.land import land
from ingestion.log.ledger import Ledger
from ingestion.log.segments import LogError
from ingestion.roster import exclusions
from ingestion.roster.files import RosterError
from ingestion.roster.traces import Traces
from tests.conftest import PROJECT
from twiplomacy import cli
from twiplomacy.settings import Settings
from twiplomacy.synthetic.loopback import StillClock
from twiplomacy.synthetic.worlds import tweet, user, write_figures, write_roster, write_tweets

SALT = "a secret of some length"
SUBJECT, OTHER = 900100200, 900300400
HANDLE = "PalaceOfAaa"
CANARIES = ("900100200", "palaceofaaa", "700000000000001")
WHEN = "Thu Jan 02 12:00:00 +0000 2014"


def quiet(_: str) -> None:
    pass


def post(number: int, author: int, **changes) -> dict:
    name = HANDLE if author == SUBJECT else "other"
    return tweet(number, author, WHEN, user=user(author, screen_name=name), **changes)


def mention(account: int, name: str) -> dict:
    return {"user_mentions": [{"id": account, "id_str": str(account), "screen_name": name}]}


@pytest.fixture
def home(tmp_path) -> Settings:
    """A world in which the subject is everywhere: in tables, archives, another's posts, a run, an unfinished run."""
    roster = write_roster(
        tmp_path / "roster",
        sources=[
            {"source_id": "figures", "adapter": "by-hand", "observed_at": "2016-08-01T00:00:00Z"},
            {"source_id": "tweets", "adapter": "x-v1.1-archive", "observed_at": "2018-03-01T00:00:00Z"},
            {"source_id": "x-api", "adapter": "x-v2-api"},
        ],
        offices=[{"office_code": "AAA-head", "country_code": "AAA"}],
        holders=[
            {"holder_id": "jane-doe", "holder_name": "Jane Doe"},
            {"holder_id": "john-roe", "holder_name": "John Roe"},
        ],
        terms=[{"office_code": "AAA-head", "holder_id": name, **days} for name, days in TERMS],
        accounts=[
            {"account_id": f"x:{SUBJECT}", "country_code": "AAA", "handle": HANDLE},
            {"account_id": f"x:{OTHER}", "country_code": "AAA"},
        ],
        assignments=[
            {"account_id": f"x:{SUBJECT}", "holder_id": "jane-doe", "evidence_url": f"https://x.example/{HANDLE}"},
            {"account_id": f"x:{OTHER}", "holder_id": "john-roe"},
        ],
    )
    write_figures(
        roster,
        [{"account_id": f"x:{one}", "audience_count": "5", "observed_date": "2016-08-01"} for one in (SUBJECT, OTHER)],
        "figures",
    )
    write_tweets(roster, [post(700000000000001, SUBJECT), post(700000000000002, SUBJECT)], f"{HANDLE}.jsonl")
    others = [
        post(3, OTHER, entities=mention(SUBJECT, HANDLE)),
        post(4, OTHER, in_reply_to_status_id_str="700000000000001", in_reply_to_user_id_str=str(SUBJECT)),
        post(5, SUBJECT),
        post(6, OTHER),
    ]
    path = write_tweets(roster, others, "others.jsonl")
    path.with_suffix(".jsonl.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    (roster / "observations" / "tweets" / "NOTE.md").write_text(
        f"From https://x.example/{HANDLE}, see {HANDLE}.jsonl.\n"
    )
    recording = tmp_path / "tests" / "recordings" / "x" / "users.json"
    recording.parent.mkdir(parents=True)
    recording.write_text(json.dumps({"data": [{"id": str(SUBJECT), "username": HANDLE}, {"id": "7", "username": "b"}]}))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "README.md").write_text(f"As x:{SUBJECT} did.")
    settings = Settings(
        roster=roster, data=tmp_path / "data", releases=tmp_path / "releases", threads=1, exclusion_salt=SecretStr(SALT)
    )
    ledger = Ledger(settings.places.log)
    collect(roster, ledger, quiet)
    at = "2026-03-01T12:00:00Z"
    profile = {"id": str(SUBJECT), "username": HANDLE}
    seen = Event("x-api", "account.observed", f"x:{SUBJECT}", at, "x/v2/user", profile, at)
    follows = Event(
        "x-api", "follows.observed", f"x:{OTHER}", at, "x/v2/following", {"follows": [{"id": str(SUBJECT)}]}, at
    )
    said = {
        "ids": {f"x:@{HANDLE.lower()}": f"x:{SUBJECT}"},
        "timelines": [{"account_id": f"x:{SUBJECT}", "until": at, "limit_code": ""}],
    }
    finished = Event("x-api", "collection.finished", f"x-api/{at}", at, "collection/run/2", said, at)
    with ledger.writing(quiet):
        segment = segments.write(ledger.segments, "x-api", [seen, follows, finished])
        ledger.append(segment, "x-api", "run")
    land(ledger, settings.places.database, quiet)
    for name in ("airflow/logs/run.log", "dbt/manifest.json", "roster-refresh.patch"):
        (settings.data / name).parent.mkdir(parents=True, exist_ok=True)
        (settings.data / name).write_text(f'{{"subject":"x:{SUBJECT}"}}\n')
    (settings.data / "collecting").mkdir()
    (settings.data / "collecting" / "y.jsonl").write_text("of others\n")
    return settings


TERMS = (
    ("jane-doe", {"start_date": "2010-01-01", "end_date": "2016-01-01"}),
    ("john-roe", {"start_date": "2016-01-01"}),
)


def run(settings: Settings, subject: str = f"x:{SUBJECT}", reason: str = "asked", say=quiet):
    return erase(settings.places, settings.exclusion_salt, subject, reason, StillClock(), say)


def plain(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().stream_reader(path.open("rb")).read()
    return path.read_bytes()


def canaries(settings: Settings) -> list[tuple[str, str]]:
    """Each file below the roster and the data folder that names the subject, by its content or its own name."""
    folders = settings.roster, settings.data, settings.roster.parent / "tests"
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [
        (path.name, word)
        for path in files
        for word in CANARIES
        if word.encode() in plain(path).lower() or word in path.name.lower()
    ]


def test_the_subject_is_everywhere_before_and_nowhere_after(home):
    before = canaries(home)
    assert {word for _, word in before} == set(CANARIES)
    assert len({name for name, _ in before}) > 12
    said = []
    erased = run(home, say=said.append)
    assert canaries(home) == []
    assert erased.number == len(Ledger(home.places.log).lines())
    assert [path.name for path in erased.left] == ["README.md"]
    assert any("segment 1: 2 of " in line for line in said)
    assert (home.data / "collecting" / "y.jsonl").exists()


def test_every_file_of_the_project_is_searched_for_the_subject(home):
    ignored, root = [".git", "*_cache", *(PROJECT / ".gitignore").read_text().split()], home.roster.parent
    named = {root / "docs" / "README.md"}
    for path in PROJECT.iterdir():
        if path.name != "roster" and not any(fnmatch(path.name, pattern.rstrip("/")) for pattern in ignored):
            file = root / path.name / "named.txt" if path.is_dir() else root / path.name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"As x:{SUBJECT} did.")
            named.add(file)
    assert set(run(home).left) == named


def test_the_chain_verifies_and_says_what_is_gone_without_naming_it(home):
    before = {entry.position: entry.sha256 for entry in Ledger(home.places.log).lines()}
    run(home)
    ledger = Ledger(home.places.log)
    ledger.verify()
    (tombstones,) = ledger.erasures().values()
    assert [(one.sha256, one.reason) for one in tombstones] == [(before[one.position], "asked") for one in tombstones]
    assert {one.subject_sha256 for one in tombstones} == {exclusions.digest(f"x:{SUBJECT}", SecretStr(SALT))}
    assert sum(one.rows - one.kept_rows for one in tombstones) == 2 + 1 + 3 + 2 + 1


def test_collecting_and_landing_go_on_as_if_nothing_had_been(home):
    run(home)
    ledger, said = Ledger(home.places.log), []
    count = len(ledger.lines())
    collect(home.roster, ledger, said.append, exclusions=exclusions.read(home.roster, home.exclusion_salt))
    assert len(ledger.lines()) == count, said
    land(ledger, home.places.database, quiet)
    with duckdb.connect(str(home.places.database), read_only=True) as connection:
        subjects = connection.execute(
            "select subject, count(*) from raw.post_snapshots group by all order by 1"
        ).fetchall()
        mentioned = connection.execute(
            "select payload ->> '$.entities.user_mentions[0].id_str' from raw.post_snapshots"
        ).fetchall()
    assert subjects == [(f"x:{OTHER}/{number}", 1) for number in (3, 4, 6)]
    assert ("000000000",) in mentioned
    assert canaries(home) == []


def test_whoever_is_erased_cannot_come_in_again(home):
    run(home)
    ledger = Ledger(home.places.log)
    excluded = exclusions.read(home.roster, home.exclusion_salt)
    write_tweets(
        home.roster, [post(700000000000001, SUBJECT), post(9, OTHER, entities=mention(SUBJECT, HANDLE))], "again.jsonl"
    )
    collect(home.roster, ledger, quiet, exclusions=excluded)
    *events, finished = segments.read(ledger.segments / ledger.lines()[-1].name)
    assert [event.subject for event in events] == [f"x:{OTHER}", f"x:{OTHER}/9"]
    assert (finished.data["rows"], finished.data["left_out"], finished.data["events"]["post.observed"]) == (2, 1, 1)
    assert "900100200" not in "".join(event.encode().decode() for event in events)
    accounts = home.roster / "accounts.csv"
    accounts.write_text(accounts.read_text() + f"x:{SUBJECT},x,{HANDLE},AAA,personal,2014-01-01,tweets,2020-01-01\n")
    with pytest.raises(RosterError, match=r"accounts\.csv: x:900100200 was erased and must stay out; remove the row"):
        collect(home.roster, ledger, quiet, exclusions=excluded)
    said = []
    collect(home.roster, ledger, said.append, exclusions=exclusions.read(home.roster, SecretStr("")))
    assert any("exclusions CANNOT BE TOLD: set TWIPLOMACY_EXCLUSION_SALT" in line for line in said)


@pytest.mark.parametrize(
    ("kill", "at"),
    [
        ("ingestion.log.ledger.Ledger.erase", 1),
        ("ingestion.log.ledger.Ledger.sweep", 2),
        *(("ingestion.erase.files.Edited.settle", number) for number in range(1, 7)),
        ("ingestion.erase.run._remove_made", 1),
    ],
)
def test_killed_anywhere_the_same_command_goes_on(home, monkeypatch, kill, at):
    module, _, name = kill.rpartition(".")
    place = pkgutil.resolve_name(module)
    calls, does = [], getattr(place, name)

    def killed(*arguments, **named):
        calls.append(kill)
        if len(calls) == at:
            raise KeyboardInterrupt
        return does(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(place, name, killed)
        with pytest.raises(KeyboardInterrupt):
            run(home)
    run(home)
    assert canaries(home) == []
    ledger = Ledger(home.places.log)
    ledger.verify()
    count = len(ledger.lines())
    collect(home.roster, ledger, quiet, exclusions=exclusions.read(home.roster, home.exclusion_salt))
    assert len(ledger.lines()) == count


def test_a_post_goes_alone(home):
    run(home, f"x:{SUBJECT}/700000000000001")
    ledger = Ledger(home.places.log)
    ledger.verify()
    events = [
        event for entry in ledger.current() if entry.rows for event in segments.read(ledger.segments / entry.name)
    ]
    subjects = {event.subject for event in events}
    assert f"x:{SUBJECT}/700000000000001" not in subjects
    assert {f"x:{SUBJECT}", f"x:{SUBJECT}/700000000000002"} <= subjects
    assert {word for _, word in canaries(home)} == {"900100200", "palaceofaaa"}


def test_a_holder_goes_and_the_accounts_stay(home):
    run(home, "jane-doe")
    texts = "".join(path.read_text() for path in home.roster.glob("*.csv"))
    assert "jane-doe" not in texts
    assert "Jane Doe" not in texts
    assert "john-roe" in texts
    assert f"x:{SUBJECT}," in texts
    Ledger(home.places.log).verify()
    assert not any(b"jane" in plain(path).lower() for path in home.places.log.rglob("*.zst"))


@pytest.mark.parametrize(
    ("subject", "reason", "message"),
    [
        ("nobody", "asked", "'nobody' is no holder of the roster; expected an account, e.g. x:100200300"),
        (f"x:{SUBJECT}", " ", "the reason must be one line of text"),
        (f"x:{SUBJECT}", "asked\nagain", "the reason must be one line of text"),
        ("x:abc", "asked", "'x:abc' is not the account's id"),
        (f"x:{SUBJECT}", f"x:{SUBJECT} asked", "the reason names the subject, and it stays in the log"),
        (f"x:{SUBJECT}", f"@{HANDLE} asked", "the reason names the subject"),
        (f"x:{SUBJECT}", f"{HANDLE.upper()} asked", "the reason names the subject"),
    ],
)
def test_what_cannot_be_erased_changes_nothing(home, subject, reason, message):
    before = canaries(home)
    with pytest.raises(EraseError, match=message):
        run(home, subject, reason)
    assert canaries(home) == before


def test_without_a_salt_one_is_made_and_used_from_then_on(home, monkeypatch, capsys):
    for name, value in (("DATA", home.data), ("ROSTER", home.roster), ("RELEASES", home.releases)):
        monkeypatch.setenv(f"TWIPLOMACY_{name}", str(value))
    monkeypatch.delenv("TWIPLOMACY_EXCLUSION_SALT", raising=False)
    assert cli.main(["erase", f"x:{SUBJECT}", "--reason", "asked"]) == 0
    out = capsys.readouterr().out
    assert "exclusion-salt is new: without it nobody can tell who is excluded; back it up" in out
    assert "now run: twiplomacy land, build, gate and release" in out
    assert "NOT COVERED: backups of the log and the roster; the history of Git" in out
    assert canaries(home) == []
    write_tweets(home.roster, [post(700000000000001, SUBJECT)], "again.jsonl")
    assert cli.main(["collect"]) == 0
    assert "CANNOT BE TOLD" not in capsys.readouterr().out
    assert [word for name, word in canaries(home) if name != "again.jsonl"] == []


def test_a_log_that_is_damaged_is_not_touched(home):
    ledger = Ledger(home.places.log)
    path = ledger.segments / ledger.lines()[0].name
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    before = {path: path.read_bytes() for path in home.roster.rglob("*") if path.is_file()}
    with pytest.raises(LogError, match=path.name):
        run(home)
    assert {path: path.read_bytes() for path in home.roster.rglob("*") if path.is_file()} == before


TRACES = Traces(frozenset({"x:900100200"}), handles=frozenset({"palace"}))


@pytest.mark.parametrize(
    ("name", "content", "left"),
    [
        ("a.csv", "account_id,n\nx:900100200,1\nx:7,2\n", "account_id,n\nx:7,2\n"),
        ("a.csv", "account_id,n\nx:7,2\n", None),
        ("a.csv", 'n,t\n1,"a, x:900100200"\n', 'n,t\n1,"a, x:000000000"\n'),
        ("a.jsonl", '{"id":"1","author_id":"900100200"}\n{"id":"2"}\n', '{"id":"2"}\n'),
        ("a.jsonl", '{"id":"1"}\nx:900100200 is no JSON\n', '{"id":"1"}\nx:000000000 is no JSON\n'),
        (
            "a.json",
            '[\n{"id": "900100200", "username": "palace"},\n{"id": "7", "username": "x"}\n]',
            '[{"id":"7","username":"x"}]',
        ),
        ("NOTE.md", "of @palace, not of the palace", "of @erased, not of the palace"),
        ("picture.bin", "\xff\xfe x:900100200", None),
    ],
)
def test_a_file_loses_what_names_the_subject_and_nothing_else(tmp_path, name, content, left):
    path = tmp_path / name
    path.write_bytes(content.encode("latin-1"))
    edited = edit(path, TRACES)
    assert path.read_bytes() == content.encode("latin-1")
    if left is None:
        assert edited is None
        return
    edited.settle()
    found = path.read_text()
    assert (json.loads(found) == json.loads(left)) if name.endswith(".json") else (found == left)
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_an_interrupted_run_that_names_the_subject_is_finished_first(home):
    journal = home.data / "collecting" / "x.jsonl"
    seen = Event(
        "x-api", "account.observed", f"x:{SUBJECT}", "2026-03-01T12:00:00Z", "x/v2/user", {}, "2026-03-01T12:00:00Z"
    )
    journal.write_bytes(seen.encode())
    before = canaries(home)
    with pytest.raises(EraseError, match=r"x\.jsonl is of an interrupted collection that names the subject: finish it"):
        run(home)
    assert canaries(home) == before
    journal.unlink()
    with (
        FileLock(home.data / "collecting" / "y.lock"),
        pytest.raises(EraseError, match=r"y\.jsonl is of a collection that"),
    ):
        run(home)
    run(home)
    assert canaries(home) == []


def test_without_the_salt_of_before_nobody_else_is_erased(home, tmp_path):
    run(home)
    for salt in ("", "another secret of some length"):
        other = home.model_copy(update={"data": tmp_path / "elsewhere", "exclusion_salt": SecretStr(salt)})
        collect(other.roster, Ledger(other.places.log), quiet)
        with pytest.raises(RosterError, match="was made with another salt"):
            run(other, f"x:{OTHER}")
