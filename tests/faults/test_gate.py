"""Whatever an archive holds, each row of it is accounted for: its form alone never turns the gate red for ever."""

import json
from random import Random

from ingestion.collect.files.archives.mastodon import MastodonArchive
from ingestion.collect.files.archives.x_v2 import XV2Archive
from ingestion.collect.files.archives.x_v11 import XV11Archive
from tests.ingestion.collect.files.archives import test_mastodon as toots
from tests.ingestion.collect.files.archives import test_x_v2 as pages
from tests.ingestion.collect.files.archives.test_archives import NOON, archive_source, read_archive
from twiplomacy.synthetic.worlds import tweet, user


def tweets_line(chances: Random):
    who = user(chances.randrange(3), followers_count=chances.randrange(2))
    deleted = {"delete": {"status": {"id": 1, "id_str": "1", "user_id": 1, "user_id_str": "1"}}}
    return chances.choice([who, tweet(chances.randrange(9), 1, NOON, user=who), deleted, {"limit": {"track": 1}}, "{"])


def pages_line(chances: Random):
    author = pages.user(100, created_at=chances.choice([None, "2020-01-01T00:00:00.000Z"]))
    posts = [pages.post(chances.randrange(9), 100, pages.DAY) for _ in range(chances.randrange(3))]
    gone = [
        {"type": f"{pages.PROBLEM}resource-not-found", "resource_type": "user", "resource_id": "7"}
    ] * chances.randrange(2)
    return chances.choice([pages.page(posts, [author], errors=gone), author, pages.flat(chances.randrange(9)), "[]"])


def toots_line(chances: Random):
    who = toots.account(chances.randrange(3), suspended=chances.choice([True, False]))
    return chances.choice([who, toots.status(chances.randrange(9), who), {"account": 1}])


SHAPES = [
    (XV11Archive, "x-v1.1-archive", tweets_line),
    (XV2Archive, "x-v2-archive", pages_line),
    (MastodonArchive, "mastodon-archive", toots_line),
]


def test_every_row_of_an_archive_of_posts_and_profiles_is_accounted_for(attack, tmp_path):
    def one(chances: Random) -> None:
        shape, adapter, line = chances.choice(SHAPES)
        lines = [line(chances) for _ in range(chances.randrange(12))]
        events, outcome = read_archive(shape, tmp_path / "a.jsonl", lines, archive_source(adapter))
        others = outcome.duplicates + outcome.left_out + len(outcome.quarantined)
        assert outcome.rows == len(events) - outcome.beside + others, json.dumps(lines)

    attack(300, one)
