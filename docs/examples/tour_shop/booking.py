"""From a product to an order that is paid for, in the customer's own session.

Each request makes a new checkout from the cart's id, so any process of the shop can go on with it. The browser sends
the total that the customer saw. If the price has changed since, nothing is ordered or paid, and the answer is 409.
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field

from musement_async import Checkout, CheckoutError, MusementClient, PaymentPendingError
from musement_async.models import CardPayment, FormSchema, Order, Price, ScheduleProduct, ScheduleSlot

from .customers import CurrentSession, CustomerClient
from .memory import Remembered

router = APIRouter(tags=["booking"])


async def own_cart(session: CurrentSession, memory: Remembered, cart: UUID) -> UUID:
    """The cart of a path, which only its owner gets to see."""
    if memory.owners.get(cart) != session.customer:
        raise HTTPException(404, "This cart does not exist.")
    return cart


async def own_order(session: CurrentSession, memory: Remembered, uuid: UUID) -> UUID:
    """The order of a path, which only its owner gets to see."""
    if memory.owners.get(uuid) != session.customer:
        raise HTTPException(404, "There is no such order.")
    return uuid


OwnCart = Annotated[UUID, Depends(own_cart)]
OwnOrder = Annotated[UUID, Depends(own_order)]


class Choice(BaseModel):
    """What somebody wants to book."""

    activity: UUID
    day: date
    product: str = Field(description="The product_id of a product of that day.")
    quantity: int = Field(ge=1)
    language: str | None = Field(default=None, description="One of the slot's languages, where it has some.")


class Basket(BaseModel):
    """A cart, and what has to be filled in before it can be ordered."""

    cart: UUID | None
    total: Price | None = Field(description="To be shown, and to be sent back with the order and the payment.")
    customer: FormSchema | None = Field(description="The form for who books.")
    participants: dict[UUID, FormSchema] = Field(description="The forms for who takes part, by the cart's item.")


class Answers(BaseModel):
    """The forms, filled in, and the total that the customer agreed to."""

    total: Price
    customer: dict[str, Any] | None = None
    participants: dict[UUID, list[dict[str, Any]]] = {}


class Card(BaseModel):
    """How to pay, and how much. The number of a card has no business here."""

    total: Price
    token: str = Field(description="What Stripe's library in the browser gives for the card.")


class Payment(BaseModel):
    """What came of a payment: an order that is paid, or something left to do for the customer."""

    order: Order | None = None
    secret: str | None = Field(
        default=None, description="For Stripe's library, where the bank wants a confirmation first."
    )


class Ordered(BaseModel):
    """An order, and what Musement has told about its items since."""

    order: Order
    updates: dict[UUID, str]


@router.post("/bookings", status_code=201)
async def begin(customer: CustomerClient, session: CurrentSession, memory: Remembered, choice: Choice) -> Basket:
    """Put a product into a new cart."""
    slot, product = await _find(customer, choice)
    checkout = customer.checkout()
    await checkout.add(product, choice.quantity, slot=slot, language=choice.language)
    if checkout.cart_uuid is not None:
        memory.owners[checkout.cart_uuid] = session.customer
    return await _basket(checkout)


@router.get("/bookings/{cart}")
async def look(customer: CustomerClient, cart: OwnCart) -> Basket:
    """What has to be filled in."""
    checkout = customer.checkout(cart)
    return await _basket(checkout)


@router.post("/bookings/{cart}/order", status_code=201)
async def order(
    customer: CustomerClient, session: CurrentSession, memory: Remembered, cart: OwnCart, answers: Answers
) -> Order:
    """Order. If it fails on the way, the same request goes on from there: nothing is ordered twice."""
    checkout = customer.checkout(cart)
    if await checkout.find_order() is None:
        if answers.customer is not None:
            await checkout.set_customer(answers.customer)
        for item, people in answers.participants.items():
            await checkout.set_participants(item, people)
    made = await checkout.order(expected_total=answers.total)
    memory.owners[made.uuid] = session.customer
    return made


@router.post("/bookings/{cart}/payment")
async def pay(customer: CustomerClient, cart: OwnCart, card: Card) -> Payment:
    """Pay for the order. An order that is paid is not paid again."""
    checkout = customer.checkout(cart)

    async def take(unpaid: Order) -> CardPayment:
        return await customer.payments.stripe(str(unpaid.uuid), stripe_token=card.token)

    try:
        return Payment(order=await checkout.pay(take, expected_total=card.total))
    except CheckoutError as stop:
        if not isinstance(stop.cause, PaymentPendingError) or stop.cause.confirmation is None:
            raise
        return Payment(secret=stop.cause.confirmation.payment_intent_client_secret)


@router.post("/bookings/{cart}/confirmation")
async def confirm(customer: CustomerClient, cart: OwnCart) -> Payment:
    """Finish a payment that the customer's bank wanted to have confirmed, once the browser says that it is.

    The checkout looks first whether it was finished, so a second confirmation does no harm.
    """
    checkout = customer.checkout(cart)
    if await checkout.find_order() is None:
        raise HTTPException(404, "This cart was not ordered.")

    async def finish(unpaid: Order) -> CardPayment:
        return await customer.payments.complete_stripe_3d_secure({"order_uuid": str(unpaid.uuid)})

    return Payment(order=await checkout.pay(finish))


@router.get("/orders/{uuid}")
async def ordered(customer: CustomerClient, memory: Remembered, uuid: OwnOrder) -> Ordered:
    """An order. Its items become OK or KO in their own time; the webhook tells when."""
    found = await customer.orders.get(uuid)
    items = [item.uuid for item in found.items]
    return Ordered(order=found, updates={item: memory.statuses[item] for item in items if item in memory.statuses})


async def _find(client: MusementClient, choice: Choice) -> tuple[ScheduleSlot, ScheduleProduct]:
    """The product as it is now, which is what its numbers are checked against."""
    schedule = await client.dates.get(choice.activity, choice.day)
    for _, slot, product in schedule.offers():
        if product.product_id == choice.product:
            return slot, product
    raise HTTPException(404, "There is no such product on that day.")


async def _basket(checkout: Checkout) -> Basket:
    forms = await checkout.forms()
    return Basket(
        cart=checkout.cart_uuid,
        total=(await checkout.cart()).customer_price,
        customer=None if forms.customer is None else forms.customer.schema,
        participants={item: form.schema for item, form in forms.participants.items()},
    )
