"""land: load the log into the ``raw`` tables of DuckDB, one row per event, in the order of the ledger.

The payload stays as it is: dbt's staging models map it to our columns. The same log gives the same rows in an empty
database. A database that may hold what the log has lost is never removed.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from ingestion.log import segments
from ingestion.log.chain import LedgerLine
from ingestion.log.ledger import Ledger
from ingestion.log.segments import LogError

TABLES = {
    "account_snapshots": ("account.observed", "account.unavailable"),
    "post_snapshots": ("post.observed", "post.unavailable"),
    "follow_snapshots": ("follows.observed",),
    "roster_entries": ("roster.entry_added", "roster.entry_changed", "roster.entry_ended"),
    "withdrawals": ("observation.withdrawn",),
    "collections": ("collection.finished",),
    "erasures": ("segment.erased",),
}
"""Raw table -> the types of the events that it holds."""

_COLUMNS = """
    ledger_position integer not null,
    event_id varchar not null,
    source_id varchar not null,
    event_type varchar not null,
    subject varchar not null,
    observed_at timestamptz not null,
    recorded_at timestamptz not null,
    dataschema varchar not null,
    payload json not null using compression zstd
"""

BATCH_ROWS = 50_000
"""Most rows of one transaction, so that many small segments cost no more than a large one; a larger segment is alone.

The number is well below DuckDB's row group of 122,880: larger transactions leave row groups that are not full, and each
later checkpoint then rewrites some of them.
"""

_BATCH = """
    create or replace table reading.{batch} as
    select
        $positions[list_position($paths, filename)]::integer as ledger_position,
        id as event_id,
        source as source_id,
        type as event_type,
        subject,
        "time" as observed_at,
        recorded_at,
        dataschema,
        data as payload,
    from read_ndjson($paths, filename = true, compression = 'zstd', columns = {{
        id: 'varchar', source: 'varchar', type: 'varchar', subject: 'varchar', "time": 'timestamptz',
        recorded_at: 'timestamptz', dataschema: 'varchar', data: 'json'
    }})
"""


def land(ledger: Ledger, database: Path, say: Callable[[str], None]) -> None:
    """Land every segment that the database does not hold yet, each exactly once.

    After an erasure the database is made anew, because DuckDB leaves deleted rows in its file.

    Args:
        ledger: the log.
        database: DuckDB file; made if it does not exist.
        say: gets one line of progress per segment.

    Raises:
        LogError: a segment is missing or is not what the ledger says (the segments before it have landed), or the
            database was made from another log, or from more segments than this log has.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    with ledger.writing(say):
        lines = ledger.current()
        landed = _landed(database)
        if landed != [(line.position, line.sha256) for line in lines[: len(landed)]]:
            _refuse_another_log(landed, ledger, database)
            say("land: something was erased from the log since; making the database anew")
            remove(database)
            landed = _landed(database)
        left = lines[len(landed) :]
        with duckdb.connect(str(database)) as connection:
            _note(connection, [line for line in left if not line.rows])
            batches = _batches(ledger, [line for line in left if line.rows])
            for batch, name in _read_ahead(connection, ledger, batches):
                _land_batch(connection, ledger, batch, name)
                for line in batch:
                    say(f"land: segment {line.position} of {len(lines)}: {line.rows} rows from {line.source}")
    if not left:
        say(f"land: all {len(lines)} segments are landed already")


def remove(database: Path) -> None:
    """Remove a database and its write-ahead log."""
    for path in (database, database.with_name(f"{database.name}.wal")):
        path.unlink(missing_ok=True)


def _refuse_another_log(landed: list[tuple[int, str]], ledger: Ledger, database: Path) -> None:
    """Refuse a database with a segment that the log neither holds nor held before an erasure."""
    known = {(line.position, line.sha256) for line in [*ledger.lines(), *ledger.current()]}
    known |= {(erasure.position, erasure.sha256) for one in ledger.erasures().values() for erasure in one}
    if strange := [position for position, sha256 in landed if (position, sha256) not in known]:
        count = len(ledger.lines())
        what = f"has only {count} segments" if strange[0] > count else f"has another segment {strange[0]}"
        raise LogError(
            f"{database} was made from {len(landed)} segments of a log, and {ledger.path} {what}. If the log has lost "
            f"something, restore it from its backup; the database may be the last copy. If you work with another log "
            f"now, move the database away and run: twiplomacy land"
        )


