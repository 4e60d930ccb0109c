"""The gift boxes on sale."""

from musement_async.testing.catalogue.texts import words_of
from musement_async.testing.operations.giftboxes import check_giftbox
from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.rendering.giftboxes import (
    BOUGHT_TYPE,
    GIFTBOX_TYPES,
    GiftboxItem,
    GiftboxType,
    giftbox_type_json,
    item_json,
    items_of,
)
from musement_async.testing.rendering.regions import regions_json
from musement_async.testing.server.request import PREFIX, Request


def list_giftbox_types(_state: ServerState, request: Request) -> object:
    """``GET /giftbox-types``."""
    return [giftbox_type_json(each, request.locale, PREFIX) for each in GIFTBOX_TYPES]


def get_giftbox_type(_state: ServerState, request: Request) -> object:
    """``GET /giftbox-types/{giftboxTypeCode}``."""
    return giftbox_type_json(_type_of(request), request.locale, PREFIX)


def list_city_options(state: ServerState, request: Request) -> object:
    """``GET /giftbox-types/{giftboxTypeCode}/city-options``."""
    cities = [item.activity.city for item in items_of(_type_of(request), state.catalogue)]
    names = {city.id: city.names[request.locale.language] for city in cities}
    in_order = sorted(names.items(), key=lambda pair: pair[1])
    return [{"key": str(city_id), "value": name} for city_id, name in in_order]


def list_related(_state: ServerState, request: Request) -> object:
    """``GET /giftbox-types/{giftboxTypeCode}/related``."""
    this = _type_of(request)
    return [giftbox_type_json(each, request.locale, PREFIX) for each in GIFTBOX_TYPES if each != this]


def list_regions(_state: ServerState, request: Request) -> object:
    """``GET /giftbox-types/{giftboxCode}/regions``, by the code of a gift box that is on sale or that was bought."""
    giftbox_type = GIFTBOX_TYPES.find(request.path["giftboxCode"])
    if giftbox_type is None:
        check_giftbox(request)
        giftbox_type = BOUGHT_TYPE
    titles = giftbox_type.titles
    return regions_json(lambda language: (titles[language],))


def list_items(state: ServerState, request: Request) -> object:
    """``GET /giftbox-types/{giftboxTypeCode}/items``."""
    query, language = request.query, request.locale.language
    cities, people, page = query.integers("city_in"), query.number("number_of_people"), query.page()
    words = frozenset(words_of(query.text("text") or ""))

    def fits(item: GiftboxItem) -> bool:
        return (
            (not cities or item.activity.city.id in cities)
            and people in (None, item.people)
            and words <= item.activity.texts[language].title_words
        )

    found = [item for item in items_of(_type_of(request), state.catalogue) if fits(item)]
    return [item_json(item, request.locale) for item in found[page]]


def _type_of(request: Request) -> GiftboxType:
    return GIFTBOX_TYPES.get(request.path["giftboxTypeCode"])


OPERATIONS: Operations = {
    "/giftbox-types": {"GET": list_giftbox_types},
    "/giftbox-types/{giftboxTypeCode}": {"GET": get_giftbox_type},
    "/giftbox-types/{giftboxTypeCode}/city-options": {"GET": list_city_options},
    "/giftbox-types/{giftboxTypeCode}/related": {"GET": list_related},
    "/giftbox-types/{giftboxCode}/regions": {"GET": list_regions},
    "/giftbox-types/{giftboxTypeCode}/items": {"GET": list_items},
}
