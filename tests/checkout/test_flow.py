"""A checkout: every step, repeated, failed and taken up again."""

import pickle
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import anyio
import attrs
import httpx
import msgspec
import pytest

from musement_async import (
    ArgumentError,
    Checkout,
    CheckoutError,
    ClientClosedError,
    DecodeError,
    FormError,
    Invoice,
    LockedError,
    MusementClient,
    MusementError,
    NotFoundError,
    OrderPendingError,
    OutcomeUnknownError,
    UnprocessableError,
)
from musement_async.checkout.results import Polling
from musement_async.models import Order
from musement_async.testing import LocalMusement

CREATE, ORDER, PAY = "POST /carts", "POST /orders", "POST /payments/no/payment"
SOON: Polling = {"initial_backoff": 0.001}
Fill = Callable[[Checkout], Awaitable[dict[str, Any]]]
FindOffer = Callable[..., Awaitable[Any]]


@pytest.fixture
def chosen(client: MusementClient, find_offer: FindOffer, kind: str) -> Callable[[], Awaitable[Checkout]]:
    """A checkout with something of each kind in its cart."""

    async def make() -> Checkout:
        checkout = client.checkout()
        await (await find_offer(client, kind)).put_into(checkout)
        return checkout

    return make


@pytest.mark.anyio
async def test_every_kind_of_activity_can_be_booked(
    chosen: Callable[[], Awaitable[Checkout]], local: LocalMusement, fill: Fill, tmp_path: Path
) -> None:
    checkout = await chosen()
    booking = await checkout.run(
        **await fill(checkout), payment=Invoice(), polling={"initial_backoff": 0.001}, folder=tmp_path / "vouchers"
    )
    assert booking.order.is_settled
    assert [item.failed for item in booking.order.items] == [False]
    assert [voucher.path and voucher.path.read_bytes()[:5] for voucher in booking.vouchers] == [b"%PDF-"]
    assert local.orders == [str(booking.order.uuid)]


@pytest.mark.anyio
async def test_every_kind_of_activity_can_be_booked_over_a_socket(
    kind: str, local: LocalMusement, find_offer: FindOffer, fill: Fill, tmp_path: Path
) -> None:
    with local.running() as url:
        async with local.client(base_url=url, transport=None) as client:
            checkout = client.checkout()
            await (await find_offer(client, kind)).put_into(checkout)
            booking = await checkout.run(
                **await fill(checkout), payment=Invoice(), polling={"initial_backoff": 0.001}, folder=tmp_path
            )
    assert [item.status for item in booking.order.items] == ["OK"]
    assert [voucher.path and voucher.path.read_bytes()[:5] for voucher in booking.vouchers] == [b"%PDF-"]
    assert local.orders == [str(booking.order.uuid)]


@pytest.mark.anyio
async def test_steps_can_be_taken_by_hand_and_repeated(
    ready: Callable[[], Awaitable[Checkout]], client: MusementClient, local: LocalMusement
) -> None:
    assert "without a cart" in repr(client.checkout())
    checkout = await ready()
    assert repr(checkout).startswith(f"<Checkout of cart {checkout.cart_uuid}: await order()")
    orders = [await checkout.order() for _ in range(2)]
    paid = [await checkout.pay(Invoice()) for _ in range(2)]
    settled = await checkout.wait(initial_backoff=0.001)
    vouchers = await checkout.vouchers()
    assert {order.uuid for order in [*orders, *paid, settled]} == {checkout.order_uuid}
    assert [voucher.path for voucher in vouchers] == [None]
    assert (len(local.orders), local.count("/payments/no/payment")) == (1, 1)
    assert f"of cart {checkout.cart_uuid}, order {checkout.order_uuid}: await pay()" in repr(checkout)


@pytest.mark.anyio
async def test_another_number_replaces_the_one_before(client: MusementClient, find_offer: FindOffer) -> None:
    offer, checkout = await find_offer(client), client.checkout()
    least = max(offer.slot.least, offer.product.least)
    first = await offer.put_into(checkout, least)
    same = await offer.put_into(checkout, least)
    more = await offer.put_into(checkout, least + 1)
    cart = await checkout.cart()
    assert (first.uuid == same.uuid, more.uuid == first.uuid) == (True, False)
    assert [item.quantity for item in cart.items] == [least + 1]


