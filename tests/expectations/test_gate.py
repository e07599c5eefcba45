"""The gate: every suite can fail, says which rows, and a critical failure releases nothing."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import yaml

from expectations.gate import FOLDER, GateFailed, describe, gate
from release.describe import tables
from tests.conftest import Home, read_yaml

# What is broken in a built database -> the rule that must notice it.
CLASS = 'update raw.roster_entries set payload = json_merge_patch(payload, \'{{"redistribution_code": "{}"}}\')'
BREAKS = [
    (
        "update marts.figures set value = 99 where metric_id = 'C02_personal' and platform_code = 'x' and year = 2014",
        "figures: every figure of the world with a baseline is within its tolerance; 1 of 110",
        "year=2014, platform_code=x, metric_id=C02_personal, scope=register_2014, value=99",
    ),
    (
        "delete from marts.figures where metric_id = 'T05' and year = 2014",
        "figures: every figure of the world with a baseline is within its tolerance; 1 of 110",
        "metric_id=T05",
    ),
    (
        "update marts.figures set value = null where year = 2014",
        "figures: each edition has at least one known figure of the world; 1 of 6",
        "year=2014, values_count=0",
    ),
    (
        "update marts.coverage_yearly set has_account = false"
        " where country_code = 'GHA' and platform_code = 'x' and year = 2014",
        "figures: the numbers of present states equal those counted in coverage_yearly; 2 of 16",
        "value=142, expected_value=141",
    ),
    (
        "update marts.figures set value = value + 1"
        " where metric_id = 'T05' and grain_code = 'account' and subject = 'x:726748106' and year = 2014",
        "figures: accounts, posts and audiences equal those of the subject's own table, e.g. people_yearly; 1 of",
        "grain_code=account, metric_id=T05, subject=x:726748106, value=192, expected_value=191",
    ),
    (
        "delete from marts.figures"
        " where metric_id = 'A01' and grain_code = 'account' and subject = 'x:3293206373' and year = 2017",
        "figures: accounts, posts and audiences equal those of the subject's own table, e.g. people_yearly; 1 of",
        "grain_code=account, metric_id=A01, subject=x:3293206373, value=-1, expected_value=50",
    ),
    (
        "update marts.states_yearly set audience_count = audience_count + 1"
        " where country_code = 'MNG' and platform_code = 'x' and year = 2017",
        "figures: accounts, posts and audiences equal those of the subject's own table, e.g. people_yearly; 1 of",
        "grain_code=state, metric_id=A01, subject=MNG, value=622, expected_value=623",
    ),
    (
        "update marts.people_yearly set posts_count = posts_count + 1 where holder_id = 'john-mahama' and year = 2014",
        "figures: accounts, posts and audiences equal those of the subject's own table, e.g. people_yearly; 1 of",
        "grain_code=person, metric_id=T05, subject=john-mahama, value=191, expected_value=192",
    ),
    (
        "delete from marts.figures where metric_id = 'C01' and grain_code = 'world' and year = 2014",
        "figures: accounts, posts and audiences equal those of the subject's own table, e.g. people_yearly; 1 of",
        "grain_code=world, metric_id=C01, subject=world, value=-1, expected_value=6",
    ),
    (
        "update marts.figures set value = value + 1"
        " where metric_id = 'T05' and subject = 'account_type:personal' and year = 2014",
        "figures: accounts, posts and audiences equal those of the subject's own table, e.g. people_yearly; 1 of",
        "grain_code=group, metric_id=T05, subject=account_type:personal",
    ),
    (
        "update marts.accounts_yearly set likes_received_count = 1 where account_id = 'x:726748106' and year = 2014",
        "accounts_yearly: each account has the figures of its last row of the year in tenures_yearly; 2 of",
        "account_id=x:726748106, holder_id=john-mahama, office_code=GHA-president, accounts_count=1, tenures_count=0",
    ),
    (
        "delete from marts.accounts_yearly where account_id = 'x:726748106' and year = 2014",
        "accounts_yearly: each account has the figures of its last row of the year in tenures_yearly; 1 of",
        "account_id=x:726748106, holder_id=john-mahama, office_code=GHA-president, accounts_count=0, tenures_count=1",
    ),
    (
        "update marts.tenures_yearly set counts_until_date = '2014-12-31' where year = 2014 and account_id ="
        " (select account_id from marts.tenures_yearly where year = 2014 and counts_until_date < '2014-12-31'"
        " group by all order by all limit 1)",
        "accounts_yearly: each account has the figures of its last row of the year in tenures_yearly; ",
        "accounts_count=1, tenures_count=0",
    ),
    (
        "update marts.offices_yearly set account_ids = null, accounts_count = 0"
        " where office_code = 'GHA-president' and year = 2014",
        "offices_yearly: an office has exactly the accounts of its holders in tenures_yearly at the edition's end",
        "year=2014, office_code=GHA-president, account_ids=none, expected_ids=",
    ),
    (
        "update marts.offices_yearly set account_ids = account_ids || ' x:1'"
        " where office_code = 'GHA-president' and year = 2014",
        "offices_yearly: an office has exactly the accounts of its holders in tenures_yearly at the edition's end",
        " x:1, expected_ids=",
    ),
    (
        "update marts.offices_yearly set holder_ids = null, holder_status_code = 'not_entered'"
        " where office_code = 'GHA-president' and year = 2014",
        "offices_yearly: every holder with an account at the edition's end holds an office then; 2 of",
        "account_id=x:726748106, holder_id=john-mahama, is_holder=False",
    ),
    (
        "delete from marts.audiences where account_id = 'x:25073877'",
        "tenures_yearly: every audience has its row in audiences; 1 of",
        "year=2017, account_id=x:25073877, holder_id=donald-trump, column_name=audience_count",
    ),
    (
        "update marts.tenures_yearly set previous_audience_count = 1, previous_audience_at = '2013-06-01'"
        " where account_id = 'x:726748106' and year = 2014",
        "tenures_yearly: every audience has its row in audiences; 1 of",
        "account_id=x:726748106, holder_id=john-mahama, column_name=previous_audience_count, audience_count=1",
    ),
    (
        "delete from marts.coverage_yearly where country_code = 'GHA' and platform_code = 'x' and year = 2014",
        "coverage_yearly: the United Nations have 193 members since 2011-07-14; 1 of 12",
        "year=2014, scope=register_2014, platform_code=x, un_members_count=192",
    ),
    (
        CLASS.format("not_released") + " where subject = 'roster/platforms/facebook'",
        "platforms: no public row is about a platform whose terms, as entered, forbid its release; 1 of 2",
        "platform_code=facebook, redistribution_code=not_released",
    ),
    (
        "update marts.coverage_yearly set platform_code = 'myspace' where platform_code = 'facebook'",
        "platforms: no public row is about a platform whose terms, as entered, forbid its release; 1 of 3",
        "platform_code=myspace, redistribution_code=not in the table of terms, table_names=coverage_yearly",
    ),
    (
        "update marts.offices_yearly set account_ids = account_ids || ' myspace:1'"
        " where office_code = 'GHA-president' and year = 2014",
        "platforms: no public row is about a platform whose terms, as entered, forbid its release; 1 of 3",
        "platform_code=myspace, redistribution_code=not in the table of terms, table_names=offices_yearly",
    ),
    (
        "insert into marts.follows_yearly values (2014, 'myspace', 'myspace:1', 'myspace:2', true, '2014-01-01', 's')",
        "posts_yearly: public posts and follows come only from platforms whose terms allow at least ids; 1 of",
        "platform_code=myspace, redistribution_code=not in the table of terms",
    ),
    (
        "insert into intermediate.int_unavailable by name select account_id, post_id, '2018-01-01' as observed_at"
        " from marts.posts_yearly order by post_id limit 1",
        "posts_yearly: no public post is one that the platform no longer shows; 1 of 1",
        "unavailable_at=2018-01-01",
    ),
    (
        CLASS.format("aggregate_only") + " where subject = 'roster/platforms/x'",
        "posts_yearly: public posts and follows come only from platforms whose terms allow at least ids; 1 of",
        "platform_code=x, redistribution_code=aggregate_only",
    ),
    (
        "update marts.platforms set redistribution_code = 'aggregate_only' where platform_code = 'x';"
        " update marts.offices_yearly set office_name = (select min(post_id) from marts.posts_yearly)"
        " where office_code = 'GHA-president' and year = 2014",
        "posts_yearly: no public column has the id or a count of one post that the platform's terms forbid to release",
        "table_name=offices_yearly, column_name=office_name",
    ),
    (
        "update marts.coverage_yearly set is_un_member = true where country_code = 'VAT' and year = 2014",
        "coverage_yearly: the United Nations have 193 members since 2011-07-14; 2 of 12",
        "un_members_count=194",
    ),
    (
        "delete from marts.posts_yearly where account_id = 'x:726748106' and year = 2014",
        "tenures_yearly: the posts in office of a tenure equal its rows of posts_yearly; 1 of",
        "posts_count=191, rows_count=0",
    ),
    (
        "update marts.posts_yearly set year = 2015 where account_id = 'x:726748106' and year = 2014",
        "tenures_yearly: the posts in office of a tenure equal its rows of posts_yearly; 2 of",
        "year=2014, account_id=x:726748106, holder_id=john-mahama, office_code=GHA-president, posts_count=191,"
        " rows_count=0",
    ),
    (
        "insert into marts.posts_yearly select one.* replace ('x:' || i as post_id) from"
        " (from marts.posts_yearly limit 1) as one, (select i from range(1500000) as r(i))",
        "posts_yearly: a release has at most 1,500,000 ids of posts on X, as the terms of X allow; 1 of 1",
        "posts_count=15",
    ),
    (
        "update marts.figures set subject = 'x:1' where grain_code = 'account'"
        " and metric_id = 'T02' and rank = 2 and scope = 'in_office' and year = 2014",
        "figures: every subject has a row in the table of its kind, e.g. a person in people_yearly; 1 of",
        "year=2014, grain_code=account, metric_id=T02, subject=x:1",
    ),
    (
        "update marts.figures set subject = 'nobody' where grain_code = 'person' and metric_id = 'T05'"
        " and rank = 2 and scope = 'in_office' and year = 2014",
        "figures: every subject has a row in the table of its kind, e.g. a person in people_yearly; 1 of",
        "grain_code=person, metric_id=T05, subject=nobody",
    ),
    (
        "delete from marts.groups_yearly where group_type_code = 'g7' and year = 2014",
        "figures: every subject has a row in the table of its kind, e.g. a person in people_yearly; ",
        "year=2014, grain_code=group, metric_id=C01, subject=g7:g7",
    ),
    (
        "delete from marts.figures where rank = 1 and metric_id = 'E01' and grain_code = 'account'"
        " and scope = 'in_office' and year = 2014",
        "figures: the best rank in every list is 1; 1 of",
        "year=2014, platform_code=x, grain_code=account, metric_id=E01, scope=in_office, best_rank=2",
    ),
    (
        "update marts.figures set value = 1"
        " where metric_id = 'T02' and scope = 'm49-region:africa' and grain_code = 'account' and year = 2014",
        "figures: a subject of a narrower list has the same value and no better rank in the list of all; 1 of",
        "metric_id=T02, scope=m49-region:africa, astray_count=2",
    ),
    (
        "insert into marts.figures select * replace ('x:0' as subject) from marts.figures"
        " where grain_code = 'post' and rank = 1 and year = 2014",
        "figures: a list of posts has at most 100 posts; 1 of 6",
        "year=2014, platform_code=x, metric_id=E06, posts_count=101",
    ),
    (
        "delete from marts.sources where source_id = 'world-leader-vis-2017'",
        "sources: every source that a row names is described in sources; 14 of 49",
        "source_id=world-leader-vis-2017",
    ),
    (
        "update marts.people_yearly set posts_count = posts_count + 1 where holder_id = 'john-mahama' and year = 2014",
        "people_yearly: the posts of a person equal the person's rows of posts_yearly, each post counted once; 1 of",
        "posts_count=192, rows_count=191",
    ),
    (
        "update marts.states_yearly set posts_count = 0 where country_code = 'USA' and year = 2014",
        "states_yearly: the posts of a state equal its rows of posts_yearly, each post counted once; 1 of",
        "posts_count=0, rows_count=647",
    ),
    (
        "delete from marts.groups_yearly where group_code = 'institutional' and platform_code = 'x' and year = 2014",
        "groups_yearly: personal and institutional accounts, and their posts, add up to those of all accounts; 1 of 12",
        "of_all=226 1181, of_types=122 1181",
    ),
    (
        "update marts.engagement_yearly set received_count = received_count + 1"
        " where account_id = 'x:726748106' and age_code = 'at_cut' and measure_code = 'likes' and year = 2014",
        "engagement_yearly: reposts and likes received up to the cut equal those of tenures_yearly; 1 of",
        "received=4674, expected=4673",
    ),
    (
        "delete from marts.engagement_yearly"
        " where account_id = 'x:726748106' and measure_code = 'reposts' and year = 2014",
        "engagement_yearly: reposts and likes received up to the cut equal those of tenures_yearly; 1 of",
        "measure_code=reposts, received=unknown of a post, expected=12445",
    ),
    (
        "delete from marts.content_yearly"
        " where account_id = 'x:726748106' and dimension_code = 'weekday' and year = 2014",
        "content_yearly: the original posts of all hours, and of all weekdays, add up to those of posts_yearly",
        "dimension_code=weekday, rows_count=183, value_posts_count=0",
    ),
    (
        "update marts.networks_yearly set nodes_count = 225 where year = 2014",
        "networks_yearly: a network has as many nodes as accounts_yearly has accounts on the platform; 1 of 6",
        "nodes_count=225, expected_count=226",
    ),
    (
        "delete from marts.mentions_yearly where mentioned_account_id = 'x:813286' and year = 2014",
        "networks_yearly: a network has as many edges as rows of follows_yearly or mentions_yearly between its nodes",
        "edges_count=6, rows_count=5",
    ),
    (
        "update marts.mentions_yearly set year = 2015 where mentioned_account_id = 'x:813286' and year = 2014",
        "networks_yearly: a network has as many edges as rows of follows_yearly or mentions_yearly between its nodes",
        "year=2014, network_code=mentions, platform_code=x, edges_count=6, rows_count=5",
    ),
    (
        "delete from marts.networks_yearly where year = 2014",
        "networks_yearly: a network has as many edges as rows of follows_yearly or mentions_yearly between its nodes",
        "edges_count=0, rows_count=6",
    ),
    (
        "update marts.network_nodes_yearly set in_degree_count = in_degree_count + 1"
        " where account_id = 'x:813286' and year = 2014",
        "networks_yearly: nodes, read lists, degrees, mutual ties and communities add up from network_nodes_yearly",
        "what=in-degrees, networks_count=6, network_nodes_count=7",
    ),
    (
        "insert into marts.mentions_yearly by name select * replace ('x:813286' as account_id, 'x:56443222' as"
        " mentioned_account_id) from marts.mentions_yearly where mentioned_account_id = 'x:813286' and year = 2014",
        "network_nodes_yearly: mutual ties are the rows between nodes whose opposite row exists too",
        "account_id=x:56443222, seen_mutual_count=0, rows_count=1",
    ),
    (
        "update marts.mentions_yearly set mentioning_posts_count = mentioning_posts_count + 1"
        " where mentioned_account_id = 'x:813286' and year = 2014",
        "network_nodes_yearly: posts by and about an account equal those of mentions_yearly between nodes; 2 of",
        "direction_code=about, account_id=x:813286, posts_count=1, expected_count=2",
    ),
    (
        "delete from marts.backtest where figure_id = 'f0100'",
        "backtest: every printed figure is in backtest, once for each of its rules, or once without a comparison; 1 of",
        "figure_id=f0100",
    ),
    (
        "update marts.backtest set is_equal = false where figure_id = 'f0536' and verdict = 'same_source'",
        "backtest: a printed figure that was computed from the data we carry equals ours; 1 of",
        "figure_id=f0536",
    ),
    (
        "update seeds.backtest_rules set account_id = 'x:1' where figure_id = 'f0100' and comparison_code = 'audience'",
        "backtest: an audience printed with a handle is compared with an account that had this handle; 1 of",
        "figure_id=f0100",
    ),
    (
        "update marts.metrics set formula = '=HYPERLINK(1)' where metric_id = 'T05'",
        "public: no public text has a control character or begins like a spreadsheet formula; 1 of",
        "table_name=metrics, column_name=formula, cells_count=1, example==HYPERLINK(1)",
    ),
    (
        "update marts.accounts_yearly set handle = chr(8238) || 'a' where account_id = 'x:726748106' and year = 2014",
        "public: no public text has a control character or begins like a spreadsheet formula; 1 of",
        "table_name=accounts_yearly, column_name=handle, cells_count=1, example=\\u202ea",
    ),
    (
        "update marts.backtest set printed_subject_name = '@a' || chr(7) where figure_id = 'f0100'",
        "public: no public text has a control character or begins like a spreadsheet formula; 1 of",
        "table_name=backtest, column_name=printed_subject_name, cells_count=1",
    ),
    (
        "update intermediate.int_conservation set projected_count = projected_count - 1 where table_name like 'post%'",
        "log: every event that was landed is staged, superseded or withdrawn; none is lost; 1 of 3",
        "events_count=11546, accounted_count=11545",
    ),
    (
        "update raw.collections set payload = json_merge_patch(payload, '{\"rows\": 1054}') where ledger_position = 4",
        "log: every row of a source became an event, a duplicate, a row left out or one in quarantine; 1 of 13",
        "rows_count=1054, accounted_count=1055, ",
    ),
    (
        "delete from raw.post_snapshots where subject = 'x:726748106/907538751995465728'",
        "log: every segment was landed with as many rows as the ledger counts; 1 of 14",
        "rows_count=1057, landed_count=1056",
    ),
    (
        "update raw.collections set payload = json_merge_patch(payload, "
        "'{\"rows\": 1155, \"quarantined\": [' || array_to_string([1 for i in range(100)], ',') || ']}')"
        " where ledger_position = 4",
        "log: no input has more than a twentieth of its rows in quarantine; 1 of 14",
        "quarantined_count=100",
    ),
]


@pytest.fixture
def broken(built, tmp_path) -> Home:
    """Give what the gate reads of the real panel, to break it."""
    home = Home(tmp_path / "data")
    for name in ("twiplomacy.duckdb", "dbt/manifest.json", "dbt/manifest.sha256", "log/ledger.jsonl"):
        (home.path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(built.path / name, home.path / name)
    return home


@pytest.fixture
def only(tmp_path, monkeypatch) -> Callable[[str], None]:
    """Return a function that leaves the gate the suite of one table."""

    def choose(table: str) -> None:
        (tmp_path / "suites").mkdir()
        for path in (FOLDER / "suites" / f"{table}.yml", FOLDER / "baselines.csv"):
            (tmp_path / path.relative_to(FOLDER)).write_bytes(path.read_bytes())
        monkeypatch.setattr("expectations.gate.FOLDER", tmp_path)

    return choose


@pytest.mark.parametrize(("sql", "rule", "rows"), BREAKS, ids=[rule.split(";")[0] for _, rule, _ in BREAKS])
def test_a_break_is_named_with_table_rule_and_rows(broken, only, capsys, sql, rule, rows):
    only(rule.split(":")[0])
    broken.execute(sql)
    assert broken.run("gate") == 1
    error = capsys.readouterr().err
    assert f"critical: {rule}" in error
    assert rows in error
    assert "Traceback" not in error


def test_every_rule_says_what_to_do():
    rules = [rule for path in sorted((FOLDER / "suites").glob("*.yml")) for rule in read_yaml(path)]
    assert all(len(rule["fix"].split()) > 5 and "\n" not in rule["fix"] for rule in rules)


def read(source: str, schema: str = "1", name: str = "a.jsonl", rows: int = 100, **more: Any) -> str:
    """Return SQL that lands one collection after the real ones: a file's of 100 rows, or with ``run`` a platform's."""
    counts = {f"{kind}.observed": more.pop(kind) for kind in ("account", "post") if kind in more}
    data = {"rows": rows, "duplicates": 0, "events": counts, "quarantined": [{}] * more.pop("refused", 0), **more}
    data |= {"started_at": name} if schema.startswith("run") else {"input": {"name": name}}
    return (
        "update build_stamp set cut = 99; insert into raw.collections by name select * replace (15 +"
        " (select count(*) from raw.collections) as ledger_position, gen_random_uuid() as event_id,"
        f" '{source}' as source_id, 'collection/{schema}' as dataschema, '{json.dumps(data)}' as payload)"
        " from raw.collections limit 1"
    )


RUNS = ("2026-01-01", "2026-01-02")
WAYS_OUT = {
    "no input has more than a twentieth of its rows in quarantine; 3 of": [
        (read("s1", post=90, refused=10), read("s1", post=100)),
        (read("s2", "run/1", RUNS[0], post=90, refused=10), read("s2", "run/2", RUNS[1], post=100)),
        (
            read("un-m49", post=90, refused=10),
            "update marts.sources set withdrawn_date = '2018-01-01' where source_id = 'un-m49'",
        ),
    ],
    "every row of a source became an event, a duplicate, a row left out or one in quarantine; 5 of": [
        (read("s3", post=99), read("s3", post=100)),
        (
            read("s7", account=30, post=80),
            read("s7", "4", account=30, post=80, beside=10),
        ),  # read by an earlier version
        (read("s4", account=99), read("s4", account=100)),
        (read("s5", "4", account=20, post=81, beside=2), read("s5", "4", account=20, post=82, beside=2)),
        (read("s6", "run/1", RUNS[0], post=99), read("s6", "run/1", RUNS[1], post=90, account=10)),
    ],
}
"""Rule -> readings that turn it red, each with what turns it green again."""


def test_what_was_read_wrongly_stops_the_gate_until_it_is_read_rightly(broken, only, capsys):
    only("log")
    for cases in WAYS_OUT.values():
        broken.execute("; ".join(red for red, _ in cases))
    assert broken.run("gate") == 1
    error = capsys.readouterr().err
    assert all(f"critical: log: {rule}" in error for rule in WAYS_OUT)
    assert error.count("\n  to do: ") == len(WAYS_OUT)
    for cases in WAYS_OUT.values():
        broken.execute("; ".join(green for _, green in cases))
    assert broken.run("gate") == 0


def test_a_file_of_posts_and_profiles_is_accounted_for(broken, only):
    only("log")
    broken.execute(read("s1", account=20, post=100))  # none of the profiles is a row
    broken.execute(read("s2", "4", account=30, post=80, beside=10))
    broken.execute(read("s3", account=100))
    broken.execute(read("s4", post=99, account=3, refused=1))
    assert broken.run("gate") == 0


def test_a_run_that_got_nothing_hides_no_bad_one(broken, only):
    only("log")
    broken.execute(read("s", "run/1", "2026-01-01", post=90, refused=10))
    broken.execute(read("s", "run/1", "2026-01-02", rows=0))
    assert broken.run("gate") == 1


def test_what_was_observed_does_nothing_to_whoever_reads_the_verdict(broken, only, capsys, verdict_of):
    only("sources")
    broken.execute(
        "update marts.audiences set source_id = 'a' || chr(10) || 'critical: b' || chr(8238) || chr(27) || 'c'"
    )
    assert broken.run("gate") == 1
    error = capsys.readouterr().err
    assert "source_id=a" in error
    assert {letter for letter in error if not letter.isprintable()} == {"\n"}
    assert not any(line.startswith("critical: b") for line in error.splitlines())
    assert str(verdict_of(broken, 2017)["checks"][0]["examples"]).isprintable()


def test_nothing_is_released_and_the_previous_release_stays_when_the_gate_fails(released, tmp_path, capsys):
    home = released.copy(tmp_path / "data")
    before = {path.name: path.stat().st_mtime_ns for path in (home.releases / "2017.0.0").iterdir()}
    home.execute(BREAKS[0][0])
    assert home.run("gate") == 1
    assert home.run("release") == 1
    assert "the gate did not pass 2017; nothing was released" in capsys.readouterr().err
    assert [path.name for path in home.releases.iterdir()] == ["2017.0.0"]
    assert {path.name: path.stat().st_mtime_ns for path in (home.releases / "2017.0.0").iterdir()} == before


def public_tables(home):
    return {table.name: table.public() for table in tables(home.path / "dbt" / "manifest.json")}


def queries(public):
    return {name: table.select() for name, table in public.items()}


@pytest.mark.parametrize(
    ("column", "rule"),
    [
        (("posts_yearly", "likes_received_count", "bigint"), "a public row of posts_yearly has only ids"),
        (("posts_yearly", "posted_at", "timestamptz"), "a public row of posts_yearly has only ids"),
        (("accounts_yearly", "post_text", "varchar"), "no public column has a name that suggests content"),
    ],
)
def test_a_column_that_must_not_be_public_is_refused(built, column, rule):
    table, name, data_type = column
    public = queries(public_tables(built))
    public[table] = f"select *, null::{data_type} as {name} from ({public[table]})"
    (failed,) = gate(built.database, 2017, public).failed("critical")
    assert failed.rule.startswith(rule)
    assert column[1] in describe(failed)


NAMED = {
    "platform_code": """accounts_yearly audiences backtest campaigns_yearly content_yearly coverage_yearly
        engagement_yearly figures follows_yearly groups_yearly mentions_yearly missions_yearly network_nodes_yearly
        networks_yearly people_yearly question_sessions_yearly states_yearly tenures_yearly""",
    "account_id": """account_changes_yearly accounts_yearly audiences campaigns_yearly content_yearly engagement_yearly
        follows_yearly mentions_yearly network_nodes_yearly posts_yearly tenures_yearly""",
    "account_ids": "offices_yearly people_yearly",
    "followed_account_id": "follows_yearly",
    "mentioned_account_id": "mentions_yearly",
    "subject": "data_issues_yearly",
}
"""Public column that names a platform or an account -> the tables that have it."""


@pytest.mark.parametrize("column", NAMED)
def test_no_public_table_with_a_platform_or_an_account_is_overlooked(broken, only, column):
    only("platforms")
    public = public_tables(broken)
    for table in public.values():
        if column in {each.name for each in table.columns} and table.name != "platforms":
            broken.execute(f"create or replace table marts.{table.name} as from marts.{table.name} limit 0")
            broken.execute(f"insert into marts.{table.name} ({column}) values ('myspace:1')")
            public[table.name] = replace(table, rows="")
    (failed,) = gate(broken.database, 2017, queries(public)).failed("critical")
    assert failed.examples == [
        {
            "platform_code": "myspace",
            "redistribution_code": "not in the table of terms",
            "table_names": " ".join(NAMED[column].split()),
        }
    ]


def test_an_account_of_a_platform_that_is_not_released_is_in_no_public_table(synthetic):
    """YouTube's data stay with the authors."""
    assert synthetic.query("select count(*) > 0 from marts.tenures_yearly where platform_code = 'youtube'") == [(True,)]
    checks = gate(synthetic.database, 2028, queries(public_tables(synthetic))).checks
    (rule,) = (check for check in checks if check.table == "platforms")
    assert rule.passed, describe(rule)


