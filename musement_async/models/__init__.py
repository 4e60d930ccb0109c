"""What the API answers with: one class for each kind of thing, immutable, every field optional.

A class is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from musement_async.models._base import Model, OpenEnum
    from musement_async.models.activities import Activity, ReviewsAggregatedInfo, Venue, VenueTip, Vertical
    from musement_async.models.categories import Category
    from musement_async.models.cities import City
    from musement_async.models.countries import Country
    from musement_async.models.durations import DurationRange, parse_duration
    from musement_async.models.enums import (
        ActivityStatus,
        BookingType,
        FacetType,
        MatchType,
        OrderBoxElement,
        VoucherAccess,
    )
    from musement_async.models.flavours import Flavour
    from musement_async.models.labels import Bucket, SellerGateway, TranslatedMetadata
    from musement_async.models.prices import Price
    from musement_async.models.search import ActivitySearchResult, Facet, FacetValue, SearchMetadata
    from musement_async.models.suppliers import Supplier
else:

    def __getattr__(name: str) -> object:
        module = _HOME.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{__name__}.{module}"), name)
        globals()[name] = value
        return value


__all__ = [
    "Activity",
    "ActivitySearchResult",
    "ActivityStatus",
    "BookingType",
    "Bucket",
    "Category",
    "City",
    "Country",
    "DurationRange",
    "Facet",
    "FacetType",
    "FacetValue",
    "Flavour",
    "MatchType",
    "Model",
    "OpenEnum",
    "OrderBoxElement",
    "Price",
    "ReviewsAggregatedInfo",
    "SearchMetadata",
    "SellerGateway",
    "Supplier",
    "TranslatedMetadata",
    "Venue",
    "VenueTip",
    "Vertical",
    "VoucherAccess",
    "parse_duration",
]

_MODULES = {
    "_base": ("Model", "OpenEnum"),
    "activities": ("Activity", "ReviewsAggregatedInfo", "Venue", "VenueTip", "Vertical"),
    "categories": ("Category",),
    "cities": ("City",),
    "countries": ("Country",),
    "durations": ("DurationRange", "parse_duration"),
    "enums": ("ActivityStatus", "BookingType", "FacetType", "MatchType", "OrderBoxElement", "VoucherAccess"),
    "flavours": ("Flavour",),
    "labels": ("Bucket", "SellerGateway", "TranslatedMetadata"),
    "prices": ("Price",),
    "search": ("ActivitySearchResult", "Facet", "FacetValue", "SearchMetadata"),
    "suppliers": ("Supplier",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
