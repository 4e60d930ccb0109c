"""Signing up: the requests, refusals and results of each method."""

import json
from typing import Any

import pytest

from musement_async import ArgumentError, AuthenticationError, BadRequestError, MusementClient, PasswordCredentials
from musement_async.models import Customer
from musement_async.testing import LocalMusement


def login(local: LocalMusement, email: str, password: str) -> MusementClient:
    return local.client(PasswordCredentials(local.client_id, local.client_secret, email, password))


@pytest.mark.anyio
async def test_it_begins_with_an_address(answering: Any) -> None:
    client, requests = answering()
    await client.signup.begin("ada@example.com")
    assert (requests[0].method, requests[0].url.path) == ("POST", "/signup")
    assert json.loads(requests[0].content) == {"email": "ada@example.com"}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "path", "result"),
    [("soft", "/signup/soft", None), ("external_provider", "/signup/external_provider", Customer(id=7))],
)
async def test_fields_that_the_api_does_not_describe_are_sent_as_they_are(
    answering: Any, method: str, path: str, result: Any
) -> None:
    client, requests = answering(json={"id": 7})
    fields = {"email": "ada@example.com", "consents": [True, None]}
    assert await getattr(client.signup, method)(fields) == result
    assert (requests[0].method, requests[0].url.path) == ("POST", path)
    assert json.loads(requests[0].content) == fields


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "argument", "wrong"),
    [
        ("begin", "ada", "email"),
        ("begin", "ada@", "email"),
        ("soft", [("email", "a")], "fields"),
        ("soft", {1: "a"}, "fields"),
        ("external_provider", "email", "fields"),
    ],
)
async def test_what_could_not_be_sent_is_refused(answering: Any, method: str, argument: Any, wrong: str) -> None:
    client, requests = answering(json={})
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.signup, method)(argument)
    assert raised.value.argument == wrong
    assert not requests


@pytest.mark.anyio
async def test_who_signed_up_can_log_in_and_is_somebody_else(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    await musement_client.signup.begin("ada@example.com")
    ada = await login(local_musement, "ada@example.com", local_musement.password).account.get()
    first = await local_musement.client(local_musement.customer).account.get()
    assert (ada.email, first.email) == ("ada@example.com", "customer@example.com")
    assert ada.id != first.id


@pytest.mark.anyio
async def test_who_signed_up_with_a_password_logs_in_with_that(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    fields = {"email": "grace@example.com", "password": "a-secret", "firstname": "Grace", "newsletter": True}
    await musement_client.signup.soft(fields)
    grace = await login(local_musement, "grace@example.com", "a-secret").account.get()
    assert (grace.email, grace.firstname) == ("grace@example.com", "Grace")
    with pytest.raises(AuthenticationError):
        await login(local_musement, "grace@example.com", local_musement.password).account.get()


@pytest.mark.anyio
async def test_who_comes_from_elsewhere_is_the_answer(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    made = await musement_client.signup.external_provider({"email": "emmy@example.com", "lastname": "Noether"})
    assert (made.email, made.lastname) == ("emmy@example.com", "Noether")
    assert await login(local_musement, "emmy@example.com", local_musement.password).account.get() == made


@pytest.mark.anyio
@pytest.mark.parametrize("email", ["customer@example.com", "manager@example.com"])
async def test_nobody_signs_up_twice(musement_client: MusementClient, email: str) -> None:
    with pytest.raises(BadRequestError, match="There is a customer with this e-mail address"):
        await musement_client.signup.begin(email)


@pytest.mark.anyio
@pytest.mark.parametrize("fields", [{}, {"email": 7}, {"email": "ada@example.com", "password": ""}])
async def test_the_local_musement_refuses_a_form_that_is_wrong(musement_client: MusementClient, fields: Any) -> None:
    with pytest.raises(BadRequestError, match="must be"):
        await musement_client.signup.soft(fields)
