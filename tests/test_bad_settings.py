"""Bad settings of clients, logins, values and requests: an error names each of them, or they work."""

import ssl
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from decimal import Decimal
from inspect import signature
from types import BuiltinFunctionType, SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest

from musement_async import (
    ArgumentError,
    BundleConfiguration,
    ClientCredentials,
    Coordinates,
    MusementAuth,
    MusementClient,
    NewCartItem,
    PasswordCredentials,
    PriceRange,
    Token,
)
from musement_async.models import ProductType, ScheduleProduct

CREDENTIALS = ClientCredentials("an-id", "a-secret")
TICKET = ScheduleProduct(product_id="1", type=ProductType.MUSEMENT)
PRODUCT = SimpleNamespace(type="musement", product_id="an-id")
# The functions that take settings, each with valid arguments.
MAKERS: Mapping[str, tuple[Callable[..., object], dict[str, object]]] = {
    "MusementClient": (MusementClient, {"credentials": CREDENTIALS}),
    "MusementAuth": (MusementAuth, {"credentials": CREDENTIALS}),
    "with_options": (MusementClient(CREDENTIALS).with_options, {}),
    "checkout": (MusementClient(CREDENTIALS).checkout, {}),
    "ClientCredentials": (ClientCredentials, {"client_id": "a", "client_secret": "b"}),
    "PasswordCredentials": (
        PasswordCredentials,
        {"client_id": "a", "client_secret": "b", "username": "c", "password": "d"},
    ),
    "Token": (Token, {"access_token": "A"}),
    "Coordinates": (Coordinates, {"latitude": 1, "longitude": 1}),
    "PriceRange": (PriceRange, {"least": 0, "greatest": 5}),
    "BundleConfiguration": (BundleConfiguration, {"activity_uuid": UUID(int=1)}),
    "NewCartItem": (NewCartItem, {"type": "musement", "product_identifier": "an-id", "quantity": 1}),
    "NewCartItem.of": (NewCartItem.of, {"product": PRODUCT, "quantity": 1}),
}
# The classes of valid values for each argument.
FITTING: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("allow_insecure_http", "allow_private_hosts", "trust_env", "trusted", "strict", "cache"), (bool,)),
    **dict.fromkeys(("apply_discount_percent", "dont_apply_on_first_product"), (bool, type(None))),
    **dict.fromkeys(("latitude", "longitude", "least", "greatest"), (int, float, Decimal)),
    **dict.fromkeys(("login_timeout", "leeway"), (int, float)),
    **dict.fromkeys(("application", "language", "currency", "market", "scope", "refresh_token"), (str, type(None))),
    **dict.fromkeys(("discount_code", "cid"), (str, type(None))),
    **dict.fromkeys(("client_id", "client_secret", "username", "password", "access_token", "version"), (str,)),
    **dict.fromkeys(("base_url", "type", "product_identifier", "login_method"), (str,)),
    **dict.fromkeys(("limits", "transport", "token", "token_store", "credentials"), (type(None),)),
    "proxy": (str, type(None)),
    **dict.fromkeys(("timeout", "deadline", "rate_limit"), (int, float, type(None))),
    **dict.fromkeys(("retries", "max_body"), (int, type(None))),
    "on_exchange": (type, BuiltinFunctionType, type(None)),
    "expires_in": (int, float, type(None)),
    **dict.fromkeys(("expires_at", "started_at"), (datetime, type(None))),
    "verify": (bool, ssl.SSLContext),
    "discount": (int, float, Decimal, type(None)),
    **dict.fromkeys(("quantity", "logins"), (int,)),
    "activity_uuid": (UUID,),
    "cart_uuid": (UUID, type(None)),
    "pickup": (UUID, type(None)),
    "product": (),
}


IN_HEADERS = {"application", "language", "currency", "market", "version", "access_token"}


@pytest.mark.parametrize("name", MAKERS)
def test_bad_arguments_of_constructors_are_refused_by_name(name: str, bad_values: tuple[object, ...]) -> None:
    make, right = MAKERS[name]
    for argument in (known for known in signature(make).parameters if known not in {"self", "cls"}):
        for value in bad_values:
            refused = refused_by(lambda given: make(**{**right, **given}), {argument: value})
            if refused is None:
                assert isinstance(value, FITTING[argument]), (argument, value)
                assert argument not in IN_HEADERS or not is_broken(value)
            else:
                assert refused == argument, (argument, value)


def refused_by(make: Callable[[dict[str, object]], object], given: dict[str, object]) -> str | None:
    """The argument that was refused, if one was."""
    try:
        make(given)
    except ArgumentError as error:
        return error.argument
    return None


