import re
from collections.abc import Callable

import httpx
import pytest

from musement_async.testing import LocalMusement

Ask = Callable[..., httpx.Response]
Refresh = Callable[[str], dict[str, str]]


def test_client_credentials_get_a_token_without_scope_or_refresh_token(ask: Ask, client_login: dict[str, str]) -> None:
    body = ask("/login", params=client_login).json()
    token = body.pop("access_token")
    assert body == {"expires_in": 3600, "token_type": "bearer", "scope": None}
    assert re.fullmatch(r"[A-Za-z0-9]{86}", token)


def test_client_credentials_get_a_refresh_token_on_demand(send_to: Ask, client_login: dict[str, str]) -> None:
    local = LocalMusement(client_credentials_refresh=True)
    response = send_to(local, "/login", params=client_login)
    assert re.fullmatch(r"[A-Za-z0-9]{86}", response.json()["refresh_token"])


def test_a_customer_gets_a_scope_and_a_refresh_token(ask: Ask, customer_login: dict[str, str]) -> None:
    body = ask("/login", params=customer_login).json()
    assert body["scope"] == "user, password"
    assert body["refresh_token"] != body["access_token"]


def test_a_login_can_be_a_json_body(ask: Ask, client_login: dict[str, str]) -> None:
    response = ask("/login", "POST", json=client_login)
    assert response.status_code == 200
    assert response.json()["token_type"] == "bearer"


@pytest.mark.parametrize("lifetime", [60, 0.5])
def test_expires_in_is_the_lifetime_it_was_given(send_to: Ask, client_login: dict[str, str], lifetime: float) -> None:
    response = send_to(LocalMusement(token_lifetime=lifetime), "/login", params=client_login)
    assert response.json()["expires_in"] == lifetime


def test_a_whole_lifetime_is_an_integer_on_the_wire(send_to: Ask, client_login: dict[str, str]) -> None:
    response = send_to(LocalMusement(token_lifetime=60.0), "/login", params=client_login)
    assert b'"expires_in":60,' in response.content


@pytest.mark.parametrize("name", ["client_id", "client_secret", "grant_type", "username", "password"])
def test_a_login_that_lacks_a_parameter_is_refused(ask: Ask, customer_login: dict[str, str], name: str) -> None:
    del customer_login[name]
    assert ask("/login", params=customer_login).status_code == 400


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_login_with_one_parameter_too_many_is_refused(ask: Ask, client_login: dict[str, str], method: str) -> None:
    parameters = {**client_login, "scope": "user"}
    response = ask("/login", method, **({"params": parameters} if method == "GET" else {"json": parameters}))
    assert (response.status_code, response.json()["code"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("client_id", "invalid_client"),
        ("client_secret", "invalid_client"),
        ("username", "invalid_grant"),
        ("password", "invalid_grant"),
        ("grant_type", "unsupported_grant_type"),
    ],
)
def test_a_login_with_a_wrong_value_is_refused(ask: Ask, customer_login: dict[str, str], name: str, code: str) -> None:
    response = ask("/login", params={**customer_login, name: "wrong"})
    assert (response.status_code, response.json()["code"]) == (400, code)


def test_a_parameter_given_twice_is_refused(ask: Ask, client_login: dict[str, str]) -> None:
    parameters = [*client_login.items(), ("client_id", "local-client")]
    assert ask("/login", params=parameters).json()["code"] == "invalid_request"


def test_a_post_login_keeps_its_secrets_out_of_the_query(ask: Ask, client_login: dict[str, str]) -> None:
    response = ask("/login", "POST", params={"client_secret": "local-secret"}, json=client_login)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_request")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b'{"client_id": 1}', b"\xff"])
def test_a_post_login_that_is_no_object_of_strings_is_refused(ask: Ask, body: bytes) -> None:
    assert ask("/login", "POST", content=body).json()["code"] == "invalid_request"


def test_a_form_is_no_login(ask: Ask, client_login: dict[str, str]) -> None:
    assert ask("/login", "POST", data=client_login).status_code == 400


def test_a_login_needs_the_application_header(ask: Ask, client_login: dict[str, str]) -> None:
    response = ask("/login", params=client_login, headers={"X-Musement-Application": ""})
    assert (response.status_code, response.json()["code"]) == (400, "2271")


