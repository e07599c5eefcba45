"""collect: bring the log up to date with the roster, then ask the platforms that are named."""

from collections.abc import Iterable, Mapping, Sequence

from pydantic import SecretStr

from ingestion.clock import Clock
from ingestion.collect.files import collect
from ingestion.collect.living.collection import Collection
from ingestion.collect.living.http import Http
from ingestion.collect.living.plan import plan_lines
from ingestion.collect.living.platform import Endpoint
from ingestion.collect.living.progress import progress
from ingestion.collect.living.workload import RunRequest
from ingestion.collect.outcome import SourceError
from ingestion.collect.platforms import client
from ingestion.collect.platforms.x import X
from ingestion.log.ledger import Ledger
from ingestion.refresh.wikidata import QueryService
from ingestion.roster import exclusions
from ingestion.roster.platforms import PLATFORMS
from twiplomacy.say import noted, say
from twiplomacy.settings import Settings, SettingsError


def collect_all(settings: Settings, platforms: Sequence[str], request: RunRequest) -> None:
    """Append to the log what the roster and its observation files have and the log has not; then ask platforms.

    Raises:
        SourceError: some files or platforms could not be collected; all others were.
    """
    if platforms:
        require_contact(settings)
    excluded = exclusions.read(settings.roster, exclusions.salt(settings.data, settings.exclusion_salt))
    collection, endpoints = _collection(settings, excluded), _endpoints(settings)
    faults = list[str]()
    with noted(faults):
        collect(settings.roster, collection.ledger, say, settings.threads, excluded)
    with noted(faults):
        collection.expire(endpoints.values())
    for code in dict.fromkeys(platforms):
        with noted(faults):
            collection.run(endpoints[code], request, progress)
    if faults:
        raise SourceError("; ".join(faults))


def plan(settings: Settings, platforms: Iterable[str], request: RunRequest) -> None:
    """Print what asking the platforms, by default all, would take and cost; ask nothing."""
    collection, endpoints = _collection(settings, exclusions.Exclusions()), _endpoints(settings)
    asked = [endpoints[code] for code in platforms or endpoints]
    estimates = [line for endpoint in asked for line in collection.plan(endpoint, request)]
    for line in plan_lines(estimates):
        say(line)


def wikidata(settings: Settings) -> QueryService:
    """Return the way to ask Wikidata."""
    require_contact(settings)
    keys = [key.get_secret_value() for key in settings.keys.values()]
    return QueryService(Http(Clock(), settings.contact, keys), settings.addresses.get("wikidata", ""))


def require_contact(settings: Settings) -> None:
    """Refuse to ask anybody anything without saying who asks."""
    if not settings.contact:
        raise SettingsError("set TWIPLOMACY_CONTACT to an e-mail address or page: platforms want to know who asks them")


def _collection(settings: Settings, excluded: exclusions.Exclusions) -> Collection:
    keys = settings.keys.values()
    ledger = Ledger(settings.places.log)
    return Collection(settings.roster, ledger, Clock(), settings.contact, say, keys=keys, exclusions=excluded)


def _endpoints(settings: Settings) -> Mapping[str, Endpoint]:
    return {
        code: Endpoint(
            X(settings.x_word) if code == X.code else client(code),
            settings.addresses.get(code, platform.address),
            settings.keys.get(platform.key_name, SecretStr("")),
        )
        for code, platform in PLATFORMS.items()
    }