@pytest.mark.anyio
async def test_more_than_the_product_takes_is_refused_before_anything_is_sent(
    client: MusementClient, local: LocalMusement, find_offer: FindOffer
) -> None:
    offer, checkout = await find_offer(client), client.checkout()
    offer = attrs.evolve(offer, product=msgspec.structs.replace(offer.product, max_buy=2))
    with pytest.raises(ArgumentError, match="quantity") as raised:
        await offer.put_into(checkout, 3)
    assert "add" in raised.value.__notes__[0]
    assert local.count("/carts") == 0


@pytest.mark.anyio
async def test_a_pickup_point_is_a_model_or_its_uuid(client: MusementClient, find_offer: FindOffer) -> None:
    offer = await find_offer(client, "pickup")
    for point in (offer.pickup, offer.pickup.uuid, str(offer.pickup.uuid)):
        added = await attrs.evolve(offer, pickup=point).put_into(client.checkout())
        assert added.product.pickup.uuid == offer.pickup.uuid
    with pytest.raises(ArgumentError, match=r"^pickup: must be a UUID, or a Pickup"):
        await attrs.evolve(offer, pickup=offer.slot).put_into(client.checkout())


@pytest.mark.anyio
async def test_a_slot_with_too_few_is_not_ordered(
    client: MusementClient, local: LocalMusement, find_offer: FindOffer
) -> None:
    offer, checkout = await find_offer(client), client.checkout()
    slot = msgspec.structs.replace(offer.slot, min_buy=5, max_buy=-1, availability=-1)
    await attrs.evolve(offer, slot=slot).put_into(checkout, offer.product.least)
    with pytest.raises(ArgumentError, match="at least"):
        await checkout.order()
    assert local.orders == []


@pytest.mark.anyio
@pytest.mark.parametrize("step", ["order", "forms"])
async def test_nothing_can_be_done_without_a_cart(client: MusementClient, step: str) -> None:
    with pytest.raises(ArgumentError, match="add\\(\\) something first"):
        await getattr(client.checkout(), step)()


@pytest.mark.anyio
@pytest.mark.parametrize("step", ["pay", "wait", "vouchers"])
async def test_nothing_can_be_paid_without_an_order(ready: Callable[[], Awaitable[Checkout]], step: str) -> None:
    with pytest.raises(ArgumentError, match="there is no order yet"):
        await getattr(await ready(), step)()


@pytest.mark.anyio
async def test_an_empty_cart_is_not_ordered(client: MusementClient, local: LocalMusement) -> None:
    checkout = client.checkout()
    await checkout.cart()
    with pytest.raises(ArgumentError, match="nothing is in the cart"):
        await checkout.order()
    assert local.orders == []


@pytest.mark.anyio
async def test_what_cannot_be_had_any_more_is_not_ordered(
    ready: Callable[[], Awaitable[Checkout]], client: MusementClient, local: LocalMusement, fill: Fill
) -> None:
    checkout = await ready()
    (item,) = (await checkout.cart()).items
    language = item.product.language.code if item.product and item.product.language else None
    assert item.quantity
    tickets = 16 * item.quantity
    while tickets >= item.quantity:  # somebody else buys all that is left
        other = client.checkout()
        cart = await other.cart()
        new = _new_item(item.type, item.product_id, tickets, language)
        (bought,) = await client.carts.add_items(cart.uuid, [new])
        if bought.is_ok:
            await other.run(**await fill(other), payment=Invoice(), polling={"initial_backoff": 0.001})
        else:
            tickets //= 2
    orders = len(local.orders)
    with pytest.raises(ArgumentError, match="cannot be had any more"):
        await checkout.order()
    assert len(local.orders) == orders


