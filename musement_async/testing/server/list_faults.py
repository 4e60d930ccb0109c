"""Lists that are not what was asked for."""

import json
from collections.abc import Callable, Mapping
from typing import Literal, cast, get_args

from starlette.responses import Response

from musement_async.testing.server.responses import json_response

ListFault = Literal["long", "overlapping", "cut", "null", "map"]
FAULTS: tuple[ListFault, ...] = get_args(ListFault)


def _long(page: slice) -> slice:
    return slice(page.start, 2 * page.stop - page.start)


def _overlapping(page: slice) -> slice:
    before = page.start // (page.stop - page.start)
    return slice(page.start - before, page.stop - before)


def _cut(page: slice) -> slice:
    return slice(0, 0) if page.start else page


_CUTS: Mapping[ListFault, Callable[[slice], slice]] = {"long": _long, "overlapping": _overlapping, "cut": _cut}
_SHAPES: Mapping[ListFault, Callable[[list[object]], object]] = {
    "null": lambda _: None,
    "map": lambda items: {str(number): item for number, item in enumerate(items)},
}


def move(page: slice, fault: ListFault | None) -> slice:
    """The part of a list that is sent in place of the one that was asked for."""
    cut = None if fault is None else _CUTS.get(fault)
    return page if cut is None else cut(page)


def reshape(response: Response, fault: ListFault | None) -> Response:
    """A response in whose body something else stands where a list belongs, bare or as ``data``."""
    shape = None if fault is None else _SHAPES.get(fault)
    if shape is None or response.media_type != "application/json":
        return response
    reshaped = json_response(_in_shape(json.loads(bytes(response.body)), shape))
    reshaped.headers.update({name: value for name, value in response.headers.items() if name != "content-length"})
    reshaped.status_code = response.status_code
    return reshaped


def _in_shape(body: object, shape: Callable[[list[object]], object]) -> object:
    if isinstance(body, list):
        return shape(cast("list[object]", body))
    known = body
    members = cast("dict[str, object]", known) if isinstance(known, dict) else {}
    listed = members.get("data")
    return {**members, "data": shape(cast("list[object]", listed))} if isinstance(listed, list) else body
