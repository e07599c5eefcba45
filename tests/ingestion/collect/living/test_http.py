"""http: faults of the wire and of platforms, over real HTTP on loopback; no pause is really taken."""

import gzip
import re
import tracemalloc
from base64 import b64encode
from datetime import timedelta
from email.utils import format_datetime
from html import escape
from urllib.parse import quote

import pytest

from ingestion.collect.living import http
from ingestion.collect.living.http import FAILURES_IN_A_ROW, TRIES, Http, HttpError
from ingestion.log.events import instant
from twiplomacy.synthetic.loopback import NOON, Reply, StillClock, serving

GOOD = Reply({"ok": True})
EPOCH = str(int(NOON.timestamp()) + 90)


def ask(replies, path="/page", **arguments):
    """Ask a server that gives these replies in turn; return the answer or error, the pauses, the requests."""
    left = iter(replies)
    clock = StillClock()
    with serving(lambda _: next(left)) as loopback:
        asking = Http(clock, "someone@example.org")
        try:
            result = asking.ask(loopback.url + path, **arguments)
        except HttpError as error:
            result = error
        return result, clock.pauses, loopback.requests


def test_an_answer_has_its_status_its_instant_and_its_links():
    answer, pauses, (request,) = ask([Reply([1], headers={"Link": '<https://example.org/p?max_id=9>; rel="next"'})])
    assert (answer.status, answer.body, answer.at) == (200, [1], instant(NOON))
    assert answer.links == {"next": "https://example.org/p?max_id=9"}
    assert pauses == []
    assert "contact: someone@example.org" in request.headers["user-agent"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_is_an_answer_and_is_not_asked_again(status):
    answer, _, requests = ask([Reply({"title": "no"}, status)])
    assert (answer.status, answer.body, answer.is_ok, len(requests)) == (status, {"title": "no"}, False, 1)


def test_a_refusal_in_html_has_no_body():
    answer, _, _ = ask([Reply(b"<html>Not here</html>", 404, {"Content-Type": "text/html"})])
    assert (answer.status, answer.body) == (404, None)


FAULTS = {
    "5xx": (Reply({}, 503), "answered 503"),
    "reset in the middle": (Reply({"a": "b" * 900}, fault="reset"), "broke off|closed the connection"),
    "shorter than announced": (Reply({"a": 1}, fault="short"), "broke off in the middle of an answer"),
    "truncated JSON": (Reply(b'{"data": [{"id": "1"'), "answered 200 with 20 bytes of application/json that are not"),
    "HTML for JSON": (
        Reply(b"<html>", headers={"Content-Type": "text/html"}),
        "6 bytes of text/html that are not JSON",
    ),
    "empty": (Reply(b""), "0 bytes of application/json that are not JSON"),
    "429": (Reply({}, 429), "answered 429"),
    "nested deep": (Reply(b"[" * 100_000 + b"]" * 100_000), "200000 bytes of application/json that are not JSON"),
    "nested too deep to be written": (Reply(b"[" * 500 + b"]" * 500), "that are not JSON"),
    "no UTF-8": (Reply(b'{"a": "\xff"}'), "that are not JSON"),
    "half a letter": (Reply(b'{"a": "\\ud800"}'), "that are not JSON"),
    "a number beyond all": (Reply(b'{"a": 1e999}'), "that are not JSON"),
    "not packed as it says": (Reply({}, headers={"Content-Encoding": "gzip"}), "packed its answer in another way"),
    "half a gzip": (Reply(gzip.compress(b'{"a": 1}')[:-12], headers={"Content-Encoding": "gzip"}), "not JSON|packed"),
    "an unknown packing": (Reply(b"\x00", headers={"Content-Encoding": "aws-chunked, gzip"}), "packed|not JSON"),
    "more headers than a head has": (Reply({}, headers={f"X-{i}": "a" for i in range(200)}), "closed the connection"),
    "a header without end": (Reply({}, headers={"X-A": "a" * 100_000}), "closed the connection"),
    "a status of its own": (Reply({}, 999), "answered 999"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_passes_is_survived_with_growing_pauses(name):
    fault, _ = FAULTS[name]
    answer, pauses, requests = ask([fault, fault, fault, GOOD])
    assert answer.body == {"ok": True}
    assert pauses == [1, 2, 4]
    assert len(requests) == 4


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_stays_is_named_without_the_address(name):
    fault, message = FAULTS[name]
    error, _, requests = ask(
        [fault] * TRIES, "/page?secret-in-the-address=1", headers={"Authorization": "Bearer secret"}
    )
    assert isinstance(error, HttpError)
    assert len(requests) == TRIES
    assert re.search(message, str(error))
    assert "secret" not in str(error)
    assert str(error).endswith(f", {TRIES} times")


def test_a_redirect_is_not_followed_so_that_no_key_goes_astray():
    with serving(lambda _: GOOD) as elsewhere:
        away = Reply({}, 302, {"Location": elsewhere.url})
        error, _, requests = ask([away] * TRIES, headers={"X-Goog-Api-Key": "secret"})
    assert "a redirect, which is not followed" in str(error)
    assert elsewhere.requests == []
    assert len(requests) == TRIES


def test_a_netrc_does_not_replace_a_key(tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    _, _, (request,) = ask([GOOD], headers={"Authorization": "Bearer the-key"})
    assert request.headers["authorization"] == "Bearer the-key"


def test_a_cookie_is_not_given_back():
    with serving(lambda _: Reply({}, headers={"Set-Cookie": "seen=1"})) as loopback:
        asking = Http(StillClock(), "c")
        for _ in range(2):
            asking.ask(loopback.url)
    assert ["cookie" in request.headers for request in loopback.requests] == [False, False]


def test_the_proxy_of_the_environment_is_asked_but_for_whom_it_leaves_out(monkeypatch):
    with serving(lambda _: GOOD) as proxy, serving(lambda _: GOOD) as loopback:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "left-out.example")
        asking = Http(StillClock(), "c")
        asking.ask("http://platform.example/page", {"a": 1})
        asking.ask(loopback.url)  # this machine never, so that a key in clear goes nowhere else
        assert not asking._surrounding("http://left-out.example/page")["proxies"].get("http")
    assert [request.headers["host"] for request in proxy.requests] == ["platform.example"]
    assert len(loopback.requests) == 1


def test_a_query_comes_as_it_was_given():
    query = {"fields": "a,b", "since": "2026-03-01T00:00:00Z", "word": "a&b=c d%/é?", "count": 5}
    _, _, (request,) = ask([GOOD], params=query, headers={"Accept": "text/plain"})
    assert request.query == {**query, "count": "5"}
    assert request.headers["accept"] == "text/plain"


def test_silence_times_out(monkeypatch):
    monkeypatch.setattr(http, "TIMEOUT", (1, 0.05))
    error, _, _ = ask([Reply({}, fault="silence")] * TRIES)
    assert "did not answer in time" in str(error)


def test_nobody_there_is_named():
    with pytest.raises(HttpError, match=r"127\.0\.0\.1:1 could not be reached"):
        Http(StillClock(), "c").ask("http://127.0.0.1:1/x")


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Sun, 01 Mar 2026 12:00:30 GMT"}, 30),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": EPOCH}, 90),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": EPOCH}, 90),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "12"}, 12),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-03-01T12:01:00.000Z"}, 60),
        ({"X-RateLimit-Reset": "when it is ready"}, 1),
        ({"Retry-After": "nan"}, 1),
        ({"Retry-After": "-7"}, 1),
        ({"Retry-After": "Sun, 01 Mar 99999999999999999999 12:00:30 GMT"}, 1),
        ({"Retry-After": "0001-01-01T00:00:00+23:59"}, 1),
        ({}, 1),
    ],
)
def test_the_platform_says_how_long_to_wait_in_any_dialect(headers, pause):
    answer, pauses, _ = ask([Reply({}, 429, headers), GOOD])
    assert answer.is_ok
    assert pauses == [pytest.approx(pause)]


