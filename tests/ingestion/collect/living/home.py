"""A roster, a log and a collection over a server on loopback."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from pydantic import SecretStr

from ingestion.collect.living.budget import Cost
from ingestion.collect.living.collection import Collection
from ingestion.collect.living.platform import Endpoint
from ingestion.collect.living.progress import progress
from ingestion.collect.living.workload import RunRequest
from ingestion.collect.platforms.x import X
from ingestion.log import segments
from ingestion.log.ledger import Ledger
from twiplomacy.synthetic.loopback import StillClock, serving
from twiplomacy.synthetic.worlds import write_roster
from twiplomacy.synthetic.x_api import XServer

TODAY = date(2026, 3, 1)
RICH = Cost(Decimal(100), 100)
ACCOUNTS = (100, 200, 300)


def roster_folder(path: Path, **changes) -> Path:
    """Three accounts of one holder in office, one of a holder who left."""
    rows = {
        "editions": [{"year": "2026"}],
        "sources": [
            {"source_id": "x-api", "adapter": "x-v2-api"},
            {"source_id": "youtube-api", "adapter": "youtube-api"},
        ],
        "platforms": [{"platform_code": "x"}],
        "prices": [
            {"platform_code": "x", "operation_code": "users", "price_usd": "0.01"},
            {"platform_code": "x", "operation_code": "posts", "price_usd": "0.005"},
        ],
        "offices": [
            {"office_code": "AAA-head", "country_code": "AAA"},
            {"office_code": "BBB-head", "country_code": "BBB"},
        ],
        "holders": [{"holder_id": "now"}, {"holder_id": "once"}],
        "terms": [
            {"office_code": "AAA-head", "holder_id": "now", "start_date": "2020-01-01"},
            {"office_code": "BBB-head", "holder_id": "once", "start_date": "2010-01-01", "end_date": "2015-01-01"},
        ],
        "accounts": [{"account_id": f"x:{i}", "country_code": "AAA", "source_id": "x-api"} for i in (*ACCOUNTS, 400)],
        "assignments": [
            *({"account_id": f"x:{i}", "holder_id": "now"} for i in ACCOUNTS),
            {"account_id": "x:400", "holder_id": "once"},
        ],
    }
    return write_roster(path / "roster", **{**rows, **changes})


class Home:
    """A collection over a server on loopback, its log, and what it said."""

    def __init__(self, path: Path, server: XServer, **changes) -> None:
        self.server, self.said, self.off = server, [], None
        self.clock, self.ledger = StillClock(), Ledger(path / "data" / "log")
        self.collection = Collection(
            roster_folder(path, **changes), self.ledger, self.clock, "someone@example.org", self.said.append
        )

    def run(self, parts=("accounts", "posts", "ages"), budget=RICH, day=TODAY, key="the-key"):
        with self.serving() as loopback:
            self.requests = loopback.requests
            self.collection.run(Endpoint(X(), loopback.url, SecretStr(key)), RunRequest(parts, budget, day), progress)
        return self.finished()[-1]

    def expire(self, url=""):
        with self.serving() as loopback:
            self.collection.expire([Endpoint(X(), url or loopback.url, SecretStr("the-key"))])

    def serving(self):
        """The server says what time it is if it knows by how much the clock is ahead of that."""
        return serving(self.server.answer, None if self.off is None else lambda: self.clock.now() - self.off)

    def plan(self, parts):
        endpoint = Endpoint(X(), "http://127.0.0.1:1", SecretStr("the-key"))
        return list(self.collection.plan(endpoint, RunRequest(parts, RICH, TODAY)))

    def events(self):
        for entry in self.ledger.lines():
            yield from segments.read(self.ledger.segments / entry.name)

    def finished(self):
        return [event.data for event in self.events() if event.type == "collection.finished"]
