"""A whole AT Protocol network: PLC, PDS and AppView, with PostgreSQL and Redis behind them.

In: what to write. Out: the addresses of the PDS and the AppView, and the records as they are known there. Never: a
listener beyond the loopback address, a file that stays.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from tests.support.servers import install
from tests.support.servers.process import connects, free_port, is_ok, running, until

INDEX_SECONDS = 30.0
PASSWORD = "password"  # noqa: S105
ADMIN = ("admin", "admin-pass")
"""The development network's own."""
POSTGRES_USER = "postgres"
_SCRIPT = Path(__file__).with_name("bluesky_network.mjs")
_TAG, _LINK, _MENTION = re.compile(r"#(\w+)"), re.compile(r"https?://\S+"), re.compile(r"@([\w.-]+\.test)")


@dataclass(frozen=True)
class Account:
    """One account, and the token that lets it write."""

    did: str
    handle: str
    token: str


@dataclass(frozen=True)
class Record:
    """One record as others refer to it; a reply knows the post its thread began with."""

    uri: str
    cid: str
    root: "Record | None" = None

    @property
    def reference(self) -> dict[str, str]:
        return {"uri": self.uri, "cid": self.cid}


class Network:
    """The network from outside: writes go to the PDS, questions to the AppView."""

    def __init__(self, pds_url: str, appview_url: str) -> None:
        self.pds_url, self.appview_url = pds_url, appview_url
        self._dids: dict[str, str] = {}

    def get(self, method: str, **params: Any) -> requests.Response:
        """Ask the AppView, as anybody."""
        return requests.get(f"{self.appview_url}/xrpc/{method}", params=params, timeout=30)

    def wait_until(self, predicate: Callable[[], object]) -> None:
        """Wait until the AppView has indexed what the predicate looks for."""
        until(predicate, INDEX_SECONDS, "the AppView shows what was written")

    def create_account(self, name: str) -> Account:
        """Create ``NAME.test``; the PDS wants a name of 3 to 18 letters."""
        handle = f"{name}.test"
        body = {"handle": handle, "email": f"{name}@example.test", "password": PASSWORD}
        answer = self._write("com.atproto.server.createAccount", "", body)
        self._dids[handle] = answer["did"]
        return Account(answer["did"], handle, answer["accessJwt"])

    def post(
        self,
        account: Account,
        text: str,
        created_at: str,
        *,
        reply_to: Record | None = None,
        embed: dict[str, Any] | None = None,
        langs: Sequence[str] = ("en",),
    ) -> Record:
        """Post; tags, links and mentions in the text become facets, as in an app.

        Args:
            account: whose post.
            text: what it says.
            created_at: ``YYYY-MM-DDTHH:MM:SS.000Z``, in the past if so wanted.
            reply_to: the post it answers.
            embed: such as ``quotation(record)``.
            langs: the languages its author names.
        """
        record: dict[str, Any] = {"text": text, "createdAt": created_at, "langs": list(langs)}
        if facets := self._facets(text):
            record["facets"] = facets
        if embed:
            record["embed"] = embed
        root = None
        if reply_to:
            root = reply_to.root or reply_to
            record["reply"] = {"root": root.reference, "parent": reply_to.reference}
        made = self.create(account, "app.bsky.feed.post", record)
        return Record(made.uri, made.cid, root)

    def repost(self, account: Account, post: Record, created_at: str) -> Record:
        """Repost a post."""
        return self.create(account, "app.bsky.feed.repost", {"subject": post.reference, "createdAt": created_at})

    def like(self, account: Account, post: Record) -> Record:
        """Like a post, now."""
        return self.create(account, "app.bsky.feed.like", {"subject": post.reference, "createdAt": _now()})

    def follow(self, account: Account, did: str) -> Record:
        """Follow an account, now."""
        return self.create(account, "app.bsky.graph.follow", {"subject": did, "createdAt": _now()})

    def create(self, account: Account, collection: str, record: dict[str, Any]) -> Record:
        """Create a record of any kind."""
        body = {"repo": account.did, "collection": collection, "record": {"$type": collection, **record}}
        answer = self._write("com.atproto.repo.createRecord", account.token, body)
        return Record(answer["uri"], answer["cid"])

    def delete(self, account: Account, record: Record) -> None:
        """Delete a record."""
        collection, key = record.uri.split("/")[-2:]
        body = {"repo": account.did, "collection": collection, "rkey": key}
        self._write("com.atproto.repo.deleteRecord", account.token, body)

    def rename(self, account: Account, name: str) -> Account:
        """Change the handle to ``NAME.test``."""
        handle = f"{name}.test"
        self._write("com.atproto.identity.updateHandle", account.token, {"handle": handle})
        self._dids[handle] = account.did
        return replace(account, handle=handle)

    def deactivate(self, account: Account) -> None:
        """Deactivate the account, as its holder may."""
        self._write("com.atproto.server.deactivateAccount", account.token, {})

    def take_down(self, account: Account) -> None:
        """Suspend the account, as the PDS may."""
        subject = {"$type": "com.atproto.admin.defs#repoRef", "did": account.did}
        body = {"subject": subject, "takedown": {"applied": True}}
        self._write("com.atproto.admin.updateSubjectStatus", "", body, auth=ADMIN)

    def _write(
        self, method: str, token: str, body: dict[str, Any], auth: tuple[str, str] | None = None
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        response = requests.post(f"{self.pds_url}/xrpc/{method}", json=body, headers=headers, auth=auth, timeout=30)
        if not response.ok:
            raise RuntimeError(f"{method}: {response.status_code} {response.text}")
        return response.json() if response.content else {}

    def _facets(self, text: str) -> list[dict[str, Any]]:
        return [
            *(_facet(text, match, "tag", tag=match[1]) for match in _TAG.finditer(text)),
            *(_facet(text, match, "link", uri=match[0]) for match in _LINK.finditer(text)),
            *(_facet(text, match, "mention", did=self._dids[match[1]]) for match in _MENTION.finditer(text)),
        ]


def quotation(post: Record) -> dict[str, Any]:
    """Return the embed of a post that quotes another."""
    return {"$type": "app.bsky.embed.record", "record": post.reference}


@contextmanager
def network() -> Iterator[Network]:
    """Boot the network and wait until it answers."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bluesky-")))
        folder.chmod(0o755)  # PostgreSQL's user has to get to its own folder
        postgres_url = stack.enter_context(_postgres(folder))
        redis_host = stack.enter_context(_redis(folder))
        output = folder / "network.log"
        server = running(
            *(install.NODE, _SCRIPT),
            output=output,
            answers=lambda: bool(_urls(output)) and all(is_ok(f"{url}/xrpc/_health") for url in _urls(output)),
            cwd=install.NETWORK,
            DB_POSTGRES_URL=postgres_url,
            REDIS_HOST=redis_host,
            LOG_ENABLED="false",
            TMPDIR=str(folder),
        )
        stack.enter_context(server)
        yield Network(*_urls(output))


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """Run PostgreSQL on a new database; yield its address."""
    data, port = folder / "postgres", free_port()
    data.mkdir(mode=0o700)
    user = None
    if os.geteuid() == 0:  # it refuses to run as root
        user = POSTGRES_USER
        shutil.chown(data, user, user)
    initdb, postgres, is_ready = map(install.postgres, ("initdb", "postgres", "pg_isready"))
    options = ("--auth=trust", f"--username={POSTGRES_USER}", "--encoding=UTF8", "--locale=C", "--no-sync")
    subprocess.run((initdb, *options, data), user=user, group=user, check=True, stdout=subprocess.DEVNULL, cwd="/")
    probe = [is_ready, "--quiet", "--host=127.0.0.1", f"--port={port}"]
    with running(
        postgres,
        *("-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
        *("-c", "fsync=off"),
        output=folder / "postgres.log",
        answers=lambda: subprocess.run(probe, check=False).returncode == 0,
        stop=signal.SIGINT,
        user=user,
    ):
        yield f"postgresql://{POSTGRES_USER}@127.0.0.1:{port}/postgres"


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    """Run Redis in memory; yield its host and port."""
    port = free_port()
    options = ("--bind", "127.0.0.1", "--port", str(port), "--dir", folder, "--save", "")
    with running(install.REDIS, *options, output=folder / "redis.log", answers=lambda: connects(port)):
        yield f"127.0.0.1:{port}"


def _urls(output: Path) -> list[str]:
    """Return the addresses of the PDS and the AppView, once the script has said them."""
    said = re.search(r"^ports (\d+) (\d+)$", output.read_text(errors="replace"), re.MULTILINE)
    return [f"http://127.0.0.1:{port}" for port in said.groups()] if said else []


def _facet(text: str, match: re.Match[str], kind: str, **feature: str) -> dict[str, Any]:
    start, end = (len(text[:position].encode()) for position in match.span())
    features = [{"$type": f"app.bsky.richtext.facet#{kind}", **feature}]
    return {"index": {"byteStart": start, "byteEnd": end}, "features": features}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
