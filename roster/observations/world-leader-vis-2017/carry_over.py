"""Carry the seven timelines over: whole v1.1 tweets in, the same tweets cut to facts out.

Usage: python carry_over.py INPUT_DIR    (holds <handle>_tweets.json.gz, one JSON array each)

Each output is checked: the adapter must give the same event ids from it as from the whole tweets.
"""

import gzip
import json
import sys
from pathlib import Path

import orjson

from ingestion import roster
from ingestion.collect import archives
from ingestion.collect.outcome import Outcome

HERE = Path(__file__).resolve().parent


def main(inputs: Path) -> None:
    """Write ``<handle>.jsonl.gz`` beside this file for every timeline in ``inputs``."""
    sources = roster.read(HERE.parents[1]).observed_sources
    source = next(source for source in sources if source.source_id == HERE.name)
    for path in sorted(inputs.glob("*_tweets.json.gz")):
        tweets = json.loads(gzip.decompress(path.read_bytes()))
        whole = HERE / "whole.jsonl"
        whole.write_bytes(b"".join(orjson.dumps(tweet) + b"\n" for tweet in tweets))
        cut = b"".join(orjson.dumps(archives.cut_tweet(tweet, Outcome())) + b"\n" for tweet in tweets)
        output = HERE / f"{path.name.removesuffix('_tweets.json.gz')}.jsonl.gz"
        output.write_bytes(gzip.compress(cut, compresslevel=9, mtime=0))
        ids = [[event.id for event in archives.read(file, source, Outcome())] for file in (whole, output)]
        whole.unlink()
        if ids[0] != ids[1]:
            sys.exit(f"{output}: the cut file gives other events than {path}")
        print(f"{output.name}: {len(tweets)} tweets, {len(ids[0])} events, same ids")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
