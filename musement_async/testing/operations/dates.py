"""Operations of dates: days, schedules, timeslots and their products."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import groupby

from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.catalogue.price_tags import PriceTag
from musement_async.testing.catalogue.schedules import (
    Product,
    Slot,
    cheapest,
    days,
    has_times,
    is_realtime,
    price_tags,
    products,
    slots,
)
from musement_async.testing.catalogue.vocabulary import LANGUAGES
from musement_async.testing.operations.handlers import Operations, ServerState, activity_of
from musement_async.testing.rendering.activities import Json, labels_json
from musement_async.testing.rendering.tickets import choosable_languages, moment, prices_json, product_json
from musement_async.testing.server.errors import constraint, no_pickup, not_found, or_not_found
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.money import amounts, price
from musement_async.testing.server.query import Query, read_day
from musement_async.testing.server.request import PREFIX, Request

_DISCOUNTS = "discounts[]"
_PERCENTAGE = re.compile(r"\d{1,2}(\.\d{1,2})?|100(\.00?)?", re.ASCII)
_A_YEAR = timedelta(days=365)


def list_dates(state: ServerState, request: Request) -> object:
    """``GET /activities/{activityUuid}/dates``."""
    activity, query = activity_of(state, request), request.query
    first, last = query.open_period("date_from", "date_to", state.catalogue.today, _A_YEAR)
    discounts, tickets = _discounts(query), _tickets(activity, query)
    _check_pickup(activity, query)

    @cache  # a year has many days, but few different prices
    def priced(euro_cents: int) -> Json:
        return {
            **prices_json(activity, euro_cents, request.locale),
            **_discounted(activity, euro_cents, request.locale, discounts),
        }

    return [
        {
            "day": day.isoformat(),
            "sold_out": not any(slot.has(1) for slot in found),
            **({} if activity.flags["open"] else priced(cheapest(activity, day, found[0]).euro_cents)),
        }
        for day, found in _days_left(state, activity, (first, last))
        if not tickets or any(slot.has(tickets) for slot in found)
    ]


def get_schedule(state: ServerState, request: Request) -> object:
    """``GET /activities/{activityUuid}/dates/{day}``: a list of one schedule."""
    activity = activity_of(state, request)
    tickets = _tickets(activity, request.query)
    _check_pickup(activity, request.query)
    day, found = _slots(state, request, activity)
    offered = [slot for slot in found if slot.has(tickets)]
    tags = groupby(price_tags(activity), key=lambda tag: tag.feature.code)
    groups = [schedule_group_json(activity, day, offered, [*group], request.locale) for _, group in tags]
    return [{"groups": groups}]


def get_timeslot(state: ServerState, request: Request) -> object:
    """``GET /activities/{activityUuid}/dates/{day}/timeslots/{time}``."""
    day, slot = _slot(state, request, activity_of(state, request))
    return {"datetime": moment(day, slot), "availability": slot.places, "validity": 0}


def get_timeslot_product(state: ServerState, request: Request) -> object:
    """``GET /activities/{activityUuid}/dates/{day}/timeslots/{time}/products/{pricetagCode}``."""
    activity = activity_of(state, request)
    day, slot = _slot(state, request, activity)
    for product in products(activity, day, slot):
        if product.price_tag.code == request.path["pricetagCode"]:
            return product_json(product, state.catalogue, request.locale, PREFIX)
    raise not_found("such product")


def _check_pickup(activity: Activity, query: Query) -> None:
    if activity.pickups and query.text("pickup") not in activity.pickups:
        raise no_pickup()


def _tickets(activity: Activity, query: Query) -> int:
    """The number of places that are needed; only for activities of suppliers' own systems."""
    tickets = query.integer("tickets_number", 0, minimum=1)
    return tickets if is_realtime(activity) else 0


def _discounts(query: Query) -> list[Decimal]:
    given = query.parameters.getlist(_DISCOUNTS)
    for percentage in given:
        if not _PERCENTAGE.fullmatch(percentage):
            raise constraint(_DISCOUNTS, percentage, "each must be a percentage with two decimals at most")
    return [Decimal(percentage) for percentage in given]


def _days_left(state: ServerState, activity: Activity, period: tuple[date, date]) -> Iterator[tuple[date, list[Slot]]]:
    """Each day on which the activity takes place, with the places left after the orders."""
    for day, found in days(activity, *period, state.catalogue.today):
        yield day, state.booking.stock.left(activity, day, found)


def _slots(state: ServerState, request: Request, activity: Activity) -> tuple[date, list[Slot]]:
    day = read_day("day", request.path["day"])
    found = or_not_found(slots(activity, day, state.catalogue.today) or None, "such day")
    return day, state.booking.stock.left(activity, day, found)


def _slot(state: ServerState, request: Request, activity: Activity) -> tuple[date, Slot]:
    day, found = _slots(state, request, activity)
    for slot in found:
        if f"{slot.time:%H-%M}" == request.path["time"]:
            return day, slot
    raise not_found("such timeslot")


def _discounted(activity: Activity, euro_cents: int, locale: Locale, discounts: Sequence[Decimal]) -> Json:
    if not discounts:
        return {}
    parts = [amounts(euro_cents, discount, activity.fee_euro_cents, locale.currency) for discount in discounts]
    return {
        "retail_prices_with_custom_discount": [price(part.retail, locale.currency, locale.language) for part in parts]
    }


def schedule_group_json(activity: Activity, day: date, found: list[Slot], tags: list[PriceTag], locale: Locale) -> Json:
    """A variant of an activity on a day, with its price tags."""
    feature = tags[0].feature
    return {
        "feature_code": feature.code,
        "name": feature.names[locale.language],
        "default": tags[0].default_feature,
        "type": "TIME-BASED" if has_times(activity) else "DAY-BASED",
        "slots": [_slot_json([Product(activity, day, slot, tag) for tag in tags], locale) for slot in found],
    }


def _slot_json(sold: list[Product], locale: Locale) -> Json:
    activity, slot = sold[0].activity, sold[0].slot
    return {
        "time": f"{slot.time:%H:%M}",
        "languages": labels_json(choosable_languages(activity), LANGUAGES, locale.language),
        "products": [schedule_product_json(product, locale) for product in sold],
        "tags": [],
        "availability": slot.places,
        "max_buy": slot.places,
        "min_buy": 1,
    }


def schedule_product_json(product: Product, locale: Locale) -> Json:
    """A ticket, as a part of a schedule."""
    activity, holder = product.activity, product.price_tag.holder
    return {
        "holder_code": holder.code,
        "holder_code_normalized": holder.code,
        "name": holder.names[locale.language],
        "type": product.type,
        "default": product.price_tag.default_holder,
        "product_id": product.id,
        "min_buy": product.min_buy,
        "max_buy": product.max_buy,
        "availability": product.slot.places,
        "language_codes": choosable_languages(activity),
        "age_range": holder.ages,
        "activity_uuid": activity.uuid,
        **prices_json(activity, product.euro_cents, locale),
    }


_DAY = "/activities/{activityUuid}/dates/{day}"

OPERATIONS: Operations = {
    "/activities/{activityUuid}/dates": {"GET": list_dates},
    _DAY: {"GET": get_schedule},
    f"{_DAY}/timeslots/{{time}}": {"GET": get_timeslot},
    f"{_DAY}/timeslots/{{time}}/products/{{pricetagCode}}": {"GET": get_timeslot_product},
}
