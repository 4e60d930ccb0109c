"""Money in a checkout: what was agreed is what is ordered and paid, in the way that was chosen."""

import pickle
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from musement_async import (
    ArgumentError,
    Booking,
    Checkout,
    CheckoutError,
    Invoice,
    Money,
    MusementClient,
    PaymentPendingError,
    PriceChangedError,
    UnprocessableError,
)
from musement_async.models import Order, OrderItem, OrderItemStatus, Price
from musement_async.testing import LocalMusement

ORDER, PAY = "POST /orders", "POST /payments/no/payment"
Ready = Callable[[], Awaitable[Checkout]]


async def shown(checkout: Checkout) -> Money:
    cart = await checkout.cart()
    assert checkout.total
    assert cart.customer_price
    assert checkout.total.amount == cart.customer_price.value
    return checkout.total


@pytest.mark.anyio
async def test_a_price_that_changed_since_the_cart_was_shown_is_not_ordered(
    ready: Ready, local: LocalMusement, wire: Any
) -> None:
    checkout = await ready()
    total = await shown(checkout)
    wire.prices = 3
    with pytest.raises(PriceChangedError) as raised:
        await checkout.order()
    error = pickle.loads(pickle.dumps(raised.value))  # noqa: S301 (its own)
    assert (error.expected, error.actual) == (total, Money(total.amount * 3, total.currency))
    assert (error.cart_uuid, error.order_uuid, local.orders) == (checkout.cart_uuid, None, [])


@pytest.mark.anyio
async def test_a_price_that_changed_before_a_run_changes_nothing_at_all(
    ready: Ready, local: LocalMusement, wire: Any, fill: Any
) -> None:
    checkout = await ready()
    filled = await fill(checkout)
    wire.prices = 2
    puts = local.count("/carts/{cartUuid}/customer")
    with pytest.raises(PriceChangedError):
        await checkout.run(**filled, payment=Invoice())
    assert (local.orders, local.count("/carts/{cartUuid}/customer")) == ([], puts)


@pytest.mark.anyio
async def test_prices_that_change_at_the_local_musement_are_noticed(ready: Ready, local: LocalMusement) -> None:
    checkout = await ready()
    total = await shown(checkout)
    assert local.change_prices(300) == 1
    with pytest.raises(PriceChangedError) as raised:
        await checkout.run(payment=Invoice())
    assert raised.value.actual == Money(total.amount * 3, total.currency)
    local.change_prices(100)
    booking = await checkout.run(payment=Invoice(), polling={"initial_backoff": 0.001})
    assert booking.owed == total
    assert local.change_prices(300) == 0


def test_a_price_of_nothing_is_not_a_changed_price(local: LocalMusement) -> None:
    with pytest.raises(ValueError, match="percent: must be at least 1"):
        local.change_prices(0)


@pytest.mark.anyio
async def test_a_customer_who_agrees_to_the_new_price_pays_it(ready: Ready, wire: Any) -> None:
    checkout = await ready()
    await checkout.cart()
    wire.prices = 2
    with pytest.raises(PriceChangedError) as raised:
        await checkout.run(payment=Invoice())
    assert raised.value.actual
    booking = await checkout.run(
        payment=Invoice(), expected_total=raised.value.actual, polling={"initial_backoff": 0.001}
    )
    assert (booking.order.is_paid, booking.owed) == (True, raised.value.actual)


@pytest.mark.anyio
async def test_an_order_that_costs_more_than_its_cart_is_not_paid(ready: Ready, wire: Any) -> None:
    checkout = await ready()
    await checkout.order()
    wire.prices = 2
    with pytest.raises(PriceChangedError) as raised:
        await checkout.pay(Invoice())
    assert raised.value.order_uuid == checkout.order_uuid
    assert wire.sent[PAY] == 0
    wire.prices = 1
    assert (await checkout.pay(Invoice())).is_paid


@pytest.mark.anyio
async def test_a_cart_that_is_resumed_in_another_currency_is_not_ordered(
    ready: Ready, client: MusementClient, local: LocalMusement
) -> None:
    checkout = await ready()
    total = await shown(checkout)
    resumed = client.with_options(currency="JPY").checkout(checkout.cart_uuid)
    with pytest.raises(PriceChangedError) as raised:
        await resumed.run(payment=Invoice(), expected_total=total)
    assert raised.value.actual
    assert (raised.value.actual.currency, local.orders) == ("JPY", [])


