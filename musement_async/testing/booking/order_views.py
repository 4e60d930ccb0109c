"""Orders as the API's JSON, and their documents."""

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta

from attrs import evolve

from musement_async.testing.booking.cart_views import (
    EURO,
    RenderContext,
    customer_json,
    is_gift_redeem,
    promo_code_json,
)
from musement_async.testing.booking.orders import Order, OrderItem
from musement_async.testing.booking.webhooks import format_datetime
from musement_async.testing.rendering.activities import Json, activity_detail, activity_item, image_url
from musement_async.testing.rendering.pdf import pdf_document
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.money import price

_HOUR, _MINUTE = 3600, 60
_GIVEN = ("affiliate_channel", "extra_data", "source")


def order_json(order: Order, context: RenderContext, origin: str) -> Json:
    """An order, in its own currency and the requested language; ``origin`` is the origin of its documents' URLs."""
    ours = evolve(context, locale=Locale(context.locale.language, order.currency))
    total, euros = ours.price(order.totals.retail), order.cart.totals(EURO)
    code = order.cart.promo_code
    return {
        "identifier": order.identifier,
        "uuid": order.uuid,
        "date": format_datetime(order.created),
        "status": order.status,
        "trustpilot_url": f"https://www.example.com/reviews/{order.identifier}",
        "customer": customer_json(order.cart, ours.locale.language),
        "items": [order_item_json(order, item, ours, origin) for item in order.items],
        "total_price": total,
        "total_retail_price_in_order_currency": total,
        "total_supplier_original_retail_price_in_supplier_currency": _euros(euros.full, ours),
        "total_supplier_price_in_supplier_currency": _euros(euros.base, ours),
        "discount_amount": ours.price(order.totals.taken_off),
        **affiliate_json(order.given.get("affiliate")),
        "promo_codes": [promo_code_json(code)] if code else [],
        **{name: order.given[name] for name in _GIVEN if name in order.given},
        "market": order.locale.market,
        "is_paid": order.paid,
        "is_agency": False,
    }


def affiliate_json(code: str | None) -> Json:
    """The affiliate whose site the customer came from, as a part of an order."""
    if code is None:
        return {}
    return {"affiliate": {"code": code, "name": code, "logo_url": image_url("affiliate", code)}}


def order_item_json(order: Order, item: OrderItem, context: RenderContext, origin: str) -> Json:
    """An item of an order."""
    ours = evolve(context, locale=Locale(context.locale.language, order.currency))
    sold, ticket = item.cart_item, item.cart_item.ticket
    parts, euros = ticket.amounts(order.currency), ticket.amounts(EURO)
    full_euros = euros.base + euros.fee
    b2b = {} if item.b2b_minor is None else {"b2b_price": ours.price(item.b2b_minor)}
    booked = {"transaction_code": f"LOCAL-{item.code}"} if item.status == "OK" else {}
    return {
        "uuid": item.uuid,
        "cart_item_uuid": sold.uuid,
        "code": item.code,
        **booked,
        "product": ticket.json(ours.catalogue, ours.locale, ours.api),
        "quantity": sold.quantity,
        "retail_price_in_order_currency": ours.price(parts.retail),
        "total_retail_price_in_order_currency": ours.price(item.total(order.currency)),
        "original_retail_price_in_supplier_currency": _euros(full_euros, ours),
        "total_original_retail_price_in_supplier_currency": _euros(full_euros * sold.quantity, ours),
        **b2b,
        "status": item.status,
        "vouchers": [{"url": url} for url in voucher_urls(item, origin)],
        "is_gift_redeem": is_gift_redeem(sold),
        "extra_customer_data": [
            {"name": name, "value": str(value)}
            for name, value in order.cart.extra.get(ticket.activity.uuid, {}).items()
        ],
        **item.cancellation,
        "participants_info": sold.participants,
        "is_error_status": item.is_failed,
        "error_status": item.is_failed,
    }


