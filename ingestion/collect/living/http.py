"""HTTP for every platform: polite and patient.

Three things never happen: a key gets into a message or an answer, half an answer is used, or an answer is used whose
server says another time than this machine's clock.
"""

import email.utils
import ipaddress
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
import requests
import urllib3

from ingestion.clock import MOST_APART, Clock
from ingestion.collect.living.deadline import Adapter
from ingestion.collect.living.rate_limits import TOO_MANY, Bucket, wanted_pause
from ingestion.collect.living.redact import Redactor
from ingestion.log.events import instant

TRIES = 6
"""Requests for one answer before it is given up."""
FIRST_PAUSE = 1.0
"""Seconds before the second try; each further pause is twice as long."""
LONGEST_PAUSE = 16 * 60.0
"""Seconds; X opens its window again after 15 minutes. A platform that wants a longer pause is not asked again."""
TIMEOUT = (10, 30)
"""Seconds to connect, and between two pieces of an answer."""
DEADLINE = 5 * 60.0
"""Seconds that a complete answer may take."""
LARGEST_ANSWER = 64 << 20
"""Bytes, unpacked; no page of any platform comes near it."""
PIECE = 1 << 18
"""Bytes read, and unpacked, at a time at most."""
FAILURES_IN_A_ROW = 5
"""Answers given up after which a host counts as down, so that a thousand accounts do not each wait for it."""

_PASSING = frozenset({408, 425, *range(500, 1000)})
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,60}", re.IGNORECASE)
_NO_ANSWER = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)
"""What may go wrong with a request and its answer; junk in a header is a ``ValueError`` somewhere below."""


Query = Mapping[str, str | int]


class HttpError(Exception):
    """No answer that can be used; the message names the host and what it answered instead."""


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


class _Fault(Exception):
    """One request brought no usable answer; the message says what the host did.

    ``pause``: seconds that the platform wants before the next request, 0 if it names none; None if no request will
    bring an answer.
    """

    def __init__(self, message: str, pause: float | None = 0.0) -> None:
        super().__init__(message)
        self.pause = pause