def test_a_login_needs_no_token_and_does_not_look_at_one(ask: Ask, client_login: dict[str, str]) -> None:
    assert ask("/login", params=client_login, headers={"Authorization": "Bearer dead"}).status_code == 200


def test_a_login_may_not_be_cached(ask: Ask, client_login: dict[str, str]) -> None:
    assert ask("/login", params=client_login).headers["Cache-Control"] == "no-store"


def test_a_refresh_gives_a_new_pair(ask: Ask, customer_login: dict[str, str], refresh_login: Refresh) -> None:
    old = ask("/login", params=customer_login).json()
    new = ask("/login", params=refresh_login(old["refresh_token"])).json()
    assert new.keys() == old.keys()
    assert new["scope"] == old["scope"]
    assert {new["access_token"], new["refresh_token"]}.isdisjoint({old["access_token"], old["refresh_token"]})


def test_a_refresh_counts_as_one_rotation(
    ask: Ask, local: LocalMusement, customer_login: dict[str, str], refresh_login: Refresh
) -> None:
    old = ask("/login", params=customer_login).json()
    ask("/login", params=refresh_login(old["refresh_token"]))
    assert (local.rotations, local.reused_refresh_tokens) == (1, 0)


def test_a_refresh_token_works_once(
    ask: Ask, local: LocalMusement, customer_login: dict[str, str], refresh_login: Refresh
) -> None:
    old = ask("/login", params=customer_login).json()
    ask("/login", params=refresh_login(old["refresh_token"]))
    again = ask("/login", params=refresh_login(old["refresh_token"]))
    assert (again.status_code, again.json()["code"]) == (400, "invalid_grant")
    assert (local.rotations, local.reused_refresh_tokens) == (1, 1)


def test_reuse_revokes_the_access_token_of_the_whole_session(
    ask: Ask, customer_login: dict[str, str], refresh_login: Refresh
) -> None:
    old = ask("/login", params=customer_login).json()
    new = ask("/login", params=refresh_login(old["refresh_token"])).json()
    ask("/login", params=refresh_login(old["refresh_token"]))
    assert ask("/cities", headers={"Authorization": f"Bearer {new['access_token']}"}).status_code == 401


def test_reuse_revokes_the_refresh_token_of_the_whole_session(
    ask: Ask, local: LocalMusement, customer_login: dict[str, str], refresh_login: Refresh
) -> None:
    old = ask("/login", params=customer_login).json()
    new = ask("/login", params=refresh_login(old["refresh_token"])).json()
    ask("/login", params=refresh_login(old["refresh_token"]))
    assert ask("/login", params=refresh_login(new["refresh_token"])).status_code == 400
    assert local.reused_refresh_tokens == 1


def test_reuse_leaves_other_sessions_alone(ask: Ask, customer_login: dict[str, str], refresh_login: Refresh) -> None:
    other = ask("/login", params=customer_login).json()
    old = ask("/login", params=customer_login).json()
    for _ in range(2):
        ask("/login", params=refresh_login(old["refresh_token"]))
    assert ask("/login", params=refresh_login(other["refresh_token"])).status_code == 200


def test_an_unknown_refresh_token_is_refused_and_is_no_reuse(
    ask: Ask, local: LocalMusement, refresh_login: Refresh
) -> None:
    response = ask("/login", params=refresh_login("made-up"))
    assert (response.status_code, response.json()["code"]) == (400, "invalid_grant")
    assert local.reused_refresh_tokens == 0


def test_a_refresh_with_a_wrong_client_spends_nothing(
    ask: Ask, local: LocalMusement, customer_login: dict[str, str], refresh_login: Refresh
) -> None:
    parameters = refresh_login(ask("/login", params=customer_login).json()["refresh_token"])
    ask("/login", params={**parameters, "client_secret": "wrong"})
    assert ask("/login", params=parameters).status_code == 200
    assert local.reused_refresh_tokens == 0


@pytest.mark.parametrize("secret", ["local-secret", "local-password"])
def test_no_refusal_repeats_a_secret(ask: Ask, customer_login: dict[str, str], secret: str) -> None:
    assert secret not in ask("/login", params={**customer_login, "client_id": secret}).text
