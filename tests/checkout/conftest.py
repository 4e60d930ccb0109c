"""A shop to book at, and a wire that loses answers."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import aclosing, contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import anyio
import anyio.lowlevel
import attrs
import httpx
import pytest

from musement_async import Checkout, FormField, MusementClient
from musement_async.checkout import purchase
from musement_async.models import Activity, BookingType, CartItem, Pickup, ScheduleProduct, ScheduleSlot
from musement_async.testing import LocalMusement

TODAY = date(2026, 6, 1)
ANSWERS: Mapping[str | None, object] = {
    "date": "1990-12-10",
    "email": "ada@example.com",
    "integer": 1,
    "number": 60,
    "phone_number": "+39 06 12345",
    "flight_number": "AZ 610",
}


class Wire(httpx.AsyncBaseTransport):
    """The way to the local server, on which every exchange takes a moment and can be lost or held back.

    Attributes:
        sent: How many times each call set out, whatever became of it.
        prices: By what the totals of carts and orders are multiplied on the way back.
    """

    def __init__(self, local: LocalMusement) -> None:
        self._inner = local.transport()
        self.sent: Counter[str] = Counter()
        self.prices = 1
        self._lost: list[tuple[str, bool]] = []
        self._held: dict[str, tuple[anyio.Event, anyio.Event]] = {}

    def lose(self, call: str, *, done: bool, times: int = 1) -> None:
        """Have the connection break under the next calls, once the server has done what they ask for or before."""
        self._lost += [(call, done)] * times

    @contextmanager
    def hold(self, call: str) -> Generator[anyio.Event]:
        """Hold a call back for as long as the block runs; gives the event of its arrival."""
        arrived, go = anyio.Event(), anyio.Event()
        self._held[call] = arrived, go
        try:
            yield arrived
        finally:
            go.set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        call = f"{request.method} {request.url.path.removeprefix('/api/v3')}"
        self.sent[call] += 1
        if call in self._held:
            arrived, go = self._held.pop(call)
            arrived.set()
            await go.wait()
        await self._travel(call, done=False)
        response = await self._inner.handle_async_request(request)
        await self._travel(call, done=True)
        return response if self.prices == 1 else await self._with_other_prices(response)

    async def _with_other_prices(self, response: httpx.Response) -> httpx.Response:
        body = json.loads(await response.aread() or b"null")
        for name in ("retail_price", "total_price"):
            if isinstance(body, dict) and isinstance(body.get(name), dict):
                body[name]["value"] *= self.prices
        return httpx.Response(response.status_code, json=body)

    async def _travel(self, call: str, *, done: bool) -> None:
        for _ in range(3):
            await anyio.lowlevel.checkpoint()
        if (call, done) in self._lost:
            self._lost.remove((call, done))
            raise httpx.ReadError("the connection broke")


@attrs.frozen
class Offer:
    """Something to book."""

    slot: ScheduleSlot
    product: ScheduleProduct
    pickup: Pickup | None

    async def put_into(self, checkout: Checkout, quantity: int | None = None) -> CartItem:
        language = self.slot.languages[0].code if self.slot.languages else None
        quantity = quantity or max(self.slot.least, self.product.least)
        return await checkout.add(self.product, quantity, slot=self.slot, language=language, pickup=self.pickup)


@pytest.fixture
def local() -> LocalMusement:
    return LocalMusement(today=TODAY, activities=60, settle_after=0)


@pytest.fixture
def wire(local: LocalMusement) -> Wire:
    return Wire(local)


@pytest.fixture
def client(local: LocalMusement, wire: Wire) -> MusementClient:
    return local.client(transport=wire)


async def _asks_customer(client: MusementClient, activity: Activity) -> bool:
    return await client.activities.extra_customer_data_schema(activity.uuid) is not None


async def _asks_participants(client: MusementClient, activity: Activity) -> bool:
    return await client.activities.participants_schema(activity.uuid) is not None


async def _has_timeslots(_client: MusementClient, activity: Activity) -> bool:
    return activity.booking_type == BookingType.CALENDAR_TIMESLOTS


async def _has_no_timeslots(_client: MusementClient, activity: Activity) -> bool:
    return activity.booking_type == BookingType.CALENDAR_NO_TIMESLOTS


async def _is_open(_client: MusementClient, activity: Activity) -> bool:
    return activity.open is True


async def _picks_up(_client: MusementClient, activity: Activity) -> bool:
    return activity.needs_pickup


KINDS: Mapping[str, Callable[[MusementClient, Activity], Awaitable[bool]]] = {
    "with timeslots": _has_timeslots,
    "without timeslots": _has_no_timeslots,
    "open date": _is_open,
    "pickup": _picks_up,
    "extra customer data": _asks_customer,
    "participants": _asks_participants,
}


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def find_offer() -> Callable[..., Awaitable[Offer]]:
    """Finds something to book that is of a kind."""

    async def find(client: MusementClient, kind: str = "with timeslots") -> Offer:
        async with aclosing(client.activities.search().items()) as activities:
            async for found in activities:
                activity = await client.activities.get(found.uuid)
                if await KINDS[kind](client, activity) and (offer := await _offer(client, activity)):
                    return offer
        raise LookupError(kind)

    return find


async def _offer(client: MusementClient, activity: Activity) -> Offer | None:
    uuid = activity.uuid
    pickup = (await client.activities.pickups(uuid))[0] if activity.needs_pickup else None
    for day in await client.dates.list(uuid, date_from=TODAY + timedelta(days=7), pickup=pickup):
        if day.day and not day.sold_out:
            schedule = await client.dates.get(uuid, day.day, pickup=pickup)
            for _, slot, product in schedule.offers():
                if product.accepts(slot.least) and slot.accepts(slot.least + 1):
                    return Offer(slot, product, pickup)
    return None


def answer(field: FormField) -> object:
    """The answer of the customer of these tests."""
    if not field.required:
        return None
    if field.choices:
        return list(field.choices)[-1]
    kinds = (field.name, field.format, field.type)
    return next((ANSWERS[kind] for kind in kinds if kind in ANSWERS), "Ada")


@pytest.fixture
def fill() -> Callable[[Checkout], Awaitable[dict[str, Any]]]:
    """Fills in the forms of a checkout, as its ``run`` takes them."""

    async def filled(checkout: Checkout) -> dict[str, Any]:
        forms = await checkout.forms()
        assert forms.customer
        participants: dict[UUID, object] = {item: form.fill(answer) for item, form in forms.participants.items()}
        return {"customer": forms.customer.fill(answer), "participants": participants}

    return filled


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purchase, "LOOKS", (0.0, 0.0, 0.0))


@pytest.fixture
def ready(
    client: MusementClient, find_offer: Callable[..., Awaitable[Offer]], fill: Callable[..., Awaitable[dict[str, Any]]]
) -> Callable[[], Awaitable[Checkout]]:
    """A checkout that has all it needs to be ordered."""

    async def make() -> Checkout:
        checkout = client.checkout()
        await (await find_offer(client)).put_into(checkout)
        filled = await fill(checkout)
        await checkout.set_customer(filled["customer"])
        for item, answers in filled["participants"].items():
            await checkout.set_participants(item, answers)
        return checkout

    return make
