"""### release: from the roster to a new version of the panel, every edition up to a year

**Runs** `collect`, `land`, `build`, `gate` and `release`. It writes `releases/YEAR.MINOR.PATCH/` if a value or
a description changed, and nothing otherwise. One critical check that fails and nothing is written; the releases that
exist stay as they are.

**If it is red**
- before `gate`: see the notes of the DAGs `collect` and `build`.
- `gate` names table, rule and a few rows. Mend the data or the baseline, then trigger the DAG again.
- `release` says the tables did not go through the gate: another panel was built in between; trigger it again.

Killed or interrupted at any point, a new run goes on and gives the same release.
"""

from airflow.sdk import dag

from twiplomacy.airflow.tasks import verb, year


@dag(schedule=None, catchup=False, max_active_runs=1, tags=["twiplomacy"], doc_md=__doc__, params={"year": year()})
def release() -> None:
    newest = "--year {{ params.year }}"
    built = verb("collect") >> verb("land") >> verb("build", newest)
    built >> verb("gate", newest, retries=0) >> verb("release", newest, retries=0)


release()
