"""A test platform on loopback: serve X API v2 timelines, 100 posts a page, each page after 20 ms.

The argument is the number of pages of a timeline. The server prints its address, then serves until it is killed.
"""

import asyncio
import json
import re
import sys
from contextlib import suppress

LATENCY = 0.02
PAGE = 100
_ASKED = re.compile(rb"GET /2/users/(\d+)/tweets\?(?:.*pagination_token=(\d+))?")


def _template() -> bytes:
    posts = [
        {
            "id": f"ACCOUNT{number:02d}NUMBER",
            "author_id": "ACCOUNT",
            "created_at": "2026-02-01T00:00:00.000Z",
            "text": "synthetic " * 20,
            "lang": "en",
            "conversation_id": f"ACCOUNT{number:02d}NUMBER",
            "edit_history_tweet_ids": [f"ACCOUNT{number:02d}NUMBER"],
            "entities": {
                "hashtags": [{"start": 0, "end": 6, "tag": "Peace"}],
                "mentions": [{"start": 9, "end": 14, "username": "someone", "id": "7"}],
                "urls": [{"start": 7, "end": 20, "url": "https://t.co/x", "expanded_url": "https://example.org/a/b"}],
            },
            "public_metrics": {"retweet_count": 1, "reply_count": 2, "like_count": 3, "quote_count": 0},
        }
        for number in range(PAGE)
    ]
    return json.dumps({"data": posts, "meta": {"result_count": PAGE, "next_token": "NEXT"}}).encode()


async def _serve(pages: int) -> None:
    template = _template()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):  # the client has gone
            while asked := _ASKED.match(await reader.readuntil(b"\r\n\r\n")):
                number = int(asked[2] or 0)
                body = template.replace(b"ACCOUNT", asked[1]).replace(b"NUMBER", b"%06d" % number)
                ahead = b'"next_token": "%d"' % (number + 1) if number + 1 < pages else b'"newest_id": "1"'
                body = body.replace(b'"next_token": "NEXT"', ahead)
                await asyncio.sleep(LATENCY)
                head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
                writer.write(head + body)
                await writer.drain()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
