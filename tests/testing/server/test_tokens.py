from collections.abc import Callable
from datetime import date
from typing import Any

import anyio
import httpx
import pytest

from musement_async.testing import LocalMusement
from musement_async.testing.server.errors import Refusal
from musement_async.testing.server.oauth import AcceptedLogins, OAuth, TokenRules

Ask = Callable[..., httpx.Response]
Refresh = Callable[[str], dict[str, str]]


@pytest.fixture
def tokens(ask: Ask, customer_login: dict[str, str]) -> dict[str, str]:
    body: dict[str, str] = ask("/login", params=customer_login).json()
    return body


@pytest.fixture
def bearer(tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def test_a_good_token_opens_the_catalogue(ask: Ask, bearer: dict[str, str]) -> None:
    assert ask("/cities", headers=bearer).status_code == 200


def test_the_scheme_may_be_written_in_lower_case(ask: Ask, tokens: dict[str, str]) -> None:
    assert ask("/cities", headers={"Authorization": f"bearer {tokens['access_token']}"}).status_code == 200


def test_without_a_token_there_is_401(ask: Ask) -> None:
    response = ask("/cities")
    assert response.status_code == 401
    assert response.json().keys() == {"code", "message"}


@pytest.mark.parametrize("authorization", ["Bearer made-up", "Bearer", "Basic dXNlcjpwYXNz", ""])
def test_anything_but_a_good_token_is_401(ask: Ask, authorization: str) -> None:
    response = ask("/cities", headers={"Authorization": authorization})
    assert response.status_code == 401
    assert response.json().keys() == {"code", "message"}


def test_a_good_token_under_another_scheme_is_401(ask: Ask, tokens: dict[str, str]) -> None:
    assert ask("/cities", headers={"Authorization": f"Basic {tokens['access_token']}"}).status_code == 401


def test_a_refresh_token_is_no_access_token(ask: Ask, tokens: dict[str, str]) -> None:
    assert ask("/cities", headers={"Authorization": f"Bearer {tokens['refresh_token']}"}).status_code == 401


def test_a_token_is_good_until_its_lifetime_has_passed(
    ask: Ask, bearer: dict[str, str], local: LocalMusement, clock: Callable[[], float]
) -> None:
    clock.now += 3599.9  # type: ignore[attr-defined]
    assert ask("/cities", headers=bearer).status_code == 200


def test_a_token_expires_when_its_lifetime_has_passed(
    ask: Ask, bearer: dict[str, str], clock: Callable[[], float]
) -> None:
    clock.now += 3600  # type: ignore[attr-defined]
    assert ask("/cities", headers=bearer).status_code == 401


def test_expired_and_unknown_tokens_get_the_same_answer(ask: Ask, bearer: dict[str, str], local: LocalMusement) -> None:
    local.expire_tokens()
    expired = ask("/cities", headers=bearer)
    assert expired.json() == ask("/cities", headers={"Authorization": "Bearer made-up"}).json()


def test_expire_tokens_ends_access_tokens(ask: Ask, bearer: dict[str, str], local: LocalMusement) -> None:
    assert local.expire_tokens() == 1
    assert ask("/cities", headers=bearer).status_code == 401


def test_expire_tokens_counts_the_live_ones_only(tokens: dict[str, str], local: LocalMusement) -> None:
    local.expire_tokens()
    assert local.expire_tokens() == 0


def test_expire_tokens_leaves_refresh_tokens_good(
    ask: Ask, tokens: dict[str, str], local: LocalMusement, refresh_login: Refresh
) -> None:
    local.expire_tokens()
    assert ask("/login", params=refresh_login(tokens["refresh_token"])).status_code == 200


def test_revoke_tokens_ends_both_kinds(
    ask: Ask, tokens: dict[str, str], bearer: dict[str, str], local: LocalMusement, refresh_login: Refresh
) -> None:
    assert local.revoke_tokens() == 2
    assert ask("/cities", headers=bearer).status_code == 401
    assert ask("/login", params=refresh_login(tokens["refresh_token"])).status_code == 400


def test_revoke_tokens_counts_the_live_ones_only(tokens: dict[str, str], local: LocalMusement) -> None:
    local.revoke_tokens()
    assert local.revoke_tokens() == 0


def test_a_revoked_refresh_token_is_no_reuse(
    ask: Ask, tokens: dict[str, str], local: LocalMusement, refresh_login: Refresh
) -> None:
    local.revoke_tokens()
    ask("/login", params=refresh_login(tokens["refresh_token"]))
    assert local.reused_refresh_tokens == 0


def test_a_login_after_a_revocation_gives_good_tokens(
    ask: Ask, tokens: dict[str, str], local: LocalMusement, customer_login: dict[str, str]
) -> None:
    local.revoke_tokens()
    token = ask("/login", params=customer_login).json()["access_token"]
    assert ask("/cities", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_a_rotation_ends_the_old_access_token(
    ask: Ask, tokens: dict[str, str], bearer: dict[str, str], refresh_login: Refresh
) -> None:
    ask("/login", params=refresh_login(tokens["refresh_token"]))
    assert ask("/cities", headers=bearer).status_code == 401


@pytest.mark.parametrize("revokes", [True, False])
@pytest.mark.anyio
async def test_a_rotation_spares_the_old_access_token_on_demand(
    anyio_backend_name: str, customer_login: dict[str, str], refresh_login: Refresh, *, revokes: bool
) -> None:
    local = LocalMusement(rotation_revokes_access=revokes, today=date(2026, 6, 1))
    headers = {"X-Musement-Application": "a-test"}
    async with httpx.AsyncClient(transport=local.transport(), base_url=local.base_url, headers=headers) as http:
        old = (await http.get("/login", params=customer_login)).json()
        await http.get("/login", params=refresh_login(old["refresh_token"]))
        response = await http.get("/cities", headers={"Authorization": f"Bearer {old['access_token']}"})
    assert response.status_code == (401 if revokes else 200)


@pytest.mark.anyio
async def test_of_many_refreshes_with_one_token_a_single_one_succeeds(
    anyio_backend_name: str, customer_login: dict[str, str], refresh_login: Refresh
) -> None:
    local = LocalMusement()
    local.respond_slowly(0.01, path="/login")
    statuses: list[int] = []
    headers = {"X-Musement-Application": "a-test"}
    async with httpx.AsyncClient(transport=local.transport(), base_url=local.base_url, headers=headers) as http:
        token = (await http.get("/login", params=customer_login)).json()["refresh_token"]

        async def refresh() -> None:
            statuses.append((await http.get("/login", params=refresh_login(token))).status_code)

        async with anyio.create_task_group() as tasks:
            for _ in range(50):
                tasks.start_soon(refresh)
    assert sorted(statuses) == [200] + [400] * 49
    assert (local.rotations, local.reused_refresh_tokens) == (1, 49)


def test_the_catalogue_can_be_open_to_all(browse: Ask) -> None:
    assert browse("/cities").status_code == 200


def test_an_open_catalogue_refuses_bad_tokens_all_the_same(shop: LocalMusement, send_to: Ask) -> None:
    assert send_to(shop, "/cities", headers={"Authorization": "Bearer made-up"}).status_code == 401


class CountingClock:
    """A clock that counts its calls: one for each token that is checked."""

    def __init__(self) -> None:
        self.looks = 0
        self.now = 0.0

    def __call__(self) -> float:
        self.looks += 1
        return self.now


@pytest.fixture
def busy() -> CountingClock:
    return CountingClock()


@pytest.fixture
def office(busy: CountingClock) -> OAuth:
    """The logins without a server."""
    return OAuth(ACCEPTED, TokenRules(60, busy, client_credentials_refresh=False, rotation_revokes_access=True))


ACCEPTED = AcceptedLogins("id", "secret", "customer", "password", "manager")
CLIENT = {"client_id": "id", "client_secret": "secret"}
CUSTOMER = {**CLIENT, "grant_type": "password", "username": "customer", "password": "password"}


def renew(office: OAuth, token: str) -> str:
    refreshed: str = office.login({**CLIENT, "grant_type": "refresh_token", "refresh_token": token})["refresh_token"]
    return refreshed


def entries(office: OAuth) -> int:
    """The number of tokens and sessions that are kept."""
    return len(office._access) + len(office._open) + len(office._ended)


def test_expiry_looks_at_no_token_that_has_ended_already(office: OAuth, busy: CountingClock) -> None:
    for _ in range(1000):
        office.login(CUSTOMER)
    assert office.expire() == 1000
    office.login(CUSTOMER)
    busy.looks = 0
    assert office.expire() == 1
    assert busy.looks <= 2


def test_revocation_touches_no_session_that_has_ended_already(office: OAuth, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(1000):
        office.login(CUSTOMER)
    assert office.revoke() == 2000
    office.login(CUSTOMER)
    ended: list[object] = []
    end = office._end

    def note(family: Any) -> None:
        ended.append(family)
        end(family)

    monkeypatch.setattr(office, "_end", note)
    assert office.revoke() == 2
    assert len(ended) == 1


def test_tokens_that_expired_are_not_kept(office: OAuth, busy: CountingClock) -> None:
    for _ in range(1000):
        office.login({**CLIENT, "grant_type": "client_credentials"})
        busy.now += 1
    assert entries(office) == 60
    assert office.expire() == 59


def test_a_session_is_one_entry_however_often_it_is_renewed(office: OAuth) -> None:
    token = office.login(CUSTOMER)["refresh_token"]
    for _ in range(1000):
        token = renew(office, token)
    assert entries(office) == 2
    assert office.revoke() == 2


def test_a_refresh_token_is_known_as_used_however_long_ago_that_was(office: OAuth) -> None:
    first = token = office.login(CUSTOMER)["refresh_token"]
    for _ in range(1000):
        token = renew(office, token)
    for reused in (1, 2):
        with pytest.raises(Refusal, match="used before"):
            renew(office, first)
        assert office.reused == reused
    with pytest.raises(Refusal, match="was revoked"):
        renew(office, token)
    assert (office.reused, office.expire()) == (2, 0)


def test_reuse_ends_access_tokens_that_rotations_spared(busy: CountingClock) -> None:
    office = OAuth(ACCEPTED, TokenRules(60, busy, client_credentials_refresh=False, rotation_revokes_access=False))
    login = office.login(CUSTOMER)
    renew(office, login["refresh_token"])
    other = office.login(CUSTOMER)
    with pytest.raises(Refusal, match="used before"):
        renew(office, login["refresh_token"])
    with pytest.raises(Refusal):
        office.check(f"Bearer {login['access_token']}", required=True)
    assert office.check(f"Bearer {other['access_token']}", required=True)
    assert office.expire() == 1


def test_few_sessions_are_kept_that_have_ended(office: OAuth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("musement_async.testing.server.oauth._KEPT_ENDED", 3)
    tokens = [office.login(CUSTOMER)["refresh_token"] for _ in range(5)]
    for token in tokens:
        renew(office, token)
    office.revoke()
    assert entries(office) == 3
    with pytest.raises(Refusal, match="was revoked"):
        renew(office, tokens[0])
    with pytest.raises(Refusal, match="used before"):
        renew(office, tokens[-1])


CHANGES: dict[str, Callable[[str], str]] = {
    "in lower case": str.lower,
    "cut": lambda token: token[:-1],
    "padded": lambda token: f"{token}=",
    "not ASCII": lambda _: "\u00e9",
    "empty": lambda _: "",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_refresh_token_that_was_changed_is_unknown(office: OAuth, change: str) -> None:
    token = office.login(CUSTOMER)["refresh_token"]
    with pytest.raises(Refusal, match="is unknown"):
        renew(office, CHANGES[change](token))
    assert office.reused == 0
    assert renew(office, token)


def test_refresh_tokens_look_as_access_tokens_do(office: OAuth) -> None:
    login = office.login(CUSTOMER)
    assert len(login["refresh_token"]) == len(login["access_token"]) == 86
