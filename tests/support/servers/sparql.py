"""A SPARQL 1.1 endpoint: Oxigraph.

In: a graph as Turtle. Out: an address to ask. Never: a listener beyond the loopback address, a file that stays.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.servers import install
from tests.support.servers.process import connects, free_port, running


@contextmanager
def oxigraph(turtle: str) -> Iterator[str]:
    """Serve a graph; yield the address of its ``/query``."""
    with tempfile.TemporaryDirectory(prefix="oxigraph-") as temporary:
        folder, port = Path(temporary), free_port()
        graph, data = folder / "graph.ttl", folder / "data"
        graph.write_text(turtle, encoding="utf-8")
        load = [install.OXIGRAPH, "load", "--location", data, "--file", graph]
        subprocess.run(load, check=True, capture_output=True)
        serve = (install.OXIGRAPH, "serve", "--location", data, "--bind", f"127.0.0.1:{port}")
        with running(*serve, output=folder / "log", answers=lambda: connects(port)):
            yield f"http://127.0.0.1:{port}/query"
