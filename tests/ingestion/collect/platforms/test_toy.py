"""A platform that does not exist, added by the recipe in docs/recipes.md: it is collected, and its events land."""

import re
from datetime import UTC, datetime

import duckdb
import pytest

from ingestion.collect.facts import identity, instant, native_id
from ingestion.collect.living.budget import Cost
from ingestion.collect.living.page import Page
from ingestion.collect.living.platform import Platform
from ingestion.collect.living.workload import RunRequest
from ingestion.collect.platforms import client
from ingestion.log.land import land
from ingestion.log.ledger import Ledger
from ingestion.roster import account_ids
from ingestion.roster.account_ids import FORMS, Form
from ingestion.roster.files import RosterError
from ingestion.roster.platforms import PLATFORMS, LivingPlatform
from twiplomacy import collecting
from twiplomacy.settings import Settings
from twiplomacy.synthetic.loopback import Reply, serving
from twiplomacy.synthetic.worlds import CANARY, write_roster

NOW = datetime.now(UTC)


class Toy(Platform):
    """Has profiles, and posts on pages of one."""

    code = "toy"
    parts = {"accounts": 1, "posts": 1}  # noqa: RUF012
    operations = dict.fromkeys(parts, "read")
    page_rows = 1
    posted_at = staticmethod(lambda data: data["made_at"])

    def _accounts(self, unit, client, context):
        (subject,) = unit.subjects
        answer = client("read", f"/accounts/{native_id(subject)}")
        page = Page(answer.at)

        def account(item):
            return context.event(answer, "account.observed", subject, "toy/account", {"id": identity(item["id"], "a")})

        page.read("account", [answer.body], account)
        page.count_subjects()
        return page

    def _posts(self, unit, client, context):
        (subject,) = unit.subjects
        answer = client("read", f"/accounts/{native_id(subject)}/posts", {"page": unit.cursor or "1"})
        page = Page(answer.at, cursor=answer.body["next"], got=int(answer.body["next"] is None))

        def post(item):
            data = {"id": identity(item["id"], "post"), "made_at": instant(item["made_at"])}
            return context.event(answer, "post.observed", f"{subject}/{data['id']}", "toy/post", data)

        page.read("posts", answer.body["posts"], post)
        return page


def answer(request):
    if not request.path.endswith("/posts"):
        return Reply({"id": 7, "bio": CANARY})
    number = int(request.query["page"])
    post = {"id": number, "made_at": f"{NOW.year}-01-01T00:00:0{number}Z", "text": CANARY}
    return Reply({"posts": [post], "next": "2" if number == 1 else None})


def write_toy_roster(folder):
    return write_roster(
        folder,
        editions=[{"year": str(NOW.year)}],
        sources=[{"source_id": "toy-api", "adapter": "toy-api"}],
        platforms=[{"platform_code": "toy"}],
        offices=[{"office_code": "AAA-head", "country_code": "AAA"}],
        holders=[{"holder_id": "head"}],
        terms=[{"office_code": "AAA-head", "holder_id": "head", "start_date": "2020-01-01"}],
        accounts=[{"account_id": "toy:7", "platform_code": "toy", "country_code": "AAA", "source_id": "toy-api"}],
        assignments=[{"account_id": "toy:7", "holder_id": "head"}],
    )


@pytest.fixture
def toy(monkeypatch):
    """Serve the platform and declare it; return its address."""
    with serving(answer) as loopback:
        declared = LivingPlatform(adapter="toy-api", address=loopback.url, client=f"{__name__}:Toy")
        monkeypatch.setitem(PLATFORMS, "toy", declared)
        forms = re.compile(r"\d+"), re.compile("[a-z]+")
        form = Form(forms[0], "a number, e.g. toy:7", "its profile shows it", forms[1], "its name")
        monkeypatch.setitem(FORMS, "toy", form)
        yield loopback


def test_a_platform_that_is_declared_is_collected_and_lands(tmp_path, toy):
    settings = Settings(roster=write_toy_roster(tmp_path / "roster"), data=tmp_path / "data", contact="a@example.org")
    request = RunRequest(("accounts", "posts", "follows"), Cost(), NOW.date())
    collecting.collect_all(settings, ["toy"], request)
    ledger = Ledger(settings.places.log)
    land(ledger, settings.places.database, lambda _: None)
    with duckdb.connect(str(settings.places.database)) as connection:
        rows = connection.execute(
            "select subject, dataschema from raw.account_snapshots union all from ("
            "select subject, dataschema from raw.post_snapshots) order by subject"
        ).fetchall()
    assert rows == [("toy:7", "toy/account"), ("toy:7/1", "toy/post"), ("toy:7/2", "toy/post")]
    assert CANARY not in "".join(path.read_text("utf-8", "replace") for path in tmp_path.rglob("*.jsonl"))
    assert len(toy.requests) == 3


def test_a_platform_that_is_not_declared_is_refused_by_the_roster(tmp_path, toy, monkeypatch):  # noqa: ARG001
    monkeypatch.delitem(PLATFORMS, "toy")
    settings = Settings(roster=write_toy_roster(tmp_path / "roster"), data=tmp_path / "data", contact="a@example.org")
    with pytest.raises(RosterError, match=r"adapter: should be one of by-hand, .*youtube-api"):
        collecting.collect_all(settings, [], RunRequest((), Cost(), NOW.date()))


def test_the_form_of_a_platforms_ids_is_checked(toy):  # noqa: ARG001
    assert account_ids.fault("toy:7") == ""
    assert "should be a number, e.g. toy:7" in account_ids.fault("toy:seven")


@pytest.mark.parametrize("code", PLATFORMS)
def test_the_class_that_a_platform_names_is_its_own(code):
    assert client(code).code == code
