"""The synthetic world: what is in it on purpose is found in its table, nothing is left over, one seed gives one log."""

import hashlib
from datetime import date
from decimal import Decimal

import pytest

from ingestion.log import segments
from ingestion.log.ledger import Ledger
from release.describe import tables
from twiplomacy.synthetic import flow
from twiplomacy.synthetic.cast import LAST, archived, did, ministry, president
from twiplomacy.synthetic.worlds import CANARY

EMPTY = {"backtest"}
"""Compares with what the studies printed of real years: a synthetic year must never stand beside that."""


def posts(columns: str, account_id: str, condition: str = "true") -> str:
    return f"""select {columns} from marts.posts_yearly
    where year = {LAST} and account_id = '{account_id}' and {condition} order by posted_at"""


def account(columns: str, account_id: str) -> str:
    return f"""select {columns} from marts.tenures_yearly
    where year = {LAST} and account_id = '{account_id}' order by term_start_date"""


def change(account_id: str) -> str:
    return f"""select change_code, value_after from marts.account_changes_yearly
    where year = {LAST} and account_id = '{account_id}' order by 1"""


NULL, YES, NO = (None,), (True,), (False,)
ODDITIES = {
    "a hand-over inside a day: the post before its instant is the predecessor's": (
        posts("holder_id", president(0), "posted_at between '2028-05-10 15:29:59+00' and '2028-05-10 15:30:00+00'"),
        [("xaa-president-1",), ("xaa-president-2",)],
    ),
    "a hand-over on a shared day is the incoming holder's from midnight": (
        posts("holder_id", president(1), "posted_at in ('2028-05-31 00:30:00+00', '2028-06-01 00:30:00+00')"),
        [("xab-president-1",), ("xab-president-2",)],
    ),
    "two holders of one account in a year": (
        account("holder_id", president(0)),
        [("xaa-president-1",), ("xaa-president-2",)],
    ),
    "a tie in a ranking": (
        f"""select rank from marts.figures where year = {LAST} and platform_code = 'x' and metric_id = 'A01'
        and grain_code = 'account' and scope = 'in_office' order by rank limit 3""",
        [(1,), (1,), (3,)],
    ),
    "an account with no posts": (account("posts_count, posts_per_day", president(4)), [(0, Decimal(0))]),
    "a repost of oneself": (
        posts("is_repost, is_own_repost, is_original", president(15), "posted_at = '2028-04-01 18:00:00+00'"),
        [(True, True, False)],
    ),
    "a thread of replies to oneself is original and answers nobody": (
        posts(
            "is_original, is_reply_to_other",
            president(15),
            "posted_at in ('2028-04-02 10:01+00', '2028-04-02 10:02+00')",
        ),
        [(True, False), (True, False)],
    ),
    "a protected account: its posts are not collected, not zero": (
        account("posts_count, audience_count is not null", president(5)),
        [(None, True)],
    ),
    "a protected account whose archive was given": (
        account("posts_count, source_id", archived(0)),
        [(21, "synthetic-archive")],
    ),
    "a renamed account": (change(president(6)), [("renamed", "syn_xag_renamed")]),
    "a suspended account": (change(president(7)), [("suspended", "suspended")]),
    "a deleted account": (change(president(8)), [("not_found", "not_found")]),
    "a deleted account on Bluesky": (change(f"bluesky:{did('XAT')}"), [("not_found", "not_found")]),
    "an account that joins": (change(president(18)), [("joined", "syn_xas_pres")]),
    "a deleted post": (
        posts("is_unavailable, unavailable_at::date", president(14), "posted_at = '2028-02-28 06:00+00'"),
        [(True, date(2028, 2, 29))],
    ),
    "a post measured again when it is a month old": (
        posts("reposts_received_count, engagement_observed_at::date", ministry(0), "posted_at = '2028-02-28 06:00+00'"),
        [(1440, date(2028, 3, 29))],
    ),
    "one holder of two offices": (
        f"select office_codes from marts.people_yearly where year = {LAST} and holder_id = 'xaj-president-1'",
        [("XAJ-minister XAJ-president",)],
    ),
    "a post by the holder of two offices is one post": (
        f"""select posts_count = (select count(distinct post_id) from marts.posts_yearly where is_in_office and
        year = {LAST} and account_id = '{president(9)}') from marts.people_yearly
        where year = {LAST} and holder_id = 'xaj-president-1'""",
        [YES],
    ),
    "a count that a channel hides": (
        account("audience_count", "youtube:UCsyntheticxas__________"),
        [NULL],
    ),
    "a count that a server hides": (
        account("audience_count", "mastodon:1092@social.synthetic.example"),
        [NULL],
    ),
    "a look by hand that found an account without a count": (
        f"""select status, (select count(*) from intermediate.int_stocks where account_id = 'facebook:synthetic-xaf')
        from marts.coverage_yearly where year = {LAST} and platform_code = 'facebook'
        and country_code = 'XAF'""",
        [("present", 0)],
    ),
    "a leap year": (
        f"""select days_in_office_count from marts.people_yearly
        where year = {LAST} and holder_id = 'xan-president-1' and platform_code = 'x'""",
        [(366,)],
    ),
    "a post on the leap day": (
        posts("is_in_office", president(13), "posted_at = '2028-02-29 08:00+00'"),
        [YES],
    ),
    "the first and the last second of the year are in it, those next to them are not": (
        posts(
            "posted_at::text",
            president(13),
            "posted_at not between '2028-01-01 00:00:01+00' and '2028-12-31 23:59:58+00'",
        ),
        [("2028-01-01 00:00:00+00",), ("2028-12-31 23:59:59+00",)],
    ),
    "growth over two years": (
        account("audience_count, previous_audience_count", president(2)),
        [(30_730_000, 30_363_000)],
    ),
    "a verified mark gained": (change(president(10)), [("verified", "verified")]),
    "a verified mark lost": (change(president(11)), [("unverified", "unverified")]),
    "an account that is quiet for a year and speaks again": (
        change(president(12)),
        [("quiet", "quiet"), ("spoke_again", "posting")],
    ),
    "follow lists walked, walked in part, and not walked": (
        f"""select count_if(is_whole) > 40, count_if(not is_whole) from intermediate.int_follows
        where year = {LAST}""",
        [(True, 1)],
    ),
    "mutual follows, follows one way, and one whose answer is not known": (
        f"""select is_mutual from marts.follows_yearly
        where year = {LAST} and account_id in ('{president(0)}', '{president(2)}')
        and followed_account_id in ('{president(1)}', '{president(3)}', '{president(5)}') order by 1 nulls last""",
        [NO, YES, NULL],
    ),
    "a mention between members": (
        f"""select count(*) from intermediate.int_posts where account_id = '{president(2)}'
        and list_contains(mentioned_account_ids, '{president(3)}') and posted_at = '2028-04-02 09:00+00'""",
        [(1,)],
    ),
    "a campaign: three posts of each of four accounts in its days": (
        """select account_id, campaign_posts_count from marts.campaigns_yearly
        where campaign_posts_count > 0 order by all""",
        [(president(number), 3) for number in range(16, 20)],
    ),
    "a campaign: a post under its tag a day late": (
        """select count(*), count_if(posted_at >= '2028-06-11') from intermediate.int_posts
        where list_contains(hashtags, 'SyntheticOceans')""",
        [(13, 1)],
    ),
    "a question session: five answers in its window, one after it": (
        f"""select count_if(is_reply_to_other and posted_at < '2028-09-12 16:00+00'), count_if(is_reply_to_other)
        from intermediate.int_posts where account_id = '{president(17)}' and list_contains(hashtags, 'AskSynthetic')""",
        [(5, 6)],
    ),
    "the campaign is in the roster with its days": (
        "select hashtag, start_date, end_date from staging.stg_roster__campaigns",
        [("syntheticoceans", date(2028, 6, 8), date(2028, 6, 10))],
    ),
    "a question session of an office, as its table has it": (
        "select office_code, questions_count, answers_count, completeness_code from marts.question_sessions_yearly",
        [("XAR-president", 60, 5, "collected")],
    ),
    "a group of language accounts that are summed": (
        f"""select policy_code, count(*), count(audience_count) from staging.stg_roster__account_groups
        inner join marts.accounts_yearly using (account_id) where year = {LAST} group by all""",
        [("sum", 4, 4)],
    ),
    "missions of each kind, in another state or at an organisation": (
        f"""select category_code, count(distinct account_id), count(distinct host_country_code)
        from intermediate.int_tenures where year = {LAST} and host_country_code is not null
        group by all order by all""",
        [("consulate", 2, 1), ("embassy", 6, 6), ("head_of_mission", 4, 4), ("permanent_mission", 3, 1)],
    ),
    "organisations and who leads them": (
        f"""select category_code, count(distinct office_code) from intermediate.int_tenures
        where year = {LAST} and category_code like '%organisation' group by all order by all""",
        [("head_of_international_organisation", 2), ("international_organisation", 2)],
    ),
    "genders that are stated, and those that are not": (
        f"""select list(distinct gender_code order by gender_code nulls last) from intermediate.int_tenures
        where year = {LAST}""",
        [(["female", "male", "other", None],)],
    ),
    "posts counted by the platform, whole days only": (
        account("counted_days_count", ministry(0)),
        [(365,)],
    ),
    "a state that joins the United Nations on a leap day; two states and two organisations are no members": (
        f"""select count_if(is_un_member), count(*) from marts.coverage_yearly
        where year = {LAST} and platform_code = 'x'""",
        [(28, 32)],
    ),
    "a server whose terms forbid to ask": (
        account("posts_count, audience_count", "mastodon:1094@closed.synthetic.example"),
        [(None, None)],
    ),
    "a platform that was not asked, a row that cannot be read, and two looks that missed an account": (
        f"select issue_code from marts.data_issues_yearly where year = {LAST} order by 1",
        [("platform_not_asked",), ("rows_in_quarantine",), ("seen_but_not_found",), ("seen_but_not_found",)],
    ),
}


