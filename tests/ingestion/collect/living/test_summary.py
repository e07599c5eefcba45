"""What a person reads of a run that has ended."""

import pytest

from ingestion.collect.outcome import SourceError
from tests.ingestion.collect.living.home import Home
from twiplomacy.synthetic.loopback import Reply
from twiplomacy.synthetic.x_api import XServer, post


def test_a_platform_that_answers_nothing_is_an_error_that_says_what_was_asked_and_why_not(tmp_path, server):
    home = Home(tmp_path, server)
    server.answer = lambda _: Reply({}, 500)
    message = (
        r"^x was asked for 3 accounts, 3 posts and answered nothing: mostly 127\.0\.0\.1:\d+ answered 500, 6 times$"
    )
    with pytest.raises(SourceError, match=message):
        home.run()
    assert home.finished()[-1]["outcome"] == "failed"


def test_a_part_without_any_answer_is_reported_loudly_and_is_no_error(tmp_path, server):
    home = Home(tmp_path, server)
    server.answer = lambda request: Reply({}, 404) if "tweets" in request.path else XServer.answer(server, request)
    assert home.run()["outcome"] == "partial"
    (line,) = [line for line in home.said if "NOTHING WAS GOT" in line]
    assert line == "  posts: NOTHING WAS GOT: mostly X refused the question: 404 without a word"


@pytest.mark.parametrize(("refused", "is_loud"), [(0, False), (1, False), (2, True)])
def test_more_than_a_twentieth_of_refused_rows_is_reported_loudly(tmp_path, server, refused, is_loud):
    posts = [post(i, 100, "2026-02-20T00:00:00") for i in range(17)]
    for item in posts[:refused]:
        item["created_at"] = "2026-02-30T00:00:00.000Z"
    home = Home(tmp_path, XServer(list(server.users.values()), posts))
    home.run(("accounts", "posts"))
    assert [line for line in home.said if "CANNOT BE READ" in line] == ["  2 OF 20 ROWS CANNOT BE READ"] * is_loud
