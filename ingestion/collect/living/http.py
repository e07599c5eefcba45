"""HTTP for every platform: one polite and patient way to ask.

In: an address, parameters, headers, the keys that nobody may see. Out: the JSON that came, without those keys, its
status and the instant. Never: an address with a key in a message, half an answer, one that came at another time than
the clock says, or more requests than the platform allows.
"""

import email.utils
import ipaddress
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
import requests
import urllib3

from ingestion.clock import MOST_APART, Clock
from ingestion.collect.living.deadline import Adapter
from ingestion.collect.living.redact import Redactor
from ingestion.log.events import instant

TRIES = 6
"""Requests for one answer before it is given up."""
FIRST_PAUSE = 1.0
"""Seconds before the second try; each further pause is twice as long."""
LONGEST_PAUSE = 16 * 60.0
"""Seconds; X opens its window again after 15 minutes. A platform that wants a longer pause is left."""
TIMEOUT = (10, 30)
"""Seconds to connect, and between two pieces of an answer."""
DEADLINE = 5 * 60.0
"""Seconds from the first byte that is awaited of an answer to its last."""
LARGEST_ANSWER = 64 << 20
"""Bytes, unpacked; no page of any platform comes near it."""
PIECE = 1 << 18
"""Bytes read, and unpacked, at a time at most."""
FAILURES_IN_A_ROW = 5
"""Answers given up after which a host counts as down, so that a thousand accounts do not each wait for it."""

_TOO_MANY = 429
_PASSING = frozenset({408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,60}", re.IGNORECASE)
_NO_ANSWER = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)
"""What may go wrong with a request and with what it brings; junk in a head is a ``ValueError`` somewhere below."""


class HttpError(Exception):
    """No answer that can be used; the message names the host and what it said instead."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        status: HTTP status; 2xx or 4xx, all others are retried and then raise.
        body: the parsed JSON; None if a 4xx brought something else.
        at: when it came (UTC instant).
        links: ``rel`` -> address of the Link header.
    """

    status: int
    body: Any
    at: str
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ok(self) -> bool:
        """Whether the status is 2xx."""
        return self.status < 300  # noqa: PLR2004


class Bucket:
    """At most so many requests in so many seconds; what the platform says of its own limit goes before it."""

    def __init__(self, clock: Clock, count: int, seconds: float) -> None:
        self._clock, self._size, self._rate = clock, float(count), count / seconds
        self._tokens, self._filled_at, self._closed_until = self._size, clock.now().timestamp(), 0.0
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait for a turn."""
        with self._lock:
            now = self._clock.now().timestamp()
            self._tokens = min(self._size, self._tokens + (now - self._filled_at) * self._rate) - 1
            self._filled_at = now
            pause = max(-self._tokens / self._rate, self._closed_until - now)
        if pause > 0:
            self._clock.sleep(pause)

    def close(self, seconds: float) -> None:
        """Let nobody through for so long."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock.now().timestamp() + seconds)