def _new_item(kind: Any, product: Any, quantity: Any, language: str | None) -> Any:
    from musement_async import NewCartItem

    return NewCartItem(kind, product, quantity, language=language)


@pytest.mark.anyio
async def test_wrong_answers_are_named_before_they_are_sent(
    client: MusementClient, local: LocalMusement, find_offer: FindOffer, fill: Fill
) -> None:
    checkout = client.checkout()
    await (await find_offer(client, "participants")).put_into(checkout)
    filled = await fill(checkout)
    with pytest.raises(FormError, match="email"):
        await checkout.set_customer({**filled["customer"], "email": "nobody"})
    (item,) = filled["participants"]
    with pytest.raises(FormError):
        await checkout.set_participants(item, [])
    with pytest.raises(FormError) as raised:
        await checkout.run(customer={}, participants={item: [{}], uuid4(): []})
    assert any(field.startswith("customer.") for field in raised.value.problems)
    assert sum(field.startswith("participants.") for field in raised.value.problems) >= 2
    assert local.count("/carts/{cartUuid}/customer") == 0


@pytest.mark.anyio
async def test_what_is_not_said_stays_as_it_is(ready: Callable[[], Awaitable[Checkout]], local: LocalMusement) -> None:
    checkout = await ready()
    before = local.count("/carts/{cartUuid}/customer")
    booking = await checkout.run(payment=Invoice(), polling={"initial_backoff": 0.001})
    assert booking.order.is_settled
    assert local.count("/carts/{cartUuid}/customer") == before


@pytest.mark.anyio
async def test_a_failed_step_says_which_and_of_what(client: MusementClient, local: LocalMusement) -> None:
    local.fail_next(1, status=503, path="/carts")
    with pytest.raises(CheckoutError) as raised:
        await client.checkout().cart()
    error = pickle.loads(pickle.dumps(raised.value))  # noqa: S301 (its own)
    assert (error.step, error.cart_uuid, error.order_uuid) == ("cart", None, None)
    assert "no cart yet" in str(error)


@pytest.mark.anyio
async def test_a_failed_order_is_taken_up_elsewhere(
    ready: Callable[[], Awaitable[Checkout]], client: MusementClient, local: LocalMusement
) -> None:
    checkout = await ready()
    local.fail_next(1, status=503, path="/orders")
    with pytest.raises(CheckoutError) as raised:
        await checkout.order()
    assert (raised.value.step, raised.value.cart_uuid) == ("order", checkout.cart_uuid)
    resumed = client.checkout(raised.value.cart_uuid)
    booking = await resumed.run(payment=Invoice(), polling={"initial_backoff": 0.001})
    assert booking.order.is_settled
    assert len(local.orders) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("call", [ORDER, PAY])
async def test_an_answer_that_is_lost_is_looked_for(
    ready: Callable[[], Awaitable[Checkout]],
    local: LocalMusement,
    wire: Any,
    call: str,
    done: bool,  # noqa: FBT001
) -> None:
    checkout = await ready()
    wire.lose(call, done=done)
    with nullcontext() if done else pytest.raises(CheckoutError) as raised:
        await checkout.order()
        await checkout.pay(Invoice())
    assert done or (raised is not None and isinstance(raised.value.cause, OutcomeUnknownError))
    await checkout.order()
    await checkout.pay(Invoice())
    assert len(local.orders) == 1
    assert (await checkout.wait(initial_backoff=0.001)).is_paid


@pytest.mark.anyio
@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("path", ["/orders", "/payments/no/payment"])
async def test_a_refusal_after_the_work_was_done_does_not_make_it_twice(
    ready: Callable[[], Awaitable[Checkout]], local: LocalMusement, wire: Any, path: str, status: int
) -> None:
    checkout = await ready()
    local.fail_next(1, status=status, path=path, after=True)
    booking = await checkout.run(payment=Invoice(), polling=SOON)
    assert booking.order.is_paid
    assert (wire.sent[ORDER], wire.sent[PAY], len(local.orders)) == (1, 1, 1)


