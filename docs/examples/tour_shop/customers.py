"""Customers: they log in once, and what they do from then on is done in their own session at Musement."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, SecretStr
from starlette.requests import Request

from musement_async import MusementClient
from musement_async.integrations.fastapi import Client, CustomerSessions, LoggedIn, address_of
from musement_async.models import Customer, Order

router = APIRouter(tags=["customers"])
# In one process, for the example. Several processes share a RedisSessionStore and a RedisLoginLimiter.
sessions = CustomerSessions()

CurrentSession = Annotated[LoggedIn, Depends(sessions.current)]
CustomerClient = Annotated[MusementClient, Depends(sessions.client)]


class Login(BaseModel):
    """Who wants to log in."""

    username: str
    password: SecretStr


class NewLogin(BaseModel):
    """A session at the shop, and whose it is."""

    session: str
    customer: Customer


class OpenSession(BaseModel):
    """One of the customer's sessions, for a list of browsers."""

    label: str | None
    started_at: str
    is_this_one: bool


@router.post("/login", status_code=201)
async def login(client: Client, request: Request, response: Response, body: Login) -> NewLogin:
    """Log in with an account at Musement. The shop keeps no password. Browsers get a cookie, apps a bearer token."""
    new = await sessions.log_in(
        client,
        body.username,
        body.password.get_secret_value(),
        address=address_of(request),
        label=request.headers.get("user-agent"),
    )
    sessions.set_cookie(response, new)
    return NewLogin(session=new.id, customer=new.customer)


@router.post("/logout", status_code=204)
async def logout(client: Client, session: CurrentSession, response: Response) -> None:
    """End this session."""
    await sessions.end(client, session)
    sessions.delete_cookie(response)


@router.get("/me/sessions")
async def open_sessions(session: CurrentSession) -> list[OpenSession]:
    """Where the customer is logged in."""
    return [
        OpenSession(label=each.label, started_at=each.started_at.isoformat(), is_this_one=each.key == session.key)
        for each in await sessions.list(session.customer)
    ]


@router.delete("/me/sessions", status_code=204)
async def end_other_sessions(client: Client, session: CurrentSession) -> None:
    """End the customer's other sessions, such as after a theft."""
    await sessions.end_all(client, session.customer, but=session)


@router.get("/me")
async def profile(customer: CustomerClient) -> Customer:
    """The customer's profile."""
    return await customer.account.get()


@router.get("/me/orders")
async def orders(customer: CustomerClient) -> list[Order]:
    """The customer's orders."""
    return [order async for order in customer.account.orders()]
