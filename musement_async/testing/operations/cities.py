"""Cities, and what there is in one."""

from collections.abc import Callable

from starlette.responses import Response

from musement_async.testing.cities import CITIES, City
from musement_async.testing.errors import incomplete, not_found
from musement_async.testing.operations.handling import Asked, Operations, World, answer
from musement_async.testing.query import Query
from musement_async.testing.render import city_detail, city_item
from musement_async.testing.search import kilometres


def list_cities(world: World, asked: Asked) -> Response:
    """``GET /cities``."""
    query, catalogue = asked.query, world.views().catalogue
    by_weight = query.choice("sort_by", ("weight", "none")) == "weight"
    with_empty = query.choice("without_events", ("no", "yes")) == "yes"
    country = query.integer("prioritized_country", 0, minimum=1)
    most = query.integer("prioritized_country_cities_limit", len(CITIES), minimum=0)
    page, test = query.page(), _near(query)
    cities = [city for city in CITIES if (with_empty or catalogue.counts[city.id]) and test(city)]
    cities.sort(key=lambda city: -city.share if by_weight else city.id)
    first = [city for city in cities if city.country.id == country][:most]
    cities = (first + [city for city in cities if city not in first])[page]
    if not cities:
        raise not_found("city that matches")
    return answer([city_item(city, catalogue, asked.locale.language) for city in cities])


def _near(query: Query) -> Callable[[City], bool]:
    within, point = query.distance(r"(\d{1,5})", "20, in kilometres"), query.point()
    if point is None:
        return lambda _: True
    if within is None:
        raise incomplete("coordinates", "distance")
    return lambda city: kilometres(point, (city.latitude, city.longitude)) <= int(within[0])


def get_city(world: World, asked: Asked) -> Response:
    """``GET /cities/{cityId}``."""
    for city in CITIES:
        if str(city.id) == asked.path["cityId"]:
            return answer(city_detail(city, world.views().catalogue, asked.locale.language))
    raise not_found("such city")


OPERATIONS: Operations = {
    "/cities": {"GET": list_cities},
    "/cities/{cityId}": {"GET": get_city},
}