@pytest.mark.anyio
async def test_a_look_that_fails_does_not_hide_what_it_looks_for(
    ready: Callable[[], Awaitable[Checkout]], local: LocalMusement, wire: Any
) -> None:
    checkout = await ready()
    wire.lose(ORDER, done=True)
    local.fail_next(9, status=503, path="/carts/{cartUuid}/order-info")
    with pytest.raises(CheckoutError) as raised:
        await checkout.order()
    assert isinstance(raised.value.cause, OutcomeUnknownError)
    assert (await checkout.order()).uuid == UUID(local.orders[0])
    assert len(local.orders) == 1


@pytest.mark.anyio
async def test_an_order_that_somebody_else_made_is_found(
    ready: Callable[[], Awaitable[Checkout]], client: MusementClient, local: LocalMusement
) -> None:
    checkout = await ready()
    assert checkout.cart_uuid
    other = await client.orders.create(checkout.cart_uuid)
    assert (await checkout.order()).uuid == other.uuid
    await client.payments.no_payment(other.uuid)
    assert (await checkout.pay(Invoice())).is_paid
    assert len(local.orders) == 1


@pytest.mark.anyio
async def test_a_cart_that_is_locked_for_another_reason_is_an_error(
    ready: Callable[[], Awaitable[Checkout]], local: LocalMusement
) -> None:
    checkout = await ready()
    local.fail_next(1, status=423, path="/orders")
    with pytest.raises(CheckoutError) as raised:
        await checkout.order()
    assert isinstance(raised.value.cause, LockedError)
    await checkout.order()
    local.fail_next(1, status=423, path="/payments/no/payment")
    with pytest.raises(CheckoutError, match="pay"):
        await checkout.pay(Invoice())


@pytest.mark.anyio
async def test_a_refused_payment_can_be_made_again(
    ready: Callable[[], Awaitable[Checkout]], local: LocalMusement
) -> None:
    checkout = await ready()
    await checkout.order()
    local.refuse_payments(1)
    with pytest.raises(CheckoutError) as raised:
        await checkout.pay(Invoice())
    assert isinstance(raised.value.cause, UnprocessableError)
    assert raised.value.order_uuid == checkout.order_uuid
    assert (await checkout.pay(Invoice())).is_paid


@pytest.mark.anyio
async def test_a_payment_of_ones_own_pays(
    ready: Callable[[], Awaitable[Checkout]], client: MusementClient, local: LocalMusement
) -> None:
    async def by_card(order: Order) -> object:
        return await client.payments.stripe(order.uuid, stripe_token=local.accepted_card)

    checkout = await ready()
    await checkout.order(extra_data={"trip": 7}, email_notification="NONE")
    order = await checkout.pay(by_card)
    assert (order.is_paid, order.extra_data) == (True, '{"trip":7}')


@pytest.mark.anyio
async def test_too_long_a_wait_leaves_the_order_as_it_is(
    client: MusementClient, find_offer: FindOffer, fill: Fill
) -> None:
    local = LocalMusement(activities=60, settle_after=3600, settle_instantly=False)
    slow = local.client()
    checkout = slow.checkout()
    await (await find_offer(slow)).put_into(checkout)
    with pytest.raises(CheckoutError) as raised:
        await checkout.run(
            **await fill(checkout), payment=Invoice(), polling={"timeout": 0.01, "initial_backoff": 0.001}
        )
    assert isinstance(raised.value.cause, OrderPendingError)
    local.settle()
    assert (await checkout.wait(initial_backoff=0.001)).is_settled


@pytest.mark.anyio
async def test_two_checkouts_of_one_cart_make_one_order(
    ready: Callable[[], Awaitable[Checkout]], client: MusementClient, local: LocalMusement
) -> None:
    first = await ready()
    both = [first, client.checkout(first.cart_uuid)]
    async with anyio.create_task_group() as tasks:
        for checkout in both:
            tasks.start_soon(checkout.order)
    assert len(local.orders) == 1
    assert both[0].order_uuid == both[1].order_uuid


@pytest.mark.anyio
async def test_no_order_is_found_where_there_is_none(client: MusementClient) -> None:
    cart = await client.carts.create()
    assert await client.checkout(cart.uuid).find_order() is None