class Http:
    """Asks every platform and Wikidata. Safe to use from several threads.

    Attributes:
        clock: dates the answers.
        requests_count: how many requests were made.
        is_confirmed: whether a server said the same time as the clock.
        contradiction: how the time of the first server that said another one differs; empty if none did.
    """

    def __init__(self, clock: Clock, contact: str, keys: Iterable[str] = ()) -> None:
        self.clock = clock
        self.requests_count = 0
        self.is_confirmed = False
        self.contradiction = ""
        self._redactor = Redactor(keys)
        agent = f"twiplomacy/{version('twiplomacy')} (open research dataset; contact: {contact or 'none'})"
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

    def ask(
        self,
        url: str,
        params: Query | None = None,
        headers: Mapping[str, str] | None = None,
        bucket: Bucket | None = None,
        data: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask until there is an answer: by GET, or by POST if there is ``data``.

        Args:
            url: without a key; keys go into ``headers``.
            params: the query; those that are empty are left out.
            headers: besides the User-Agent.
            bucket: the rate limit that applies.
            data: a question too long for an address, as the fields of a form.

        Raises:
            HttpError: no usable answer after ``TRIES`` requests, or the host is down.
        """
        host = host_of(url)
        if self._failures.get(host, 0) >= FAILURES_IN_A_ROW:
            raise HttpError(f"{host} gave no answer {FAILURES_IN_A_ROW} times in a row; nothing more is asked there")
        request = requests.Request(
            "POST" if data else "GET",
            url,
            headers={**self._headers, **(headers or {})},
            # urllib3 would spell a query with a percent sign anew
            params=urlencode({name: value for name, value in (params or {}).items() if value != ""}, safe=",:"),
            data=data,
        )
        for attempt in range(1, TRIES + 1):
            try:
                answer = self._ask_once(request, bucket)
            except _Fault as error:
                fault = error
            else:
                self._failures[host] = 0
                return answer
            if fault.pause is None or attempt == TRIES:
                break
            self.clock.sleep(fault.pause or FIRST_PAUSE * 2 ** (attempt - 1))
        with self._lock:
            self._failures[host] = self._failures.get(host, 0) + 1
        raise HttpError(f"{host} {fault}, {attempt} times")

    def _ask_once(self, request: requests.Request, bucket: Bucket | None) -> Answer:
        if bucket:
            bucket.take()
        began = self.clock.ticks()
        try:
            response, content = self._send(request)
        except _NO_ANSWER as error:
            if self.clock.ticks() - began > DEADLINE:
                raise _Fault(f"had not ended its answer after {DEADLINE:.0f} s", None) from error
            raise _Fault(_fault(error)) from error
        if fault := self._compare(request.url, response.headers):
            raise _Fault(fault, None)
        status, pause = response.status_code, wanted_pause(response.headers, response.status_code, self.clock.now())
        answer, fault = self._read(response, content)
        if bucket and pause and (answer or status == TOO_MANY):
            bucket.close(min(pause, LONGEST_PAUSE))
        if answer:
            return answer
        if pause > LONGEST_PAUSE:
            raise _Fault(f"{fault} and wants a pause of {min(pause, 1e9):.0f} s", None)
        raise _Fault(fault, pause)

    def ask_time(self, url: str) -> bool:
        """Ask a host for nothing but the time, without a key; return whether it answered, even without a time."""
        try:
            request = requests.Request("HEAD", url, headers={**self._headers, "Cache-Control": "no-cache"})
            response, _ = self._send(request)
        except (*_NO_ANSWER, _Fault):
            return False
        self._compare(url, response.headers)
        return True

    def _send(self, request: requests.Request) -> tuple[requests.Response, bytes]:
        if not hasattr(self._local, "adapter"):  # no session: no redirect, no cookie, no .netrc that goes before a key
            self._local.adapter = Adapter(self.clock, DEADLINE)
        with self._lock:
            self.requests_count += 1
        asked = self._local.adapter.send(
            request.prepare(), stream=True, timeout=TIMEOUT, **self._surrounding(request.url)
        )
        with asked as response:
            pieces, size = [], 0
            while piece := response.raw.read1(PIECE, decode_content=True):
                pieces.append(piece)
                size += len(piece)
                if size > LARGEST_ANSWER:
                    raise _Fault(f"sent more than {LARGEST_ANSWER >> 20} MiB", None)
            return response, b"".join(pieces)

    def _compare(self, url: str, headers: Mapping[str, str]) -> str:
        """Return how the time that a server says differs from the clock's; empty if it does not differ, or is unknown.

        An answer that a cache has kept is as old as its ``Age``.
        """
        theirs = _time_of(headers)
        if theirs is None:
            return ""
        if abs(self.clock.ahead(theirs)) <= MOST_APART:
            self.is_confirmed = True
            return ""
        fault = f"says that it is {instant(theirs)}, and this machine's clock says {instant(self.clock.now())}"
        self.contradiction = self.contradiction or f"{host_of(url)} {fault}"
        return fault

    def _surrounding(self, url: str) -> Mapping[str, Any]:
        """Return the proxies and certificates that the environment sets for a host.

        This machine is asked without a proxy, because a key goes to it in clear.
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
        if status == TOO_MANY:
            return None, "answered 429 (too many requests)"
        if status < 200 or status in _PASSING:  # noqa: PLR2004
            return None, f"answered {status}"
        if 300 <= status < 400:  # noqa: PLR2004
            return None, f"answered {status} (a redirect, which is not followed)"  # a key in a header would go along
        try:
            body = orjson.loads(content)
            # written anew, no key is hidden by escapes; what is nested too deep to be written is not kept
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


def host_of(url: str) -> str:
    """Return the host of an address and its port, without the name and password that may be before it."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return "a host without a name"


def _time_of(headers: Mapping[str, str]) -> datetime | None:
    """Return the time that an answer says it is; None if there is no readable one."""
    age = headers.get("Age", "")
    try:
        moment = email.utils.parsedate_to_datetime(headers.get("Date", ""))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC) + timedelta(seconds=int(age) if age.isdecimal() else 0)
    except (IndexError, OverflowError, TypeError, ValueError):
        return None


def _fault(error: Exception) -> str:
    """Return what went wrong without the address, which may hold a secret."""
    for kinds, fault in _FAULTS:
        if isinstance(error, kinds):
            return fault
    return f"could not be asked ({type(error).__name__})"


_FAULTS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    ((requests.Timeout, urllib3.exceptions.TimeoutError), "did not answer in time"),
    (requests.exceptions.SSLError, "has no certificate that can be trusted"),
    (urllib3.exceptions.DecodeError, "packed its answer in another way than it says"),
    (urllib3.exceptions.HTTPError, "broke off in the middle of an answer"),
    (requests.ConnectionError, "could not be reached or closed the connection"),
)


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
