import threading
from collections.abc import Callable

import attrs
import httpx
import pytest

from musement_async.testing import Call, LocalMusement

Ask = Callable[..., httpx.Response]
SECRETS = ("local-secret", "local-password")


def test_a_call_is_kept_as_it_was_asked(local: LocalMusement, ask: Ask) -> None:
    response = ask(
        "/cities/2",
        params=[("a", "1"), ("a", "2")],
        headers={"Accept-Language": "it", "User-Agent": "me", "Cookie": "x"},
    )
    [call] = local.calls
    assert attrs.asdict(call) == {
        "method": "GET",
        "template": "/cities/{cityId}",
        "path": "/cities/2",
        "query": {"a": ["1", "2"]},
        "status": 401,
        "headers": {
            "accept-language": "it",
            "host": "127.0.0.1",
            "user-agent": "me",
            "x-musement-application": "a-test",
        },
        "request_id": response.headers["X-Request-Id"],
        "grant": None,
    }


def test_calls_are_frozen(local: LocalMusement, ask: Ask) -> None:
    ask("/cities")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        local.calls[0].status = 200  # type: ignore[misc]


def test_a_path_that_there_is_not_is_its_own_template(local: LocalMusement, ask: Ask) -> None:
    ask("/carts", "POST", json={})
    assert [(call.method, call.template, call.path) for call in local.calls] == [("POST", "/carts", "/carts")]


def test_calls_are_counted_by_path_method_and_status(
    local: LocalMusement, ask: Ask, client_login: dict[str, str]
) -> None:
    ask("/login", params=client_login)
    ask("/login", "POST", json=client_login)
    ask("/login", "POST", json={})
    ask("/cities/2")
    ask("/cities/40")
    assert local.count() == 5
    assert local.count("/cities/{cityId}") == 2
    assert local.count(method="POST") == 2
    assert local.count("/login", method="GET", status=200) == 1
    assert local.count(status=401) == 2
    assert local.count("/cities") == 0


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_logins_are_counted_by_the_grant_they_used(
    local: LocalMusement, ask: Ask, client_login: dict[str, str], customer_login: dict[str, str], method: str
) -> None:
    for parameters in (client_login, customer_login, customer_login, {**customer_login, "password": "wrong"}):
        ask("/login", method, **({"params": parameters} if method == "GET" else {"json": parameters}))
    assert local.logins() == 3
    assert local.logins("client_credentials") == 1
    assert local.logins("password") == 2
    assert local.logins("password", status=None) == 3
    assert local.logins("password", status=400) == 1
    assert local.logins("refresh_token", status=None) == 0


def test_a_login_that_fails_on_demand_is_counted_by_its_grant(
    local: LocalMusement, ask: Ask, client_login: dict[str, str]
) -> None:
    local.fail_next(1)
    ask("/login", params=client_login)
    assert local.logins("client_credentials", status=503) == 1


@pytest.mark.parametrize("body", [b"not json", b'{"grant_type": 1}'])
def test_a_login_without_a_grant_is_counted_all_the_same(local: LocalMusement, ask: Ask, body: bytes) -> None:
    ask("/login", "POST", content=body)
    assert local.logins(status=400) == 1
    assert local.calls[0].grant is None


def test_reset_forgets_calls_and_counters(
    local: LocalMusement, ask: Ask, customer_login: dict[str, str], refresh_login: Callable[[str], dict[str, str]]
) -> None:
    token = ask("/login", params=customer_login).json()["refresh_token"]
    for _ in range(2):
        ask("/login", params=refresh_login(token))
    local.reset()
    assert (local.count(), local.calls, local.rotations, local.reused_refresh_tokens) == (0, [], 0, 0)


def test_reset_keeps_tokens(local: LocalMusement, ask: Ask, client_login: dict[str, str]) -> None:
    token = ask("/login", params=client_login).json()["access_token"]
    local.reset()
    assert ask("/cities", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_the_latest_calls_are_kept_and_all_are_counted(monkeypatch: pytest.MonkeyPatch, send_to: Ask) -> None:
    monkeypatch.setattr("musement_async.testing.server.request_log._KEPT_CALLS", 2)
    local = LocalMusement()
    for path in ("/a", "/b", "/c"):
        send_to(local, path)
    assert [call.path for call in local.calls] == ["/b", "/c"]
    assert local.count() == 3


def test_no_secret_is_kept(
    local: LocalMusement, ask: Ask, customer_login: dict[str, str], refresh_login: Callable[[str], dict[str, str]]
) -> None:
    tokens = ask("/login", params=customer_login).json()
    ask("/login", "POST", json=customer_login)
    ask("/cities", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    ask("/login", params=refresh_login(tokens["refresh_token"]))
    kept = repr(local.calls)
    for secret in (*SECRETS, tokens["access_token"], tokens["refresh_token"]):
        assert secret not in kept
    assert "Bearer ***" in kept
    assert "'client_secret': ['***']" in kept


def test_no_secret_shows_in_what_it_says_of_itself(local: LocalMusement) -> None:
    shown = repr(local) + repr(local._oauth._accepted)
    assert repr(local) == "LocalMusement(seed=2026, activities=500)"
    assert not any(secret in shown for secret in SECRETS)


def test_it_can_be_told_and_asked_from_any_thread(local: LocalMusement, ask: Ask, client_login: dict[str, str]) -> None:
    token = ask("/login", params=client_login).json()["access_token"]
    seen: list[object] = []

    def control() -> None:
        seen.extend((local.expire_tokens(), local.count(), local.logins(), len(local.calls)))

    thread = threading.Thread(target=control)
    thread.start()
    thread.join()
    assert seen == [1, 1, 1, 1]
    assert ask("/cities", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_call_is_public() -> None:
    assert Call.__module__ == "musement_async.testing.server.request_log"
