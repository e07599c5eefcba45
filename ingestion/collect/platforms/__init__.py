"""How each platform is asked: a class a platform, which asks for one page at a time (``living.platform.Platform``).

Retries, limits of rate and budget, and paging to the end are the same for all and in ``living``.
"""

from pkgutil import resolve_name

from ingestion.collect.living.platform import Platform
from ingestion.roster.platforms import PLATFORMS


def client(code: str) -> Platform:
    """Return what asks the platform of that code."""
    made: Platform = resolve_name(PLATFORMS[code].client)()
    return made
