"""Widgets."""

from collections.abc import Callable, Mapping

from starlette.responses import Response

from musement_async.testing.operations.handlers import Operations, ServerState, json_response
from musement_async.testing.rendering.widgets import WIDGETS, Widget
from musement_async.testing.server.errors import not_found
from musement_async.testing.server.request import Request

_KEYS: Mapping[str, Callable[[Widget], str | int]] = {
    "code": lambda widget: widget.code,
    "widget_type": lambda widget: widget.type,
    "entity_ids_count": lambda widget: widget.entities,
}
_ORDERS = tuple(sign + name for name in _KEYS for sign in ("", "-"))


def list_widgets(_state: ServerState, request: Request) -> Response:
    """``GET /widgets``."""
    text = (request.query.text("text") or "").casefold()
    page, orders = request.query.page(), request.query.choices("sort_by", _ORDERS)
    widgets = [widget for widget in WIDGETS if text in widget.code]
    for order in reversed(orders or ["code"]):
        widgets.sort(key=_KEYS[order.removeprefix("-")], reverse=order.startswith("-"))
    return json_response({"data": [widget.json() for widget in widgets[page]], "meta": {"count": len(widgets)}})


def get_widget(_state: ServerState, request: Request) -> Response:
    """``GET /widgets/{widgetCode}``."""
    for widget in WIDGETS:
        if widget.code == request.path["widgetCode"]:
            return json_response(widget.json())
    raise not_found("such widget")


OPERATIONS: Operations = {
    "/widgets": {"GET": list_widgets},
    "/widgets/{widgetCode}": {"GET": get_widget},
}
