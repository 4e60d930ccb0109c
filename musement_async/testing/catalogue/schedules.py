"""Schedules: days, times, places left and prices, all computed from the activity and the day.

Nothing is stored, neither for a calendar of a year nor for the id of a product that was bought long ago.
"""

import base64
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain
from zlib import crc32

from attrs import frozen

from musement_async.models.durations import parse_duration
from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.price_tags import PRICE_TAGS, PriceTag

_DAY_BASED_TIME = time(9)
_TIMES = {
    "concert": (time(19), time(21, 30)),
    "day-trip": (time(7, 30),),
    "transfer": tuple(time(hour) for hour in range(6, 23, 2)),
}
_USUAL_TIMES = (time(9, 30), time(11), time(14, 30), time(16))
_NOON = time(12)
_REALTIME_SELLER = "local-seller"

# In percent of the activity's price, which is the price of the cheapest ticket on a usual day.
_HOLDER_PERCENT = {"ADULT": 140, "CHILDREN": 100, "SENIOR": 120}
_FEATURE_PERCENT = {"STANDARD": 100, "GUIDED": 125}
_PEAK_PERCENT = 115
_SATURDAY = 5
_UNLIMITED = -1
_CAPS = (_UNLIMITED, 9, 15)


@frozen
class Slot:
    """A time of a day with the places left; -1 for an unknown number, as in the API."""

    time: time
    places: int

    def has(self, tickets: int) -> bool:
        """Whether at least so many places are left."""
        return self.places == _UNLIMITED or self.places >= tickets


@frozen
class Product:
    """A ticket that can be bought; its id encodes its fields."""

    activity: Activity
    day: date
    slot: Slot
    price_tag: PriceTag

    @property
    def type(self) -> str:
        """The system that has the places."""
        return "musement-realtime" if is_realtime(self.activity) else "musement"

    @property
    def id(self) -> str:
        """The id: a number; for real-time activities a long opaque text."""
        moment = f"{self.day.toordinal():06}{self.slot.time:%H%M}"
        # An activity's number means another activity in a catalogue of another seed.
        mark = crc32(self.activity.uuid.encode()) % 10_000
        number = f"{self.activity.number}{moment}{self.price_tag.id:02}{mark:04}"
        if not is_realtime(self.activity):
            return number
        return base64.urlsafe_b64encode(
            f"{number};{self.activity.uuid};{self.activity.seller};{moment}".encode()
        ).decode()

    @property
    def euro_cents(self) -> int:
        """The price before discount and fee, in euro cents."""
        activity = self.activity
        percents = _feature_percent(self.price_tag) * _holder_percent(activity, self.price_tag)
        return activity.euro_cents * percents * _day_percent(activity, self.day) // 100**3

    @property
    def min_buy(self) -> int:
        """The fewest tickets of one sale: private guides do not come for one person."""
        return 2 if self.activity.variant.group_size == ("private",) else 1

    @property
    def max_buy(self) -> int:
        """The most tickets of one sale; 0 if no places are left, -1 for no cap."""
        cap, places = _CAPS[self.activity.number % len(_CAPS)], self.slot.places
        return max(cap, places) if _UNLIMITED in {cap, places} else min(cap, places)


def is_realtime(activity: Activity) -> bool:
    """Whether its places and prices come from the supplier's own system."""
    return activity.seller == _REALTIME_SELLER


def has_times(activity: Activity) -> bool:
    """Whether customers choose a time."""
    return activity.kind.booking_type == "CALENDAR-TIMESLOTS"


def price_tags(activity: Activity) -> list[PriceTag]:
    """The price tags of an activity: all variants, for all holders unless the price is for a group or a car."""
    one_holder = _has_one_holder(activity)
    return [
        tag
        for tag in PRICE_TAGS.values()
        if (tag.default_feature or activity.flags["has_multiple_options"]) and (tag.default_holder or not one_holder)
    ]


def slots(activity: Activity, day: date, today: date) -> list[Slot]:
    """The slots of a day, with those sold out; none on days that the activity does not take place on."""
    if activity.status != "ONLINE" or day < today or not activity.season.open_on(day):
        return []
    earliest = datetime.combine(today, time()) + notice(activity)
    return [
        Slot(start, _places(activity, day, start))
        for start in _times(activity)
        if _latest_booking(activity, day, start) >= earliest
    ]


