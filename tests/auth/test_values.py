"""Credentials, tokens and options: accepted values, and errors that name refused ones."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from musement_async import ArgumentError, ClientCredentials, MemoryTokenStore, MusementAuth, PasswordCredentials, Token

CLIENT = ClientCredentials("id", "secret")


@pytest.mark.parametrize("value", ["", None, 3, b"id"])
def test_credentials_must_be_text_that_is_not_empty(value: Any) -> None:
    with pytest.raises(ArgumentError, match=r"^client_id: must be a non-empty string"):
        ClientCredentials(value, "secret")
    with pytest.raises(ArgumentError, match=r"^password: must be a non-empty string"):
        PasswordCredentials("id", "secret", "anna", value)


@pytest.mark.parametrize("value", ["", "two words", "line\nbreak", "è", None, 3])
def test_tokens_must_fit_into_a_header(value: Any) -> None:
    with pytest.raises(ArgumentError, match=r"^access_token: must be"):
        Token(access_token=value)


@pytest.mark.parametrize("value", ["", "line\nbreak"])
def test_refresh_tokens_must_be_usable(value: str) -> None:
    with pytest.raises(ArgumentError, match=r"^refresh_token: must be"):
        Token(access_token="A", refresh_token=value)


@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan")])
def test_a_lifetime_must_be_positive(value: float) -> None:
    with pytest.raises(ArgumentError, match=r"^expires_in: must be"):
        Token(access_token="A", expires_in=value)


def test_the_end_of_a_lifetime_must_say_in_which_zone() -> None:
    with pytest.raises(ArgumentError, match=r"^expires_at: must be an aware datetime"):
        Token(access_token="A", expires_at=datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake tested for


def test_a_scope_must_be_text() -> None:
    scope: Any = ["orders"]
    with pytest.raises(ArgumentError, match=r"^scope: must be a string"):
        Token(access_token="A", scope=scope)


def test_a_token_counts_down_to_its_end() -> None:
    token = Token(access_token="A", expires_in=60)
    assert 59 < token.remaining <= 60
    assert token.expires_at is not None
    assert token.expires_at.tzinfo is UTC


def test_the_given_end_of_a_lifetime_counts_more_than_its_length() -> None:
    end = datetime.now(UTC) - timedelta(seconds=10)
    token = Token(access_token="A", expires_in=60, expires_at=end)
    assert token.expires_at == end
    assert token.remaining < 0


def test_a_token_of_unknown_lifetime_lasts() -> None:
    assert Token(access_token="A").remaining == float("inf")


def test_something_to_log_in_with_is_needed() -> None:
    with pytest.raises(ArgumentError, match=r"^credentials: at least one of"):
        MusementAuth()
    MusementAuth(token_store=MemoryTokenStore())


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("login_method", "PUT"),
        ("login_timeout", 0),
        ("login_timeout", float("nan")),
        ("leeway", -1),
        ("leeway", float("nan")),
        ("application", ""),
        ("application", "an\nid"),
        ("base_url", "nowhere"),
        ("token_store", object()),
    ],
)
def test_options_that_cannot_work_are_refused_by_name(argument: str, value: Any) -> None:
    with pytest.raises(ArgumentError) as raised:
        MusementAuth(CLIENT, **{argument: value})
    assert raised.value.argument == argument


def test_the_stores_key_tells_sessions_apart_and_holds_no_secret() -> None:
    def key(credentials: Any, base_url: str = "https://api.musement.com/api/v3") -> str:
        store = MusementAuth(credentials, base_url=base_url, token_store=MemoryTokenStore())._session.store
        return store.key if store else ""

    keys = {
        key(CLIENT),
        key(ClientCredentials("other", "secret")),
        key(PasswordCredentials("id", "secret", "anna", "password")),
        key(PasswordCredentials("id", "secret", "bert", "password")),
        key(CLIENT, "https://sandbox.musement.com/api/v3"),
    }
    assert len(keys) == 5
    assert key(CLIENT) == key(ClientCredentials("id", "rotated"))
    assert key(CLIENT, "https://api.musement.com/api/v3/") == key(CLIENT)
    assert "secret" not in "".join(keys)


@pytest.mark.anyio
async def test_the_memory_store_keeps_the_last_token_of_each_session() -> None:
    store = MemoryTokenStore()
    first, second = Token(access_token="A1"), Token(access_token="A2")
    assert await store.load("one") is None
    await store.save("one", first)
    await store.save("one", second)
    await store.save("other", first)
    assert (await store.load("one"), await store.load("other")) == (second, first)
    async with store.exclusive("one"), store.exclusive("other"):
        pass
