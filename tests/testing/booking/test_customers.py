"""The accounts of the local Musement, and the access to them."""

from collections.abc import Callable

import httpx
import pytest

from musement_async.testing import LocalMusement


@pytest.mark.parametrize("path", ["/customers/me", "/customers/me/preferences", "/customers/me/comments"])
def test_an_account_needs_a_token_where_the_catalogue_needs_none(
    browse: Callable[..., httpx.Response], path: str
) -> None:
    assert browse("/cities/2").status_code == 200
    assert browse(path).status_code == 401


def test_a_review_needs_a_token_where_the_catalogue_needs_none(
    shop: LocalMusement, send_to: Callable[..., httpx.Response]
) -> None:
    path = f"/activities/{shop.activity_uuids()[0]}/reviews"
    assert send_to(shop, path).status_code == 200
    assert send_to(shop, path, "POST", content=b"{}").status_code == 401


def test_a_customer_stays_who_they_are_when_their_token_is_renewed(
    local: LocalMusement,
    ask: Callable[..., httpx.Response],
    customer_login: dict[str, str],
    refresh_login: Callable[[str], dict[str, str]],
) -> None:
    first = ask("/login", params=customer_login).json()
    second = ask("/login", params=refresh_login(first["refresh_token"])).json()
    response = ask("/customers/me", headers={"Authorization": f"Bearer {second['access_token']}"})
    assert response.json()["email"] == "customer@example.com"


def test_a_list_that_is_no_json_is_refused(shop: LocalMusement, send_to: Callable[..., httpx.Response]) -> None:
    path = f"/activities/{shop.activity_uuids()[0]}/dynamic-bundles"
    assert send_to(shop, path, "POST", content=b"[").status_code == 400


@pytest.mark.parametrize("content", [b"", b"[]", b"nothing", b'{"email": ""}', b'{"email": "@"}', b"{}"])
def test_a_forgotten_password_without_an_address_is_not_acceptable(
    local: LocalMusement, ask: Callable[..., httpx.Response], client_login: dict[str, str], content: bytes
) -> None:
    token = ask("/login", params=client_login).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert ask("/reset_password", "POST", headers=headers, content=content).status_code == 406
