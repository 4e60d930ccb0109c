"""The generated catalogue of activities: equal seeds give equal activities everywhere."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import chain, cycle, islice
from random import Random

from attrs import field, frozen

from musement_async.testing.catalogue.activity_templates import TEMPLATES, VARIANTS, ActivityTemplate, Variant
from musement_async.testing.catalogue.cities import CITIES, City
from musement_async.testing.catalogue.texts import Texts
from musement_async.testing.catalogue.venues import VENUES, Venue
from musement_async.testing.catalogue.vocabulary import LANGUAGES, Category, with_ancestors

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "local.musement.invalid")
_NOT_ONLINE = ("DRAFT", "DRAFT", "REVIEW", "REVIEW", "ARCHIVED", "ARCHIVED", "UNAVAILABLE", "UNAVAILABLE")
_FULL_WEEK = 7

SELLERS = ("musement", "local-seller", "parent_event_seller")


@frozen
class Season:
    """The days of an activity: some days of the week, from a first day to a last."""

    opens: date
    closes: date
    weekdays: frozenset[int]

    def open_on(self, day: date) -> bool:
        """Whether it takes place that day."""
        return self.opens <= day <= self.closes and day.weekday() in self.weekdays

    def open_between(self, first: date, last: date) -> bool:
        """Whether it takes place on any day of a period, both ends included."""
        start, end = max(first, self.opens), min(last, self.closes)
        days = min((end - start).days + 1, _FULL_WEEK)
        return any(self.open_on(start + timedelta(days=step)) for step in range(days))


@frozen(eq=False)
class Activity:
    """An activity, independent of language and currency."""

    number: int
    uuid: str
    status: str
    city: City
    venue: Venue | None
    kind: ActivityTemplate
    variant: Variant
    season: Season
    euro_cents: int
    fee_euro_cents: int
    discount: int
    latitude: float
    longitude: float
    shows_coordinates: bool
    relevance: int
    relevances: Mapping[str, int]
    duration: tuple[str | None, str | None]
    cutoff: str
    confirmation: str
    languages: tuple[str, ...]
    features: tuple[str, ...]
    services: tuple[str, ...]
    reviews: tuple[int, int, int, int, int]
    pickups: tuple[str, ...]
    seller: str
    phone: str | None
    flags: Mapping[str, bool]
    texts: Mapping[str, Texts] = field(repr=False)

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        """Its categories, each after its ancestors."""
        return with_ancestors(self.kind.categories)

    @property
    def reviews_number(self) -> int:
        """How many people rated it."""
        return sum(self.reviews)

    @property
    def rating(self) -> float:
        """The mean rating to one decimal; 0 without ratings."""
        stars = sum(star * count for star, count in enumerate(self.reviews, start=1))
        return round(stars / self.reviews_number, 1) if self.reviews_number else 0


class Catalogue:
    """Every activity of the local Musement. Servers share a catalogue: nothing in it changes.

    Args:
        seed: Equal seeds give equal catalogues.
        size: How many activities can be found by searching; a few drafts and archived ones come on top.
        today: The day that availability is counted from.
    """

    def __init__(self, *, seed: int, size: int, today: date) -> None:
        self.seed: int = seed
        self.today: date = today
        # Reproducible on purpose; no secret depends on it.
        rng = Random(seed)  # noqa: S311
        statuses = ("ONLINE",) * size + _NOT_ONLINE
        plans = _plans(rng, len(statuses))
        self.activities: tuple[Activity, ...] = tuple(
            self._activity(rng, number, status, plan)
            for number, (status, plan) in enumerate(zip(statuses, plans, strict=True), start=1)
        )
        self.by_uuid: dict[str, Activity] = {activity.uuid: activity for activity in self.activities}
        online = (activity for activity in self.activities if activity.status == "ONLINE")
        self.online: tuple[Activity, ...] = tuple(sorted(online, key=lambda activity: -activity.relevance))

    @property
    def tomorrow(self) -> date:
        """The day after today."""
        return self.today + timedelta(days=1)

    @cached_property
    def counts(self) -> Mapping[int, int]:
        """The number of activities that can be found, by city id."""
        counts = dict.fromkeys((city.id for city in CITIES), 0)
        for activity in self.online:
            counts[activity.city.id] += 1
        return counts

    def _uuid(self, *parts: object) -> str:
        return str(uuid.uuid5(_NAMESPACE, "/".join(map(str, (self.seed, *parts)))))

    def _activity(self, rng: Random, number: int, status: str, plan: "_Plan") -> Activity:
        city, venue, kind, variant = plan
        near = venue or city
        instant = rng.random() < 0.7
        features = _some(rng, ("skip", "official", "last-minute", "local-pick"), 2)
        free_cancellation = rng.random() < 0.6
        relevance = rng.randint(1, 3000)
        return Activity(
            number=number,
            uuid=self._uuid("activity", number),
            status=status,
            city=city,
            venue=venue,
            kind=kind,
            variant=variant,
            season=_season(rng, self.today),
            euro_cents=_base_price(rng, kind, variant),
            fee_euro_cents=rng.choice((0, 0, 0, 150, 299)),
            discount=rng.choice((0, 0, 0, 0, 10, 15, 20)),
            latitude=near.latitude if venue else round(near.latitude + rng.uniform(-0.02, 0.02), 6),
            longitude=near.longitude if venue else round(near.longitude + rng.uniform(-0.02, 0.02), 6),
            shows_coordinates=rng.random() < 0.85,
            relevance=relevance,
            relevances={name: rng.randint(0, 3000) for name in ("venue", "city", "category", "external")},
            duration=rng.choice(kind.durations),
            cutoff="P3D" if not instant else rng.choice(("P0D", "PT1H", "PT12H")),
            confirmation="P0D" if instant else rng.choice(("P1D", "P3D")),
            languages=("en", *_some(rng, tuple(LANGUAGES)[1:], 4)),
            features=_unique(("istant",) * instant, ("free-cancellation",) * free_cancellation, features),
            services=_unique(kind.services, ("pick-up",) * variant.pickup, _some(rng, ("wheelchair",), 1)),
            reviews=_reviews(rng),
            pickups=tuple(self._uuid("pickup", number, stop) for stop in range(3)) if variant.pickup else (),
            seller=rng.choice(SELLERS),
            phone=f"{city.country.prefix}555{number:06}" if rng.random() < 0.4 else None,
            flags={
                "free_cancellation": free_cancellation,
                "instant": instant,
                "open": kind.booking_type.startswith("NO-CALENDAR"),
                **{name: rng.random() < odds for name, odds in _FLAG_ODDS.items()},
            },
            texts={language: _texts(language, plan) for language in ("en", "it")},
        )


_Plan = tuple[City, Venue | None, ActivityTemplate, Variant]

_FLAG_ODDS = {
    "must_see": 0.1,
    "last_chance": 0.05,
    "top_seller": 0.15,
    "temporary": 0.08,
    "likely_to_sell_out": 0.2,
    "exclusive": 0.05,
    "best_price": 0.05,
    "daily": 0.1,
    "has_multiple_options": 0.3,
    "giftable": 0.7,
    "ticket": 0.4,
    "printed": 0.2,
    "has_passenger_info": 0.2,
    "has_extra_customer_data": 0.1,
}


def _plans(rng: Random, size: int) -> list[_Plan]:
    """Pairs of cities and templates: cities in proportion to their shares, no template twice before all were used."""
    offers = {city.id: _offers(rng, city) for city in CITIES if city.share}
    turns = [city.id for city in CITIES for _ in range(city.share)]
    rng.shuffle(turns)
    return [next(offers[city_id]) for city_id in islice(cycle(turns), size)]


def _offers(rng: Random, city: City) -> Iterator[_Plan]:
    venues: Sequence[Venue] = [venue for venue in VENUES if venue.city_id == city.id]
    plans: list[_Plan] = [
        (city, venue, kind, variant)
        for kind in TEMPLATES
        for venue in (venues if kind.at_venue else (None,))
        for variant in VARIANTS
    ]
    rng.shuffle(plans)
    return cycle(plans)


def _unique(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(groups)))


def _some(rng: Random, values: Sequence[str], most: int) -> tuple[str, ...]:
    return tuple(rng.sample(values, rng.randint(0, most)))


def _season(rng: Random, today: date) -> Season:
    opens = today + timedelta(days=rng.choice((-90, -30, 0, 0, 14, 45)))
    closed = rng.sample(range(7), rng.choice((0, 0, 0, 1, 2)))
    return Season(opens, opens + timedelta(days=rng.randint(120, 540)), frozenset(range(7)) - frozenset(closed))


_CENTS: Sequence[int] = (0, 0, 50, 90, 99)


def _base_price(rng: Random, kind: ActivityTemplate, variant: Variant) -> int:
    euros = rng.randint(*kind.euros) * variant.factor // 100
    return euros * 100 + rng.choice(_CENTS)


_REVIEW_SHAPES: Sequence[Callable[[int], tuple[int, int, int, int, int]]] = (
    lambda _: (0, 0, 0, 0, 0),
    lambda n: (0, 0, n // 20, n // 3, n),
    lambda n: (n // 30, n // 20, n // 8, n, n),
    lambda n: (0, 0, 0, 0, n),
    lambda n: (n // 10, n // 10, n // 4, n, n // 2),
)


def _reviews(rng: Random) -> tuple[int, int, int, int, int]:
    return rng.choice(_REVIEW_SHAPES)(rng.randint(1, 1500))


def _texts(language: str, plan: _Plan) -> Texts:
    city, venue, kind, variant = plan
    names = {"city": city.names[language], "place": (venue or city).names[language]}
    return Texts(
        title=kind.titles[language].format_map(names) + variant.suffixes[language],
        about=kind.abouts[language].format_map(names),
        names=" ".join((*names.values(), city.country.names[language])),
    )
