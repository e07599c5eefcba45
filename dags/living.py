"""### living: ask the platforms that have an API, every day

**Runs** `collect` for each platform, then `land`. The log says what each run asked for, received, could not see and
spent (`collection.finished`). `twiplomacy collect --plan` says beforehand what a run would cost.

**Parameters**: `budget` is what a day on X may cost, in US dollars; with the default 0, X is not asked for anything
that costs money. `follows` also asks which accounts of the roster each account follows.

**Needs** `TWIPLOMACY_CONTACT`, and for X and YouTube a key: the password of the connection `twiplomacy_x` or
`twiplomacy_youtube`, or the environment variable that `.env.example` names. A platform without its key is skipped, and
the log says so.

**If it is red**
To run a task again, use the button *Clear* on the task.

- *collected in part: the budget ... is reached*: the log lists the rest as undone. Raise the budget, or leave it so.
- *answered nothing*: the platform is down or refused all requests; the log says why. Run the task again later.
- *set the clock*: a server says another time than this machine; nothing was recorded. Set the clock, and run the task
  again.
- *to be erased*: no server said what time it is, so nothing was erased. Run the task again when one answers.
- *refused the key*: correct the key in the connection, and run the task again. What was received before is in the log.
- killed or timed out: run the task again. It continues where it ended and asks for nothing twice.

A run for a past day asks for nothing, because counts of that day can no longer be seen. The log says so.
"""

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import Param, dag

from ingestion.roster.platforms import PLATFORMS
from twiplomacy.airflow.tasks import verb

KEYS = {code: {one.key_name: f"twiplomacy_{code}"} for code, one in PLATFORMS.items() if one.key_name}
BUDGET = Param(0, type="number", minimum=0, description="US dollars that a day on X may cost")
FOLLOWS = Param(False, type="boolean", description="Also who follows whom of the roster (expensive on X)")


@dag(
    schedule="0 12 * * *",
    catchup=False,
    max_active_runs=1,
    tags=["twiplomacy"],
    doc_md=__doc__,
    params={"budget": BUDGET, "follows": FOLLOWS},
)
def living() -> None:
    flags = (
        "--budget {{ params.budget }} --parts accounts,posts,ages{{ ',follows' if params.follows }} "
        "--day {{ (dag_run.logical_date or dag_run.run_after).strftime('%Y-%m-%d') }}"
    )
    # No retry by itself: a run that stopped at its budget would be paid for again.
    asked = [
        verb("collect", f"{code} {flags}", retries=0, task_id=f"collect_{code}", keys=KEYS.get(code), pool="platforms")
        for code in PLATFORMS
    ]
    asked >> verb("land", trigger_rule="all_done")
    asked >> EmptyOperator(task_id="all_asked")  # red if one of them is, though what the others got has landed


living()