@pytest.mark.anyio
async def test_what_is_expected_may_be_the_price_of_the_cart_itself(ready: Ready) -> None:
    checkout = await ready()
    cart = await checkout.cart()
    order = await checkout.order(expected_total=cart.customer_price)
    assert (await checkout.pay(Invoice(), expected_total=order.total_price)).is_paid


@pytest.mark.anyio
async def test_something_added_makes_a_new_total(
    client: MusementClient, find_offer: Callable[..., Awaitable[Any]]
) -> None:
    offer, checkout = await find_offer(client), client.checkout()
    least = max(offer.slot.least, offer.product.least)
    await offer.put_into(checkout, least)
    before = await shown(checkout)
    await offer.put_into(checkout, least + 1)
    unseen = checkout.total
    await checkout.forms()
    seen = checkout.total
    assert (unseen, seen is not None and seen.amount > before.amount) == (None, True)


@pytest.mark.anyio
async def test_an_empty_cart_shows_no_total(client: MusementClient) -> None:
    checkout = client.checkout()
    await checkout.cart()
    assert checkout.total is None


@pytest.mark.anyio
async def test_a_total_that_the_api_no_longer_tells_is_another_one() -> None:
    uuid, price = str(uuid4()), {"value": 1.5, "currency": "EUR"}
    cart = {"access_token": "A", "uuid": uuid, "items": [{"uuid": uuid, "status": "PREBOOK_OK"}], "retail_price": price}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("order-info"):
            return httpx.Response(404, json={"code": "1400"})
        return httpx.Response(200, json=cart)

    checkout = LocalMusement().client(transport=httpx.MockTransport(answer)).checkout(uuid)
    await checkout.cart()
    del cart["retail_price"]
    with pytest.raises(PriceChangedError, match=r"is not told, not 1\.5 EUR") as raised:
        await checkout.order()
    assert raised.value.actual is None


@pytest.mark.anyio
@pytest.mark.parametrize("total", [3, "3 EUR", Price(currency="EUR"), Price(value=Decimal(3))])
async def test_a_total_is_money_or_a_price(ready: Ready, total: Any) -> None:
    with pytest.raises(ArgumentError, match=r"^expected_total: "):
        await (await ready()).run(expected_total=total)


