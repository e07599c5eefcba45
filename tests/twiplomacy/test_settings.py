"""Settings: what the environment says, and what it may not say, without saying it again."""

import pytest

from twiplomacy.settings import Settings, SettingsError

KEY = "TWIPLOMACY_X_BEARER_TOKEN"


def read(monkeypatch, **variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Settings.from_environment()


@pytest.mark.parametrize(
    "address",
    [
        "https://api.example.org/v3",
        "https://{server}",
        "https://somebody:password@example.org",
        "http://127.0.0.1:8080",
        "http://127.9.9.9/{server}",
        "http://localhost:1",
        "http://[::1]:8080/x",
    ],
)
def test_an_address_is_of_https_or_of_this_machine(monkeypatch, address):
    assert read(monkeypatch, TWIPLOMACY_X_URL=address).addresses == {"x": address}


@pytest.mark.parametrize(
    "address",
    [
        "http://api.x.com",
        "http://somebody:the-password@api.x.com",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "http://localhost@example.org",
        "http://{server}",
        "HTTP://API.X.COM",
        "ftp://127.0.0.1",
        "api.x.com",
        "https://",
        "https://[",
        "//127.0.0.1",
    ],
)
def test_an_address_to_which_a_key_would_go_in_clear_is_refused_by_the_name_of_its_variable(monkeypatch, address):
    with pytest.raises(SettingsError) as raised:
        read(monkeypatch, TWIPLOMACY_X_URL=address)
    assert str(raised.value).startswith("TWIPLOMACY_X_URL does not start with https://")
    assert "password" not in str(raised.value)


@pytest.mark.parametrize("name", [KEY, "TWIPLOMACY_CONTACT"])
@pytest.mark.parametrize("value", ["the\nkey", "the\rkey: a", "der-Schlüssel", "ключ", "the\x00key", "a  key"])
def test_what_no_request_can_hold_is_refused_without_saying_it(monkeypatch, name, value):
    monkeypatch.setattr("os.environ", {name: value})
    with pytest.raises(SettingsError, match=f"^{name} has a line break") as raised:
        Settings.from_environment()
    assert value not in str(raised.value)


def test_white_space_around_a_key_is_none_of_it(monkeypatch):
    settings = read(monkeypatch, **{KEY: " the-key\n", "TWIPLOMACY_YOUTUBE_API_KEY": " "})
    assert {name: key.get_secret_value() for name, key in settings.keys.items()} == {KEY: "the-key"}
    assert "the-key" not in repr(settings)
