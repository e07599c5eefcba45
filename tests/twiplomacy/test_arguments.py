"""What one may type: a wrong argument is named with what is right, never with a traceback."""

from decimal import Decimal

import pytest

from twiplomacy.arguments import parser
from twiplomacy.cli import COMMANDS


def test_asking_has_sane_defaults():
    options = parser(COMMANDS).parse_args(["collect"])
    assert (options.platforms, options.plan, options.budget, options.day) == ([], False, Decimal(0), None)
    assert options.parts == ("accounts", "posts", "ages")


@pytest.mark.parametrize("verb", ["build", "gate", "release"])
def test_a_year_is_asked_for_or_left_to_the_roster(capsys, verb):
    assert parser(COMMANDS).parse_args([verb, "--year", "2014"]).year == 2014
    assert parser(COMMANDS).parse_args([verb]).year is None
    with pytest.raises(SystemExit, match="0"):
        parser(COMMANDS).parse_args([verb, "--help"])
    assert "newest edition of the panel" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["collect", "facebook"], "'facebook' cannot be asked; these can: x, bluesky, mastodon, youtube"),
        (["collect", "x", "--parts", "posts,likes"], "choose from accounts, posts, ages, follows, volume"),
        (["collect", "x", "--budget", "much"], "'much' is no number of US dollars"),
        (["collect", "x", "--budget", "-1"], "'-1' is no number of US dollars"),
        (["collect", "x", "--budget", "nan"], "'nan' is no number of US dollars"),
        (["collect", "x", "--day", "2026-02-30"], "'2026-02-30' is no day; expected YYYY-MM-DD"),
        (["build", "--year", "all"], "argument --year: invalid int value: 'all'"),
        (["roster", "mend"], "invalid choice: 'mend'"),
        (["publish"], "invalid choice: 'publish'"),
    ],
)
def test_a_wrong_argument_is_named(capsys, arguments, message):
    with pytest.raises(SystemExit) as ended:
        parser(COMMANDS).parse_args(arguments)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_verb_has_its_help(capsys, verb):
    with pytest.raises(SystemExit) as ended:
        parser(COMMANDS).parse_args([verb, "--help"])
    assert ended.value.code == 0
    assert COMMANDS[verb].__doc__.split(",")[0].split(".")[0][:30] in " ".join(capsys.readouterr().out.split())
