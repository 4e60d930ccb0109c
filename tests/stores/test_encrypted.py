"""The token store that encrypts tokens for another store."""

import sys
from typing import Any

import anyio
import pytest
from cryptography.fernet import Fernet

from musement_async import ArgumentError, EncryptedTokenStore, FallbackTokenStore, MemoryTokenStore, Token

pytestmark = pytest.mark.anyio

KEY, OTHER = "a" * 64, "b" * 64
TOKEN = Token(access_token="very-secret-A", refresh_token="very-secret-R", expires_in=3600, scope="very-secret-S")
OLD, NEW = Fernet.generate_key(), Fernet.generate_key().decode()


@pytest.fixture
def inner() -> MemoryTokenStore:
    return MemoryTokenStore()


async def test_the_other_store_sees_neither_tokens_nor_the_keys_of_sessions(inner: MemoryTokenStore) -> None:
    await EncryptedTokenStore(inner, OLD).save(KEY, TOKEN)
    ((place, (kept, _)),) = inner._tokens.items()
    assert KEY not in place
    assert "very-secret" not in f"{kept.access_token} {kept.refresh_token} {kept.scope}"
    assert (kept.expires_at, kept.started_at) == (TOKEN.expires_at, TOKEN.started_at)


async def test_a_token_without_a_refresh_token_is_kept_no_longer_than_it_is_good(inner: MemoryTokenStore) -> None:
    token = Token(access_token="A", expires_in=3600)
    await EncryptedTokenStore(inner, OLD).save(KEY, token)
    ((kept, _),) = inner._tokens.values()
    assert kept.refresh_token is None


@pytest.mark.parametrize("damage", ["another key", "of another session", "no cipher"])
async def test_a_record_that_cannot_be_decrypted_is_reported_and_counts_as_absent(
    inner: MemoryTokenStore, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = EncryptedTokenStore(inner, OLD)
    (place,) = store._places(KEY)
    if damage == "another key":
        other = EncryptedTokenStore(MemoryTokenStore(), NEW)
        await other.save(KEY, TOKEN)
        ((kept, _),) = other._store._tokens.values()  # type: ignore[attr-defined]
    elif damage == "of another session":
        await store.save(OTHER, TOKEN)
        ((kept, _),) = inner._tokens.values()
    else:
        kept = TOKEN
    await inner.save(place, kept)
    assert await store.load(KEY) is None
    assert f"the token of {place} cannot be decrypted" in caplog.text
    assert "very-secret" not in caplog.text
    await store.save(KEY, TOKEN)
    assert await store.load(KEY) == TOKEN


async def test_keys_are_rotated_without_losing_a_session(inner: MemoryTokenStore) -> None:
    await EncryptedTokenStore(inner, OLD).save(KEY, TOKEN)
    both = EncryptedTokenStore(inner, [NEW, OLD])
    assert await both.load(KEY) == TOKEN
    await both.save(KEY, TOKEN)
    assert len(inner._tokens) == 1
    assert await EncryptedTokenStore(inner, NEW).load(KEY) == TOKEN
    await both.delete(KEY)
    assert not inner._tokens


async def test_the_lock_holds_between_processes_with_old_and_with_new_keys(inner: MemoryTokenStore) -> None:
    given: list[list[str | bytes]] = [[OLD], [OLD, NEW], [NEW, OLD], [NEW], [NEW, OLD]]
    stores = [EncryptedTokenStore(inner, keys) for keys in given]
    inside: set[int] = set()

    async def work(number: int, neighbours: set[int]) -> None:
        for _ in range(3):
            async with stores[number].exclusive(KEY):
                assert not inside & neighbours
                inside.add(number)
                await anyio.sleep(0.001)
                inside.remove(number)

    with anyio.fail_after(100):
        async with anyio.create_task_group() as group:
            for number in range(5):
                group.start_soon(work, number, {1, 2, 4} if number in {0, 3} else {0, 1, 2, 3, 4})


async def test_it_tells_whether_the_other_store_is_down(inner: MemoryTokenStore) -> None:
    assert not EncryptedTokenStore(inner, OLD).is_down
    fallback = FallbackTokenStore(inner)
    fallback.is_down = True
    assert EncryptedTokenStore(fallback, OLD).is_down


@pytest.mark.parametrize("keys", ["", b"short", [], ["x" * 44], 3, [None]])
def test_a_value_that_is_not_a_key_is_refused_and_not_repeated(inner: MemoryTokenStore, keys: Any) -> None:
    with pytest.raises(ArgumentError, match=r"^keys: must be one or more keys") as caught:
        EncryptedTokenStore(inner, keys)
    assert caught.value.__cause__ is None
    assert "x" * 44 not in str(caught.value)


def test_without_the_extra_it_says_what_to_install(inner: MemoryTokenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.fernet", None)
    with pytest.raises(ImportError, match=r"the extra 'encryption'"):
        EncryptedTokenStore(inner, OLD)