def test_a_platform_that_wants_too_long_a_pause_is_left():
    error, pauses, requests = ask([Reply({}, 429, {"Retry-After": "90000"})])
    assert "wants a pause of 90000 s, 1 times" in str(error)
    assert (pauses, len(requests)) == ([], 1)


@pytest.mark.parametrize("seconds", ["1" + "0" * 400, "inf", "1e300"])
def test_a_pause_beyond_all_measure_is_too_long_a_pause(seconds):
    error, pauses, _ = ask([Reply({}, 429, {"Retry-After": seconds})])
    assert "wants a pause of 1000000000 s, 1 times" in str(error)
    assert pauses == []


def test_an_emptied_limit_closes_the_bucket_before_the_next_question():
    clock = StillClock()
    used_up = Reply({}, headers={"x-rate-limit-remaining": "0", "x-rate-limit-reset": EPOCH})
    with serving(lambda _: used_up) as loopback:
        asking = Http(clock, "c")
        bucket = asking.bucket("users", 100, 1)
        asking.ask(loopback.url, bucket=bucket)
        assert clock.pauses == []
        asking.ask(loopback.url, bucket=bucket)
    assert clock.pauses == [pytest.approx(90)]


def test_a_host_that_is_down_is_not_asked_by_everybody():
    clock = StillClock()
    with serving(lambda _: Reply({}, 500)) as loopback:
        asking = Http(clock, "c")
        for _ in range(FAILURES_IN_A_ROW):
            with pytest.raises(HttpError, match="answered 500"):
                asking.ask(loopback.url)
        with pytest.raises(HttpError, match="gave no answer 5 times in a row"):
            asking.ask(loopback.url)
    assert len(loopback.requests) == TRIES * FAILURES_IN_A_ROW


