"""refresh: the diff applies and keeps the roster right, and a second refresh proposes nothing."""

import subprocess
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.collect.living.http import HttpError
from ingestion.collect.outcome import SourceError
from ingestion.refresh.proposal import Change, Proposal, apply
from ingestion.refresh.reconcile import first_day, propose
from ingestion.refresh.run import COUNTRIES_PER_BATCH, refresh
from ingestion.refresh.wikidata import solutions
from ingestion.roster.files import RosterError, check_roster, read_roster
from ingestion.roster.models import Holder
from ingestion.roster.tables import FILES
from tests.ingestion.refresh.test_wikidata import MARKS, recorded
from tests.support.stated import ITEMS as KNOWN
from tests.support.stated import ROSTER, TODAY, account, gender, office, stated, term
from twiplomacy.synthetic.worlds import write_roster

GIT = {"GIT_CEILING_DIRECTORIES": "/", "PATH": "/usr/bin:/bin"}


def ask(query):
    return solutions(recorded(query).body)


def refreshed(home, ask=ask):
    """Refresh the roster below ``home``; return the diff, the note and what was said."""
    said, out = [], home / "data" / "roster-refresh.patch"
    refresh(home / "roster", ask, TODAY, out, said.append)
    return out.read_text(encoding="utf-8"), out.with_suffix(".md").read_text(encoding="utf-8"), said


@pytest.fixture
def home(tmp_path):
    anna = {"account_id": "x:70001", "country_code": "AAA", "handle": "anna_alpha"}
    write_roster(
        tmp_path / "roster",
        **{**ROSTER, "accounts": [anna], "assignments": [{"account_id": "x:70001", "holder_id": "anna"}]},
    )
    return tmp_path


def files(home):
    return {path.name: path.read_bytes() for path in (home / "roster").iterdir()}


def test_the_diff_applies_once_and_is_empty_then(home):
    before = files(home)
    patch, note, said = refreshed(home)
    assert files(home) == before
    subprocess.run(["git", "apply", home / "data" / "roster-refresh.patch"], cwd=home, check=True, env=GIT)
    assert check_roster(home / "roster") == []
    after = read_roster(home / "roster")
    assert str(after.terms["AAA-president/anna/2010-01-01"].end_date) == "2018-01-01"
    assert set(after.terms) == {
        "AAA-institution/state/",
        "AAA-president/anna/2010-01-01",
        "AAA-president/bert-beta/2018-01-01",
        "AAA-foreign-minister/fay-zeta/2012-07-01",
        "BBB-president/fay-zeta/2011-07-01",
    }
    assert {entry.holder_id: entry.gender_code for entry in after.holders.values()} == {
        "anna": "female",
        "bert-beta": "other",
        "fay-zeta": "male",
        "state": None,
    }
    assert after.accounts["x:70002"].handle == "PresidencyAaa"
    assert "AAA-prime-minister: cora-gamma: start 2012-03 (month), end unknown" in note
    assert said[0] == "refresh: AAA BBB: 8 terms, 7 accounts"
    assert "rows to add" in said[1]
    patch, again, _ = refreshed(home)
    assert patch == ""
    assert again.split("## Not proposed")[1] == note.split("## Not proposed")[1]


def test_offices_and_holders_of_the_roster_are_asked_for_too(home):
    write_roster(home / "roster", **{**ROSTER, **KNOWN})
    queries = []
    refreshed(home, lambda query: queries.append(query) or [])
    _, terms, accounts, genders = queries
    assert "VALUES ?office { wd:Q10 }" in terms
    assert "VALUES ?item { wd:Q1 wd:Q10 }" in accounts
    assert "VALUES ?person { wd:Q1 }" in genders


CODES = [f"A{first}{second}" for first, second in product("ABCDE", "ABCDE")]


