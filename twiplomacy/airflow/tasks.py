"""One verb of the flow as one Airflow task; light, because every parsing of the DAGs imports it.

Each task runs the same command that a person would, in a process of its own: dbt and DuckDB then let go of the
database when the task ends, and the task's log is the command's output.
"""

import shlex
import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from airflow.exceptions import AirflowNotFoundException
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import BaseHook, Context, Param

from ingestion.files import PROJECT
from twiplomacy.airflow import years

POOL = "writer"
"""A pool of one slot: the log and the database have one writer at a time. ``python -m twiplomacy.airflow`` makes it."""


def year() -> Param:
    """Return the parameter of a run: one of the editions in ``roster/editions.csv``, unless told the newest."""
    known = years()
    return Param(
        known[-1], type="integer", enum=known, description="Newest edition of the panel, a calendar year (UTC)"
    )


class Verb(BashOperator):
    """A command that gets keys from Airflow's connections when it runs; they are in no template and no rendered field.

    ``keys``: environment variable -> connection whose password it is; one that does not exist is left out.
    """

    def __init__(self, *, keys: Mapping[str, str] | None = None, **arguments: Any) -> None:
        super().__init__(append_env=True, **arguments)
        self.keys = keys or {}

    def execute(self, context: Context) -> Any:
        """Run the command."""
        found = {}
        for variable, connection in self.keys.items():
            try:
                found[variable] = BaseHook.get_connection(connection).password or ""
            except AirflowNotFoundException:
                continue
        self.env = found or None
        return super().execute(context)


def verb(
    name: str, arguments: str = "", retries: int = 1, *, task_id: str = "", pool: str = POOL, **others: Any
) -> Verb:
    """Return the task that runs ``twiplomacy NAME ARGUMENTS``.

    Args:
        name: the verb.
        arguments: may use Airflow's templates, e.g. ``--year {{ params.year }}``.
        retries: for what may pass by itself, such as a locked database; 0 for a verdict.
        task_id: where it is not the verb's name.
        pool: whose slots it takes.
        others: as Airflow's operators and ``Verb`` have them.
    """
    return Verb(
        task_id=task_id or name,
        bash_command=f"{shlex.quote(sys.executable)} -m twiplomacy.cli {name} {arguments}",
        cwd=str(PROJECT),
        pool=pool,
        retries=retries,
        retry_delay=timedelta(seconds=10),
        **others,
    )
