"""Sessions without an original grant, whose store cannot tell whether another process has renewed the token."""

from typing import Any

import anyio
import httpx
import pytest

from musement_async import ClientCredentials, MemoryTokenStore, MusementAuth, Token, TokenStoreError
from musement_async.transports.musement import MusementTransport

pytestmark = pytest.mark.anyio

OURS = Token(access_token="A1", refresh_token="R1", expires_in=3600)
NEWER = Token(access_token="A2", refresh_token="R2", expires_in=3600)


class Store(MemoryTokenStore):
    """A store that can lose its tokens, or be down."""

    is_down = False

    def empty(self) -> None:
        self._tokens.clear()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def transport(scripted: Any) -> Any:
    """A transport that accepts A2 and A3; a refresh returns A3."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            return httpx.Response(200, json={"access_token": "A3", "refresh_token": "R3", "expires_in": 3600})
        return httpx.Response(401 if request.headers["Authorization"] == "Bearer A1" else 200)

    return scripted(answer)


def open_session(transport: Any, store: Store, token: Token = OURS, **options: Any) -> tuple[MusementAuth, Any]:
    application = MusementAuth(
        ClientCredentials("id", "secret"), token_store=store, base_url="http://127.0.0.1", **options
    )
    auth = application.for_token(token, "anna")
    return auth, httpx.AsyncClient(base_url="http://127.0.0.1", auth=auth, transport=MusementTransport(transport))


@pytest.mark.parametrize("silence", ["empty", "down"])
async def test_a_refresh_token_that_may_be_spent_is_not_sent_but_a_siblings_pair_waited_for(
    transport: Any, store: Store, silence: str
) -> None:
    auth, client = open_session(transport, store)
    async with client, anyio.create_task_group() as group:
        await auth.save()
        lose(store, silence)
        group.start_soon(client.get, "/cities")
        await waiting(auth)
        async with store.exclusive(key_of(auth)):  # the waiting task does not hold the lock
            await store.save(key_of(auth), NEWER)
    assert auth.token == NEWER
    assert not transport.logins


async def waiting(auth: Any) -> None:
    """Wait until a renewal of the session waits for a sibling."""
    with anyio.fail_after(100):
        while auth._session._renewal is None or not auth._session._renewal._needs_sibling:  # noqa: ASYNC110 - no event
            await anyio.sleep(0.001)


def key_of(auth: Any) -> str:
    key: str = auth._session.store.key
    return key


def lose(store: Store, silence: str) -> None:
    if silence == "empty":
        store.empty()
    else:
        store.is_down = True


@pytest.mark.parametrize("silence", ["empty", "down"])
async def test_the_wait_is_bounded_and_ends_in_an_error_that_keeps_the_session(
    transport: Any, store: Store, silence: str
) -> None:
    auth, client = open_session(transport, store, login_timeout=0.2)
    async with client:
        await auth.save()
        lose(store, silence)
        for _ in range(2):
            with pytest.raises(TokenStoreError, match=r"refused before its expiry.*within 0\.2 s no other process"):
                await client.get("/cities")
        await store.save(key_of(auth), NEWER)
        assert (await client.get("/cities")).status_code == 200
    assert not transport.logins


async def test_a_store_that_fails_meanwhile_ends_the_wait(
    transport: Any, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_key: str) -> Token:
        raise OSError("gone")

    auth, client = open_session(transport, store)
    async with client, anyio.create_task_group() as group:
        await auth.save()
        store.empty()

        async def call() -> None:
            with pytest.raises(TokenStoreError, match="gone"):
                await client.get("/cities")

        group.start_soon(call)
        await waiting(auth)
        monkeypatch.setattr(store, "load", fail)
    assert not transport.logins


@pytest.mark.parametrize(
    "token",
    [
        Token(access_token="A1", refresh_token="R1"),
        Token(access_token="A0", refresh_token="R1", expires_in=0.001),
    ],
    ids=["of unknown lifetime", "expired"],
)
async def test_a_token_that_may_have_expired_is_refreshed_all_the_same(
    transport: Any, store: Store, token: Token
) -> None:
    auth, client = open_session(transport, store, token)
    async with client:
        await auth.save()
        await store.load(key_of(auth))
        store.empty()
        with anyio.fail_after(100):
            while token.remaining > 0 and token.expires_in:  # noqa: ASYNC110 - of the clock
                await anyio.sleep(0.001)
        assert (await client.get("/cities")).status_code == 200
    assert len(transport.logins) == 1


async def test_a_session_that_its_store_never_had_is_refreshed(transport: Any, store: Store) -> None:
    _, client = open_session(transport, store)
    async with client:
        assert (await client.get("/cities")).status_code == 200
    assert len(transport.logins) == 1


async def test_a_store_that_has_the_refused_token_tells_that_nobody_renewed_it(transport: Any, store: Store) -> None:
    auth, client = open_session(transport, store)
    async with client:
        await auth.save()
        assert (await client.get("/cities")).status_code == 200
    assert len(transport.logins) == 1