class Http:
    """Asks; every platform's module uses this one. Safe to use from several threads.

    Attributes:
        clock: says when an answer came.
        requests_count: how many requests there were.
        is_confirmed: whether a server said the same time as the clock.
        contradiction: what a server said that did not; empty if none did.
    """

    def __init__(self, clock: Clock, contact: str, keys: Iterable[str] = ()) -> None:
        self.clock = clock
        self.requests_count = 0
        self.is_confirmed = False
        self.contradiction = ""
        self._redactor = Redactor(keys)
        agent = f"twiplomacy/0.1 (open research dataset; contact: {contact or 'none'})"
        self._headers = {**requests.utils.default_headers(), "User-Agent": agent}
        self._local = threading.local()
        self._lock = threading.Lock()
        self._buckets: dict[str, Bucket] = {}
        self._failures: dict[str, int] = {}
        self._surroundings: dict[str, Mapping[str, Any]] = {}

    def bucket(self, name: str, count: int, seconds: float) -> Bucket:
        """Return the bucket of that name, made on first use."""
        with self._lock:
            return self._buckets.setdefault(name, Bucket(self.clock, count, seconds))

    def get(
        self,
        url: str,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        bucket: Bucket | None = None,
        data: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask until there is an answer.

        Args:
            url: without a key; keys go into ``headers``.
            params: the query.
            headers: besides the User-Agent.
            bucket: whose turn to wait for.
            data: a question too long for an address, as the fields of a form; asked by POST, and as often as a GET.

        Raises:
            HttpError: no usable answer after ``TRIES`` requests, or the host is down.
        """
        host = host_of(url)
        if self._failures.get(host, 0) >= FAILURES_IN_A_ROW:
            raise HttpError(f"{host} gave no answer {FAILURES_IN_A_ROW} times in a row; nothing more is asked there")
        fault = ""
        for attempt in range(TRIES):
            if bucket:
                bucket.take()
            pause, began = FIRST_PAUSE * 2**attempt, self.clock.ticks()
            try:
                response, content = self._request("POST" if data else "GET", url, params, headers, data)
            except _NO_ANSWER as error:
                fault = _fault(error)
                if self.clock.ticks() - began > DEADLINE:
                    fault = f"had not ended its answer after {DEADLINE:.0f} s"
                    break
                if isinstance(error, _TooLarge):
                    break
            else:
                if fault := self._compare(host, response.headers):
                    break
                answer, fault = self._read(response, content)
                wanted = _wanted_pause(response.headers, response.status_code, self.clock.now())
                if bucket and wanted and (answer or response.status_code == _TOO_MANY):
                    bucket.close(min(wanted, LONGEST_PAUSE))
                if answer:
                    self._failures[host] = 0
                    return answer
                if wanted > LONGEST_PAUSE:
                    fault += f" and wants a pause of {min(wanted, 1e9):.0f} s"
                    break
                pause = wanted or pause
            if attempt + 1 < TRIES:
                self.clock.sleep(pause)
        with self._lock:
            self._failures[host] = self._failures.get(host, 0) + 1
        raise HttpError(f"{host} {fault}, {attempt + 1} times")

    def ask_time(self, url: str) -> bool:
        """Ask a host for nothing but the time, without a key; return whether it answered, be it without one."""
        try:
            response, _ = self._request("HEAD", url, headers={"Cache-Control": "no-cache"})
        except _NO_ANSWER:
            return False
        self._compare(host_of(url), response.headers)
        return True

    def _request(
        self,
        method: str,
        url: str,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
    ) -> tuple[requests.Response, bytes]:
        if not hasattr(self._local, "adapter"):  # no session: no redirect, no cookie, no .netrc that goes before a key
            self._local.adapter = Adapter(self.clock, DEADLINE)
        with self._lock:
            self.requests_count += 1
        request = requests.Request(
            method,
            url,
            headers={**self._headers, **(headers or {})},
            params=urlencode(params or {}, safe=",:"),  # urllib3 spells a query anew that has a percent sign
            data=data,
        )
        asked = self._local.adapter.send(request.prepare(), stream=True, timeout=TIMEOUT, **self._surrounding(url))
        with asked as response:
            pieces, size = [], 0
            while piece := response.raw.read1(PIECE, decode_content=True):
                pieces.append(piece)
                size += len(piece)
                if size > LARGEST_ANSWER:
                    raise _TooLarge
            return response, b"".join(pieces)

    def _compare(self, host: str, headers: Mapping[str, str]) -> str:
        """Return how the time that a server says differs from the clock's; empty if it does not, or says none.

        An answer that a cache has kept is as old as its ``Age``.
        """
        said = _time_said(headers)
        if said is None:
            return ""
        if abs(self.clock.ahead(said)) <= MOST_APART:
            self.is_confirmed = True
            return ""
        fault = f"says that it is {instant(said)}, and this machine's clock says {instant(self.clock.now())}"
        self.contradiction = self.contradiction or f"{host} {fault}"
        return fault

    def _surrounding(self, url: str) -> Mapping[str, Any]:
        """Return the proxies and certificates that the environment wants for a host, looked up once.

        This machine is asked without a proxy: what goes to it in clear, such as a key, goes nowhere else.
        """
        host = host_of(url)
        if host not in self._surroundings:
            found = requests.Session().merge_environment_settings(url, {}, None, None, None)
            proxies = {} if is_loopback(urlsplit(url).hostname or "") else found["proxies"]
            self._surroundings[host] = {"proxies": proxies, "verify": found["verify"]}
        return self._surroundings[host]

    def _read(self, response: requests.Response, content: bytes) -> tuple[Answer | None, str]:
        """Return the answer, or what is wrong with the response."""
        status = response.status_code
        if status == _TOO_MANY:
            return None, "answered 429 (too many requests)"
        if status in _PASSING or status >= 500:  # noqa: PLR2004
            return None, f"answered {status}"
        if status < 200:  # noqa: PLR2004
            return None, f"answered {status}"
        if 300 <= status < 400:  # noqa: PLR2004
            return None, f"answered {status} (a redirect, which is not followed)"  # a key in a header would go along
        try:
            body = orjson.loads(content)
            # written anew, a key has no escapes in which to hide; what is nested too deep to be written is not kept
            written = orjson.dumps(body)
        except (orjson.JSONDecodeError, TypeError):
            if status < 400:  # noqa: PLR2004
                kind = response.headers.get("Content-Type", "no type").split(";")[0].strip()
                kind = kind if _MEDIA_TYPE.fullmatch(kind) or kind == "no type" else "another type"
                return None, f"answered {status} with {len(content)} bytes of {kind} that are not JSON"
            body = None
        else:
            shown = self._redactor.content(written)
            body = body if shown is written else orjson.loads(shown)
        links = {rel: self._redactor.text(str(link["url"])) for rel, link in response.links.items() if "url" in link}
        return Answer(status, body, instant(self.clock.now()), links), ""


class _TooLarge(ValueError):
    """An answer has more bytes than one may have."""


def host_of(url: str) -> str:
    """Return the host of an address and its port, without the name and the password that may stand before it."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return "a host without a name"


def _time_said(headers: Mapping[str, str]) -> datetime | None:
    """Return what time an answer says it is; None if it does not, or not in a form that can be read."""
    age = headers.get("Age", "")
    try:
        moment = email.utils.parsedate_to_datetime(headers.get("Date", ""))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC) + timedelta(seconds=int(age) if age.isdecimal() else 0)
    except (IndexError, OverflowError, TypeError, ValueError):
        return None


