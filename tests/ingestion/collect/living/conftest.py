"""The server that the tests of this folder ask."""

import pytest

from twiplomacy.synthetic.x_api import XServer, post, user


@pytest.fixture
def server():
    posts = [post(i, 100, f"2026-02-2{i}T00:00:00") for i in range(1, 6)]
    return XServer([user(100), user(200), user(300)], [*posts, post(9, 200, "2026-01-05T00:00:00")])
