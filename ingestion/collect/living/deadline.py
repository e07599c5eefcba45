"""An adapter of requests whose answers end in time, even if a server sends one byte a second.

The timeout of a socket is for each piece by itself. Here each read from the socket, of a header or a body, is checked
against the time since the answer was first awaited.
"""

import http.client
import io
from typing import Any

from requests.adapters import HTTPAdapter

from ingestion.clock import Clock


class _InTime(io.RawIOBase):
    """Reads from a socket until the time is over."""

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
    """Sends as the adapter of requests does; an answer that is not complete after ``seconds`` times out."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        class Response(http.client.HTTPResponse):
            def __init__(self, *arguments: Any, **named: Any) -> None:
                super().__init__(*arguments, **named)
                source = self.fp.detach()
                self.fp = io.BufferedReader(_InTime(source, clock, clock.ticks() + seconds))

        self._response = Response
        super().__init__()

    def get_connection_with_tls_context(self, *arguments: Any, **named: Any) -> Any:
        """Return the connections to a host or its proxy, which read their answers in time."""
        pool: Any = super().get_connection_with_tls_context(*arguments, **named)
        if pool.ConnectionCls.response_class is not self._response:
            pool.ConnectionCls = type("Connection", (pool.ConnectionCls,), {"response_class": self._response})
        return pool
