"""The command line: one subcommand per verb, the same verbs that the DAGs and the Makefile run."""

import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from dbt_project.build import BuildError, Limits
from expectations.gate import GateFailed
from ingestion.clock import Clock
from ingestion.collect.files.workers import WorkerError
from ingestion.collect.living.budget import Cost
from ingestion.collect.living.page import PARTS
from ingestion.collect.living.workload import RunRequest
from ingestion.collect.outcome import SourceError
from ingestion.erase.run import erase
from ingestion.erase.subject import EraseError
from ingestion.log.land import land
from ingestion.log.ledger import Ledger
from ingestion.log.segments import LogError
from ingestion.refresh.run import refresh
from ingestion.roster.files import RosterError, check_roster
from ingestion.roster.platforms import PLATFORMS
from release import withdrawn
from release.describe import DescriptionError
from release.release import ReleaseError
from release.stored import StoredError
from release.verify import VerifyError
from release.withdrawn import WithdrawError
from twiplomacy import collecting, edition
from twiplomacy.releases import withdraw_erased
from twiplomacy.say import fail, of_database, of_file, say
from twiplomacy.settings import Settings, SettingsError
from twiplomacy.verifying import verify

ERRORS = (
    BuildError,
    DescriptionError,
    EraseError,
    GateFailed,
    LogError,
    ReleaseError,
    RosterError,
    SettingsError,
    SourceError,
    StoredError,
    VerifyError,
    WithdrawError,
    WorkerError,
)
"""Errors whose message is all that a person needs."""

INTERRUPTED = 130
"""The exit code of a command that Ctrl+C ended."""

EXAMPLES = """\b
examples:
  twiplomacy roster check              check the files that people edit under roster/
  twiplomacy roster refresh            write what Wikidata would change there as a diff to read
  twiplomacy collect                   bring the log up to date with roster/
  twiplomacy collect --plan            print what asking the platforms would take and cost
  twiplomacy collect x --budget 50     ask X, for at most 50 US dollars
  twiplomacy land                      load new segments of the log into DuckDB
  twiplomacy build                     build the tables of every edition
  twiplomacy build --year 2014         build those of the editions up to 2014
  twiplomacy gate                      check whether they may be released
  twiplomacy release                   write the next version, if a value or a description changed
  twiplomacy verify log                check every byte of the log
  twiplomacy verify releases/2017.0.0  make a release again from the log, and compare
  twiplomacy verify                    check the log, and make every release again
  twiplomacy withdraw 2017.0.0 --reason 'the audiences of 2016 are those of 2015'
  twiplomacy erase x:100200300 --reason requested
"""

app = typer.Typer(
    name="twiplomacy",
    help="The open Twiplomacy dataset: collect, land, build, gate and release it; verify, withdraw and erase.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"max_content_width": 120},
)
roster_app = typer.Typer(no_args_is_help=True, help="Check the roster, or compare it with Wikidata.")
app.add_typer(roster_app, name="roster")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; return 0, or 1 after one clear message on standard error, or 2 if the arguments are wrong."""
    try:
        app(arguments, prog_name="twiplomacy")
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            return fail("interrupted; run the same command again to go on")
        return int(ended.code or 0)
    except ERRORS as error:
        return fail(str(error))
    except duckdb.Error as error:
        return fail(of_database(str(error).splitlines()[0], Settings.load().places.database))
    except OSError as error:
        return fail(of_file(error, Settings.load().data))
    return 0


def _version(is_wanted: bool) -> None:
    if is_wanted:
        say(f"twiplomacy {version('twiplomacy')}")
        raise typer.Exit


def _platform(text: str) -> str:
    if text not in PLATFORMS:
        raise typer.BadParameter(f"{text!r} cannot be asked; these can: {', '.join(PLATFORMS)}")
    return text


def _money(text: str) -> Decimal:
    try:
        money = Decimal(text)
    except InvalidOperation:
        money = Decimal("nan")
    if not (money.is_finite() and money >= 0):
        raise typer.BadParameter(f"{text!r} is no number of US dollars")
    return money


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day; expected YYYY-MM-DD") from error


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(dict.fromkeys(text.split(",")))
    if not set(parts) <= set(PARTS):
        raise typer.BadParameter(f"choose from {', '.join(PARTS)}", param_hint="--parts")
    return parts


Year = Annotated[
    int | None, typer.Option(metavar="YEAR", help="Newest edition of the panel.  [default: the newest of the roster]")
]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why, in one line that everybody may read.")]


@app.callback()
def _everywhere(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version of the code.")
    ] = False,
) -> None:
    pass


@roster_app.command("check")
def roster_check() -> None:
    """Check every file; name each fault with its line and remedy."""
    folder = Settings.load().roster
    for note in check_roster(folder):
        say(f"note: {note}")
    say(f"roster: no fault in {folder}")


@roster_app.command("refresh")
def roster_refresh() -> None:
    """Write what Wikidata would change, as a diff to read."""
    settings = Settings.load()
    day, patch = Clock().now().date(), settings.data / "roster-refresh.patch"
    refresh(settings.roster, collecting.wikidata(settings), day, patch, say)


@app.command("collect")
def collect_(
    platforms: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PLATFORM",
            parser=_platform,
            help=f"Platforms to ask: {', '.join(PLATFORMS)}. Without one no platform is asked.",
        ),
    ] = None,
    *,
    is_plan: Annotated[
        bool, typer.Option("--plan", help="Print what asking would take and cost, and ask nothing.")
    ] = False,
    parts: Annotated[str, typer.Option(metavar="PARTS", help=f"What to ask for, with commas: {', '.join(PARTS)}.")] = (
        ",".join(PARTS[:3])
    ),
    budget: Annotated[
        Decimal, typer.Option(parser=_money, metavar="USD", help="US dollars that a run on one platform may cost.")
    ] = "0",  # type: ignore[assignment]
    quota: Annotated[int, typer.Option(min=0, help="Units of quota that a run on one platform may use.")] = 10_000,
    day: Annotated[
        date | None,
        typer.Option(parser=_day, metavar="YYYY-MM-DD", help="Day (UTC) whose counts are wanted.  [default: today]"),
    ] = None,
) -> None:
    """Bring the log up to date with the roster; then ask the platforms that are named."""
    settings = Settings.load()
    request = RunRequest(_parts(parts), Cost(budget, quota), day or Clock().now().date())
    (collecting.plan if is_plan else collecting.collect_all)(settings, platforms or (), request)


@app.command("land")
def land_() -> None:
    """Load the log's new segments into the database."""
    places = Settings.load().places
    land(Ledger(places.log), places.database, say)


