"""What may be kept for some days only is erased from the log, if a server confirms the clock."""

from datetime import timedelta

import pytest

from ingestion.collect.outcome import SourceError
from tests.ingestion.collect.living.home import Home

AHEAD = timedelta(days=40)
RETENTION = {"platforms": [{"platform_code": "x", "retention_days_count": "30"}]}


def test_what_may_be_kept_for_some_days_only_is_erased_from_the_log(tmp_path, server):
    home = Home(tmp_path, server, platforms=[{"platform_code": "x", "retention_days_count": "30"}])
    home.off = timedelta(0)
    home.run()
    home.clock.sleep(timedelta(days=29).total_seconds())
    home.expire()
    assert home.ledger.erasures() == {}
    home.run(day=home.clock.now().date())
    home.clock.sleep(timedelta(days=2).total_seconds())
    home.expire()
    ((erasure,),) = home.ledger.erasures().values()
    assert (erasure.position, erasure.reason) == (1, "kept for 30 days, as the platform's terms want")
    assert not (home.ledger.segments / home.ledger.lines()[0].name).exists()
    assert home.ledger.verify() == home.ledger.lines()[1].rows + 1
    home.expire()
    assert len(home.ledger.erasures()) == 1


@pytest.mark.parametrize(
    ("off", "url", "message"),
    [
        (
            AHEAD,
            "",
            "says that it is 2026-03-01T12:00:00Z, and this machine's clock says 2026-04-10T12:00:00Z: set the",
        ),
        (None, "", "no server could be asked what time it is"),
        (timedelta(0), "http://127.0.0.1:1", "no server could be asked what time it is"),
    ],
)
def test_a_clock_that_nobody_confirms_erases_nothing_and_says_so(tmp_path, server, off, url, message):
    home = Home(tmp_path, server, **RETENTION)
    home.run()
    home.clock.sleep(AHEAD.total_seconds())
    home.off = off
    with pytest.raises(SourceError, match=message):
        home.expire(url)
    assert home.ledger.erasures() == {}
    assert home.ledger.verify() == home.ledger.lines()[0].rows
