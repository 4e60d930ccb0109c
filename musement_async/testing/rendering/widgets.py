"""The widgets of the local Musement: some for each of the cities with most activities."""

from datetime import UTC, datetime, timedelta
from itertools import product

from attrs import frozen

from musement_async.testing.catalogue.cities import CITIES
from musement_async.testing.catalogue.texts import slug_of
from musement_async.testing.rendering.activities import Json

_FIRST = datetime(2024, 1, 8, 9, 30, tzinfo=UTC)


@frozen
class Widget:
    """A widget; what its type is and how many things it shows is only told by the order of the list."""

    number: int
    code: str
    type: str
    entities: int
    locale: str
    currency: str

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

WIDGETS = tuple(
    Widget(number, f"{kind}-{slug_of(city.code)}-{locale[:2]}", kind, city.share, locale, currency)
    for number, (city, kind, (locale, currency)) in enumerate(
        product((city for city in CITIES if city.top), ("activities", "venues"), _LOCALES), start=1
    )
)
