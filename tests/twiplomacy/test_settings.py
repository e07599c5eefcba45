"""Settings: what the environment says, and what it may not say, without saying it again."""

import re

import pytest

from tests.conftest import PROJECT
from twiplomacy.settings import Settings, SettingsError

KEY = "TWIPLOMACY_X_BEARER_TOKEN"


def read(monkeypatch, **variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Settings.load()


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
        Settings.load()
    assert value not in str(raised.value)


def test_white_space_around_a_key_is_none_of_it(monkeypatch):
    settings = read(monkeypatch, **{KEY: " the-key\n", "TWIPLOMACY_YOUTUBE_API_KEY": " "})
    assert {name: key.get_secret_value() for name, key in settings.keys.items()} == {KEY: "the-key"}
    assert "the-key" not in repr(settings)


def test_a_file_gives_what_the_environment_does_not(monkeypatch, tmp_path):
    file = tmp_path / "settings.env"
    file.write_text(f"{KEY}=the-key\nTWIPLOMACY_THREADS=3\nTWIPLOMACY_CONTACT=\nOTHER=1\n")
    settings = read(monkeypatch, TWIPLOMACY_ENV_FILE=str(file), TWIPLOMACY_THREADS="2")
    assert (settings.threads, settings.contact) == (2, "")
    assert settings.keys[KEY].get_secret_value() == "the-key"


def test_a_file_that_is_no_text_is_refused(monkeypatch, tmp_path):
    file = tmp_path / "settings.env"
    file.write_bytes(b"TWIPLOMACY_CONTACT=\xff")
    with pytest.raises(SettingsError, match="is not UTF-8 text"):
        read(monkeypatch, TWIPLOMACY_ENV_FILE=str(file))


def test_a_file_that_cannot_be_read_is_named(monkeypatch, tmp_path):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    file = tmp_path / "settings.env"
    monkeypatch.setattr("pydantic_settings.sources.DotEnvSettingsSource._read_env_files", refuse)
    with pytest.raises(SettingsError, match=f"^{file} cannot be read: Permission denied"):
        read(monkeypatch, TWIPLOMACY_ENV_FILE=str(file))


def test_the_example_names_every_setting():
    listed = set(re.findall(r"TWIPLOMACY_\w+", (PROJECT / ".env.example").read_text()))
    assert {f"TWIPLOMACY_{name.upper()}" for name in Settings.model_fields} <= listed
    for name, field in Settings.model_fields.items():
        assert field.description, name
