"""Tokens that a session saves before its first renewal."""

import pytest

from musement_async import (
    ArgumentError,
    ClientCredentials,
    MemoryTokenStore,
    MusementAuth,
    Token,
    TokenStoreError,
)

pytestmark = pytest.mark.anyio

ANNA, BERT = Token(access_token="A1", refresh_token="R1"), Token(access_token="A2", refresh_token="R2")


@pytest.fixture
def store() -> MemoryTokenStore:
    return MemoryTokenStore()


@pytest.fixture
def application(store: MemoryTokenStore) -> MusementAuth:
    return MusementAuth(ClientCredentials("id", "secret"), token_store=store)


async def test_a_saved_token_is_found_in_the_store(application: MusementAuth, store: MemoryTokenStore) -> None:
    customer = application.for_token(ANNA, "customer 1")
    await customer.save()
    assert await store.load(customer._session.key) == ANNA


async def test_a_token_that_is_there_is_replaced_only_if_it_may_be(
    application: MusementAuth, store: MemoryTokenStore
) -> None:
    first, second = application.for_token(ANNA, "customer 1"), application.for_token(BERT, "customer 1")
    await first.save(replace=False)
    with pytest.raises(ArgumentError, match=r"^name: is in use"):
        await second.save(replace=False)
    assert await store.load(first._session.key) == ANNA
    await second.save()
    assert await store.load(first._session.key) == BERT


async def test_without_a_token_or_a_store_nothing_is_saved(application: MusementAuth, store: MemoryTokenStore) -> None:
    await application.save()
    await application.for_token(ANNA).save()
    assert await store.load(application._session.key) is None


async def test_a_store_that_fails_is_an_error(
    application: MusementAuth, store: MemoryTokenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(store, "save", fail)
    with pytest.raises(TokenStoreError, match=r"^the token store failed: OSError: the disk is gone$"):
        await application.for_token(ANNA, "customer 1").save()
