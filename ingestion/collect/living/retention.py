"""Erase from the log what a platform's terms let us keep for some days only."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta

from ingestion.collect.living.platform import Endpoint
from ingestion.collect.living.workload import Records
from ingestion.collect.outcome import SourceError
from ingestion.log import segments
from ingestion.log.chain import LedgerLine
from ingestion.log.erasures import whole
from ingestion.log.events import instant


def expire(
    records: Records, endpoints: Iterable[Endpoint], confirm: Callable[[Endpoint], bool], say: Callable[[str], None]
) -> None:
    """Erase the segments that are older than their platform's terms allow.

    The clock alone erases nothing: once a segment seems too old, ``confirm`` asks a server of its platform the time.

    Raises:
        SourceError: a server contradicts the clock, or none says what time it is; its segments stay.
    """
    by_adapter = {endpoint.adapter: endpoint for endpoint in endpoints}
    sources = records.roster.sources.values()
    asked = {one.source_id: by_adapter[one.adapter] for one in sources if one.adapter in by_adapter}
    faults: dict[str, str] = {}
    for source_id in sorted({line.source for line, _ in _expired(records, asked)}):
        try:
            if not confirm(asked[source_id]):
                faults[source_id] = "no server could be asked what time it is; run again when one can"
        except SourceError as error:
            faults[source_id] = str(error)
    with records.ledger.writing(say):
        expired = [(line, limit) for line, limit in _expired(records, asked) if line.source not in faults]
        erasures = [whole(line, f"kept for {limit} days, as the platform's terms want") for line, limit in expired]
        for (line, _), erasure in zip(expired, erasures, strict=True):
            say(f"collect: segment {line.position} of {line.source} was erased: {erasure.reason}")
        if erasures:
            records.ledger.erase(erasures, instant(records.clock.now()))
    if faults:
        listed = "; ".join(f"{source_id}: {fault}" for source_id, fault in faults.items())
        raise SourceError(f"the log keeps what by this machine's clock is to be erased: {listed}")


def _expired(records: Records, endpoints: Mapping[str, Endpoint]) -> Iterator[tuple[LedgerLine, int]]:
    """Yield the segments that by the clock are too old, and for how many days they may be kept."""
    now = records.clock.now()
    for line in records.ledger.current():
        endpoint = endpoints.get(line.source)
        terms = records.roster.platforms.get(endpoint.code) if endpoint else None
        limit = terms.retention_days_count if terms else None
        if limit and line.rows:
            oldest = next(segments.read(records.ledger.segments / line.name)).time
            if oldest < instant(now - timedelta(days=limit)):
                yield line, limit