@app.command("build")
def build_(year: Year = None) -> None:
    """Build the tables of every edition up to a year.

    Then replace ``report.duckdb``, the report authors' copy.
    """
    settings = Settings.load()
    newest, ledger = edition.newest_edition(settings.roster, year), Ledger(settings.places.log)
    limits = Limits(settings.threads, settings.memory)
    with ledger.writing(say):
        edition.build_panel(settings.places, edition.stamp_at(ledger, newest, len(ledger.lines())), limits)


@app.command("gate")
def gate_(year: Year = None) -> None:
    """Check whether the tables may be released; keep the verdict."""
    settings = Settings.load()
    newest = edition.newest_edition(settings.roster, year)
    with Ledger(settings.places.log).writing(say):
        verdict = edition.gate_panel(settings.places, newest)
    verdict.require()
    say(f"gate: {newest} passed: {verdict.summary()}")


@app.command("release")
def release_(year: Year = None) -> None:
    """Write the next version, if a value or a description changed."""
    settings = Settings.load()
    newest, ledger = edition.newest_edition(settings.roster, year), Ledger(settings.places.log)
    with ledger.writing(say):
        edition.release_panel(settings.places, ledger, newest)


@app.command("verify")
def verify_(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="log|RELEASE",
            help="The word log, or folders of releases.  [default: the log and all releases]",
        ),
    ] = None,
) -> None:
    """Check the log, and make releases again from it to compare.

    A withdrawn release may be damaged unless it is named.
    """
    settings = Settings.load()
    verify(settings.places, what or (), Limits(settings.threads, settings.memory))


@app.command("withdraw")
def withdraw_(
    release: Annotated[str, typer.Argument(metavar="RELEASE", help="Its version, or its folder.")], *, reason: Reason
) -> None:
    """Mark a release as withdrawn.

    The mark is written to withdrawn.json beside the releases; the release itself stays as it is.
    """
    places, name = Settings.load().places, Path(release).name
    with Ledger(places.log).writing(say):
        withdrawn.withdraw(places.releases, name, reason, Clock().now().date().isoformat())
    say(f"withdraw: {places.releases / withdrawn.NAME} has {name} now; publish that file with the releases")


@app.command("erase")
def erase_(
    subject: Annotated[
        str,
        typer.Argument(help="An account, e.g. x:100200300; a post, e.g. x:100200300/25; or a holder_id of the roster."),
    ],
    *,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why, without naming the subject, because it stays in the log.")
    ],
) -> None:
    """Take an account, a post or a holder out of everything, for good.

    It goes out of the log, the roster and the tables, and is kept from coming in again.
    """
    settings = Settings.load()
    erased = erase(settings.places, settings.exclusion_salt, subject, reason, Clock(), say)
    if erased.number:
        for folder in withdraw_erased(settings.places, erased, reason):
            say(f"erase: {folder} is marked as withdrawn and still names it: take it off wherever it is published")
        say(f"erase: this is erasure {erased.number} of the log; now run: twiplomacy land, build, gate and release")
    else:
        say("erase: the log does not hold it; it is excluded from now on")
    for path in erased.left:
        say(f"erase: LEFT for you to edit: {path}")
    say(
        "erase: NOT COVERED: backups of the log and the roster; the history of Git, which keeps every committed file "
        "(git filter-repo rewrites it, then all clones have to be made anew); copies of releases elsewhere"
    )


if __name__ == "__main__":
    sys.exit(main())
