"""The gift boxes on sale."""

from starlette.responses import Response

from musement_async.testing.catalogue.texts import words_of
from musement_async.testing.operations.giftboxes import check_giftbox
from musement_async.testing.operations.handling import Operations, World, answer
from musement_async.testing.rendering.giftboxes import (
    BOUGHT_TYPE,
    GIFTBOX_TYPES,
    GiftboxType,
    Item,
    giftbox_type_json,
    item_json,
    items_of,
)
from musement_async.testing.rendering.regions import regions_json
from musement_async.testing.server.errors import not_found
from musement_async.testing.server.request import PREFIX, Asked


def list_giftbox_types(_world: World, asked: Asked) -> Response:
    """``GET /giftbox-types``."""
    return answer([giftbox_type_json(each, asked.locale, PREFIX) for each in GIFTBOX_TYPES.values()])


def get_giftbox_type(_world: World, asked: Asked) -> Response:
    """``GET /giftbox-types/{giftboxTypeCode}``."""
    return answer(giftbox_type_json(_type_of(asked), asked.locale, PREFIX))


def list_city_options(world: World, asked: Asked) -> Response:
    """``GET /giftbox-types/{giftboxTypeCode}/city-options``."""
    cities = [item.activity.city for item in items_of(_type_of(asked), world.views().catalogue)]
    names = {city.id: city.names[asked.locale.language] for city in cities}
    in_order = sorted(names.items(), key=lambda pair: pair[1])
    return answer([{"key": str(city_id), "value": name} for city_id, name in in_order])


def list_related(_world: World, asked: Asked) -> Response:
    """``GET /giftbox-types/{giftboxTypeCode}/related``."""
    this = _type_of(asked)
    return answer([giftbox_type_json(each, asked.locale, PREFIX) for each in GIFTBOX_TYPES.values() if each != this])


def list_regions(_world: World, asked: Asked) -> Response:
    """``GET /giftbox-types/{giftboxCode}/regions``, by the code of a gift box that is on sale or that was bought."""
    giftbox_type = GIFTBOX_TYPES.get(asked.path["giftboxCode"])
    if giftbox_type is None:
        check_giftbox(asked)
        giftbox_type = BOUGHT_TYPE
    titles = giftbox_type.titles
    return answer(regions_json(lambda language: (titles[language],)))


def list_items(world: World, asked: Asked) -> Response:
    """``GET /giftbox-types/{giftboxTypeCode}/items``."""
    query, language = asked.query, asked.locale.language
    cities, people, page = query.integers("city_in"), query.number("number_of_people"), query.page()
    words = frozenset(words_of(query.text("text") or ""))

    def fits(item: Item) -> bool:
        return (
            (not cities or item.activity.city.id in cities)
            and people in (None, item.people)
            and words <= item.activity.texts[language].title_words
        )

    found = [item for item in items_of(_type_of(asked), world.views().catalogue) if fits(item)]
    return answer([item_json(item, asked.locale) for item in found[page]])


def _type_of(asked: Asked) -> GiftboxType:
    giftbox_type = GIFTBOX_TYPES.get(asked.path["giftboxTypeCode"])
    if giftbox_type is None:
        raise not_found("such gift box")
    return giftbox_type


OPERATIONS: Operations = {
    "/giftbox-types": {"GET": list_giftbox_types},
    "/giftbox-types/{giftboxTypeCode}": {"GET": get_giftbox_type},
    "/giftbox-types/{giftboxTypeCode}/city-options": {"GET": list_city_options},
    "/giftbox-types/{giftboxTypeCode}/related": {"GET": list_related},
    "/giftbox-types/{giftboxCode}/regions": {"GET": list_regions},
    "/giftbox-types/{giftboxTypeCode}/items": {"GET": list_items},
}
