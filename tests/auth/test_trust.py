"""Stored tokens, which a wrong or an old password does not find."""

from typing import Any

import pytest

from musement_async import (
    ArgumentError,
    AuthenticationError,
    MemoryTokenStore,
    MusementAuth,
    MusementClient,
    PasswordCredentials,
    Token,
)
from musement_async.testing import LocalMusement

pytestmark = pytest.mark.anyio


@pytest.fixture
def store() -> MemoryTokenStore:
    return MemoryTokenStore()


@pytest.fixture
async def local(store: MemoryTokenStore) -> LocalMusement:
    """A local Musement whose customer has a session in the store."""
    local = LocalMusement()
    async with local.client(local.customer, token_store=store) as client:
        await client.account.get()
    return local


def wrong(local: LocalMusement) -> PasswordCredentials:
    return PasswordCredentials(local.client_id, local.client_secret, local.username, "wrong")


@pytest.mark.parametrize("trusted", [False, True])
async def test_a_wrong_password_is_not_let_in_by_a_stored_token(
    local: LocalMusement, store: MemoryTokenStore, trusted: Any
) -> None:
    async with local.client(wrong(local), token_store=store, trusted=trusted) as client:
        with pytest.raises(AuthenticationError):
            await client.account.get()
    async with local.client(token_store=store) as client:
        with pytest.raises(AuthenticationError):
            await client.as_customer(local.username, "wrong", trusted=trusted).account.get()


@pytest.mark.parametrize(("trusted", "logins"), [(False, 1), (True, 0)])
async def test_a_stored_token_spares_the_login_of_a_password_that_is_trusted(
    local: LocalMusement, store: MemoryTokenStore, trusted: Any, logins: int
) -> None:
    local.reset()
    async with local.client(local.customer, token_store=store, trusted=trusted) as client:
        await client.account.get()
    assert local.logins("password") == logins
    local.reset()
    async with local.client(token_store=store) as client:
        await client.as_customer(local.username, local.password, trusted=trusted).account.get()
    assert local.logins("password") == logins


async def test_a_session_of_an_old_password_does_not_adopt_the_tokens_of_the_new_one(
    scripted: Any, store: MemoryTokenStore
) -> None:
    def credentials(password: str) -> PasswordCredentials:
        return PasswordCredentials("id", "secret", "anna", password)

    new = MusementAuth(credentials("new"), token=Token(access_token="of-the-new-one"), token_store=store)
    old = MusementAuth(credentials("old"), token=Token(access_token="of-the-old-one"), token_store=store)
    await new.save()
    await old.save()
    assert await store.load(new._session.store.key) != await store.load(old._session.store.key)  # type: ignore[union-attr]


async def test_trusted_must_be_true_or_false() -> None:
    options: dict[str, Any] = {"trusted": "yes"}
    with pytest.raises(ArgumentError, match="trusted"):
        MusementClient(LocalMusement().customer, **options)
