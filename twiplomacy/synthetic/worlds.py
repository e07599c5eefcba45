"""Small synthetic worlds: a roster folder and observation files in the sources' own shapes."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ingestion.collect.files.by_hand import Figures, Presence
from ingestion.roster.tables import FILES

CHECKED = "2020-01-01"
CANARY = "Canary sings in the text"

DEFAULTS: dict[str, dict[str, str]] = {
    "sources": {
        "title": "t",
        "citation": "c",
        "url": "https://example.org",
        "licence_name": "facts only",
        "class_code": "observed",
        "observed_precision_code": "day",
    },
    "platforms": {
        "platform_name": "p",
        "collection_code": "api",
        "kept_code": "accounts_and_posts",
        "redistribution_code": "ids_only",
        "terms_url": "https://example.org/terms",
        "terms_read_month": "2020-01",
    },
    "servers": {"terms_url": "https://example.org/terms", "terms_read_month": "2020-01"},
    "prices": {"start_date": "2020-01-01", "per_code": "resource", "price_url": "https://example.org/prices"},
    "countries": {"country_name": "n"},
    "country_groups": {"source_id": "looks"},
    "offices": {"office_name": "Office", "category_code": "head_of_state"},
    "holders": {"holder_name": "Holder", "holder_kind_code": "person"},
    "terms": {"evidence_title": "t", "evidence_url": "https://example.org"},
    "accounts": {
        "platform_code": "x",
        "account_type_code": "personal",
        "listed_date": "2014-01-01",
        "source_id": "tweets",
    },
    "assignments": {"evidence_title": "t", "evidence_url": "https://example.org"},
    "account_groups": {
        "account_group_name": "Group",
        "policy_code": "sum",
        "evidence_title": "t",
        "evidence_url": "https://example.org",
    },
    "campaigns": {
        "campaign_name": "Campaign",
        "start_date": "2016-01-01",
        "evidence_title": "t",
        "evidence_url": "https://example.org",
    },
    "question_sessions": {
        "session_name": "Session",
        "start_at": "2016-05-02T12:00:00Z",
        "end_at": "2016-05-02T13:00:00Z",
        "platform_codes": "x",
        "evidence_title": "t",
        "evidence_url": "https://example.org",
    },
}

SOURCES = [
    {"source_id": "looks", "adapter": "by-hand", "scope": "all", "observed_at": "2016-08-01T00:00:00Z"},
    {"source_id": "tweets", "adapter": "x-v1.1-archive", "observed_at": "2018-03-01T00:00:00Z"},
]


def write_roster(folder: Path, **rows: Iterable[Mapping[str, str]]) -> Path:
    """Write all roster files below ``folder``; unnamed columns get defaults, unnamed files a minimum."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, Iterable[Mapping[str, str]]] = {
        "editions": [{"year": "2016"}],
        "sources": SOURCES,
        "platforms": [{"platform_code": "x", "timeline_reach_count": "5"}],
        "countries": [{"country_code": "AAA"}, {"country_code": "BBB"}],
        **rows,
    }
    for name, model in FILES.items():
        header = [*(column for column in model.model_fields if column != "checked_date"), "checked_date"]
        write_csv(
            folder / f"{name}.csv",
            header,
            ({**defaults(name, row), **row} for row in tables.get(name, [])),
        )
    return folder


def defaults(name: str, row: Mapping[str, str]) -> Mapping[str, str]:
    """Return what unnamed columns of a roster file's row get."""
    handle = {}
    if name == "accounts":
        native = row["account_id"].partition(":")[2]
        handle = {"handle": native.split("@")[1] if native.startswith("@") else f"user{native}"}
    return {"checked_date": CHECKED} | DEFAULTS.get(name, {}) | handle


