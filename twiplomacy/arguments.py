"""What one may type: the verbs, their arguments, examples.

In: the function that runs each verb, whose docstring is its help. Out: a parser. Never: a verb run.
"""

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from ingestion.collect.living.page import PARTS
from twiplomacy.settings import Settings

PLATFORMS = ("x", "bluesky", "mastodon", "youtube")
"""The platforms that can be asked."""
Command = Callable[[Settings, argparse.Namespace], None]

_EXAMPLES = """examples:
  twiplomacy roster check              check what people edit under roster/
  twiplomacy roster refresh            ask Wikidata what would change there, as a diff to read
  twiplomacy collect                   bring the log up to date with roster/
  twiplomacy collect --plan            say what asking the platforms would take and cost
  twiplomacy collect x --budget 50     ask X, for 50 US dollars at most
  twiplomacy land                      load new segments of the log into DuckDB
  twiplomacy build                     build the tables of every edition
  twiplomacy build --year 2014         build those of the editions up to 2014
  twiplomacy gate                      say whether they may be released
  twiplomacy release                   write the next version, if a value or a description changed
  twiplomacy verify log                check every byte of the log
  twiplomacy verify releases/2017.0.0  make a release again from the log and compare
  twiplomacy verify                    check the log and make every release again
  twiplomacy withdraw 2017.0.0 --reason 'the audiences of 2016 are those of 2015'
  twiplomacy erase x:12 --reason asked take an account out of everything, and keep it out
"""


def parser(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    """Return the parser of the command line; its result has ``run``, the function of the verb."""
    whole = argparse.ArgumentParser(
        prog="twiplomacy",
        description="The open Twiplomacy dataset: collect, land, build, gate, release, verify, withdraw, erase.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = whole.add_subparsers(required=True, metavar="VERB")
    verbs = {name: _verb(subparsers, name, run) for name, run in commands.items()}
    _collect(verbs["collect"])
    verbs["roster"].add_argument(
        "action", choices=["check", "refresh"], help="check the files, or see what Wikidata would add to them"
    )
    for name in ("build", "gate", "release"):
        verbs[name].add_argument("--year", type=int, help="newest edition of the panel; default: the newest there is")
    verbs["verify"].add_argument(
        "what",
        nargs="*",
        metavar="log|RELEASE",
        help="the word log, or directories of releases; default: the log and all releases",
    )
    verbs["withdraw"].add_argument("release", metavar="RELEASE", help="its version, or its directory")
    verbs["withdraw"].add_argument("--reason", required=True, help="why, in one line that everybody may read")
    verbs["erase"].add_argument(
        "subject", help="an account as x:100200300, a post as x:100200300/25, or a holder_id of the roster"
    )
    verbs["erase"].add_argument("--reason", required=True, help="why, without naming the subject: it stays in the log")
    return whole


def _verb(subparsers: Any, name: str, run: Command) -> argparse.ArgumentParser:
    summary = (run.__doc__ or "").strip()
    verb: argparse.ArgumentParser = subparsers.add_parser(name, help=summary, description=summary)
    verb.set_defaults(run=run)
    return verb


def _collect(verb: argparse.ArgumentParser) -> None:
    names, parts = ", ".join(PLATFORMS), ", ".join(PARTS)
    verb.add_argument("platforms", nargs="*", type=_platform, metavar="PLATFORM", help=f"ask {names}; none: ask nobody")
    verb.add_argument("--plan", action="store_true", help="say what asking would take and cost, and ask nothing")
    verb.add_argument(
        "--parts", type=_parts, default=PARTS[:3], help=f"of {parts}, with commas; default: the first three"
    )
    verb.add_argument("--budget", type=_money, default=Decimal(0), help="US dollars a run may cost; default: 0")
    verb.add_argument("--quota", type=int, default=10_000, help="units of quota a run may use; default: 10000")
    verb.add_argument("--day", type=_day, help="day (UTC) whose stocks are wanted; default: today")


def _platform(text: str) -> str:
    if text not in PLATFORMS:
        raise argparse.ArgumentTypeError(f"{text!r} cannot be asked; these can: {', '.join(PLATFORMS)}")
    return text


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(text.split(","))
    if not set(parts) <= set(PARTS):
        raise argparse.ArgumentTypeError(f"choose from {', '.join(PARTS)}")
    return parts


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; expected YYYY-MM-DD") from error


def _money(text: str) -> Decimal:
    try:
        money = Decimal(text)
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of US dollars") from error
    if not (money.is_finite() and money >= 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of US dollars")
    return money