@pytest.mark.parametrize(("sql", "rows"), ODDITIES.values(), ids=ODDITIES.keys())
def test_what_is_in_it_on_purpose_is_in_its_table(synthetic, sql, rows):
    assert synthetic.query(sql) == rows


def test_what_may_be_kept_for_some_days_only_is_erased(synthetic):
    ledger = Ledger(synthetic.path / "log")
    sources = {entry.position: entry.source for entry in ledger.lines()}
    assert {sources[erasure.position] for one in ledger.erasures().values() for erasure in one} == {"synthetic-youtube"}
    assert synthetic.query("select count(*) > 20 from marts.posts_yearly where post_id like 'youtube:%'") == [YES]


def test_no_table_is_empty_but_one(synthetic):
    names = {table.name for table in tables(synthetic.path / "dbt" / "manifest.json")}
    assert {name for name in names if synthetic.query(f"select count(*) from marts.{name}") == [(0,)]} == EMPTY


def test_every_source_that_a_row_names_says_that_it_is_synthetic(synthetic):
    known = {source_id for (source_id,) in synthetic.query("select source_id from marts.sources where is_synthetic")}
    named = set()
    for table in tables(synthetic.path / "dbt" / "manifest.json"):
        for column in table.columns:
            if column.name.endswith("source_id"):
                named |= {
                    value for (value,) in synthetic.query(f"select {column.name} from marts.{table.name}") if value
                }
    assert {source_id for value in named for source_id in value.split()} == known