@pytest.mark.anyio
async def test_a_cart_that_does_not_exist_is_an_error(client: MusementClient) -> None:
    with pytest.raises(CheckoutError) as raised:
        await client.checkout(uuid4()).cart()
    assert isinstance(raised.value.cause, NotFoundError)


def test_a_cart_is_named_by_its_uuid(client: MusementClient) -> None:
    with pytest.raises(ArgumentError, match=r"^cart_uuid: "):
        client.checkout("cart")


@pytest.mark.anyio
async def test_a_promo_code_and_a_channel_go_along(client: MusementClient, local: LocalMusement) -> None:
    checkout = client.checkout(discount_code=local.promo_code, cid="shop")
    cart = await checkout.cart()
    assert cart.promo_code
    assert cart.promo_code.code == local.promo_code


@pytest.mark.anyio
async def test_a_cart_without_its_uuid_is_an_error() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"access_token": "A", "items": []})

    client = LocalMusement().client(transport=httpx.MockTransport(answer))
    with pytest.raises(MusementError, match="missing required field"):
        await client.checkout().cart()


@pytest.mark.anyio
async def test_a_closed_client_begins_no_step(client: MusementClient) -> None:
    checkout = client.checkout()
    await client.aclose()
    with pytest.raises(ClientClosedError):
        await checkout.cart()


@pytest.mark.anyio
async def test_closing_waits_for_the_order_that_is_under_way(
    ready: Callable[[], Awaitable[Checkout]], client: MusementClient, local: LocalMusement, wire: Any
) -> None:
    checkout = await ready()
    with wire.hold(ORDER) as arrived:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(checkout.order)
            await arrived.wait()
            tasks.cancel_scope.cancel()
        assert local.orders == []
    await client.aclose()
    assert len(local.orders) == 1


@pytest.mark.anyio
async def test_an_order_that_is_paid_by_somebody_else_in_the_meantime_is_paid(
    ready: Callable[[], Awaitable[Checkout]], client: MusementClient
) -> None:
    async def too_late(order: Order) -> object:
        await client.payments.no_payment(order.uuid)
        return await client.payments.no_payment(order.uuid)

    checkout = await ready()
    await checkout.order()
    assert (await checkout.pay(too_late)).is_paid


@pytest.mark.anyio
async def test_where_nothing_is_asked_answers_go_as_they_are() -> None:
    item, sent = str(uuid4()), list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        call = f"{request.method} {request.url.path.rpartition('/')[2]}"
        if call == "GET schema":
            return httpx.Response(404, json={"code": "1400", "message": "Nothing"})
        if request.method == "PUT":
            sent.append(call)
        items = [{"uuid": item, "quantity": 1}, {"quantity": 1}]
        body = [] if call == "PUT participants" else {"access_token": "A", "uuid": item, "items": items}
        return httpx.Response(200, json=body)

    checkout = LocalMusement().client(transport=httpx.MockTransport(answer)).checkout(item)
    await checkout.set_customer({"firstname": "Ada"})
    await checkout.set_participants(item, [{"firstname": "Ada"}])
    forms = await checkout.forms()
    assert (forms.customer, forms.participants, sent) == (None, {}, ["PUT customer", "PUT participants"])


@pytest.mark.anyio
async def test_a_payment_that_the_customer_still_has_to_confirm_is_no_success(
    ready: Callable[[], Awaitable[Checkout]], client: MusementClient, local: LocalMusement
) -> None:
    checkout = await ready()
    await checkout.order()
    with pytest.raises(CheckoutError, match="still has to confirm"):
        await checkout.pay(lambda order: client.payments.stripe(order.uuid, stripe_token=local.secured_card))
    urls = ("https://example.com/ok", "https://example.com/no")
    with pytest.raises(CheckoutError, match="still has to confirm"):
        await checkout.pay(lambda order: client.payments.begin_paypal_express(order.uuid, *urls))
    paid = await checkout.pay(lambda order: client.payments.stripe(order.uuid, stripe_token=local.accepted_card))
    assert paid.is_paid


