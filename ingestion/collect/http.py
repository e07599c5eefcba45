"""HTTP for every platform: one polite and patient way to ask.

In: an address, parameters, headers. Out: the JSON that came, its status and the instant. Never: an address with a key
in a message, half an answer, or more requests than the platform allows.
"""

import email.utils
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
import requests
from requests.adapters import HTTPAdapter

from ingestion.clock import Clock
from ingestion.events import instant

TRIES = 6
"""Requests for one answer before it is given up."""
FIRST_PAUSE = 1.0
"""Seconds before the second try; each further pause is twice as long."""
LONGEST_PAUSE = 16 * 60.0
"""Seconds; X opens its window again after 15 minutes. A platform that wants a longer pause is left."""
TIMEOUT = (10, 30)
"""Seconds to connect, and between two pieces of an answer."""
LARGEST_ANSWER = 64 << 20
"""Bytes; no page of any platform comes near it."""
PIECE = 1 << 20
"""Bytes read at a time."""
FAILURES_IN_A_ROW = 5
"""Answers given up after which a host counts as down, so that a thousand accounts do not each wait for it."""

_TOO_MANY = 429
_PASSING = frozenset({408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})


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
    """Asks; every platform's module uses this one. Safe to use from several threads."""

    def __init__(self, clock: Clock, contact: str) -> None:
        self.clock = clock
        self.requests_count = 0
        agent = f"twiplomacy/0.1 (open research dataset; contact: {contact})"
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
        host = urlsplit(url).netloc
        if self._failures.get(host, 0) >= FAILURES_IN_A_ROW:
            raise HttpError(f"{host} gave no answer {FAILURES_IN_A_ROW} times in a row; nothing more is asked there")
        fault = ""
        for attempt in range(TRIES):
            if bucket:
                bucket.take()
            pause = FIRST_PAUSE * 2**attempt
            try:
                response, content = self._request(url, params, headers, data)
            except requests.RequestException as error:
                fault = _fault(error)
            else:
                answer, fault = self._read(response, content)
                wanted = _wanted_pause(response.headers, response.status_code, self.clock.now())
                if bucket and wanted and (answer or response.status_code == _TOO_MANY):
                    bucket.close(min(wanted, LONGEST_PAUSE))
                if answer:
                    self._failures[host] = 0
                    return answer
                if wanted > LONGEST_PAUSE:
                    fault += f" and wants a pause of {wanted:.0f} s"
                    break
                pause = wanted or pause
            if attempt + 1 < TRIES:
                self.clock.sleep(pause)
        with self._lock:
            self._failures[host] = self._failures.get(host, 0) + 1
        raise HttpError(f"{host} {fault}, {attempt + 1} times")

    def _request(
        self,
        url: str,
        params: Mapping[str, str | int] | None,
        headers: Mapping[str, str] | None,
        data: Mapping[str, str] | None,
    ) -> tuple[requests.Response, bytes]:
        if not hasattr(self._local, "adapter"):  # no session: no redirect, no cookie, no .netrc that goes before a key
            self._local.adapter = HTTPAdapter()
        with self._lock:
            self.requests_count += 1
        request = requests.Request(
            "POST" if data else "GET",
            url,
            headers={**self._headers, **(headers or {})},
            params=urlencode(params or {}, safe=",:"),  # urllib3 spells a query anew that has a percent sign
            data=data,
        )
        asked = self._local.adapter.send(request.prepare(), stream=True, timeout=TIMEOUT, **self._surrounding(url))
        with asked as response:
            pieces, size = [], 0
            for piece in response.iter_content(PIECE):
                pieces.append(piece)
                size += len(piece)
                if size > LARGEST_ANSWER:
                    raise requests.exceptions.ContentDecodingError("too large")
            return response, b"".join(pieces)

    def _surrounding(self, url: str) -> Mapping[str, Any]:
        """Return the proxies and certificates that the environment wants for a host, looked up once."""
        host = urlsplit(url).netloc
        if host not in self._surroundings:
            found = requests.Session().merge_environment_settings(url, {}, None, None, None)
            self._surroundings[host] = {"proxies": found["proxies"], "verify": found["verify"]}
        return self._surroundings[host]

    def _read(self, response: requests.Response, content: bytes) -> tuple[Answer | None, str]:
        """Return the answer, or what is wrong with the response."""
        status = response.status_code
        if status == _TOO_MANY:
            return None, "answered 429 (too many requests)"
        if status in _PASSING or status >= 500:  # noqa: PLR2004
            return None, f"answered {status}"
        if 300 <= status < 400:  # noqa: PLR2004
            return None, f"answered {status} (a redirect, which is not followed)"  # a key in a header would go along
        try:
            body = orjson.loads(content)
        except orjson.JSONDecodeError:
            if status < 400:  # noqa: PLR2004
                kind = response.headers.get("Content-Type", "no type").split(";")[0]
                return None, f"answered {status} with {len(content)} bytes of {kind} that are not JSON"
            body = None
        links = {rel: str(link["url"]) for rel, link in response.links.items() if "url" in link}
        return Answer(status, body, instant(self.clock.now()), links), ""


def _fault(error: requests.RequestException) -> str:
    """Return what went wrong without the address, which may hold what nobody should see."""
    if isinstance(error, requests.Timeout):
        return "did not answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "has no certificate that can be trusted"
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return "broke off in the middle of an answer"
    if isinstance(error, requests.ConnectionError):
        return "could not be reached or closed the connection"
    return f"could not be asked ({type(error).__name__})"


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
    try:
        number = float(text)
        return max(0.0, number - now.timestamp() if number > _OLDEST_EPOCH else number)
    except ValueError:
        pass
    for parse in (datetime.fromisoformat, email.utils.parsedate_to_datetime):
        try:
            moment = parse(text)
        except ValueError:
            continue
        return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp())
    return 0.0
