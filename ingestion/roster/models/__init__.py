"""What one row of each roster file may say: one class per file. ``tables.Roster`` has the rows themselves."""

from ingestion.roster.models.accounts import Account, AccountGroup, Assignment
from ingestion.roster.models.campaigns import Campaign, QuestionSession
from ingestion.roster.models.entry import Entry
from ingestion.roster.models.offices import Country, CountryGroup, Holder, Office, Term
from ingestion.roster.models.sources import Edition, PlatformTerms, Price, Server, Source

__all__ = [
    "Account",
    "AccountGroup",
    "Assignment",
    "Campaign",
    "Country",
    "CountryGroup",
    "Edition",
    "Entry",
    "Holder",
    "Office",
    "PlatformTerms",
    "Price",
    "QuestionSession",
    "Server",
    "Source",
    "Term",
]
