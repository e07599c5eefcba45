"""### build: the tables of every edition up to a year, checked, not released

**Runs** `land`, `build` (one `dbt build` at the log's end) and `gate`. Afterwards `data/report.duckdb` holds the
editions up to that year for the report authors.

**If it is red**
- `build` names the dbt model or test that failed, and why. The compiled SQL is in `data/dbt/compiled`.
- `gate` names table, rule and a few rows of each critical check that failed. Correct the data. If the change is right,
  enter the new value in `expectations/baselines.csv`. Warnings do not make the DAG red; they are in the task's log.
- *Could not set lock on file*: another program has opened `data/twiplomacy.duckdb`. Close it there, and query
  `data/report.duckdb` instead.
"""

from airflow.sdk import dag

from twiplomacy.airflow.tasks import verb, year


@dag(schedule=None, catchup=False, max_active_runs=1, tags=["twiplomacy"], doc_md=__doc__, params={"year": year()})
def build() -> None:
    newest = "--year {{ params.year }}"
    verb("land") >> verb("build", newest) >> verb("gate", newest, retries=0)


build()
