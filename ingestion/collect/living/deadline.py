"""Answers that end in time: a server that sends a byte a second, be it of a header or of a body, is left.

In: a clock, the seconds that an answer may take. Out: what requests sends by. Never: a wait for a byte after that time.

The timeout of a socket holds for each piece by itself. Here each piece is held against the time at which its answer was
first awaited, where it is read from the socket, before anybody looks for the end of a line or of a chunk in it.
"""

import http.client
import io
from typing import Any

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from ingestion.clock import Clock


class _InTime(io.RawIOBase):
    """What a socket reads, until its time is over."""

    def __init__(self, source: io.RawIOBase, clock: Clock, until: float) -> None:
        self._source, self._clock, self._until = source, clock, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._clock.ticks() > self._until:
            raise TimeoutError("the answer takes too long")
        return self._source.readinto(buffer)

    def close(self) -> None:
        self._source.close()
        super().close()


class Adapter(HTTPAdapter):
    """Sends as the one of requests does; an answer that is not whole after ``seconds`` times out."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        class Response(http.client.HTTPResponse):
            def __init__(self, *arguments: Any, **named: Any) -> None:
                super().__init__(*arguments, **named)
                source = self.fp.detach()
                self.fp = io.BufferedReader(_InTime(source, clock, clock.ticks() + seconds))

        class Plain(HTTPConnection):
            response_class = Response

        class Secure(HTTPSConnection):
            response_class = Response

        class PlainPool(urllib3.HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(urllib3.HTTPSConnectionPool):
            ConnectionCls = Secure

        self._pools = {"http": PlainPool, "https": SecurePool}
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Make the pools of connections."""
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *arguments: Any, **named: Any) -> urllib3.ProxyManager:
        """Return the pools of connections to a proxy."""
        manager: urllib3.ProxyManager = super().proxy_manager_for(*arguments, **named)
        manager.pool_classes_by_scheme = self._pools
        return manager
