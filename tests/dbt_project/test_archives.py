"""What archives say and leave out: a field that is not there is unknown, and a fact that stands elsewhere is read."""

import json
from itertools import zip_longest

import pytest

from ingestion.collect.files import archives
from ingestion.collect.files.archives.x_v2 import XV2Archive
from ingestion.collect.outcome import Outcome
from ingestion.log import segments
from ingestion.log.events import Event
from ingestion.log.ledger import Ledger
from ingestion.roster.files import read_roster
from tests.conftest import Home
from tests.ingestion.collect.platforms.test_mastodon import recorded
from tests.ingestion.log.test_golden import LINES
from twiplomacy.synthetic.worlds import SOURCES, tweet, write_roster
from twiplomacy.synthetic.x_api import PROBLEM, post, user

YEAR = 2016
EDITED, LONG, DELETED, SAMPLE, SILENT, POORER, OWN, AGAIN, LEFT, CUT, BARE = (
    *(f"x:{number}" for number in range(21, 31)),
    "mastodon:37@social.example",
)
ACCOUNTS = (EDITED, LONG, DELETED, SAMPLE, SILENT, POORER, OWN, AGAIN, LEFT, CUT, BARE)
MARCH, LATER, END = "2016-03-04T10:05:00Z", "2016-06-01T00:00:00Z", "2016-12-31T00:00:00Z"
DAY = "2016-03-04T10:00:00"
STATUS = {
    "id": "61",
    "created_at": f"{DAY}.000Z",
    "visibility": "public",
    "account": {"id": "37", "username": "m37", "acct": "m37", "url": "https://social.example/@m37"},
    "replies_count": 1,
    "reblogs_count": 2,
    "favourites_count": 3,
}


def page(at, *posts, users=(), **more):
    includes = {"users": [user(int(number), **changes) for number, changes in users], **more.pop("includes", {})}
    return {"data": list(posts), "includes": includes, "__twarc": {"retrieved_at": at}, **more}


def counted(number):
    return {"public_metrics": {"followers_count": 5, "following_count": 1, "tweet_count": number}}


def versions(*ids):
    return {"edit_history_tweet_ids": list(ids)}


def bare(native, author):
    """A post asked for with no more than its counts."""
    kept = ("id", "author_id", "created_at", "public_metrics")
    return {name: value for name, value in post(native, author, DAY).items() if name in kept}


