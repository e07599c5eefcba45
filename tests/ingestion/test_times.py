"""times: one instant for all ways to write it, and none that depends on the machine."""

import time

import pytest

from ingestion import times


@pytest.mark.parametrize(
    ("text", "time_zone", "instant"),
    [
        ("2017-10-03T22:06:31Z", None, "2017-10-03T22:06:31Z"),
        ("2017-10-03T22:06:31.999999999Z", None, "2017-10-03T22:06:31Z"),
        ("2017-10-04T00:06:31+02:00", None, "2017-10-03T22:06:31Z"),
        ("2017-10-04 00:06:31.5+0200", None, "2017-10-03T22:06:31Z"),
        ("2017-10-04T00:06:31+02:00", "America/New_York", "2017-10-03T22:06:31Z"),
        ("2017-10-04T00:06:31", "Europe/Berlin", "2017-10-03T22:06:31Z"),
        ("2017-12-04T00:06:31", "Europe/Berlin", "2017-12-03T23:06:31Z"),
        ("2017-10-29T02:30:00", "Europe/Berlin", "2017-10-29T00:30:00Z"),
        ("0001-01-01T00:00:00Z", None, "0001-01-01T00:00:00Z"),
    ],
)
def test_a_time_is_an_instant_of_whole_seconds(text, time_zone, instant):
    assert times.utc(text, time_zone) == instant


@pytest.mark.parametrize(
    ("text", "time_zone", "message"),
    [
        ("2017-10-03T22:06:31", None, r"names no time zone; write it in UTC, e\.g\. .* time_zone of the source"),
        ("2017-10-03", None, "is not a time; write it in UTC"),
        ("1507068391", None, "is not a time"),
        ("2017-10-03T25:06:31Z", None, "is no real time"),
        ("2017-03-26T02:30:00", "Europe/Berlin", "is no real time"),
        ("0001-01-01T00:00:00+23:59", None, "is no real time"),
        ("9999-12-31T23:59:59-01:00", None, "is no real time"),
        ("2017-10-03T22:06:31", "Berlin", "'Berlin' is no time zone; write its IANA name"),
        ("2017-10-03T22:06:31", "../etc/passwd", "is no time zone"),
        ("2017-10-03T22:06:31", "Europe", "is no time zone"),
    ],
)
def test_what_is_no_instant_is_refused_with_what_to_write(text, time_zone, message):
    if time_zone and "no time zone" in message:
        with pytest.raises(ValueError, match=message):
            times.zone(time_zone)
    else:
        with pytest.raises(ValueError, match=message):
            times.utc(text, time_zone)


@pytest.mark.parametrize("machine", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_the_machines_zone_does_not_matter(monkeypatch, machine):
    monkeypatch.setenv("TZ", machine)
    time.tzset()
    try:
        assert times.utc("2017-10-04T00:06:31", "Europe/Berlin") == "2017-10-03T22:06:31Z"
        with pytest.raises(ValueError, match="names no time zone"):
            times.utc("2017-10-04T00:06:31")
    finally:
        monkeypatch.undo()
        time.tzset()
