"""One verb of the flow as one Airflow task. No DAG here; nothing heavy is imported at parse time.

Each task runs the same command that a person would, in a process of its own: dbt and DuckDB then let go of the
database when the task ends, and the task's log is the command's output.
"""

import shlex
import sys
from datetime import timedelta
from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import Param
from editions import years

PROJECT = Path(__file__).resolve().parents[1]

POOL = "writer"
"""A pool of one slot: the log and the database have one writer at a time. Made by ``python -m dags``."""


def year() -> Param:
    """Return the parameter of a run: one of the editions in ``roster/editions.csv``."""
    return Param(type="integer", enum=years(), description="The edition, a calendar year (UTC)")


def verb(name: str, arguments: str = "", retries: int = 1) -> BashOperator:
    """Return the task that runs ``twiplomacy NAME ARGUMENTS``.

    Args:
        name: the verb; also the task's id.
        arguments: may use Airflow's templates, e.g. ``--year {{ params.year }}``.
        retries: for what may pass by itself, such as a locked database; 0 for a verdict.
    """
    return BashOperator(
        task_id=name,
        bash_command=f"{shlex.quote(sys.executable)} -m ingestion.cli {name} {arguments}",
        cwd=str(PROJECT),
        pool=POOL,
        retries=retries,
        retry_delay=timedelta(seconds=10),
    )
