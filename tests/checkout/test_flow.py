"""A checkout: every step, repeated, failed and taken up again."""

import pickle
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import anyio
import httpx
import pytest

from musement_async import (
    ArgumentError,
    Checkout,
    CheckoutError,
    ClientClosedError,
    FormError,
    LockedError,
    MusementClient,
    NetworkError,
    OrderPendingError,
    OutcomeUnknownError,
    UnprocessableError,
)
from musement_async.checkout import purchase
from musement_async.models import Activity, BookingType, Order, ScheduleProduct
from musement_async.testing import LocalMusement

CREATE, ORDER, PAY = "POST /carts", "POST /orders", "POST /payments/no/payment"


@pytest.fixture
async def client(local: LocalMusement, wire: Any) -> AsyncIterator[MusementClient]:
    async with local.client(transport=wire) as client:
        yield client
