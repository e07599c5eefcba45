"""Nothing here is collected unless TWIPLOMACY_TEST_SERVERS=1 says so; the network boots once for all its tests."""

import os
from collections.abc import Iterator

import pytest

from tests.support.servers import bluesky

collect_ignore_glob = [] if os.environ.get("TWIPLOMACY_TEST_SERVERS") == "1" else ["*"]


@pytest.fixture(scope="session")
def network() -> Iterator[bluesky.Network]:
    """Give the AT Protocol network; each test has accounts of its own there."""
    with bluesky.network() as running:
        yield running
