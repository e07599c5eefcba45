"""Carry over the seven timelines and the list of profiles: complete v1.1 objects, cut to facts.

Usage: python carry_over.py INPUT_DIR    (with <handle>_tweets.json.gz and worldLeaders.json.gz, a JSON array each)

Each output is checked: the adapter must make the same event ids from it as from the complete objects.
"""

import gzip
import json
import sys
from pathlib import Path

import orjson

from ingestion.collect.files import archives
from ingestion.collect.files.archives.x_v11 import XV11Archive
from ingestion.collect.outcome import Outcome
from ingestion.collect.shapes import x_v11
from ingestion.roster.files import read_roster

LINE = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
HERE = Path(__file__).resolve().parent


def main(inputs: Path) -> None:
    """Write ``<handle>.jsonl.gz`` beside this file for every timeline in ``inputs``, and ``profiles.jsonl.gz``."""
    sources = read_roster(HERE.parents[1]).observed_sources
    source = next(source for source in sources if source.source_id == HERE.name)
    cuts = dict.fromkeys(sorted(inputs.glob("*_tweets.json.gz")), x_v11.cut_tweet)
    for path, cut in {**cuts, inputs / "worldLeaders.json.gz": x_v11.cut_user}.items():
        name = path.name.removesuffix("_tweets.json.gz").replace("worldLeaders.json.gz", "profiles")
        # Two profiles hold only a handle and the address of a picture, which are no facts about an account.
        things = [thing for thing in json.loads(gzip.decompress(path.read_bytes())) if "id_str" in thing]
        complete = HERE / "complete.jsonl"
        complete.write_bytes(b"".join(orjson.dumps(thing) + b"\n" for thing in things))
        lines = b"".join(orjson.dumps(cut(thing, Outcome()), option=LINE) for thing in things)
        output = HERE / f"{name}.jsonl.gz"
        output.write_bytes(gzip.compress(lines, compresslevel=9, mtime=0))
        ids = []
        for file in (complete, output):
            outcome = Outcome()
            ids.append([event.id for event in archives.read(file, file.name, XV11Archive(source, outcome), outcome)])
        complete.unlink()
        if ids[0] != ids[1]:
            sys.exit(f"{output}: the cut file gives other events than {path}")
        print(f"{output.name}: {len(things)} lines, {len(ids[0])} events, same ids")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
