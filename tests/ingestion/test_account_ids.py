"""account_ids: a handle, a name or a mistyped id is told from the platform's own, with how to get the right one."""

import pytest

from ingestion import account_ids

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
    assert account_ids.fault(account_id) == ""


@pytest.mark.parametrize(
    ("account_id", "where"),
    [
        ("x:CanadaFP", "api.x.com/2/users/by/username/NAME"),
        ("x:@CanadaFP", "api.x.com"),
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
