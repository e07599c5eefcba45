"""Wikidata's queries, answered by Oxigraph from a small world in its own shape, and what a refresh makes of it."""

import subprocess

import pytest

from ingestion.collect.living.http import Http
from ingestion.refresh.run import refresh
from ingestion.refresh.wikidata import QueryService, WikidataFacts, ask_countries
from ingestion.roster.files import check_roster, read_roster
from tests.ingestion.refresh.test_wikidata import RECORDINGS, SINCE, facts
from tests.support.servers.sparql import oxigraph
from tests.support.stated import ROSTER, TODAY
from twiplomacy.synthetic.loopback import OwnClock
from twiplomacy.synthetic.worlds import write_roster


@pytest.fixture(scope="module")
def ask():
    with oxigraph((RECORDINGS / "world.ttl").read_text(encoding="utf-8")) as url:
        yield QueryService(Http(OwnClock(), "someone@example.org"), url)


def test_the_answers_are_those_that_were_recorded(ask):
    found = ask_countries(ask, ["AAA", "BBB"], [], [], SINCE)
    assert found == facts()
    assert found.terms
    assert found.genders


def test_nobody_is_found_in_a_country_that_is_not_there(ask):
    assert ask_countries(ask, ["CCC"], ["Q990000999"], ["Q990000998"], SINCE) == WikidataFacts([], [], [], [])


def test_a_refresh_applies_and_has_nothing_to_add_then(ask, tmp_path):
    write_roster(tmp_path / "roster", **ROSTER)
    out = tmp_path / "data" / "roster-refresh.patch"
    refresh(tmp_path / "roster", ask, TODAY, out, lambda _: None)
    subprocess.run(["patch", "-s", "-p1", "-i", out], cwd=tmp_path, check=True)
    assert check_roster(tmp_path / "roster") == []
    assert "AAA-president/bert-beta/2018-01-01" in read_roster(tmp_path / "roster").terms
    refresh(tmp_path / "roster", ask, TODAY, out, lambda _: None)
    assert out.read_text(encoding="utf-8") == ""
