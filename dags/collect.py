"""### collect: from the roster and its observations to the log and DuckDB

**Runs** `collect`, which appends to the log what `roster/` has and the log lacks, and `land`, which loads new
segments into DuckDB. A second run appends nothing.

**If it is red**
- `collect` names each faulty row of the roster with file and line. Correct the file, and run the task again (button
  *Clear* on the task).
- `collect` says that a file could not be read. All other files were collected. Correct that file, and run the task
  again.
- `land` says that a segment differs from the ledger. Run `twiplomacy verify log`, and restore the file that it names
  from the backup.
- *Could not set lock on file*: another program has opened `data/twiplomacy.duckdb`. Close it there, and query
  `data/report.duckdb` instead.

Refused rows are recorded: the log has file, line, reason and hash of each.
"""

from airflow.sdk import dag

from twiplomacy.airflow.tasks import verb


@dag(schedule=None, catchup=False, max_active_runs=1, tags=["twiplomacy"], doc_md=__doc__)
def collect() -> None:
    verb("collect") >> verb("land")


collect()
