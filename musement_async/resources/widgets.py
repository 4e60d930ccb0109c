"""Widgets."""

from collections.abc import Iterable
from typing import Literal

from musement_async.core import Core
from musement_async.models.widgets import Widget
from musement_async.pagination import ListCall
from musement_async.paths import build_path
from musement_async.resources import parameters

WidgetSort = Literal["code", "-code", "widget_type", "-widget_type", "entity_ids_count", "-entity_ids_count"]


class Widgets:
    """Parts of Musement's shop for affiliates' sites."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        *,
        text: str | None = None,
        sort_by: WidgetSort | Iterable[WidgetSort] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Widget]:
        """All widgets, or those that a text occurs in: ``GET /widgets``.

        Args:
            text: What to look for.
            sort_by: One order or several; a minus turns it round. The API's default is ``"code"``.
            limit: Widgets on a page, from 1 to 100; the API's default is 10.
            offset: How many widgets to skip.

        Returns:
            A call to await for one page, with the total, or to iterate for all.

        Raises:
            ArgumentError: An argument the API could not read.
        """
        params = {
            "text": parameters.text("text", text),
            "sort_by": parameters.orders("sort_by", sort_by, WidgetSort),
        }
        return ListCall(self._core, build_path("/widgets"), Widget, params, limit=limit, offset=offset)

    async def get(self, widget_code: str) -> Widget:
        """How one widget is set up: ``GET /widgets/{widgetCode}``.

        Args:
            widget_code: The widget's code.

        Raises:
            ArgumentError: It is no text, or empty.
            NotFoundError: There is no such widget.
        """
        path = build_path("/widgets/{widgetCode}", widgetCode=parameters.code("widget_code", widget_code))
        return await self._core.fetch(Widget, path)
