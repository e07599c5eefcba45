"""Collecting: pages of a test platform on loopback, and archives compared with a bare pass over their JSON."""

import atexit
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.steps import measured
from ingestion.clock import Clock
from ingestion.collect.files import archives
from ingestion.collect.files.archives.x_v11 import XV11Archive
from ingestion.collect.living.budget import Budget, Cost, Prices
from ingestion.collect.living.collection import THREADS
from ingestion.collect.living.http import Http
from ingestion.collect.living.journal import Journal
from ingestion.collect.living.platform import Client, Context
from ingestion.collect.living.run import Run
from ingestion.collect.living.workload import Job, Workload
from ingestion.collect.outcome import Outcome
from ingestion.collect.platforms.x import X
from ingestion.log.events import instant
from ingestion.log.ledger import Ledger
from ingestion.roster.files import read_roster


def pages(folder: str, pages: int) -> int:
    """Collect so many pages, one timeline per thread, and seal them as a segment."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    accounts = [f"x:{number}" for number in range(10_000, 10_000 + THREADS)]
    command = [sys.executable, "-m", "benchmarks.steps.platform_server", str(pages // THREADS)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
    atexit.register(server.kill)
    address = server.stdout.readline().strip() if server.stdout else ""
    clock, day = Clock(), date(2026, 3, 1)
    workload = Workload(accounts, {}, dict.fromkeys(accounts, "2026-01-01T00:00:00Z"), (), day)
    started_at = instant(datetime(2026, 3, 1, tzinfo=UTC))
    job = Job(X(), Context("x-api", {}, frozenset()), workload, ("posts",), started_at)
    journal = Journal(Path(folder) / f"{pages}.jsonl")
    ledger = Ledger(Path(folder) / f"log-{pages}-{server.pid}")
    with measured():
        _, held = journal.open({"started_at": started_at})
        client = Client(Http(clock, "benchmark"), Budget(Prices([], "x", day), Cost()), address)
        run = Run(job, client, journal, clock, held)
        run.work(THREADS, lambda _: None)
        return run.seal(ledger, lambda _: None).rows


def archive(folder: str) -> int:
    """Make and encode the events of every archived tweet in a roster folder, in one process."""
    (source,) = (source for source in read_roster(Path(folder)).observed_sources if source.source_id == "tweets")
    paths = sorted((Path(folder) / "observations" / "tweets").iterdir())
    with measured():
        rows = 0
        for path in paths:
            outcome = Outcome()
            for event in archives.read(path, path.name, XV11Archive(source, outcome), outcome):
                rows += event.type == "post.observed" and bool(event.encode())
        return rows


def bare_json(folder: str) -> int:
    """Parse every line of the same archives with the standard library, and discard it."""
    paths = sorted((Path(folder) / "observations" / "tweets").iterdir())
    with measured():
        rows = 0
        for path in paths:
            with path.open("rb") as lines:
                rows += sum(bool(json.loads(line)) for line in lines)
        return rows
