"""What every run reads: the roster, the log, the clock, and who must not come in."""

from dataclasses import dataclass
from datetime import date

from ingestion.clock import Clock
from ingestion.collect.living.budget import Prices
from ingestion.collect.outcome import SourceError
from ingestion.log.ledger import Ledger
from ingestion.roster.exclusions import Exclusions
from ingestion.roster.sources import PlatformTerms, Source
from ingestion.roster.tables import Roster


@dataclass(frozen=True)
class Records:
    """The roster, the log, the clock, and who must not come in."""

    roster: Roster
    ledger: Ledger
    clock: Clock
    exclusions: Exclusions

    def terms(self, code: str) -> PlatformTerms:
        """Return what a platform's terms allow.

        Raises:
            SourceError: nobody has read them.
        """
        if terms := self.roster.platforms.get(code):
            return terms
        raise SourceError(f"roster/platforms.csv has no row for {code}; read its terms and add one")

    def source(self, adapter: str) -> Source:
        """Return the source whose adapter asks a platform.

        Raises:
            SourceError: there is none.
        """
        for source in self.roster.sources.values():
            if source.adapter == adapter:
                return source
        raise SourceError(f"roster/sources.csv has no source with the adapter {adapter}; add its row")

    def prices(self, code: str, day: date) -> Prices:
        """Return what a platform's operations cost on a day."""
        return Prices(self.roster.prices.values(), code, day)
