"""Customers: they log in once, and what they do from then on is done in their own session at Musement."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, SecretStr

from musement_async import MusementClient
from musement_async.integrations.fastapi import Client, CustomerSession, customer_client, log_customer_in
from musement_async.models import Customer, Order

from .memory import Remembered

router = APIRouter(tags=["customers"])
bearer = HTTPBearer(description="The session that a login gives.")


async def current_session(
    shown: Annotated[HTTPAuthorizationCredentials, Depends(bearer)], memory: Remembered
) -> CustomerSession:
    """Whose request it is: the one thing that an application has to say itself."""
    name = memory.logins.get(shown.credentials)
    if name is None:
        raise HTTPException(401, "Log in first.", headers={"WWW-Authenticate": "Bearer"})
    return CustomerSession(name)


CustomerClient = Annotated[MusementClient, Depends(customer_client(current_session))]


class Login(BaseModel):
    """Who wants to log in."""

    username: str
    password: SecretStr


class LoggedIn(BaseModel):
    """A session at the shop, and whose it is."""

    session: str
    customer: Customer


@router.post("/login", status_code=201)
async def login(client: Client, memory: Remembered, body: Login) -> LoggedIn:
    """Log in with an account at Musement. The shop keeps neither password nor token."""
    name = secrets.token_hex(16)
    customer = await log_customer_in(client, body.username, body.password.get_secret_value(), name=name)
    session = secrets.token_urlsafe(32)
    memory.logins[session] = name
    return LoggedIn(session=session, customer=customer)


@router.post("/logout", status_code=204)
async def logout(shown: Annotated[HTTPAuthorizationCredentials, Depends(bearer)], memory: Remembered) -> None:
    """Forget the session."""
    memory.logins.pop(shown.credentials, None)


@router.get("/me")
async def profile(customer: CustomerClient) -> Customer:
    """The customer's profile."""
    return await customer.account.get()


@router.get("/me/orders")
async def orders(customer: CustomerClient) -> list[Order]:
    """What the customer ordered."""
    return [order async for order in customer.account.orders()]