def log_sha256(folder) -> str:
    digest = hashlib.sha256()
    for path in sorted((folder / "log").rglob("*")):
        if path.is_file() and path.suffix != ".lock":
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def test_one_seed_gives_one_log_and_another_seed_another(synthetic, tmp_path):
    for name, seed in (("again", flow.SEED), ("other", flow.SEED + 1)):
        (tmp_path / name).mkdir()
        flow.collected(tmp_path / name, seed, lambda _: None)
    assert log_sha256(tmp_path / "again") == log_sha256(synthetic.path)
    assert log_sha256(tmp_path / "other") != log_sha256(synthetic.path)


def test_no_content_is_in_the_log_the_database_or_a_release(synthetic):
    archives = (synthetic.roster / "observations" / "synthetic-archive").iterdir()
    assert all(CANARY in path.read_text() for path in archives)
    for segment in (synthetic.path / "log" / "segments").iterdir():
        assert not any(b"anary" in line for line in segments.lines(segment)), segment
    for (table,) in synthetic.query("select table_name from duckdb_tables() where schema_name = 'raw'"):
        assert synthetic.query(f"select count(*) from raw.{table} as t where t::text ilike '%canary%'") == [(0,)], table
    for path in [*synthetic.releases.rglob("*"), synthetic.path / "report.duckdb"]:
        assert path.is_dir() or b"anary" not in path.read_bytes(), path


def test_a_metric_has_no_list_where_it_does_not_apply(synthetic):
    """A video answers nobody and nobody reposts it: that is no answer of 0, and nobody is first."""
    listed = {
        metric
        for (metric,) in synthetic.query("select distinct metric_id from marts.figures where platform_code = 'youtube'")
    }
    assert {"A01", "T02", "E04"} & listed
    assert not {"V01", "V02", "E01", "E03"} & listed
    assert synthetic.query(
        "select count(replies_to_others_count) from marts.tenures_yearly where platform_code = 'youtube'"
    ) == [(0,)]