@pytest.mark.anyio
async def test_a_payment_looks_first_whether_somebody_else_has_paid(
    ready: Callable[[], Awaitable[Checkout]], client: MusementClient
) -> None:
    async def never(_: Order) -> object:
        raise AssertionError("it is paid")

    checkout = await ready()
    await checkout.order()
    await client.checkout(checkout.cart_uuid).pay(Invoice())
    assert (await checkout.pay(never)).is_paid


@pytest.mark.anyio
async def test_a_payment_that_takes_steps_of_its_own_checkout_is_refused(
    ready: Callable[[], Awaitable[Checkout]],
) -> None:
    checkout = await ready()
    await checkout.order()
    with pytest.raises(ArgumentError, match=r"^payment: must not take steps"):
        await checkout.pay(lambda _: checkout.cart())


@pytest.mark.anyio
async def test_what_fell_out_of_the_cart_is_not_forgotten(
    client: MusementClient, local: LocalMusement, find_offer: FindOffer
) -> None:
    offer, checkout = await find_offer(client), client.checkout()
    least = max(offer.slot.least, offer.product.least)
    await offer.put_into(checkout, least)
    local.fail_next(1, status=409, path="/carts/{cartUuid}/items")
    with pytest.raises(CheckoutError):
        await offer.put_into(checkout, least + 1)
    with pytest.raises(ArgumentError, match="fell out of the cart"):
        await checkout.order()
    await offer.put_into(checkout, least)
    assert [item.quantity for item in (await checkout.cart()).items] == [least]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"polling": {"timeout": -1}}, "timeout"),
        ({"polling": {"timeot": 1}}, "polling"),
        ({"order": {"source": "shop", "colour": "red"}}, "order"),
        ({"payment": 5}, "payment"),
        ({"participants": []}, "participants"),
    ],
)
async def test_wrong_arguments_are_refused_before_anything_is_ordered(
    ready: Callable[[], Awaitable[Checkout]], local: LocalMusement, options: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(ArgumentError) as raised:
        await (await ready()).run(**options)
    assert (raised.value.argument, local.orders) == (wrong, [])


def test_a_discount_code_is_for_a_new_cart(client: MusementClient) -> None:
    with pytest.raises(ArgumentError, match=r"^discount_code: "):
        client.checkout(uuid4(), discount_code="TEN")


@pytest.mark.anyio
async def test_a_voucher_whose_url_is_none_is_an_error_of_the_api(tmp_path: Path) -> None:
    uuid = str(uuid4())
    items = [{"uuid": uuid, "status": "OK", "vouchers": [{"url": "/vouchers/x.pdf"}, {"url": ""}]}]
    order = {"uuid": uuid, "order_uuid": uuid, "identifier": "../MUS", "items": items, "access_token": "A"}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=order))
    checkout = LocalMusement().client(transport=transport).checkout(uuid)
    with pytest.raises(CheckoutError, match="URL cannot be used"):
        await checkout.vouchers(tmp_path / "vouchers")
    assert len(await checkout.vouchers()) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("hostile", ["customer", "participants"])
async def test_a_form_that_nobody_can_fill_in_is_an_answer_that_cannot_be_read(hostile: str) -> None:
    item = str(uuid4())
    schema = {"type": "array", "minItems": 1_000_000, "items": {"properties": {"a": {"type": "string"}}}}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("schema"):
            return httpx.Response(200, json=schema if hostile in request.url.path else {"type": "object"})
        return httpx.Response(200, json={"access_token": "A", "uuid": item, "items": [{"uuid": item, "quantity": 1}]})

    checkout = LocalMusement().client(transport=httpx.MockTransport(answer)).checkout(item)
    with pytest.raises(CheckoutError, match="nobody can fill in this form") as raised:
        await checkout.set_customer({"firstname": "Ada"})
    assert isinstance(raised.value.cause, DecodeError)
    assert raised.value.cause.path.endswith(f"/{hostile}/schema")
