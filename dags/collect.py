"""### collect: from the roster and its observations to the log and DuckDB

**Runs** `collect` (append to the log what `roster/` has and the log has not) and `land` (load the log's new segments).
A second run appends nothing.

**If it is red**
- `collect` names each faulty roster row with file and line: mend the CSV, clear the task.
- `collect` says a file could not be read: all other files were collected; mend that one, clear the task.
- `land` says a segment is not what the ledger says: run `twiplomacy verify log`, restore the named file from backup.
- *Could not set lock on file*: someone has `data/twiplomacy.duckdb` open; read `data/report.duckdb` instead.

Rows it refused are not lost: the log keeps file, line, reason and hash of each.
"""

from airflow.sdk import dag

from twiplomacy.airflow.tasks import verb


@dag(schedule=None, catchup=False, max_active_runs=1, tags=["twiplomacy"], doc_md=__doc__)
def collect() -> None:
    verb("collect") >> verb("land")


collect()