def test_too_large_an_answer_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(http, "LARGEST_ANSWER", 10)
    error, _, requests = ask([GOOD] * TRIES)
    assert "sent more than" in str(error)
    assert len(requests) == 1


def test_an_answer_that_unpacks_to_too_much_is_not_unpacked_to_its_end(monkeypatch):
    monkeypatch.setattr(http, "LARGEST_ANSWER", 4 << 20)
    bomb = gzip.compress(bytes(200 << 20), 9)
    assert len(bomb) < 1 << 20
    tracemalloc.start()
    error, _, _ = ask([Reply(bomb, headers={"Content-Encoding": "gzip"})])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "sent more than" in str(error)
    assert most < 16 << 20


def date_header(hours: float = 0, **headers: str) -> dict[str, str]:
    return {"Date": format_datetime(NOON + timedelta(hours=hours), usegmt=True), **headers}


@pytest.mark.parametrize(
    ("headers", "is_confirmed"),
    [
        (date_header(), True),
        (date_header(0.16), True),
        (date_header(-1, Age="3600"), True),  # a cache kept it for an hour
        ({}, False),
        ({"Date": "yesterday"}, False),
        ({"Date": "Thu, 01 Jan 99999999999999999999 00:00:00 GMT"}, False),
        ({"Date": "Fri, 31 Dec 9999 23:59:59 GMT", "Age": "9" * 30}, False),
    ],
)
def test_a_server_that_says_the_same_time_confirms_the_clock(headers, is_confirmed):
    with serving(lambda _: Reply({}, headers=headers)) as loopback:
        asking = Http(StillClock(), "c")
        assert asking.ask(loopback.url).is_ok
    assert (asking.is_confirmed, asking.contradiction) == (is_confirmed, "")


@pytest.mark.parametrize("hours", [0.2, -0.2, 40 * 24, -(40 * 24)])
def test_an_answer_of_another_time_than_the_clocks_is_none_and_both_times_are_named(hours):
    said = instant(NOON + timedelta(hours=hours))
    error, pauses, requests = ask([Reply({}, headers=date_header(hours))])
    assert f"says that it is {said}, and this machine's clock says {instant(NOON)}" in str(error)
    assert (pauses, len(requests)) == ([], 1)


THE_KEY = "AAAA%2Bkey/of=some+length"
REPEATED = {
    "as it is": THE_KEY,
    "unquoted": "AAAA+key/of=some+length",
    "in an address": f"https://x.example/?key={quote(THE_KEY, safe='')}",
    "in base64": b64encode(f"user:{THE_KEY}:".encode()).decode(),
    "in HTML": escape(THE_KEY),
}


@pytest.mark.parametrize("name", REPEATED)
@pytest.mark.parametrize("status", [200, 403])
def test_a_key_that_is_said_back_goes_no_further(name, status):
    said = REPEATED[name]
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in said)
    body = f'{{"plain": "{said}", "escaped": "{escaped}", "{said}": 1}}'.encode()
    with serving(lambda _: Reply(body, status, {"Link": f'<https://a.example/?k={said}>; rel="next"'})) as loopback:
        answer = Http(StillClock(), "c", [THE_KEY]).ask(loopback.url)
    assert said not in repr(answer)
    assert answer.body["plain"] == answer.body["escaped"]
    assert "[key]" in answer.body["plain"]
    assert set(answer.body) == {"plain", "escaped", answer.body["plain"]}


def test_no_message_has_a_key_of_a_content_type_or_a_password_of_an_address():
    with serving(lambda _: Reply(b"<html>", headers={"Content-Type": f"text/html {THE_KEY}"})) as loopback:
        address = loopback.url.replace("://", "://somebody:the-password@")
        with pytest.raises(HttpError) as raised:
            Http(StillClock(), "c", [THE_KEY]).ask(address)
    assert "bytes of another type that are not JSON" in str(raised.value)
    assert not any(word in str(raised.value) for word in (THE_KEY, "somebody", "the-password"))
