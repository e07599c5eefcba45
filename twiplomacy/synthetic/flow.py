"""The world through the flow: days on which the platforms are asked, then every verb up to the releases.

In: an empty folder, a seed. Out: ``roster/``, ``log/``, the database, ``report.duckdb``, ``releases/``. Never: a clock
but one that stands still, or a request beyond loopback.
"""

import random
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from ingestion.collect.files import collect
from ingestion.collect.living.budget import Cost
from ingestion.collect.living.collection import Collection
from ingestion.collect.living.page import PARTS
from ingestion.collect.living.platform import Endpoint
from ingestion.collect.living.progress import progress
from ingestion.collect.living.workload import RunRequest
from ingestion.collect.platforms import client
from ingestion.log.ledger import Ledger
from twiplomacy.synthetic import bluesky, cast, files, mastodon, posts, x, youtube
from twiplomacy.synthetic.loopback import Reply, Request, StillClock, serving
from twiplomacy.synthetic.model import YEARS, World

DAYS = {
    datetime(YEARS[0], 12, 30, 12, tzinfo=UTC): PARTS,
    datetime(YEARS[1], 2, 28, 12, tzinfo=UTC): PARTS[:3],
    datetime(YEARS[1], 2, 29, 12, tzinfo=UTC): PARTS[:3],
    datetime(YEARS[1], 3, 6, 12, tzinfo=UTC): PARTS[:3],
    datetime(YEARS[1], 3, 29, 12, tzinfo=UTC): PARTS[:3],
    datetime(YEARS[1], 12, 20, 12, tzinfo=UTC): PARTS[:1],
    datetime(YEARS[1], 12, 31, 12, tzinfo=UTC): PARTS,
    datetime(YEARS[1] + 1, 1, 1, 12, tzinfo=UTC): PARTS[:3],
}
"""When the platforms are asked, and for what: a post of the first morning of 28 February is met again at every age."""
WITHOUT_KEY = datetime(YEARS[1], 12, 20, 12, tzinfo=UTC)
"""The day on which the key of YouTube is missing."""
SEED = 1
BUDGET = Cost(Decimal(100_000), 1_000_000)


def make(seed: int) -> World:
    """Return the world of a seed."""
    dice = random.Random(seed)
    world = cast.cast(seed, dice)
    posts.write(world, dice)
    return world


class Server(Protocol):
    """A platform on loopback that shows the world as it is at a moment."""

    def show(self, moment: datetime) -> None: ...

    def answer(self, request: Request) -> Reply: ...


def collected(folder: Path, seed: int, say: Callable[[str], None]) -> World:
    """Write the roster folder of a world and collect all of it: files first, then the platforms, day after day."""
    world, roster, ledger = make(seed), folder / "roster", Ledger(folder / "log")
    files.write(world, roster, random.Random(seed))
    collect(roster, ledger, say)
    clock = StillClock(next(iter(DAYS)))
    collection = Collection(roster, ledger, clock, "synthetic@synthetic.example", say, threads=1)
    servers: dict[str, Server] = {
        "x": x.X(world),
        "bluesky": bluesky.Bluesky(world),
        "mastodon": mastodon.Mastodon(world),
        "youtube": youtube.YouTube(world),
    }
    with ExitStack() as stack:
        bases = [stack.enter_context(serving(server.answer, clock.now)).url for server in servers.values()]
        for moment, parts in DAYS.items():
            clock.sleep((moment - clock.now()).total_seconds())
            endpoints = []
            for code, base in zip(servers, bases, strict=True):
                key = "" if code == "youtube" and moment == WITHOUT_KEY else "the-key"
                address = f"{base}/{{server}}" if code == "mastodon" else base
                endpoints.append(Endpoint(client(code), address, SecretStr(key)))
            collection.expire(endpoints)
            for endpoint, server in zip(endpoints, servers.values(), strict=True):
                server.show(moment)
                collection.run(endpoint, RunRequest(parts, BUDGET, moment.date()), progress)
    return world


def released(run: Callable[..., int]) -> None:
    """Run every verb from ``land`` to the release of the panel; stop at the first that fails.

    Args:
        run: runs ``twiplomacy ARGUMENTS`` on the folder of a collected world; returns the exit code.

    Raises:
        SystemExit: a verb failed and has said why.
    """
    for verb in ("land", "build", "gate", "release"):
        if run(verb):
            raise SystemExit(f"error: twiplomacy {verb} failed on the synthetic world")
