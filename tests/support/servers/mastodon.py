"""A server that speaks Mastodon's API, and not all of it: snac.

In: users, what they write. Out: its address and host name, and the statuses as it gives them. Never: a listener beyond
the loopback address, a file that stays.

snac is a hard test for a client. It gives the whole list of statuses whatever ``limit`` and ``max_id`` say; it counts
no followers and no statuses; it shows no single status without a token (401); it answers in HTML what it does not know;
and a post that somebody boosted stands in its author's list as the other's boost.
"""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.support.servers import install
from tests.support.servers.process import free_port, is_ok, running

Status = dict[str, Any]


@dataclass(frozen=True)
class Snac:
    """The server from outside.

    Attributes:
        host: host name and port, as in ``user@host``.
        folder: its data.
    """

    host: str
    folder: Path
    _passwords: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def add(self, user: str) -> None:
        """Add a user."""
        said = _snac("adduser", self.folder, user)
        self._passwords[user] = re.search(r"password is (\S+)", said)[1]  # type: ignore[index]

    def remove(self, user: str) -> None:
        """Remove a user; the server knows nothing of them from then on."""
        _snac("deluser", self.folder, user)

    def note(self, user: str, text: str, *, reply_to: Status | None = None, created_at: str = "") -> Status:
        """Post.

        Args:
            user: whose post.
            text: what it says.
            reply_to: the status it answers.
            created_at: ``YYYY-MM-DDTHH:MM:SSZ``; now if empty. The list stays in the order of posting.
        """
        credentials = {"login": user, "passwd": self._passwords[user]}
        token = requests.post(f"{self.url}/oauth/x-snac-get-token", data=credentials, timeout=10).text
        body = {"status": text, "in_reply_to_id": reply_to["id"] if reply_to else None}
        headers = {"Authorization": f"Bearer {token}"}
        response = requests.post(f"{self.url}/api/v1/statuses", json=body, headers=headers, timeout=10)
        response.raise_for_status()
        status = response.json()
        if created_at:
            self._date(status, created_at)
        return status

    def boost(self, user: str, status: Status) -> None:
        """Boost a post."""
        self._act(user, "Boost", status)

    def delete(self, user: str, status: Status) -> None:
        """Delete a post of one's own."""
        self._act(user, "Delete", status)

    def _act(self, user: str, action: str, status: Status) -> None:
        """Press a button of the user's own page; the API has none for it."""
        response = requests.post(
            f"{self.url}/{user}/admin/action",
            data={"id": status["uri"], "action": action},
            auth=(user, self._passwords[user]),
            timeout=10,
            allow_redirects=False,
        )
        response.raise_for_status()

    def _date(self, status: Status, created_at: str) -> None:
        """Change when a post was made, where snac keeps it: in a file named by the id after its ten digits of time."""
        name = status["id"][10:]
        path = self.folder / "object" / name[:2] / f"{name}.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"published": created_at}))


@contextmanager
def snac(*users: str) -> Iterator[Snac]:
    """Run snac with so many users."""
    with tempfile.TemporaryDirectory(prefix="snac-") as temporary:
        folder, port = Path(temporary) / "data", free_port()
        server = Snac(f"127.0.0.1:{port}", folder)
        _snac("init", folder, answers=f"127.0.0.1\n{port}\n{server.host}\n\n\n")
        settings = folder / "server.json"
        settings.write_text(json.dumps(json.loads(settings.read_text()) | {"protocol": "http"}))
        for user in users:
            server.add(user)
        ready = f"{server.url}/api/v1/instance"
        with running(install.SNAC, "httpd", folder, output=folder.with_name("log"), answers=lambda: is_ok(ready)):
            yield server


def _snac(command: str, folder: Path, *arguments: str, answers: str = "") -> str:
    """Run one of snac's commands, with answers to its questions; return what it prints."""
    whole = (install.SNAC, command, folder, *arguments)
    return subprocess.run(whole, input=answers, capture_output=True, text=True, check=True).stdout
