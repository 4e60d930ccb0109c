"""The editors' lists."""

from collections.abc import Callable

from starlette.responses import Response

from musement_async.testing.catalogue.curated_lists import LIST_TYPES, EditorialList, editorial_lists
from musement_async.testing.catalogue.vocabulary import CATEGORIES
from musement_async.testing.operations.handling import Operations, World, answer
from musement_async.testing.operations.lookups import found, some
from musement_async.testing.operations.offers import in_filters
from musement_async.testing.rendering.lists import list_json, page_names, type_json
from musement_async.testing.rendering.regions import regions_json
from musement_async.testing.server.query import Query
from musement_async.testing.server.request import Asked

_Test = Callable[[EditorialList], bool]


def list_lists(world: World, asked: Asked) -> Response:
    """``GET /lists``."""
    query = asked.query
    cities, countries, categories = map(query.integers, ("city_in", "country_in", "category_in"))
    temporary = {"YES": True, "NO": False}.get(query.choice("temporary", ("", "YES", "NO")))
    matching = _matching(
        world,
        asked,
        lambda listed: (
            (not cities or listed.city.id in cities)
            and (not countries or listed.city.country.id in countries)
            and (not categories or _category_id(listed) in categories)
            and temporary in {None, listed.theme.temporary}
        ),
    )
    return _answer(world, asked, some(matching, "list"))


def answer_lists(world: World, asked: Asked, belongs: _Test) -> Response:
    """Those lists that belong somewhere, and that match the query."""
    return _answer(world, asked, _matching(world, asked, belongs))


def _matching(world: World, asked: Asked, belongs: _Test) -> list[EditorialList]:
    query, catalogue = asked.query, world.views().catalogue
    of_vertical, test, page = in_filters(query, ("vertical",)), _test(query), query.page()
    return [
        listed
        for listed in editorial_lists(catalogue)
        if belongs(listed) and test(listed) and any(map(of_vertical, listed.activities(catalogue)))
    ][page]


def _test(query: Query) -> _Test:
    tagged = query.choice("exclude_not_tagged", ("NO", "YES")) == "YES"
    types = {word.casefold() for word in query.words("listtypes")}
    tags = frozenset(query.words("listtags"))
    return lambda listed: (
        (not tagged or bool(listed.theme.tags))
        and (not types or not types.isdisjoint(_names_of_type(listed)))
        and (not tags or not tags.isdisjoint(listed.theme.tags))
    )


def _names_of_type(listed: EditorialList) -> set[str]:
    kind = listed.theme.type
    return {str(kind.id), kind.code, *(name.casefold() for name in kind.names.values())}


def _category_id(listed: EditorialList) -> int | None:
    code = listed.theme.category
    return None if code is None else CATEGORIES[code].id


def _answer(world: World, asked: Asked, lists: list[EditorialList]) -> Response:
    return answer([list_json(listed, world.views().catalogue, asked.locale) for listed in lists])


def get_list(world: World, asked: Asked) -> Response:
    """``GET /lists/{listId}``."""
    return answer(list_json(_list_of(world, asked), world.views().catalogue, asked.locale))


def list_regions(world: World, asked: Asked) -> Response:
    """``GET /lists/{listId}/regions``."""
    listed = _list_of(world, asked)
    return answer(regions_json(lambda language: page_names(listed, language)))


def _list_of(world: World, asked: Asked) -> EditorialList:
    return found(asked, "listId", editorial_lists(world.views().catalogue))


def list_types(_world: World, asked: Asked) -> Response:
    """``GET /list-types``."""
    types = some(list(LIST_TYPES)[asked.query.page()], "type of lists")
    return answer([type_json(kind, asked.locale.language) for kind in types])


OPERATIONS: Operations = {
    "/list-types": {"GET": list_types},
    "/lists": {"GET": list_lists},
    "/lists/{listId}": {"GET": get_list},
    "/lists/{listId}/regions": {"GET": list_regions},
}