def _landed(database: Path) -> list[tuple[int, str]]:
    """Return position and SHA-256 of each segment that has landed; make the tables if they are missing."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("begin")
        connection.execute("create schema if not exists raw")
        connection.execute(
            "create table if not exists raw.segments (position integer, name varchar, sha256 varchar, rows integer)"
        )
        for table in TABLES:
            connection.execute(f"create table if not exists raw.{table} ({_COLUMNS})")
        connection.execute("commit")
        return connection.execute("select position, sha256 from raw.segments order by position").fetchall()


def _batches(ledger: Ledger, lines: list[LedgerLine]) -> Iterator[list[LedgerLine]]:
    """Yield the lines in order, in batches; each segment is checked while the batches before it land."""
    batch: list[LedgerLine] = []
    with ThreadPoolExecutor(max_workers=1) as pool:
        digests = [pool.submit(segments.digest, ledger.segments / line.name) for line in lines]
        try:
            for line, digest in zip(lines, digests, strict=True):
                is_right = digest.result() == (line.sha256, line.rows)
                if batch and (not is_right or sum(other.rows for other in batch) + line.rows > BATCH_ROWS):
                    yield batch
                    batch = []
                if not is_right:
                    path = ledger.segments / line.name
                    raise LogError(f"{path} is not what the ledger says; run: twiplomacy verify log")
                batch.append(line)
            if batch:
                yield batch
        finally:
            pool.shutdown(cancel_futures=True)


def _read_ahead(
    connection: duckdb.DuckDBPyConnection, ledger: Ledger, batches: Iterator[list[LedgerLine]]
) -> Iterator[tuple[list[LedgerLine], str]]:
    """Yield each batch and the name of the table in memory that has its rows; it is read while the one before lands."""
    connection.execute("attach ':memory:' as reading")
    with connection.cursor() as reader, ThreadPoolExecutor(max_workers=1) as pool:

        def read(number: int, batch: list[LedgerLine]) -> tuple[list[LedgerLine], str]:
            name = f"batch_{number % 2}"
            paths = [str(ledger.segments / line.name) for line in batch]
            positions = [line.position for line in batch]
            reader.execute(_BATCH.format(batch=name), {"positions": positions, "paths": paths})
            return batch, name

        ahead = None
        try:
            for number, batch in enumerate(batches):
                behind, ahead = ahead, pool.submit(read, number, batch)
                if behind:
                    yield behind.result()
        except LogError:
            if ahead:  # the segments before the faulty one still land
                yield ahead.result()
            raise
        if ahead:
            yield ahead.result()


def _land_batch(connection: duckdb.DuckDBPyConnection, ledger: Ledger, batch: list[LedgerLine], name: str) -> None:
    paths = [str(ledger.segments / line.name) for line in batch]
    connection.execute("begin")
    rows = 0
    for table, types in TABLES.items():
        statement = f"insert into raw.{table} from reading.{name} where list_contains($types, event_type)"
        rows += connection.execute(statement, {"types": list(types)}).fetchall()[0][0]
    missing = sum(line.rows for line in batch) - rows
    if missing:
        connection.execute("rollback")
        raise LogError(
            f"{paths[0]} or one of the {len(paths)} from it on: {missing} events are of a type that no raw table "
            f"holds; upgrade this project"
        )
    _note(connection, batch)
    connection.execute("commit")


def _note(connection: duckdb.DuckDBPyConnection, lines: list[LedgerLine]) -> None:
    if lines:
        connection.executemany(
            "insert into raw.segments values (?, ?, ?, ?)",
            [[line.position, line.name, line.sha256, line.rows] for line in lines],
        )


def is_synthetic(database: Path, cut: int) -> bool:
    """Return whether the log up to the cut ever named a synthetic source.

    Ever, because what such a source gave stays in the log, whatever the roster says of it later.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            """select count(*) from raw.roster_entries
            where
                dataschema = 'roster/sources/1' and (payload ->> 'is_synthetic')::boolean and ledger_position <= ?""",
            [cut],
        ).fetchall()
    return bool(rows[0][0])


def recorded_date(database: Path, cut: int) -> str:
    """Return the day (UTC, ``YYYY-MM-DD``) on which the newest event up to the cut was carried into the project."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select max(recorded_at at time zone 'UTC')::date from raw.collections where ledger_position <= ?",
            [cut],
        ).fetchall()
    return str(rows[0][0])
