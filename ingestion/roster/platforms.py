"""The platforms that can be asked, each declared once.

Every list of platforms is made from this one: those of the command line, of the DAG, of the adapters that the roster
may name. Airflow imports it whenever it reads the DAGs, so that this module imports nothing heavy.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LivingPlatform:
    """One platform that can be asked.

    Attributes:
        adapter: its name in ``roster/sources.csv``; it ends in ``-api``.
        address: where it is asked; for one of many servers a pattern with ``{server}``.
        client: the class that asks it, as ``module:name``.
        key_name: environment variable of its key; empty if it needs none.
        key_header: the header that the key goes into, and the text before the key.
    """

    adapter: str
    address: str
    client: str
    key_name: str = ""
    key_header: tuple[str, str] = ("", "")


PLATFORMS = {
    "x": LivingPlatform(
        adapter="x-v2-api",
        address="https://api.x.com",
        client="ingestion.collect.platforms.x:X",
        key_name="TWIPLOMACY_X_BEARER_TOKEN",
        key_header=("Authorization", "Bearer "),
    ),
    "bluesky": LivingPlatform(
        adapter="bluesky-api",
        address="https://public.api.bsky.app",
        client="ingestion.collect.platforms.bluesky:Bluesky",
    ),
    "mastodon": LivingPlatform(
        adapter="mastodon-api", address="https://{server}", client="ingestion.collect.platforms.mastodon:Mastodon"
    ),
    "youtube": LivingPlatform(
        adapter="youtube-api",
        address="https://www.googleapis.com/youtube/v3",
        client="ingestion.collect.platforms.youtube:YouTube",
        key_name="TWIPLOMACY_YOUTUBE_API_KEY",
        key_header=("X-Goog-Api-Key", ""),
    ),
}
"""Code -> platform, in the order in which they are asked."""

FILE_ADAPTERS = ("by-hand", "x-v1.1-archive", "x-v2-archive", "mastodon-archive")


def adapter(name: str) -> str:
    """Return the name of an adapter of files or of a platform.

    Raises:
        ValueError: no adapter has that name.
    """
    known = (*FILE_ADAPTERS, *(platform.adapter for platform in PLATFORMS.values()))
    if name not in known:
        raise ValueError(f"should be one of {', '.join(known)}")
    return name
