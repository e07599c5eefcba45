"""Make the synthetic world anew and release it; its folder is ``synthetic`` beside the data it is not to be mixed with.

In: ``--seed``. Out: ``data/synthetic/``: the roster, the log, ``report.duckdb``, the releases. Never: anything outside.
"""

import argparse
import os
import shutil

from twiplomacy import cli
from twiplomacy.say import say
from twiplomacy.settings import Settings
from twiplomacy.synthetic.flow import SEED, collected, released


def main() -> None:
    """Make it."""
    parser = argparse.ArgumentParser(prog="python -m twiplomacy.synthetic", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=SEED, help="another number, another world; default: 1")
    seed = parser.parse_args().seed
    folder = Settings.load().data / "synthetic"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    places = {"DATA": folder, "ROSTER": folder / "roster", "RELEASES": folder / "releases"}
    os.environ |= {f"TWIPLOMACY_{name}": str(place) for name, place in places.items()}
    collected(folder, seed, say)
    released(lambda *arguments: cli.main([*arguments]))
    say(f"synthetic: the world of seed {seed} is in {folder}; its tables for reading: {folder / 'report.duckdb'}")


if __name__ == "__main__":
    main()