async def refused_in(call: Awaitable[object]) -> str | None:
    """The argument that was refused, if one was."""
    try:
        await call
    except ArgumentError as error:
        return error.argument
    return None


def is_broken(value: object) -> bool:
    """Whether a value is a text that does not fit into a header."""
    return isinstance(value, str) and any(letter in "\r\n\0" or "\ud800" <= letter <= "\udfff" for letter in value)


@pytest.mark.parametrize("most", [0, -1, True, 1.5])
def test_limits_that_let_nothing_through_are_refused(most: Any) -> None:
    with pytest.raises(ArgumentError, match="limits: must have max_connections above 0"):
        MusementClient(CREDENTIALS, limits=httpx.Limits(max_connections=most))


def test_a_token_store_needs_its_methods() -> None:
    store: Any = SimpleNamespace(load=print, save=print)
    with pytest.raises(ArgumentError, match="token_store: must have the methods of a TokenStore"):
        MusementClient(CREDENTIALS, token_store=store)


@pytest.mark.parametrize("secret", ["a\ud800secret"])
def test_the_refusal_of_a_secret_does_not_hold_it(secret: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        ClientCredentials("an-id", secret)
    assert "secret" not in str(caught.value).removeprefix("client_secret")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.fixture
def recorded() -> tuple[MusementClient, list[httpx.Request]]:
    """A client, and its requests."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={})

    transport = httpx.MockTransport(answer)
    client = MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1/api", transport=transport)
    return client, requests


@pytest.mark.anyio
@pytest.mark.parametrize("argument", ["method", "path", "params", "json", "model"])
async def test_a_request_is_refused_by_name_or_sent_below_the_base_url(
    argument: str, bad_values: tuple[object, ...], recorded: Any
) -> None:
    client, requests = recorded
    for value in bad_values:
        requests.clear()
        arguments: dict[str, Any] = {"method": "POST", "path": "/cities", argument: value}
        refused = await refused_in(client.request(**arguments))
        if refused is None:
            assert requests[0].url.path.startswith("/api/")
            assert argument != "method" or requests[0].method.isalpha()
        else:
            # The error about a fault inside of params has another name.
            assert refused == argument or (argument == "params" and refused in arguments["params"])
            assert requests == []


@pytest.mark.anyio
async def test_a_parameter_of_a_request_is_refused_by_its_name(bad_values: tuple[object, ...], recorded: Any) -> None:
    client, requests = recorded
    for value in bad_values:
        requests.clear()
        refused = await refused_in(client.request("GET", "/cities", params={"colour": value}))
        if refused is None:
            assert value is None or isinstance(value, str | int | float | list | tuple)
            assert requests[0].url.path == "/api/cities"
        else:
            assert refused == "colour"
            assert requests == []


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("step", "arguments", "wrong"),
    [
        ("add", {"product": None, "quantity": 1}, "product"),
        ("add", {"product": "a-product", "quantity": 1}, "product"),
        ("add", {"product": TICKET, "quantity": "2"}, "quantity"),
        ("add", {"product": TICKET, "quantity": 1, "slot": 3}, "slot"),
        ("set_participants", {"item_uuid": "..", "answers": []}, "item_uuid"),
        *(
            ("set_participants", {"item_uuid": UUID(int=1), "answers": answers}, "answers")
            for answers in (None, 3, "a")
        ),
        ("pay", {"payment": "a-card"}, "payment"),
        ("vouchers", {"folder": 3}, "folder"),
        ("run", {"folder": 3}, "folder"),
        ("run", {"order": 3}, "order"),
        ("run", {"polling": [1]}, "polling"),
        ("run", {"payment": 3}, "payment"),
        ("run", {"participants": 3}, "participants"),
        ("run", {"participants": {"..": []}}, "participants"),
    ],
)
async def test_a_step_of_a_checkout_is_refused_by_name(
    step: str, arguments: dict[str, object], wrong: str, recorded: Any
) -> None:
    client, requests = recorded
    with pytest.raises(ArgumentError) as caught:
        await getattr(client.checkout(UUID(int=2)), step)(**arguments)
    assert (caught.value.argument, requests) == (wrong, [])


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/cities\n", "/cities\0", "/cities\ud800", "/\u200b"])
async def test_a_path_holds_nothing_invisible(path: str, recorded: Any) -> None:
    client, requests = recorded
    with pytest.raises(ArgumentError, match="path: must not contain line breaks"):
        await client.request("GET", path)
    assert requests == []