def test_countries_that_are_not_answered_are_named_and_the_others_done(home):
    write_roster(home / "roster", **{**ROSTER, "countries": [{"country_code": code} for code in CODES]})
    lost = CODES[COUNTRIES_PER_BATCH]

    def halting(query):
        if f'"{lost}"' in query:
            raise HttpError("example.org answered 500, 6 times")
        return ask(query) if '"AAA"' in query or MARKS["offices"] not in query else []

    with pytest.raises(SourceError, match=rf"not refreshed: {lost} \(example.org answered 500, 6 times\); AC") as error:
        refreshed(home, halting)
    assert str(error.value).count("(") == COUNTRIES_PER_BATCH
    note = (home / "data" / "roster-refresh.md").read_text(encoding="utf-8")
    assert f"- Not refreshed: {lost} (example.org answered 500, 6 times)" in note
    assert "+bert-beta," in (home / "data" / "roster-refresh.patch").read_text(encoding="utf-8")


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
def test_one_query_without_an_answer_leaves_the_country_out(home, mark):
    def halting(query):
        if mark in query:
            raise HttpError("no")
        return ask(query)

    with pytest.raises(SourceError, match=r"Wikidata answered nothing, and nothing was written: no$"):
        refreshed(home, halting)
    assert not (home / "data").exists()


def test_a_roster_with_faults_is_not_asked_about(home):
    (home / "roster" / "terms.csv").unlink()
    with pytest.raises(RosterError, match=r"terms\.csv is missing"):
        refreshed(home, None)


def test_a_proposal_with_faults_is_not_written(home, monkeypatch):
    monkeypatch.setattr("ingestion.refresh.run.propose", lambda *_: propose_wrongly())
    with pytest.raises(RosterError, match=r"was not written, because with it [^/]*\n  holders\.csv, line 3: idle has"):
        refreshed(home)
    assert not (home / "data").exists()


def propose_wrongly():
    idle = Holder(holder_id="idle", holder_name="Idle", holder_kind_code="person", checked_date=TODAY)
    return Proposal(TODAY, [Change("holders", idle, "")])


ITEMS = st.sampled_from(["Q10", "Q11", "Q20"])
PEOPLE = st.sampled_from([("Q1", "Anna Alpha"), ("Q2", "Ben"), ("Q3", "Ben"), ("Q4", "Cleo"), ("Q5", "")])
STARTS = st.sampled_from([None, "?", "2010-01-01", "2010", "2014-05", "2014-05-01", "2016-01-01", "2016-01-02"])
ENDS = st.sampled_from([None, None, "?", "2014-05-01", "2016", "2016-01-01", "2017-03-31", "2009-01-01"])
ROLES = ["head_of_state", "head_of_government", "foreign_minister"]
TITLES = st.sampled_from(["President of X", "Office", "Chief"])
OFFICES = st.builds(office, ITEMS, st.sampled_from(ROLES), TITLES, st.sampled_from(["AAA", "BBB"]))
TERMS = st.builds(lambda start, end, who, item: term(start, end, *who, item), STARTS, ENDS, PEOPLE, ITEMS)
ACCOUNTS = st.builds(
    account,
    st.sampled_from(["1", "2", "3", ""]),
    st.sampled_from(["Anna", "anna", "ben"]),
    st.sampled_from(["Q1", "Q2", "Q4", "Q10", "Q20"]),
    st.sampled_from(["x", "youtube", "weibo"]),
    STARTS,
    ENDS,
)
GENDERS = st.builds(gender, st.sampled_from(["female", "male", "other"]), PEOPLE.map(lambda who: who[0]))
OWN = st.sampled_from(
    [
        {},
        {"offices": KNOWN["offices"]},
        {"holders": KNOWN["holders"]},
        {"terms": [ROSTER["terms"][0], {**ROSTER["terms"][1], "end_date": "2014-05-01"}]},
    ]
)


@settings(deadline=None)
@given(
    st.lists(OFFICES, max_size=5),
    st.lists(TERMS, max_size=8),
    st.lists(ACCOUNTS, max_size=5),
    st.lists(GENDERS, max_size=4),
    OWN,
)
def test_whatever_is_stated_the_roster_stays_right_and_is_stable(
    tmp_path_factory, offices, terms, accounts, genders, own
):
    folder = write_roster(tmp_path_factory.mktemp("any") / "roster", **{**ROSTER, **own})
    facts = stated(*dict.fromkeys([*offices, *terms, *accounts, *genders]))
    changes = propose(read_roster(folder), facts, TODAY).changes
    for file in FILES:
        path = folder / f"{file}.csv"
        before = path.read_text(encoding="utf-8")
        after = apply(file, before, [change for change in changes if change.file == file])
        assert len(after.splitlines()) >= len(before.splitlines())
        path.write_text(after, encoding="utf-8")
    entries = read_roster(folder)
    assert propose(entries, facts, TODAY).changes == []
    assert first_day(entries).year == 2016
