"""Operations of gifts in carts: new gifts, and gifts that are redeemed."""

from collections.abc import Sequence

from attrs import evolve

from musement_async.testing.booking.cart_products import ActivityTicket, GiftTicket
from musement_async.testing.booking.carts import CartItem, new_uuid
from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.catalogue.schedules import Slot, slots
from musement_async.testing.operations.bookings import (
    add_to_cart,
    all_locked,
    check_entry,
    check_language,
    open_cart_of,
)
from musement_async.testing.operations.handlers import Operations, ServerState, visible
from musement_async.testing.rendering.gifts import Gift, find_gift, gift_products
from musement_async.testing.server.bodies import BOOLEAN, EMAIL, NAME, TEXT, ValueType, each, read_object, whole
from musement_async.testing.server.errors import invalid, not_found
from musement_async.testing.server.query import read_day
from musement_async.testing.server.request import Request

_PRESENT = {
    "event_id": NAME,
    "donor_name": TEXT,
    "message": TEXT,
    "picture_url": TEXT,
    "print": BOOLEAN,
    "recipient_email": EMAIL,
    "recipient_name": TEXT,
    "feature_code": NAME,
    "products_with_quantities": each(ValueType("an object", lambda value: isinstance(value, dict))),
}
_HOLDER = {"holder_code": NAME, "quantity": whole(1)}
_REDEMPTION = {"date": TEXT, "time": TEXT, "language": TEXT}


def add_present(state: ServerState, request: Request) -> object:
    """``POST /carts/{cartUuid}/gifts``."""
    cart = open_cart_of(state, request)
    given = read_object(request.body, _PRESENT, ["event_id", "feature_code", "products_with_quantities"])
    holders: dict[str, int] = {}
    for entry in given["products_with_quantities"]:
        check_entry(entry, _HOLDER, _HOLDER)
        holders[entry["holder_code"]] = entry["quantity"]
    sold = gift_products(_activity(state, given["event_id"]), state.catalogue)
    variant = {
        product.price_tag.holder.code: product
        for product in sold
        if product.price_tag.feature.code == given["feature_code"]
    }
    if not holders or not holders.keys() <= variant.keys():
        raise not_found("such gift")
    tickets = tuple((variant[code], quantity) for code, quantity in holders.items())
    gift = Gift(f"GIFT-{new_uuid()[:8].upper()}", len(cart.items) + 1, tickets[0][0], tickets[0][1])
    add_to_cart(cart, [CartItem(GiftTicket(gift, tickets), 1)])
    return {"message": "The gift is in the cart."}


def redeem_present(state: ServerState, request: Request) -> object:
    """``PUT /carts/{cartUuid}/gifts/{giftCode}``: a ticket for the chosen day, which costs nothing."""
    cart = open_cart_of(state, request)
    given = read_object(request.body, _REDEMPTION)
    gift = find_gift(state.catalogue, request.path["giftCode"])
    if any(isinstance(item.ticket, ActivityTicket) and item.ticket.gift_code == gift.code for item in cart.items):
        raise invalid("The gift is in the cart.")
    sold = gift.product
    day = read_day("date", given["date"]) if "date" in given else sold.day
    found = slots(sold.activity, day, state.catalogue.today)
    wanted = given.get("time", f"{sold.slot.time:%H:%M}" if "date" not in given else None)
    slot = _slot(found, wanted)
    ticket = ActivityTicket(evolve(sold, day=day, slot=slot), given.get("language"), gift_code=gift.code)
    check_language(sold.activity, given.get("language"))
    add_to_cart(cart, [CartItem(ticket, gift.quantity)])
    return {"message": "The gift is redeemed."}


def _slot(found: Sequence[Slot], time: str | None) -> Slot:
    for slot in found:
        if time is None or f"{slot.time:%H:%M}" == time:
            return slot
    raise not_found("such day or time for this gift")


def _activity(state: ServerState, identifier: str) -> Activity:
    """An activity by its UUID or its number."""
    catalogue = state.catalogue
    known = catalogue.by_uuid.get(identifier)
    if known is None and identifier.isdecimal() and 1 <= int(identifier) <= len(catalogue.activities):
        known = catalogue.activities[int(identifier) - 1]
    if known is None:
        raise not_found("such activity")
    return visible(known)


OPERATIONS: Operations = all_locked(
    {
        "/carts/{cartUuid}/gifts": {"POST": add_present},
        "/carts/{cartUuid}/gifts/{giftCode}": {"PUT": redeem_present},
    }
)
