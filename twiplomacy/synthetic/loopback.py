"""A platform on loopback that answers as a test says, faults of the wire included, and a clock that never waits."""

import json
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ingestion.clock import Clock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class StillClock(Clock):
    """Stands still but for the pauses it is asked for, which it notes and does not take."""

    def __init__(self, now: datetime = NOON) -> None:
        super().__init__()
        self._now, self._ticks = now, 0.0
        self.pauses: list[float] = []
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self._now

    def ticks(self) -> float:
        return self._ticks

    def tick(self, seconds: float) -> None:
        """Let time pass for what must end in time."""
        self._ticks += seconds

    def sleep(self, seconds: float) -> None:
        super().sleep(0)
        with self._lock:
            self.pauses.append(seconds)
            self._now += timedelta(seconds=seconds)


class OwnClock(StillClock):
    """Stands still at a time of its own, whatever real servers say."""

    def ahead(self, said: datetime) -> timedelta:  # noqa: ARG002
        return timedelta(0)


@dataclass(frozen=True)
class Request:
    """What was asked: path, query, headers with lower-case names; ``pairs`` is the query with names that repeat."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    pairs: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Reply:
    """What is answered.

    ``fault``: ``reset`` in the middle, ``short`` of the announced length, ``silence``; or one byte after the other
    without end, of the ``body`` or of a ``head``, before each of which ``between`` is called.
    """

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    between: Callable[[], None] = lambda: None

    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Loopback:
    """The server's address and every request it got."""

    url: str
    requests: list[Request] = field(default_factory=list)


@contextmanager
def serving(answer: Callable[[Request], Reply], now: Callable[[], datetime] | None = None) -> Iterator[Loopback]:
    """Run a server on a free port of loopback that answers a GET by ``answer``, and a POST as a GET of its form.

    It says what time it is by ``now``, or not at all; a HEAD brings nothing else, and is not among the requests.
    """
    is_over = threading.Event()

    def date() -> dict[str, str]:
        return {"Date": format_datetime(now(), usegmt=True)} if now else {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else each answer's body waits 40 ms for the word that its head has come

        def do_GET(self) -> None:
            split = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            pairs = parse_qsl(split.query, keep_blank_values=True)
            request = Request(split.path, dict(pairs), headers, pairs)
            loopback.requests.append(request)
            reply = answer(request)
            content = reply.content()
            if reply.fault == "silence":
                is_over.wait()
                return
            self.send_response_only(reply.status)
            for name, value in {"Content-Type": "application/json", **date(), **reply.headers}.items():
                self.send_header(name, value)
            if reply.fault in ("body", "head"):
                self.drip(reply)
                return
            self.send_header("Content-Length", str(len(content) + 100 * bool(reply.fault)))
            self.end_headers()
            self.wfile.write(content)
            if reply.fault:
                self.wfile.flush()
                self.close_connection = True
            if reply.fault == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()

        def drip(self, reply: Reply) -> None:
            self.close_connection = True
            self.send_header("Content-Length", "1000000")
            self.end_headers() if reply.fault == "body" else self.flush_headers()
            with suppress(OSError):
                while not is_over.is_set():
                    reply.between()
                    self.wfile.write(b" " if reply.fault == "body" else b"a")

        def do_HEAD(self) -> None:
            self.send_response_only(200)
            for name, value in date().items():
                self.send_header(name, value)
            self.end_headers()

        def do_POST(self) -> None:
            self.path += f"?{self.rfile.read(int(self.headers['Content-Length'])).decode('ascii')}"
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            if not isinstance(sys.exception(), OSError):  # whoever asks may leave in the middle
                super().handle_error(request, client_address)

    server = Server(("127.0.0.1", 0), Handler)
    loopback = Loopback(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield loopback
    finally:
        is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()
