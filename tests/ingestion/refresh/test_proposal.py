"""proposal: a diff that tools apply, rows that keep their bytes, a note that shows text as it is."""

import subprocess
from datetime import date

import pytest

from ingestion.refresh.proposal import Change, Proposal, apply, diff, markdown
from ingestion.roster.models import Holder, Term

HEAD = "holder_id,holder_name,holder_kind_code,wikidata_id,gender_code,gender_evidence_url,checked_date\n"
ANNA = 'anna,"Anna",person,,,,2020-01-01\n'
CLEO = "cleo,Cleo,person,,,,2020-01-01\n"
ZOE = "zoe,Zoe,person,,,,2020-01-01\n"
TODAY = date(2020, 3, 1)


def holder(holder_id, name="Somebody", item=None, day=TODAY):
    return Holder(holder_id=holder_id, holder_name=name, holder_kind_code="person", wikidata_id=item, checked_date=day)


ADDED = Change("holders", holder("ben", 'Ben "B" Beta, Jr.'), "because")
BEN = 'ben,"Ben ""B"" Beta, Jr.",person,,,,2020-03-01\n'


def known(holder_id, name):
    return holder(holder_id, name, None, date(2020, 1, 1))


ITEM = Change("holders", holder("anna", "Anna", "Q1"), "why", ("http://s/1",), known("anna", "Anna"))

TEXTS = {
    "a row goes where the order wants it": (HEAD + ANNA + CLEO, [ADDED], HEAD + ANNA + BEN + CLEO),
    "a row goes last where there is no order": (HEAD + ZOE + ANNA + CLEO, [ADDED], HEAD + ZOE + ANNA + CLEO + BEN),
    "a row goes into an empty file": (HEAD, [ADDED], HEAD + BEN),
    "a file need not end in an end of line": ((HEAD + ANNA)[:-1], [ADDED], HEAD + ANNA + BEN),
    "nor after the change": ((HEAD + ANNA + CLEO)[:-1], [ADDED], (HEAD + ANNA + BEN + CLEO)[:-1]),
    "a changed row keeps its other cells": (
        HEAD + ANNA + CLEO,
        [ITEM],
        HEAD + "anna,Anna,person,Q1,,,2020-03-01\n" + CLEO,
    ),
    "a byte order mark stays": ("\ufeff" + HEAD + ANNA, [ADDED], "\ufeff" + HEAD + ANNA + BEN),
    "an empty line stays": (HEAD + ANNA + "\n" + CLEO + "\n", [ADDED], HEAD + ANNA + "\n" + BEN + CLEO + "\n"),
    "the ends of lines are the file's": (
        (HEAD + ANNA).replace("\n", "\r\n"),
        [ADDED],
        (HEAD + ANNA + BEN).replace("\n", "\r\n"),
    ),
    "nothing changes without a change": (HEAD + ANNA + CLEO, [], HEAD + ANNA + CLEO),
}


@pytest.mark.parametrize(("before", "changes", "after"), TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("tool", [["git", "apply"], ["patch", "--binary", "-s", "-p1", "-i"]], ids=lambda tool: tool[0])
def test_the_diff_makes_the_text(tmp_path, before, changes, after, tool):
    assert apply("holders", before, changes) == after
    text = diff("roster", {"holders": before}, {"holders": after})
    assert bool(text) == (before != after)
    file, patch = tmp_path / "roster" / "holders.csv", tmp_path / "p.patch"
    file.parent.mkdir()
    file.write_bytes(before.encode())
    if text:
        patch.write_bytes(text.encode())
        subprocess.run(
            [*tool, patch], cwd=tmp_path, check=True, env={"GIT_CEILING_DIRECTORIES": "/", "PATH": "/usr/bin:/bin"}
        )
    assert file.read_bytes().decode() == after


def test_the_diff_holds_no_row_that_stays_but_as_context():
    rows = [f"h{number:02},Somebody,person,,,,2020-01-01\n" for number in range(30)]
    before = HEAD + "".join(rows)
    change = Change("holders", holder("h15", item="Q15"), "", (), known("h15", "Somebody"))
    lines = diff("roster", {"holders": before}, {"holders": apply("holders", before, [change])}).splitlines()
    assert [line for line in lines if line[0] in "+-"][2:] == [
        "-h15,Somebody,person,,,,2020-01-01",
        "+h15,Somebody,person,Q15,,,2020-03-01",
    ]
    assert len(lines) == 3 + 8


TERMS = f"{','.join(name for name in Term.model_fields if name != 'checked_date')},checked_date\n"


def held(office_code, holder_id, start, end=None, day=TODAY):
    return Term(
        office_code=office_code,
        holder_id=holder_id,
        start_date=date.fromisoformat(start),
        start_at=f"{start}T17:00:00Z",
        end_date=end,
        evidence_title="t",
        evidence_url="https://e.org",
        checked_date=day,
    )


def test_terms_are_in_the_order_of_office_and_day():
    before = (
        "AAA-a,zoe,2010-01-01,,2010-01-01T17:00:00+00:00,,,t,https://e.org,2020-01-01\n"
        "AAA-b,yan,2012-01-01,,,,,t,https://e.org,2020-01-01\n"
    )
    ended = held("AAA-a", "zoe", "2010-01-01", date(2011, 1, 1))
    changes = [
        Change("terms", held("AAA-a", "anna", "2011-01-01"), ""),
        Change("terms", ended, "", (), held("AAA-a", "zoe", "2010-01-01")),
    ]
    assert apply("terms", TERMS + before, changes) == (
        f"{TERMS}AAA-a,zoe,2010-01-01,,2010-01-01T17:00:00+00:00,2011-01-01,,t,https://e.org,2020-03-01\n"
        "AAA-a,anna,2011-01-01,,2011-01-01T17:00:00Z,,,t,https://e.org,2020-03-01\n"
        "AAA-b,yan,2012-01-01,,,,,t,https://e.org,2020-01-01\n"
    )


def test_the_note_shows_what_changes_and_text_as_it_is():
    proposal = Proposal(TODAY, [ITEM, ADDED])
    proposal.note("Later", "z", "http://s/2")
    proposal.note("First", "x *bold* <b> [a](b) `c` | d_e")
    text = markdown(proposal, "Title", ["Head."])
    assert text == (
        "# Title\n\nHead.\n\n## holders.csv\n\n"
        "- changed `anna`, wikidata\\_id empty -\\> Q1: why <http://s/1>\n"
        "- added `ben`: because\n\n"
        "## Not proposed\n\n### First\n\n"
        "- x \\*bold\\* \\<b\\> \\[a\\](b) \\`c\\` \\| d\\_e\n\n"
        "### Later\n\n- z <http://s/2>\n"
    )