def _fault(error: Exception) -> str:
    """Return what went wrong without the address, which may hold what nobody should see."""
    for kinds, fault in _FAULTS:
        if isinstance(error, kinds):
            return fault
    return f"could not be asked ({type(error).__name__})"


_FAULTS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (_TooLarge, f"sent more than {LARGEST_ANSWER >> 20} MiB"),
    ((requests.Timeout, urllib3.exceptions.TimeoutError), "did not answer in time"),
    (requests.exceptions.SSLError, "has no certificate that can be trusted"),
    (urllib3.exceptions.DecodeError, "packed its answer in another way than it says"),
    (urllib3.exceptions.HTTPError, "broke off in the middle of an answer"),
    (requests.ConnectionError, "could not be reached or closed the connection"),
)


def _wanted_pause(headers: Mapping[str, str], status: int, now: datetime) -> float:
    """Return the seconds for which the platform wants no request, in whichever dialect it says so; 0 if it does not.

    ``Retry-After`` is seconds or an HTTP date. ``x-rate-limit-reset`` (X) and ``RateLimit-Reset`` (Bluesky) are epoch
    seconds, or seconds from now (IETF draft); ``X-RateLimit-Reset`` (Mastodon) is an ISO time.
    """
    if after := headers.get("Retry-After"):
        return _seconds_until(after, now)
    for prefix in ("x-rate-limit", "RateLimit", "X-RateLimit"):
        remaining, reset = headers.get(f"{prefix}-remaining"), headers.get(f"{prefix}-reset")
        if reset and (status == _TOO_MANY or remaining == "0"):
            return _seconds_until(reset, now)
    return 0.0


_OLDEST_EPOCH = 1_000_000_000
"""A number below it is seconds from now."""


def _seconds_until(text: str, now: datetime) -> float:
    """Return how long it is until then; 0 for what is no time or over."""
    try:
        number = float(text)
        return max(0.0, number - now.timestamp() if number > _OLDEST_EPOCH else number)  # NaN is not more than 0
    except ValueError:
        pass
    for parse in (datetime.fromisoformat, email.utils.parsedate_to_datetime):
        try:
            moment = parse(text)
            return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp())
        except (IndexError, OverflowError, TypeError, ValueError):
            continue
    return 0.0


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