PAGES = [
    page(MARCH, post(2001, 21, DAY, **versions("2001"))),
    page(LATER, post(2002, 21, DAY, **versions("2001", "2002"))),
    page(
        LATER,
        post(
            2003,
            22,
            DAY,
            note_tweet={
                "entities": {
                    "hashtags": [{"tag": "Peace"}, {"tag": "Later"}],
                    "mentions": [{"id": "21", "start": 410}],
                }
            },
        ),
    ),
    page(MARCH, post(2006, 23, DAY), post(2007, 23, DAY)),
    page(
        LATER,
        post(2007, 23, DAY),
        errors=[{"type": f"{PROBLEM}resource-not-found", "resource_type": "tweet", "resource_id": "2006"}],
    ),
    page(END, post(2008, 24, DAY), post(2009, 24, "2016-10-04T10:00:00"), users=[("24", counted(58_000))]),
    page(END, post(2010, 25, DAY), post(2011, 25, DAY), users=[("25", counted(2) | {"created_at": None})]),
    page(MARCH, post(2012, 26, DAY, source="App")),
    page(LATER, bare(2012, 26) | {"public_metrics": {"retweet_count": 99, "like_count": 20}}),
    page(
        LATER,
        post(2013, 27, DAY, referenced_tweets=[{"type": "retweeted", "id": "2099"}], entities={}),
        includes={"tweets": [post(2099, 27, DAY)]},
    ),
    page(LATER, post(2015, 31, DAY, entities={"hashtags": "Peace"})),
    page(MARCH, post(2014, 28, DAY)),
]
GOLDEN_TIME = "2026-03-01T12:00:00Z"
GOLDEN = {
    "x:100/8": page(GOLDEN_TIME, post(8, 100, "2026-02-22T19:00:00", source="App")),
    "mastodon:109000000000000001@social.example/114000000000000040": recorded("statuses")[0],
}
"""Posts of the golden log in the shapes of before -> the line from which an adapter of now reads each again."""
GOLDEN_LINES = [[line] for line in GOLDEN.values()]
TWEETS = [
    tweet(3001, 29, "Fri Mar 04 10:00:00 +0000 2016"),
    tweet(3002, 29, "Fri Mar 04 10:00:00 +0000 2016"),
    {"delete": {"status": {"id": 3001, "id_str": "3001", "user_id": 29, "user_id_str": "29"}}},
    {"limit": {"track": 3}},
    tweet(
        3003, 30, "Fri Mar 04 10:00:00 +0000 2016", truncated=True, entities={"urls": [{"expanded_url": "http://t.co"}]}
    )
    | {"extended_tweet": {"entities": {"hashtags": [{"text": "Whole"}]}, "full_text": "canary"}},
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("archives")
    home = Home(folder / "data", folder / "roster")
    write_roster(
        home.roster,
        sources=[
            SOURCES[1] | {"observed_at": END},
            {"source_id": "pages", "adapter": "x-v2-archive", "observed_at": END},
            {"source_id": "toots", "adapter": "mastodon-archive", "observed_at": END},
            {"source_id": "golden-pages", "adapter": "x-v2-archive", "observed_at": GOLDEN_TIME},
            {"source_id": "golden-toots", "adapter": "mastodon-archive", "observed_at": GOLDEN_TIME},
        ],
        platforms=[
            {"platform_code": "x", "timeline_reach_count": "3200"},
            {"platform_code": "mastodon", "timeline_reach_count": ""},
        ],
        countries=[{"country_code": "AAA"}],
        offices=[{"office_code": f"AAA-{place}", "country_code": "AAA"} for place in range(len(ACCOUNTS))],
        holders=[{"holder_id": f"h{place}"} for place in range(len(ACCOUNTS))],
        terms=[
            {"office_code": f"AAA-{place}", "holder_id": f"h{place}", "start_date": "2015-01-01"}
            for place in range(len(ACCOUNTS))
        ],
        accounts=[
            {"account_id": account, "country_code": "AAA", "platform_code": account.partition(":")[0]}
            for account in ACCOUNTS
        ],
        assignments=[{"account_id": account, "holder_id": f"h{place}"} for place, account in enumerate(ACCOUNTS)],
    )
    hand_in(home)
    older_code(home)
    hand_in(home, PAGES, [STATUS], TWEETS, *GOLDEN_LINES)
    home.build(YEAR)
    return home


def hand_in(home, *archives):
    for name, lines in zip_longest(
        ("pages", "toots", "tweets", "golden-pages", "golden-toots"), archives, fillvalue=()
    ):
        path = home.roster / "observations" / name / "a.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    assert home.run("collect") == 0


def older_code(home):
    """Put into the log what an older adapter made of the last page and of the golden log's posts: shapes of before."""
    source, outcome = read_roster(home.roster).sources["pages"], Outcome()
    path = home.path / "older.jsonl"
    path.write_text(json.dumps(PAGES[-1]), encoding="utf-8")
    events = [older(event) for event in archives.read(path, "older", XV2Archive(source, outcome), outcome)]
    golden = [Event.decode(line) for line in LINES]
    made = {"pages": events} | {
        name: [
            replace_source(event, name) for event in golden if (event.type, event.subject) == ("post.observed", subject)
        ]
        for name, subject in zip(("golden-pages", "golden-toots"), GOLDEN, strict=True)
    }
    ledger = Ledger(home.path / "log")
    with ledger.writing(lambda _: None):
        for name, own in made.items():
            ledger.append(segments.write(ledger.segments, name, own), name, "0" * 64)


def replace_source(event, source_id):
    return Event(source_id, event.type, event.subject, event.time, event.dataschema, event.data, event.recorded_at)


def older(event):
    data = {name: value for name, value in event.data.items() if name != "is_whole"}
    return Event(event.source, event.type, event.subject, event.time, "x/v2/post", data, event.recorded_at)


def posts(home, account, columns):
    return home.query(f"select {columns} from intermediate.int_posts where account_id = '{account}' order by post_id")


def activity(home, account, columns):
    (row,) = home.query(f"select {columns} from marts.accounts_yearly where account_id = '{account}'")
    return row


def test_an_edited_post_is_its_newest_version(home):
    assert posts(home, EDITED, "post_id") == [("x:2002",)]
    assert activity(home, EDITED, "posts_count, original_posts_count") == (1, 1)


def test_what_stands_past_280_characters_is_read(home):
    assert posts(home, LONG, "hashtags, mentioned_account_ids") == [(["Peace", "Later"], ["x:21"])]


def test_a_deletion_that_an_archive_saw_counts(home):
    gone = "post_id, unavailable_at is not null"
    assert posts(home, DELETED, gone) == [("x:2006", True), ("x:2007", False)]
    assert posts(home, LEFT, gone) == [("x:3001", True), ("x:3002", False)]
    assert activity(home, LEFT, "unavailable_posts_count") == (1,)
    assert home.query(
        "select left_out_count, quarantined_count from staging.stg_collections where left_out_count > 0"
    ) == [(1, 0)]


def test_a_sample_is_no_timeline(home):
    columns = "posts_count, days_count, posts_per_day, is_partial, partial_reason"
    assert activity(home, SAMPLE, columns) == (2, None, None, True, "incomplete_capture")


def test_a_sample_is_no_part_of_the_mean_posts_per_day(home):
    """Its posts per day are unknown, which is not zero."""
    ((collected, known, mean),) = home.query(f"""
        select count(posts_count), count(posts_per_day), (sum(posts_per_day) / count(posts_per_day))::decimal(38, 6)
        from marts.tenures_yearly where year = {YEAR} and platform_code = 'x'
    """)
    assert collected > known > 0
    assert home.query(f"""
        select collected_terms_count, mean_posts_per_day::decimal(38, 6) from marts.groups_yearly
        where year = {YEAR} and platform_code = 'x' and group_type_code = 'all'
    """) == [(collected, mean)]
    assert home.query(f"""
        select n, denominator, value::decimal(38, 6) from marts.figures
        where year = {YEAR} and platform_code = 'x' and metric_id = 'T03' and grain_code = 'world'
    """) == [(known, known, mean)]


def test_a_whole_capture_covers_all_before_it_whenever_the_account_was_made(home):
    assert activity(home, SILENT, "posts_count, days_count, is_partial") == (2, 366, False)
    assert home.query(f"select start_at from intermediate.int_collected_periods where account_id = '{SILENT}'") == [
        (None,)
    ]


def test_a_poorer_later_look_takes_nothing_away(home):
    columns = "client_name, language_code, hashtags, is_reply_to_other, is_quote, kind_code, reposts_received_count"
    assert posts(home, POORER, columns) == [("App", "en", ["Peace"], False, False, "photo", 99)]
    assert posts(home, POORER, "replies_received_count") == [(3,)]


def test_whose_post_was_reposted_stands_beside_the_page(home):
    assert posts(home, OWN, "is_repost, is_own_repost") == [(True, True)]


def test_a_source_read_by_older_code_and_again_gives_one_observation(home):
    assert home.query("select count(*) from raw.post_snapshots where subject = 'x:28/2014'") == [(2,)]
    assert home.query("select dataschema from raw.post_snapshots where subject = 'x:28/2014' order by all") == [
        ("x/v2/post",),
        ("x/v2/post/2",),
    ]
    assert home.query("select count(*) from intermediate.int_post_observations where account_id = 'x:28'") == [(1,)]
    assert (
        home.query(
            "select table_name from intermediate.int_conservation"
            " where events_count != projected_count + superseded_count + withdrawn_count"
        )
        == []
    )
    assert activity(home, AGAIN, "posts_count") == (1,)


@pytest.mark.parametrize("subject", GOLDEN)
def test_a_post_of_the_golden_log_that_is_read_again_is_one_observation(home, subject):
    shapes = home.query(f"select dataschema from raw.post_snapshots where subject = '{subject}' order by all")
    assert len(shapes) == 2
    assert shapes[1] == (f"{shapes[0][0]}/2",)
    platform, _, native = subject.partition(":")
    account, _, native = native.partition("/")
    post_id = f"{platform}:{native}" + (f"@{account.partition('@')[2]}" if "@" in account else "")
    counted = f"select source_id from intermediate.int_post_observations where post_id = '{post_id}'"
    assert len(home.query(counted)) == 1


def test_the_facts_of_a_cut_tweet_stand_in_its_extended_one(home):
    assert posts(home, CUT, "hashtags, link_domains, kind_code") == [(["Whole"], [], "text")]


def test_what_entities_of_another_form_said_is_unknown(home):
    columns = "is_repost, is_reply, is_quote, kind_code, hashtags, mentioned_account_ids, link_domains"
    assert home.query(f"select {columns} from staging.stg_posts where account_id = 'x:31'") == [(None,) * 7]


def test_a_key_that_is_not_there_is_unknown(home):
    columns = (
        "is_repost, is_original, is_reply_to_other, is_quote, kind_code, hashtags, mentioned_account_ids, link_domains"
    )
    assert posts(home, BARE, columns) == [(None,) * 8]
    columns = "posts_count, original_posts_count, reposts_made_count, replies_to_others_count, reply_share"
    assert activity(home, BARE, columns) == (1, None, None, None, None)
    assert activity(home, BARE, "reposts_received_count, reposts_per_original_post") == (None, None)