@pytest.mark.parametrize(
    ("amount", "currency", "wrong"),
    [
        ("3", "EUR", "amount"),
        (True, "EUR", "amount"),
        (Decimal("NaN"), "EUR", "amount"),
        (3, "eur", "currency"),
        (3, "EURO", "currency"),
        (3, None, "currency"),
    ],
)
def test_money_is_an_amount_and_a_code(amount: Any, currency: Any, wrong: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{wrong}: "):
        Money(amount, currency)


def test_equal_amounts_are_equal_money() -> None:
    assert Money(35.9, "EUR") == Money(Decimal("35.90"), "EUR") != Money(Decimal("35.90"), "USD")
    assert str(Money(35.9, "EUR")) == "35.9 EUR"


@pytest.mark.anyio
async def test_without_a_payment_nothing_is_ordered(ready: Ready, local: LocalMusement) -> None:
    checkout = await ready()
    with pytest.raises(ArgumentError, match=r"^payment: is needed for .*: pass payment=Invoice\(\) or"):
        await checkout.run()
    assert local.orders == []


@pytest.mark.anyio
async def test_a_total_that_is_not_told_is_not_free() -> None:
    uuid = str(uuid4())

    def answer(request: httpx.Request) -> httpx.Response:
        is_info = request.url.path.endswith(("order-info", "schema"))
        return httpx.Response(
            *((404,) if is_info else (200,)), json={"access_token": "A", "code": "1400", "uuid": uuid}
        )

    checkout = LocalMusement().client(transport=httpx.MockTransport(answer)).checkout(uuid)
    with pytest.raises(ArgumentError, match="is needed for an unknown total"):
        await checkout.run()


@pytest.mark.anyio
async def test_what_costs_nothing_needs_no_payment(client: MusementClient, local: LocalMusement, fill: Any) -> None:
    cart = await client.carts.create()
    await client.carts.redeem_gift(cart.uuid, local.gift_code, language="en")
    checkout = client.checkout(cart.uuid)
    booking = await checkout.run(**await fill(checkout), polling={"initial_backoff": 0.001})
    assert booking.order.is_paid


@pytest.mark.anyio
async def test_an_order_that_waits_for_3d_secure_is_not_paid_by_invoice_after_a_restart(
    ready: Ready, client: MusementClient, local: LocalMusement, wire: Any
) -> None:
    async def by_card(order: Order) -> object:
        return await client.payments.stripe(order.uuid, stripe_token=local.secured_card)

    checkout = await ready()
    with pytest.raises(CheckoutError) as stopped:
        await checkout.run(payment=by_card)
    assert isinstance(stopped.value.cause, PaymentPendingError)
    assert stopped.value.cause.confirmation
    resumed = client.checkout(checkout.cart_uuid)
    with pytest.raises(CheckoutError, match="3-D Secure") as raised:
        await resumed.run()
    assert isinstance(raised.value.cause, PaymentPendingError)
    assert (raised.value.cause.order.uuid, raised.value.cause.status) == (checkout.order_uuid, "created")
    assert wire.sent[PAY] == 0
    await client.payments.complete_stripe_3d_secure({"order_uuid": str(checkout.order_uuid)})
    assert (await resumed.run(polling={"initial_backoff": 0.001})).order.is_paid


def order_with(progress: dict[str, object]) -> Callable[[httpx.Request], httpx.Response]:
    """An API whose order does not say whether it is paid."""
    uuid, price = str(uuid4()), {"value": 1.5, "currency": "EUR"}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("order-info"):
            return httpx.Response(200, json={"order_uuid": uuid, "payment": progress})
        return httpx.Response(200, json={"access_token": "A", "uuid": uuid, "total_price": price})

    return answer


async def never(_: Order) -> object:
    raise AssertionError("a second payment")


@pytest.mark.anyio
@pytest.mark.parametrize("status", ["authorized", "capture", "booking_started"])
async def test_a_payment_that_is_under_way_is_not_made_again(status: str) -> None:
    transport = httpx.MockTransport(order_with({"paid": False, "status": status}))
    checkout = LocalMusement().client(transport=transport).checkout(uuid4())
    with pytest.raises(CheckoutError, match=f"under way: its status is {status}"):
        await checkout.pay(never)


@pytest.mark.anyio
async def test_an_order_that_only_its_cart_knows_to_be_paid_is_not_paid_again() -> None:
    transport = httpx.MockTransport(order_with({"paid": True, "status": "paid"}))
    checkout = LocalMusement().client(transport=transport).checkout(uuid4())
    assert await checkout.pay(never) == await checkout.find_order()


@pytest.fixture(params=["password", "as_customer", "with_token"])
async def customer(client: MusementClient, local: LocalMusement, wire: Any, request: Any) -> MusementClient:
    """A client of a customer's session."""
    elsewhere = local.client(local.customer, transport=wire)
    await elsewhere.account.get()
    assert elsewhere.token
    sessions = {
        "password": elsewhere,
        "as_customer": client.as_customer(local.username, local.password),
        "with_token": client.with_token(elsewhere.token),
    }
    return sessions[request.param]


@pytest.fixture
async def unpayable(customer: MusementClient, find_offer: Any, fill: Any) -> Checkout:
    """A customer's checkout that could be ordered."""
    checkout = customer.checkout()
    await (await find_offer(customer)).put_into(checkout)
    await checkout.set_customer((await fill(checkout))["customer"])
    return checkout


NOT_BY_INVOICE = r"^payment: .* pass payment=\.\.\."


@pytest.mark.anyio
@pytest.mark.parametrize("step", ["run", "order"])
async def test_a_customer_who_may_not_pay_by_invoice_leaves_no_order(
    unpayable: Checkout, local: LocalMusement, step: str
) -> None:
    with pytest.raises(ArgumentError, match=NOT_BY_INVOICE):
        await getattr(unpayable, step)(payment=Invoice())
    assert local.orders == []


@pytest.mark.anyio
async def test_a_customer_who_has_ordered_sends_no_payment_by_invoice(
    unpayable: Checkout, customer: MusementClient, local: LocalMusement, wire: Any
) -> None:
    await unpayable.order()
    resumed = customer.checkout(unpayable.cart_uuid)
    for pay in (unpayable.pay(Invoice()), resumed.pay(Invoice()), resumed.run(payment=Invoice())):
        with pytest.raises(ArgumentError, match=NOT_BY_INVOICE):
            await pay
    assert wire.sent[PAY] == 0

    async def by_card(order: Order) -> object:
        return await customer.payments.stripe(order.uuid, stripe_token=local.accepted_card)

    assert (await resumed.pay(by_card)).is_paid
    assert (await unpayable.pay(Invoice())).is_paid


@pytest.mark.anyio
async def test_a_customer_sends_no_payment_by_invoice_for_an_order_whose_price_is_known(
    unpayable: Checkout, customer: MusementClient, wire: Any
) -> None:
    order = await unpayable.order()
    with pytest.raises(ArgumentError, match=r"^order_uuid: .* pass payment=\.\.\."):
        await customer.payments.no_payment(order)
    assert wire.sent[PAY] == 0
    with pytest.raises(UnprocessableError, match=r"pass payment=\.\.\."):
        await customer.payments.no_payment(order.uuid)


@pytest.mark.anyio
async def test_what_pays_for_an_order_is_checked_before_it_is_made(ready: Ready, local: LocalMusement) -> None:
    payment: Any = "by card"
    with pytest.raises(ArgumentError, match=r"^payment: must be Invoice\(\), or"):
        await (await ready()).order(payment=payment)
    assert local.orders == []


@pytest.mark.anyio
async def test_a_partner_without_the_scope_is_told_what_to_pass(find_offer: Any, fill: Any) -> None:
    local = LocalMusement(activities=60, permissions=())
    client = local.client()
    checkout = client.checkout()
    await (await find_offer(client)).put_into(checkout)
    with pytest.raises(CheckoutError, match=r"pass payment=") as raised:
        await checkout.run(**await fill(checkout), payment=Invoice())
    assert isinstance(raised.value.cause, UnprocessableError)


def item(status: OrderItemStatus, value: object) -> OrderItem:
    price = None if value is None else Price(value=Decimal(str(value)), currency="EUR")
    return OrderItem(uuid=UUID(int=1), status=status, total_retail_price_in_order_currency=price)


def booking_of(*items: OrderItem, total: object = 30, discount: object = None) -> Booking:
    prices = [None if each is None else Price(value=Decimal(str(each)), currency="EUR") for each in (total, discount)]
    return Booking(Order(uuid=UUID(int=2), items=items, total_price=prices[0], discount_amount=prices[1]), ())


OK, KO = OrderItemStatus.OK, OrderItemStatus.KO


@pytest.mark.parametrize(
    ("booking", "refused", "owed"),
    [
        (booking_of(item(OK, 10), item(OK, 20)), 0, 30),
        (booking_of(item(OK, 10), item(KO, 20)), 1, 10),
        (booking_of(item(OK, 10), item(KO, 20), discount=0), 1, 10),
        (booking_of(item(KO, 10), item(KO, 20), discount=3), 2, 0),
        (booking_of(item(OK, 10), item(KO, 20), discount=3), 1, None),
        (booking_of(item(OK, 10), item(KO, None)), 1, None),
        (booking_of(item(OK, 10), total=None), 0, None),
    ],
)
def test_what_was_refused_is_not_owed(booking: Booking, refused: int, owed: int | None) -> None:
    assert len(booking.refused) == refused
    assert booking.owed == (None if owed is None else Money(owed, "EUR"))


def test_a_refused_price_in_another_currency_is_not_taken_off() -> None:
    price = Price(value=Decimal(5), currency="USD")
    booking = booking_of(
        item(OK, 10), OrderItem(uuid=UUID(int=1), status=KO, total_retail_price_in_order_currency=price)
    )
    assert booking.owed is None


@pytest.mark.anyio
async def test_a_partly_refused_booking_says_so(client: MusementClient, find_offer: Any, fill: Any) -> None:
    local = LocalMusement(activities=60, settle_after=3600, settle_instantly=False)
    slow = local.client()
    checkout = slow.checkout()
    await (await find_offer(slow)).put_into(checkout)
    await checkout.cart()
    for step in (checkout.set_customer((await fill(checkout))["customer"]), checkout.order(), checkout.pay(Invoice())):
        await step
    local.settle(status="KO")
    booking = await checkout.run()
    assert ([each.failed for each in booking.refused], booking.vouchers) == ([True], ())
    assert booking.owed
    assert booking.owed.amount == 0
