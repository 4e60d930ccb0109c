"""Operations of curated lists."""

from collections.abc import Callable

from musement_async.testing.catalogue.curated_lists import LIST_TYPES, CuratedList, curated_lists
from musement_async.testing.catalogue.vocabulary import CATEGORIES
from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.operations.lookups import by_id
from musement_async.testing.operations.offers import in_filters
from musement_async.testing.rendering.lists import list_json, page_names, type_json
from musement_async.testing.rendering.regions import regions_json
from musement_async.testing.server.errors import or_not_found
from musement_async.testing.server.query import Query
from musement_async.testing.server.request import Request

_Test = Callable[[CuratedList], bool]


def list_lists(state: ServerState, request: Request) -> object:
    """``GET /lists``."""
    query = request.query
    cities, countries, categories = map(query.integers, ("city_in", "country_in", "category_in"))
    temporary = {"YES": True, "NO": False}.get(query.choice("temporary", ("", "YES", "NO")))
    matching = _matching(
        state,
        request,
        lambda listed: (
            (not cities or listed.city.id in cities)
            and (not countries or listed.city.country.id in countries)
            and (not categories or _category_id(listed) in categories)
            and temporary in {None, listed.theme.temporary}
        ),
    )
    return _answer(state, request, or_not_found(matching or None, "list that matches"))


def answer_lists(state: ServerState, request: Request, belongs: _Test) -> object:
    """The lists that belong to a place and match the query."""
    return _answer(state, request, _matching(state, request, belongs))


def _matching(state: ServerState, request: Request, belongs: _Test) -> list[CuratedList]:
    query, catalogue = request.query, state.catalogue
    of_vertical, test, page = in_filters(query, ("vertical",)), _test(query), query.page()
    return [
        listed
        for listed in curated_lists(catalogue)
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


def _names_of_type(listed: CuratedList) -> set[str]:
    kind = listed.theme.type
    return {str(kind.id), kind.code, *(name.casefold() for name in kind.names.values())}


def _category_id(listed: CuratedList) -> int | None:
    code = listed.theme.category
    return None if code is None else CATEGORIES[code].id


def _answer(state: ServerState, request: Request, lists: list[CuratedList]) -> object:
    return [list_json(listed, state.catalogue, request.locale) for listed in lists]


def get_list(state: ServerState, request: Request) -> object:
    """``GET /lists/{listId}``."""
    return list_json(_list_of(state, request), state.catalogue, request.locale)


def list_regions(state: ServerState, request: Request) -> object:
    """``GET /lists/{listId}/regions``."""
    listed = _list_of(state, request)
    return regions_json(lambda language: page_names(listed, language))


def _list_of(state: ServerState, request: Request) -> CuratedList:
    return by_id(request, "listId", curated_lists(state.catalogue))


def list_types(_state: ServerState, request: Request) -> object:
    """``GET /list-types``."""
    types = or_not_found(list(LIST_TYPES)[request.query.page()] or None, "type of lists that matches")
    return [type_json(kind, request.locale.language) for kind in types]


OPERATIONS: Operations = {
    "/list-types": {"GET": list_types},
    "/lists": {"GET": list_lists},
    "/lists/{listId}": {"GET": get_list},
    "/lists/{listId}/regions": {"GET": list_regions},
}
