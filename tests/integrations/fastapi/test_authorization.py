"""Names and passwords that customers show by HTTP Basic."""

import base64
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI

from musement_async import ArgumentError, MusementClient
from musement_async.integrations.fastapi import CustomerSession, basic_customer, customer_client, install_error_handlers
from musement_async.models import Customer
from musement_async.testing import LocalMusement

Visit = Callable[[FastAPI], AbstractAsyncContextManager[httpx.AsyncClient]]
CHALLENGE = 'Basic realm="customers", charset="UTF-8"'


def basic(text: bytes) -> str:
    return f"Basic {base64.b64encode(text).decode()}"


async def answer_to(authorization: bytes | str | None, *, handled: bool = True) -> httpx.Response:
    """The answer of an application that tells whom it sees."""
    app = FastAPI()
    if handled:
        install_error_handlers(app)

    @app.get("/")
    async def who(session: Annotated[CustomerSession, Depends(basic_customer())]) -> list[str | None]:
        return [session.name, session.password]

    headers = {} if authorization is None else {b"Authorization": authorization}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as visitor:
        return await visitor.get("/", headers=headers)  # type: ignore[arg-type]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("señor:пароль-€".encode(), ["señor", "пароль-€"]),
        ("señor:naïve".encode("iso-8859-1"), ["señor", "naïve"]),
        (b"ada:with:colons", ["ada", "with:colons"]),
    ],
)
async def test_a_name_and_a_password_arrive_as_they_were_typed(shown: bytes, expected: list[str]) -> None:
    assert (await answer_to(basic(shown))).json() == expected


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic not-base64!",
        "Basic ÿ".encode("iso-8859-1"),
        basic(b"no colon"),
        basic(b":password"),
        basic(b"name:"),
        "Basic " + "A" * 10_000,
        "Bearer token",
        "Negotiate abc",
    ],
)
async def test_what_shows_no_name_and_password_is_a_problem_with_a_challenge(authorization: bytes | str | None) -> None:
    answer = await answer_to(authorization)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, CHALLENGE)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["error"] == "LoginRequiredError"


@pytest.mark.asyncio
async def test_without_the_handlers_status_and_challenge_are_the_same() -> None:
    answer = await answer_to(None, handled=False)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, CHALLENGE)


@pytest.mark.asyncio
async def test_a_password_that_musement_refuses_is_asked_for_by_the_same_challenge(
    app: FastAPI, visit: Visit, local_musement: LocalMusement
) -> None:
    @app.get("/me")
    async def me(client: Annotated[MusementClient, Depends(customer_client(basic_customer()))]) -> Customer:
        return await client.account.get()

    async with visit(app) as visitor:
        answer = await visitor.get("/me", auth=(local_musement.username, "guessed"))
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, CHALLENGE)


@pytest.mark.parametrize("realm", ['a"b', "a\\b", "a\r\nb", "é"])
def test_a_realm_that_cannot_be_sent_is_refused(realm: str) -> None:
    with pytest.raises(ArgumentError, match="realm"):
        basic_customer(realm=realm)
