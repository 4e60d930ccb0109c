"""Redirects: calls do not follow them to other places, and the token is not sent there."""

from typing import Any

import anyio
import httpx
import pytest

from musement_async import APIError, NetworkError, OutcomeUnknownError, Token

# Downloads follow redirects, without the token: see below.
WITHOUT_DOWNLOADS = ["get", "list", "cart", "order", "payment", "login"]
UUID = "0f5e1d4c-3b2a-4958-8776-655443322110"


@pytest.mark.anyio
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("operation", WITHOUT_DOWNLOADS, indirect=True)
async def test_a_redirect_is_an_error_that_sends_nothing_elsewhere(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any, status: int
) -> None:
    location = faulty_server.origin.replace("127.0.0.1", "localhost") + "/elsewhere"
    async with open_client(token=operation.token) as client:
        for _ in range(3):
            faulty_server.play(operation.target, ("answer", status, b"", {"Location": location}))
            with pytest.raises((APIError, OutcomeUnknownError)) as caught:
                await operation.call(client)
            # After a redirect, an order or a payment may have been made.
            is_unknown = isinstance(caught.value, OutcomeUnknownError)
            assert is_unknown == (operation.name in {"order", "payment"})
            assert getattr(caught.value.__cause__ if is_unknown else caught.value, "status", None) == status
        assert [request for request in faulty_server.received if "elsewhere" in request.path] == []
        await all_is_well(client)


@pytest.mark.anyio
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_download_that_is_redirected_takes_no_token_along(
    faulty_server: Any, open_client: Any, all_is_well: Any, status: int
) -> None:
    location = faulty_server.origin.replace("127.0.0.1", "localhost") + "/api/v3/voucher"
    async with open_client(allow_private_hosts=True) as client:
        faulty_server.play("call", ("answer", status, b"", {"Location": location}))
        assert (await client.orders.voucher(UUID, UUID)).startswith(b"%PDF")
        headers = faulty_server.received[-1].headers
        assert headers["host"].startswith("localhost")
        assert [name for name in headers if name == "authorization" or name.startswith("x-musement-")] == []
        await all_is_well(client)


LOCATIONS = {
    "to itself": b"/api/v3/voucher",
    "to nowhere": b"",
    "to no URL": b"http://[",
    "to a port beyond all ports": b"http://127.0.0.1:99999/",
    "to another scheme": b"file:///etc/hostname",
    "to a name that is none": b"http://xn--.invalid/",
    "to a name too long": b"http://" + b"n" * 70 + b".invalid/",
    "to bytes of no meaning": bytes(range(128, 256)),
}


@pytest.mark.anyio
@pytest.mark.parametrize("location", LOCATIONS)
async def test_a_redirect_to_nothing_is_one_of_our_errors(
    faulty_server: Any, open_client: Any, all_is_well: Any, location: str
) -> None:
    answer = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + LOCATIONS[location] + b"\r\n\r\n"
    async with open_client(allow_private_hosts=True) as client:
        faulty_server.play("call", ("send", answer), times=100)
        for _ in range(3):
            with anyio.fail_after(100), pytest.raises((NetworkError, APIError)):
                await client.orders.voucher(UUID, UUID)
            with anyio.fail_after(100), pytest.raises((NetworkError, APIError)):
                await client.carts.create()
        faulty_server.forget()
        await all_is_well(client)


@pytest.mark.anyio
async def test_a_group_of_other_errors_is_left_as_it_is(open_client: Any) -> None:
    async def hook(_: httpx.Request) -> None:
        raise ExceptionGroup("of a hook", [ZeroDivisionError()])

    async with open_client(token=Token(access_token="good-token")) as client:
        client.http.event_hooks["request"].append(hook)
        with pytest.raises(ExceptionGroup, match="of a hook"):
            await client.cities.get(2)
