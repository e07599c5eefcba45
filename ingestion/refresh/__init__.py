"""``roster refresh``: what Wikidata would add to or change in the roster, for people to read and apply."""
