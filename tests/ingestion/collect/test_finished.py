"""The event that closes a collection: which fields it has decides the version of its schema."""

import pytest

from ingestion.collect.finished import FileFinished, RunFinished

AT = "2026-03-01T12:00:00Z"
RUN = {"reason": "", "platform_code": "x", "started_at": AT, "finished_at": AT, "day": "2026-03-01"}


@pytest.mark.parametrize(
    ("fields", "schema"),
    [
        ({"left_out": None}, "collection/1"),
        ({"left_out": None, "version": {"previous": 1}}, "collection/2"),
        ({"left_out": 3}, "collection/3"),
        ({"left_out": 3, "beside": 0}, "collection/4"),
        ({"left_out": None, "beside": 0, "version": {"previous": 1}, "unlisted": {"no date": 2}}, "collection/5"),
    ],
)
def test_the_fields_of_a_file_decide_the_version(fields, schema):
    event = FileFinished(outcome="complete", input={"name": "a.csv", "sha256": "b"}, **fields).event(
        "sheet", "a.csv", AT
    )
    assert (event.type, event.subject, event.dataschema) == ("collection.finished", "sheet/a.csv", schema)
    assert {name: event.data.get(name) for name in fields} == fields


@pytest.mark.parametrize(
    ("fields", "schema"),
    [
        ({}, "collection/run/1"),
        ({"ids": {"x:@govexample": "x:100200300"}}, "collection/run/2"),
        ({"ids": {"x:@govexample": "x:100200300"}, "unlisted": {"no post": 2}}, "collection/run/3"),
    ],
)
def test_the_fields_of_a_run_decide_the_version(fields, schema):
    event = RunFinished(outcome="skipped", **RUN, **fields).event("x-api", AT, AT)
    assert (event.subject, event.dataschema) == (f"x-api/{AT}", schema)
    counts = {"rows": 0, "duplicates": 0, "left_out": 0, "requests": 0, "events": {}, "quarantined": []}
    assert event.data == {"outcome": "skipped", "unknown_fields": {}, **RUN, **counts, **fields}
