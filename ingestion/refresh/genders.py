"""The gender of holders, as the roster has it and as Wikidata states it.

In: holders with their items, stated genders. Out: the holder with a gender and the statements that say so, or a note.
Never: a gender that the roster has from another source replaced, or one chosen among several.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ingestion.refresh.proposal import Proposal, page
from ingestion.refresh.wikidata import GenderFact
from ingestion.roster.models import Holder

TOPIC = "Genders that contradict each other"


class Genders:
    """What is stated of the gender of each item."""

    def __init__(self, facts: Iterable[GenderFact], proposal: Proposal) -> None:
        self._proposal = proposal
        self._stated: dict[str, list[GenderFact]] = defaultdict(list)
        for fact in facts:
            self._stated[fact.person].append(fact)

    def fill(self, holder: Holder) -> tuple[Holder, Sequence[str]]:
        """Return the holder with the gender stated of their item, and the statements; as they are without news."""
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
