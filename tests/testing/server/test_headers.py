from collections.abc import Callable

import httpx
import pytest

from musement_async.testing import LocalMusement
from musement_async.testing.server.headers import preferred_language

Ask = Callable[..., httpx.Response]


@pytest.mark.parametrize("path", ["/login", "/cities", "/nowhere"])
def test_every_operation_needs_the_application_header(shop: LocalMusement, send_to: Ask, path: str) -> None:
    response = send_to(shop, path, headers={"X-Musement-Application": ""})
    assert (response.status_code, response.json()["code"]) == (400, "2271")
    assert response.headers["Content-Type"] == "application/json"


def test_the_application_header_is_looked_at_before_the_token(local: LocalMusement, send_to: Ask) -> None:
    response = send_to(local, "/cities", headers={"X-Musement-Application": "", "Authorization": "Bearer dead"})
    assert response.status_code == 400


def test_an_unknown_market_is_refused(shop: LocalMusement, send_to: Ask) -> None:
    response = send_to(shop, "/cities", headers={"X-Musement-Market": "atlantis"})
    assert (response.status_code, response.json()["code"]) == (400, "-1")


def test_an_unknown_currency_is_refused(shop: LocalMusement, send_to: Ask) -> None:
    assert send_to(shop, "/cities", headers={"X-Musement-Currency": "XXX"}).status_code == 400


@pytest.mark.parametrize(
    ("headers", "currency"),
    [
        ({}, "USD"),
        ({"X-Musement-Market": "it"}, "EUR"),
        ({"X-Musement-Market": "SE"}, "SEK"),
        ({"X-Musement-Market": "it", "X-Musement-Currency": "gbp"}, "GBP"),
    ],
)
def test_the_currency_is_that_of_its_header_or_else_of_the_market(
    shop: LocalMusement, send_to: Ask, headers: dict[str, str], currency: str
) -> None:
    [activity] = send_to(shop, "/activities", params={"limit": 1}, headers=headers).json()["data"]
    assert activity["retail_price"]["currency"] == currency


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("it-IT", "it"),
        ("IT", "it"),
        ("en-GB", "en"),
        ("de-DE", "en"),
        ("de-DE, it;q=0.8, en;q=0.5", "it"),
        ("en;q=0.5, it;q=0.8", "it"),
        ("it, en", "it"),
        ("it;q=0, de", "en"),
        ("it;q=nonsense, en", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_the_best_accepted_one_that_there_are_texts_in(accepted: str, language: str) -> None:
    assert preferred_language(accepted) == language


def test_every_answer_has_an_id_of_its_own(shop: LocalMusement, send_to: Ask) -> None:
    ids = {send_to(shop, path).headers["X-Request-Id"] for path in ("/cities", "/cities", "/nowhere", "/cities/0")}
    assert len(ids) == 4


@pytest.mark.parametrize("path", ["/nowhere", "/cities/", "/cities/2/", "", "/cities/..%2Flogin"])
def test_an_unknown_path_is_not_found(shop: LocalMusement, send_to: Ask, path: str) -> None:
    response = send_to(shop, path)
    assert (response.status_code, response.json()["code"]) == (404, "1400")


def test_an_unknown_path_needs_a_token_like_any_other(local: LocalMusement, send_to: Ask) -> None:
    assert send_to(local, "/nowhere").status_code == 401


def test_a_known_path_with_another_method_says_which_there_are(shop: LocalMusement, send_to: Ask) -> None:
    response = send_to(shop, "/login", "DELETE")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, POST")