def product_of_order_json(order: Order, item: OrderItem, context: RenderContext) -> Json:
    """The product of an item in the older form, with which the API answers a change of it."""
    ours = evolve(context, locale=Locale(context.locale.language, order.currency))
    ticket, language = item.cart_item.ticket, context.locale.language
    shown = ticket.json(ours.catalogue, ours.locale, ours.api)
    start = {"datetime": item.start.isoformat()} if item.start else {}
    return {
        **{name: shown[name] for name in ("type", "id", "title", "discount_amount", "service_fee")},
        **{name: shown[name] for name in ("original_retail_price", "retail_price")},
        "image": shown["cover_image_url"],
        **start,
        "ticket_holder": ticket.price_tag.holder.names[language],
        "price_feature": ticket.price_tag.feature.names[language],
        "activity": activity_item(ticket.activity, ours.catalogue, ours.locale),
        "activity_name": shown["title"],
    }


def _euros(minor: int, context: RenderContext) -> Json:
    return price(minor, EURO, context.locale.language)


def voucher_urls(item: OrderItem, origin: str) -> list[str]:
    """The URLs of the vouchers of an item; none before the item is booked."""
    if item.status != "OK":
        return []
    return item.voucher_urls or [f"{origin}/vouchers/{item.secret}.pdf"]


def policies_json(item: OrderItem, now: datetime) -> list[Json]:
    """The refund policies of an item that still apply, as they were at the time of the order."""
    return [
        {
            **policy,
            "applicable_until": f"{until:%Y-%m-%d %H:%M}",
            "remaining_time": duration(until - now),
        }
        for policy, until in item.applicable(now)
    ]


def duration(length: timedelta) -> str:
    """A length of time in ISO 8601, such as ``P3DT4H``."""
    hours, rest = divmod(length.seconds, _HOUR)
    minutes, seconds = divmod(rest, _MINUTE)
    clock = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if number)
    days = f"{length.days}D" if length.days or not clock else ""
    return f"P{days}{f'T{clock}' if clock else ''}"


def refunds_json(order: Order, language: str) -> Iterator[Json]:
    """The money that was paid back. The API's documents do not show the fields; these are guesses."""
    for item in order.items:
        if item.status == "REFUNDED" and item.refund is not None and item.refund.minor:
            yield {
                "uuid": item.refund.uuid,
                "order_item_uuid": item.uuid,
                "amount": price(item.refund.minor, order.currency, language),
                "date": format_datetime(item.refund.date),
            }


def tickets_json(items: list[OrderItem], language: str) -> Iterator[Json]:
    """The documents with tickets: one for each variant and date."""
    shown: set[str] = set()
    for item in items:
        ticket = ticket_id(item)
        if item.status == "OK" and ticket not in shown:
            shown.add(ticket)
            tag = item.cart_item.ticket.price_tag
            start = item.start
            dated = {"date": start.isoformat()} if start else {}
            yield {
                "id": ticket,
                "price_feature_code": tag.feature.code,
                "price_feature": tag.feature.names[language],
                **dated,
            }


def ticket_id(item: OrderItem) -> str:
    """The id of a document with tickets."""
    feature = item.cart_item.ticket.price_tag.feature.code
    return base64.urlsafe_b64encode(f"{feature};{item.start or ''}".encode()).decode().rstrip("=")


def document(order: Order, items: list[OrderItem], title: str, language: str) -> bytes:
    """A PDF that lets a customer in."""
    lines = [f"Order {order.identifier}"]
    for item in items:
        ticket = item.cart_item.ticket
        lines += [
            f"{item.cart_item.quantity} x {ticket.activity.texts[language].title}",
            f"{ticket.price_tag.holder.names[language]}, {item.start or ''}",
            f"Code {item.code}",
        ]
    return pdf_document(title, lines)


def booking_voucher_json(order: Order, item: OrderItem, context: RenderContext, origin: str) -> Json:
    """The contents of the voucher of an item."""
    ticket = item.cart_item.ticket
    return {
        "barcodes": [{"code": f"LOCAL-{item.code}", "type": "QRCODE", "custom_text": order.identifier, "used": False}],
        "order": order_json(order, context, origin),
        "activity": activity_detail(ticket.activity, context.catalogue, context.locale),
        "product": ticket.json(context.catalogue, context.locale, context.api),
        "emergency_phone_number": [ticket.activity.phone] if ticket.activity.phone else [],
        "supplier": {"code": ticket.activity.seller, "company_name": ticket.activity.seller},
    }
