"""Operations of affiliates and widgets.

The API does not describe the bodies for a new widget and for a change. Any fields are accepted; only ``locale`` and
``currency`` have an effect.
"""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import evolve
from starlette.responses import Response

from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.rendering.affiliates import AFFILIATES, OWN_AFFILIATE, Affiliate
from musement_async.testing.rendering.widgets import Widget
from musement_async.testing.server.bodies import TEXT, check_fields, read_any_object
from musement_async.testing.server.errors import not_found
from musement_async.testing.server.oauth import Identity
from musement_async.testing.server.request import Request

_KEYS: Mapping[str, Callable[[Widget], str | int]] = {
    "code": lambda widget: widget.code,
    "widget_type": lambda widget: widget.type,
    "entity_ids_count": lambda widget: widget.entities,
}
_FIELDS = {"locale": TEXT, "currency": TEXT}


def get_widget(state: ServerState, request: Request) -> object:
    """``GET /widgets/{widgetCode}``."""
    return state.widgets.get(request.path["widgetCode"]).json()


def get_affiliate(_state: ServerState, request: Request) -> object:
    """``GET /affiliates/me`` and ``GET /affiliates/{affiliateCode}``."""
    code = request.path.get("affiliateCode")
    return (_affiliate(request) if code is None else AFFILIATES.get(code)).json()


def list_widgets(state: ServerState, request: Request) -> object:
    """``GET /widgets``."""
    return _listed(request, list(state.widgets))


def list_of_affiliate(state: ServerState, request: Request) -> object:
    """``GET /affiliates/me/widgets`` and ``GET /affiliates/{supplierUuid}/widgets``."""
    affiliate = _affiliate(request)
    return _listed(request, [widget for widget in state.widgets if widget.affiliate == affiliate])


def create_widget(state: ServerState, request: Request) -> object:
    """``POST /affiliates/me/widgets`` and ``POST /affiliates/{supplierUuid}/widgets``."""
    affiliate, given, number = _affiliate(request), _read(request), len(state.widgets) + 1
    fields = {"locale": "en-US", "currency": "USD", **given}
    state.widgets.add(Widget(number, f"widget-{number}", "activities", 0, affiliate=affiliate, **fields))
    return Response(status_code=201)


def update_widget(state: ServerState, request: Request) -> object:
    """``PATCH /affiliates/me/widgets/{widgetCode}`` and ``PATCH /affiliates/{supplierUuid}/widgets/{widgetCode}``."""
    affiliate, given, code = _affiliate(request), _read(request), request.path["widgetCode"]
    if state.widgets.get(code).affiliate != affiliate:
        raise not_found("such widget of this affiliate")
    return state.widgets.change(code, lambda widget: evolve(widget, **given)).json()


def _affiliate(request: Request) -> Affiliate:
    """The affiliate with the UUID in the path; without a UUID, the partner whose token the request has."""
    uuid = request.path.get("supplierUuid")
    if uuid is None and request.identity == Identity():
        return OWN_AFFILIATE
    for affiliate in AFFILIATES:
        if affiliate.uuid == uuid:
            return affiliate
    raise not_found("such affiliate")


def _read(request: Request) -> dict[str, Any]:
    given = {name: value for name, value in read_any_object(request.body).items() if name in _FIELDS}
    check_fields(given, _FIELDS)
    return given


def _listed(request: Request, widgets: list[Widget]) -> object:
    query, text = request.query, (request.query.text("text") or "").casefold()
    found = [widget for widget in widgets if text in widget.code]
    query.sort(found, _KEYS, "code")
    return {"data": [widget.json() for widget in found[query.page()]], "meta": {"count": len(found)}}


_OF_AFFILIATE = {"GET": list_of_affiliate, "POST": create_widget}

OPERATIONS: Operations = {
    "/affiliates/me": {"GET": get_affiliate},
    "/affiliates/me/widgets": _OF_AFFILIATE,
    "/affiliates/me/widgets/{widgetCode}": {"PATCH": update_widget},
    "/affiliates/{affiliateCode}": {"GET": get_affiliate},
    "/affiliates/{supplierUuid}/widgets": _OF_AFFILIATE,
    "/affiliates/{supplierUuid}/widgets/{widgetCode}": {"PATCH": update_widget},
    "/widgets": {"GET": list_widgets},
    "/widgets/{widgetCode}": {"GET": get_widget},
}
