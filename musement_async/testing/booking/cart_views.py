"""Carts as the API's JSON."""

from collections.abc import Mapping

from attrs import frozen

from musement_async.testing.booking.booking_forms import (
    customer_schema,
    extra_schemas,
    fields_json,
    participant_fields_json,
)
from musement_async.testing.booking.cart_products import ActivityTicket, CartTicket, GiftTicket
from musement_async.testing.booking.carts import PROMO_CODE, PROMO_PERCENT, Cart, CartItem
from musement_async.testing.booking.stock import Stock
from musement_async.testing.catalogue.activities import Catalogue
from musement_async.testing.rendering.activities import Json
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.money import CURRENCIES, price

EURO = CURRENCIES["EUR"]


@frozen
class RenderContext:
    """The settings for rendering carts and orders; ``api`` is the API's path prefix."""

    catalogue: Catalogue
    stock: Stock
    locale: Locale
    api: str

    def price(self, minor: int) -> Json:
        """An amount in the smallest unit of the currency."""
        return price(minor, self.locale.currency, self.locale.language)


def cart_json(cart: Cart, context: RenderContext) -> Json:
    """A cart."""
    totals = cart.totals(context.locale.currency)
    minors = {
        "full_price": totals.full,
        "full_price_without_service_fee": totals.base,
        "discount": totals.taken_off,
        "total_discount": totals.taken_off,
        "retail_price": totals.retail,
        "retail_price_without_service_fee": totals.retail - totals.fee,
        "service_fee": totals.fee,
    }
    missing = cart.missing_places(context.stock)
    return {
        "uuid": cart.uuid,
        "items": [cart_item_json(item, context, missing) for item in cart.items],
        **({"promo_code": promo_code_json(cart.promo_code)} if cart.promo_code else {}),
        **({"customer": customer_json(cart, context.locale.language)} if cart.customer or cart.extra else {}),
        **{name: context.price(minor) for name, minor in minors.items()},
        "preferred_payment_gateway": "STRIPE",
    }


def cart_item_json(item: CartItem, context: RenderContext, missing: Mapping[str, int]) -> Json:
    """An item of a cart."""
    ticket = item.ticket
    parts = ticket.amounts(context.locale.currency)
    chosen = {"language": ticket.language} if isinstance(ticket, ActivityTicket) and ticket.language else {}
    return {
        "uuid": item.uuid,
        "type": ticket.type,
        "product_identifier": ticket.identifier,
        "quantity": item.quantity,
        "status": "PREBOOK_KO" if item.uuid in missing else "PREBOOK_OK",
        "total_price": context.price(parts.retail * item.quantity),
        "total_price_without_service_fee": context.price((parts.retail - parts.fee) * item.quantity),
        "product": {**ticket.json(context.catalogue, context.locale, context.api), **_limits(ticket, context.stock)},
        **chosen,
        "is_gift_redeem": is_gift_redeem(item),
    }


def _limits(ticket: CartTicket, stock: Stock) -> Json:
    """The limits of a product that depend on the places left."""
    return {"max_buy": stock.current(ticket.product).max_buy} if isinstance(ticket, ActivityTicket) else {}


def is_gift_redeem(item: CartItem) -> bool:
    """Whether a gift was redeemed for an item."""
    return isinstance(item.ticket, ActivityTicket) and item.ticket.gift_code is not None


def promo_code_json(code: str) -> Json:
    """The only promo code."""
    return {"code": code, "active": code == PROMO_CODE, "percentage": True, "discount": PROMO_PERCENT}


def customer_json(cart: Cart, language: str) -> Json:
    """The customer of a cart."""
    extra = [
        {"event": {"id": uuid}, "fields": fields_json(schema, cart.extra.get(uuid, {}))}
        for uuid, schema in extra_schemas(cart, language).items()
    ]
    return {**cart.customer, **({"extra_customer_data": extra} if extra else {})}


def form_json(cart: Cart, language: str) -> Json:
    """All questions of a cart, as the older lists of fields."""
    return {
        "customer": fields_json(customer_schema(cart, language), cart.customer),
        "tickets": [
            {
                "product": {"id": item.ticket.identifier},
                "passengers_info": participant_fields_json(item.ticket.activity, language),
            }
            for item in cart.items
            if not isinstance(item.ticket, GiftTicket)
        ],
        "extra_customer_data": [
            {"event": {"id": uuid}, "fields": fields_json(schema, cart.extra.get(uuid, {}))}
            for uuid, schema in extra_schemas(cart, language).items()
        ],
    }


def details_json(item: CartItem, context: RenderContext) -> Json:
    """The details of an item that the cart leaves out."""
    activity = item.ticket.activity
    parts = item.ticket.amounts(EURO)
    return {
        "retail_price_in_supplier_currency": price(parts.retail, EURO, context.locale.language),
        "seller_gateway": activity.seller,
        "ticket": activity.flags["ticket"],
        "details": item.ticket.json(context.catalogue, context.locale, context.api),
    }
