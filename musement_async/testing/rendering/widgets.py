"""The widgets of the local Musement: some for each of the cities with the most activities."""

from datetime import UTC, datetime, timedelta
from itertools import product

from attrs import frozen

from musement_async.testing.catalogue.cities import CITIES
from musement_async.testing.catalogue.texts import slug_of
from musement_async.testing.rendering.activities import Json
from musement_async.testing.rendering.affiliates import OTHER_AFFILIATE, OWN_AFFILIATE, Affiliate
from musement_async.testing.server.collection import Collection

_FIRST = datetime(2024, 1, 8, 9, 30, tzinfo=UTC)


@frozen
class Widget:
    """A widget. Its type and its number of items appear only in the order of lists."""

    number: int
    code: str
    type: str
    entities: int
    locale: str
    currency: str
    affiliate: Affiliate

    def json(self) -> Json:
        """The widget of ``GET /widgets/{widgetCode}``."""
        created = _FIRST + timedelta(days=self.number)
        return {
            "locale": self.locale,
            "currency": self.currency,
            "code": self.code,
            "created_at": created.isoformat(),
            "updated_at": (created + timedelta(days=30)).isoformat(),
        }


_LOCALES = (("en-US", "USD"), ("it-IT", "EUR"))

_AFFILIATES = {"activities": OWN_AFFILIATE, "venues": OTHER_AFFILIATE}
_WIDGETS = tuple(
    Widget(number, f"{kind}-{slug_of(city.code)}-{locale[:2]}", kind, city.share, locale, currency, _AFFILIATES[kind])
    for number, (city, kind, (locale, currency)) in enumerate(
        product((city for city in CITIES if city.top), _AFFILIATES, _LOCALES), start=1
    )
)


def widget_collection() -> Collection[Widget]:
    """The widgets of one server, by code."""
    return Collection("widget", lambda widget: widget.code, _WIDGETS)