def test_a_check_that_cannot_run_is_an_error_not_a_pass(built, tmp_path, monkeypatch):
    suites = tmp_path / "suites"
    suites.mkdir()
    rule = {"rule": "r", "fix": "f", "severity": "critical", "sql": "select 1 as a"}
    rule["expect"] = {"type": "ExpectColumnValuesToBeBetween", "column": "missing", "min_value": 0}
    (suites / "sources.yml").write_text(yaml.safe_dump([rule]))
    (tmp_path / "baselines.csv").write_bytes((FOLDER / "baselines.csv").read_bytes())
    monkeypatch.setattr("expectations.gate.FOLDER", tmp_path)
    with pytest.raises(GateFailed, match="sources: r: the check itself is broken"):
        gate(built.database, 2017, {})


def test_a_warning_is_shown_but_releases(built, tmp_path, capsys, verdict_of):
    home = built.copy(tmp_path / "data")
    home.execute(
        "update marts.figures set previous_value = 158 where metric_id = 'C02' and platform_code = 'x' and year = 2014"
    )
    assert home.run("gate") == 0
    output = capsys.readouterr().out
    assert "warning: figures: no number of present states falls by more than a tenth in a year; 1 of 36" in output
    assert "metric_id=C02, scope=register_2014, value=142.0, previous_value=158.0, change=0.89" in output
    assert "warning: tenures_yearly: the posts of every tenure were collected for all its time; 7 of 32 rows" in output
    assert "partial_reason=capture_ended" in output
    assert verdict_of(home, 2017)["verdict"] == "passed"


def test_a_verdict_is_plain_and_has_no_clock(released, verdict_of):
    verdict = verdict_of(released, 2017)
    assert verdict["year"] == 2017
    failed = [check["rule"] for check in verdict["checks"] if not check["passed"]]
    assert failed == [
        "every state of a scope was searched for in the year",  # nobody looked after 2015
        "the posts of every tenure were collected for all its time",  # Obama's timeline begins in August 2014
    ]
    assert all(check["fix"] for check in verdict["checks"])
    assert all((check["examples"] == []) == check["passed"] for check in verdict["checks"])
    tables = {check["table"] for check in verdict["checks"]}
    assert tables == {path.stem for path in (FOLDER / "suites").glob("*.yml")}