def days(activity: Activity, first: date, last: date, today: date) -> Iterator[tuple[date, list[Slot]]]:
    """The days of a period on which the activity takes place; for a ticket for any day, one day stands for all."""
    start, end = max(first, today, activity.season.opens), min(last, activity.season.closes)
    for step in range((end - start).days + 1):
        day = start + timedelta(days=step)
        found = slots(activity, day, today)
        if found:
            yield day, found
            if activity.flags["open"]:
                return


def opens_between(activity: Activity, period: tuple[date, date], today: date) -> bool:
    """Whether the activity takes place on any day of a period."""
    return activity.season.open_between(*period) and next(days(activity, *period, today), None) is not None


def notice(activity: Activity) -> timedelta:
    """The least time between the booking and the start of an activity."""
    return max(parse_duration(activity.cutoff), parse_duration(activity.confirmation))


def products(activity: Activity, day: date, slot: Slot) -> list[Product]:
    """The tickets of a slot."""
    return [Product(activity, day, slot, tag) for tag in price_tags(activity)]


def cheapest(activity: Activity, day: date, slot: Slot) -> Product:
    """The cheapest ticket of a slot."""
    return min(products(activity, day, slot), key=lambda product: product.euro_cents)


_NUMBER = re.compile(r"(\d{1,9})(\d{6})\d{10}(?:;.*)?", re.ASCII)


def find_product(catalogue: Catalogue, product_id: str) -> Product | None:
    """The product with an id; None if there is none, or if it is no longer on sale."""
    parts = _NUMBER.fullmatch(_decoded(product_id))
    if parts is None:
        return None
    number, ordinal = map(int, parts.groups())
    if not (1 <= number <= len(catalogue.activities) and ordinal):
        return None
    activity, day = catalogue.activities[number - 1], date.fromordinal(ordinal)
    offered = chain.from_iterable(products(activity, day, slot) for slot in slots(activity, day, catalogue.today))
    return next((product for product in offered if product.id == product_id), None)


def _decoded(product_id: str) -> str:
    if product_id.isdecimal():
        return product_id
    try:
        return base64.urlsafe_b64decode(product_id).decode()
    except ValueError:
        return ""


def _has_one_holder(activity: Activity) -> bool:
    return activity.kind.code == "transfer" or activity.variant.group_size == ("private",)


def _feature_percent(tag: PriceTag) -> int:
    return _FEATURE_PERCENT[tag.feature.code]


def _holder_percent(activity: Activity, tag: PriceTag) -> int:
    return 100 if _has_one_holder(activity) else _HOLDER_PERCENT[tag.holder.code]


def _day_percent(activity: Activity, day: date) -> int:
    """The price of a day in percent: some activities cost more on Saturdays."""
    is_peak = has_times(activity) and activity.number % 3 == 0 and day.weekday() == _SATURDAY
    return _PEAK_PERCENT if is_peak else 100


def _times(activity: Activity) -> tuple[time, ...]:
    if not has_times(activity):
        return (_DAY_BASED_TIME,)
    times = _TIMES.get(activity.kind.code, _USUAL_TIMES)
    if activity.variant.suffixes["en"] == " in the morning":
        return tuple(start for start in times if start < _NOON) or (_DAY_BASED_TIME,)
    return times


def _latest_booking(activity: Activity, day: date, start: time) -> datetime:
    """The moment that the notice precedes: the start, or the end of the day if customers choose no time."""
    return datetime.combine(day, start) if has_times(activity) else datetime.combine(day, time()) + timedelta(days=1)


def _places(activity: Activity, day: date, start: time) -> int:
    """The places left: none on some days and times, few on others."""
    if activity.flags["open"]:
        return _UNLIMITED
    if _draw(activity, day) % (8 if activity.flags["likely_to_sell_out"] else 16) == 0:
        return 0
    drawn = _draw(activity, day, start)
    if drawn % 12 == 0:
        return 0
    if activity.number % 5 == 0:
        return _UNLIMITED
    return 2 + drawn % 3 if drawn % 12 < 3 else 8 + drawn % 33


def _draw(activity: Activity, *moment: object) -> int:
    """A number that looks random and depends only on the arguments."""
    return crc32("/".join(map(str, (activity.uuid, *moment))).encode()) >> 8
