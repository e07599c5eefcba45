"""Carry over two CSV files of tweets as v1.1 tweets, cut to facts.

Usage: python carry_over.py INPUT_DIR    (with BarackObama.csv and realDonaldTrump.csv)

The program writes one ``.jsonl.gz`` beside this file and one into the folder of the other source. It stops at a row
whose time is not the minute in which its id was issued: so the times are proved to be UTC.
"""

import csv
import gzip
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

HERE = Path(__file__).resolve().parent
ACCOUNTS = {  # file -> the account's numeric id, which the file does not hold, and the folder of the source
    "BarackObama": ("813286", HERE),
    "realDonaldTrump": ("25073877", HERE.parent / "fivethirtyeight-trump-2017"),
}
REPOST = re.compile(r"RT @(\w+)", re.ASCII)
FIRST_ID = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
"""The bits of an id above its last 22 count milliseconds from here."""


def main(inputs: Path) -> None:
    """Write one archive for each of the two files."""
    for name, (number, folder) in ACCOUNTS.items():
        with (inputs / f"{name}.csv").open(encoding="mac_roman", newline="") as file:
            tweets = [tweet(row, number) for row in csv.DictReader(file)]
        lines = b"".join(orjson.dumps(item, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE) for item in tweets)
        (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(lines, compresslevel=9, mtime=0))
        print(f"{name}: {len(tweets)} tweets")  # noqa: T201


def tweet(row: dict[str, str], number: str) -> dict[str, Any]:
    """Return one row in the shape of a v1.1 tweet. Its text only shows whether and whom the tweet reposts."""
    tweet_id = row["url"].rsplit("/", 1)[1]
    minute = datetime.strptime(row["created_at"], "%m/%d/%y %H:%M").replace(tzinfo=UTC)
    issued = FIRST_ID + timedelta(milliseconds=int(tweet_id) >> 22)
    if issued.replace(second=0, microsecond=0) != minute:
        sys.exit(f"{row['url']}: {minute} is not the minute its id was issued in, {issued}")
    repost = REPOST.match(row["text"])
    return {
        "created_at": minute.strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "id_str": tweet_id,
        "reply_count": int(row["replies"]),
        "retweet_count": int(row["retweets"]),
        "favorite_count": int(row["favorites"]),
        "user": {"id_str": number, "screen_name": row["user"]},
        **({"retweeted_status": {"user": {"screen_name": repost[1]}}} if repost else {}),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