def joined(worlds: Iterable[tuple[int, Mapping[str, Iterable[Mapping[str, str]]]]]) -> dict[str, list[dict[str, str]]]:
    """Put the rosters of several worlds into one, each with an edition of its own or with states of its own.

    What has no dates lasts for the three years before and after its world's edition: worlds whose editions lie four
    years apart see nothing of each other. A row that two of them have, as of a source, is there once.
    """
    rows: dict[str, list[dict[str, str]]] = {"editions": []}
    for year, roster in worlds:
        if {"year": str(year)} not in rows["editions"]:
            rows["editions"].append({"year": str(year)})
        lasts = {"start_date": f"{year - 3}-01-01", "end_date": f"{year + 3}-12-31"}
        unsaid = {"accounts": {"listed_date": f"{year - 2}-01-01"}, "country_groups": lasts, "assignments": lasts}
        for name, entries in roster.items():
            known = rows.setdefault(name, [])
            dated = [{**unsaid.get(name, {}), **entry} for entry in entries]
            known += [entry for entry in dated if entry not in known]
    return rows


def write_presence(
    folder: Path, rows: Iterable[Mapping[str, str]], name: str = "looks.csv", source: str = "looks"
) -> Path:
    """Write one hand-recorded file; unnamed columns get defaults."""
    default = {"platform_code": "x", "looked_from_date": "2007-01-01", "looked_until_date": "2016-12-31"}
    path = folder / "observations" / source / name
    write_csv(path, list(Presence.model_fields), ({**default, **row} for row in rows))
    return path


def write_figures(folder: Path, rows: Iterable[Mapping[str, str]], source: str, name: str = "figures.csv") -> Path:
    """Write one file of counts of single accounts; unnamed columns get defaults."""
    default = {
        "audience_code": "followers",
        "rounding_code": "exact",
        "observed_precision_code": "day",
        "evidence_url": "https://example.org",
    }
    path = folder / "observations" / source / name
    write_csv(path, list(Figures.model_fields), ({**default, **row} for row in rows))
    return path


def write_tweets(
    folder: Path, tweets: Iterable[Mapping[str, Any]], name: str = "tweets.jsonl", source: str = "tweets"
) -> Path:
    """Write one archive of whole v1.1 tweets."""
    path = folder / "observations" / source / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(tweet) + "\n" for tweet in tweets), encoding="utf-8")
    return path


def write_csv(path: Path, header: list[str], rows: Iterable[Mapping[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def user(user_id: int, **changes: Any) -> dict[str, Any]:
    """A whole v1.1 user object, canaries in all that must be dropped."""
    return {
        "id": user_id,
        "id_str": str(user_id),
        "name": CANARY,
        "screen_name": f"user{user_id}",
        "location": CANARY,
        "description": CANARY,
        "url": "https://t.co/canary",
        "protected": False,
        "followers_count": 1000,
        "friends_count": 10,
        "listed_count": 1,
        "created_at": "Tue Jan 01 00:00:00 +0000 2013",
        "favourites_count": 3,
        "verified": True,
        "statuses_count": 1,
        "lang": "en",
        "profile_image_url": "http://pbs.example/canary.jpeg",
        **changes,
    }


def tweet(tweet_id: int, author: int, created_at: str, **changes: Any) -> dict[str, Any]:
    """A whole v1.1 tweet, canaries in all that must be dropped."""
    return {
        "created_at": created_at,
        "id": tweet_id,
        "id_str": str(tweet_id),
        "text": CANARY,
        "truncated": False,
        "entities": {
            "hashtags": [{"text": "Peace", "indices": [0, 6]}],
            "user_mentions": [{"id": 7, "id_str": "7", "screen_name": "seven", "name": CANARY, "indices": [0, 5]}],
            "urls": [{"url": "https://t.co/x", "expanded_url": "https://www.example.org/canary", "indices": [0, 3]}],
            "media": [{"id": 9, "type": "photo", "media_url": "http://pbs.example/canary.jpg"}],
        },
        "source": '<a href="http://example.org/canary" rel="nofollow">Client</a>',
        "in_reply_to_status_id": None,
        "in_reply_to_status_id_str": None,
        "in_reply_to_user_id": None,
        "in_reply_to_user_id_str": None,
        "in_reply_to_screen_name": None,
        "user": user(author),
        "geo": None,
        "coordinates": None,
        "place": None,
        "contributors": None,
        "is_quote_status": False,
        "retweet_count": 10,
        "favorite_count": 20,
        "favorited": False,
        "retweeted": False,
        "lang": "en",
        **changes,
    }
