"""Compare the gender of holders in the roster with what Wikidata states.

A gender that the roster has is never replaced, and if Wikidata states several, none is chosen.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ingestion.refresh.proposal import Proposal, page
from ingestion.refresh.wikidata import GenderFact
from ingestion.roster.models import Holder

TOPIC = "Genders that contradict each other"


class Genders:
    """The genders that Wikidata states, by item."""

    def __init__(self, facts: Iterable[GenderFact], proposal: Proposal) -> None:
        self._proposal = proposal
        self._stated: dict[str, list[GenderFact]] = defaultdict(list)
        for fact in facts:
            self._stated[fact.person].append(fact)

    def fill(self, holder: Holder) -> tuple[Holder, Sequence[str]]:
        """Return the holder with the stated gender and its statements; the same holder and none if nothing is new."""
        stated = self._stated.get(holder.wikidata_id or "", [])
        urls = [fact.statement for fact in stated]
        codes = {fact.code for fact in stated} | ({holder.gender_code} if holder.gender_code else set())
        if len(codes) > 1:
            known = f"the roster has {holder.gender_code}, Wikidata " if holder.gender_code else ""
            found = " and ".join(sorted({fact.code for fact in stated}))
            self._proposal.note(TOPIC, f"{holder.holder_id} ({holder.wikidata_id}): {known}{found}", *urls)
        elif stated and not holder.gender_code:
            url = page(stated[0].person, "P21")
            return holder.model_copy(update={"gender_code": stated[0].code, "gender_evidence_url": url}), urls
        return holder, ()
