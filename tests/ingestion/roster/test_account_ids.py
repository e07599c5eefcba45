"""Account ids: each other form is refused, with how to find the right id."""

import pytest

from ingestion.roster import account_ids

DID = "did:plc:" + "z72i7hdynmk6r22z27h6tvur"


@pytest.mark.parametrize(
    "account_id",
    [
        "x:1",
        "x:9223372036854775807",
        f"bluesky:{DID}",
        "bluesky:did:web:gov.example",
        "bluesky:did:web:localhost%3A3000",
        "mastodon:109000000000000001@social.example",
        "mastodon:1@a.example:8080",
        "mastodon:1@xn--e1afmkfd.xn--p1ai",
        "mastodon:01FBYKTKQ2TMMBNNE5EJBJBJBJ@gotosocial.example",
        "mastodon:AbCdEfGhIjKlMnOpQr@pleroma.example",
        "youtube:UCBR8-60-B28hp2BmDPdntcQ",
        "facebook:example.gov",
        "telegram:example_gov",
    ],
)
def test_what_a_platform_gives_as_an_id_is_right(account_id):
    assert account_ids.fault(account_id) == account_ids.listing_fault(account_id) == ""
    assert account_ids.handle(account_id) == ""


@pytest.mark.parametrize(
    ("account_id", "platform", "name", "server_of"),
    [
        ("x:@govexample", "x", "GovExample", ""),
        ("bluesky:@alice.example", "bluesky", "alice.example", ""),
        ("mastodon:@alice@social.example", "mastodon", "Alice", "mastodon:109@social.example"),
        ("mastodon:@alice@a.example:8080", "mastodon", "@alice@a.example:8080", "mastodon:1@a.example:8080"),
        ("youtube:@govexample", "youtube", "@GovExample", ""),
        ("facebook:@example.gov", "facebook", "Example.Gov", ""),
    ],
)
def test_a_list_may_have_the_handle_in_the_ids_place(account_id, platform, name, server_of):
    assert account_ids.listing_fault(account_id) == ""
    assert account_ids.fault(account_id) != ""
    assert account_id == f"{platform}:@{account_ids.handle(account_id)}"
    assert account_ids.by_handle(platform, name, server_of) == account_id


@pytest.mark.parametrize(
    ("account_id", "message"),
    [
        ("x:@GovExample", "write the handle in small letters: x:@govexample"),
        ("x:govexample", "as long as only its handle is known, list it by that, its name of letters, digits and _"),
        ("x:@", "is no handle of the platform"),
        (
            "x:@gov.example",
            "is no handle of the platform, which is its name of letters, digits and _, e.g. x:@govexample",
        ),
        ("x:@0123456789_0123456789", "is no handle of the platform"),
        ("bluesky:@alice", "which is its domain"),
        ("mastodon:@alice", "@ and its server in punycode"),
        ("mastodon:@alice@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "@ and its server in punycode"),
        ("youtube:@gov@example", "is no handle of the platform"),
        ("facebook:@gov@example", "which is @ and the name"),
    ],
)
def test_what_is_no_handle_is_named_with_the_right_form(account_id, message):
    assert message in account_ids.listing_fault(account_id)


def test_a_sheet_has_names_without_the_sign():
    assert account_ids.fault("facebook:@example.gov").endswith("write the name without @: facebook:example.gov")


@pytest.mark.parametrize(
    ("account_id", "where"),
    [
        ("x:GovExample", "api.x.com/2/users/by/username/NAME"),
        ("x:@GovExample", "api.x.com"),
        ("x:0726748106", "api.x.com"),
        ("x:\u0661\u0662", "api.x.com"),
        ("x:17265400710000000000000000", "api.x.com"),
        ("bluesky:alice.example", "resolveHandle"),
        ("bluesky:@alice.example", "resolveHandle"),
        (f"bluesky:{DID[:-1]}", "resolveHandle"),
        (f"bluesky:{DID.upper()}", "resolveHandle"),
        ("mastodon:109", "/api/v1/accounts/lookup"),
        ("mastodon:alice@social.example", "/api/v1/accounts/lookup"),
        ("mastodon:@alice@social.example", "/api/v1/accounts/lookup"),
        ("mastodon:109@Social.Example", "in small letters (punycode)"),
        ("mastodon:109@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "in small letters (punycode)"),
        ("youtube:@GovExample", "Copy channel ID"),
        ("youtube:GovExample", "Copy channel ID"),
        ("youtube:UCLA", "Copy channel ID"),
        ("youtube:UUBR8-60-B28hp2BmDPdntcQ", "Copy channel ID"),
    ],
)
def test_what_is_no_id_is_named_with_how_to_get_it(account_id, where):
    fault = account_ids.fault(account_id)
    assert fault.startswith(f"{account_id!r} is not the account's id")
    assert where in fault


@pytest.mark.parametrize("name", ["प्रधानमंत्री", "รัฐบาลไทย", "gov.example_1", "내각", "a·b"])
def test_a_handle_of_youtube_may_be_of_any_script(name):
    assert account_ids.listing_fault(f"youtube:@{name}") == ""
    for wrong in (f"-{name}", f"{name} x", f"{name}/x"):
        assert account_ids.listing_fault(f"youtube:@{wrong}")
