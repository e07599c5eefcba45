"""### release: from the roster to a new version of the panel, every edition up to a year

**Runs** `collect`, `land`, `build`, `gate` and `release`. It writes `releases/YEAR.MINOR.PATCH/` if a value or
a description changed, and nothing otherwise. If one critical check fails, nothing is written, and the releases that
exist stay as they are.

**If it is red**
- A task before `gate` failed: see the notes of the DAGs `collect` and `build`.
- `gate` names table, rule and a few rows. Correct the data or the baseline, then trigger the DAG again.
- `release` says that the tables did not pass the gate: other tables were built in between. Trigger the DAG again.

If the DAG is killed or interrupted, the next run continues and gives the same release.
"""

from airflow.sdk import dag

from twiplomacy.airflow.tasks import verb, year


@dag(schedule=None, catchup=False, max_active_runs=1, tags=["twiplomacy"], doc_md=__doc__, params={"year": year()})
def release() -> None:
    newest = "--year {{ params.year }}"
    built = verb("collect") >> verb("land") >> verb("build", newest)
    built >> verb("gate", newest, retries=0) >> verb("release", newest, retries=0)


release()
