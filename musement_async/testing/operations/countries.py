"""Operations of countries."""

from musement_async.testing.catalogue.cities import CITIES, CITIES_BY_ID, COUNTRIES
from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.operations.lookups import country_of
from musement_async.testing.operations.offers import offers
from musement_async.testing.rendering.activities import city_item
from musement_async.testing.rendering.places import full_country_json
from musement_async.testing.server.errors import constraint, or_not_found
from musement_async.testing.server.request import Request


def list_countries(_state: ServerState, request: Request) -> object:
    """``GET /countries``."""
    countries = list(COUNTRIES.values())[request.query.page()]
    return [
        full_country_json(country, request.locale.language)
        for country in or_not_found(countries or None, "country that matches")
    ]


def get_country(_state: ServerState, request: Request) -> object:
    """``GET /countries/{countryId}``."""
    return full_country_json(country_of(request), request.locale.language)


def list_activities(state: ServerState, request: Request) -> object:
    """``GET /countries/{countryId}/activities``."""
    country, number = country_of(request), request.query.number("priority_city")
    if number is not None and (number not in CITIES_BY_ID or CITIES_BY_ID[number].country is not country):
        raise constraint("priority_city", str(number), "it must be a city of that country")
    return offers(
        state,
        request,
        lambda activity: activity.city.country is country,
        filters=("vertical",),
        first=lambda activity: activity.city.id == number,
    )


def list_cities(state: ServerState, request: Request) -> object:
    """``GET /countries/{countryId}/cities``."""
    country, catalogue = country_of(request), state.catalogue
    cities = [city for city in CITIES if city.country is country][request.query.page()]
    return [city_item(city, catalogue, request.locale.language) for city in cities]


OPERATIONS: Operations = {
    "/countries": {"GET": list_countries},
    "/countries/{countryId}": {"GET": get_country},
    "/countries/{countryId}/activities": {"GET": list_activities},
    "/countries/{countryId}/cities": {"GET": list_cities},
}
