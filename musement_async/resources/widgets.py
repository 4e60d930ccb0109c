"""Operations of widgets."""

from typing import Literal

from musement_async.models.widgets import Widget
from musement_async.pagination import ListCall
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, query
from musement_async.resources.parameters import Code, OneOrMore

WidgetSort = Literal["code", "-code", "widget_type", "-widget_type", "entity_ids_count", "-entity_ids_count"]


class Widgets(Resource):
    """Parts of Musement's shop for affiliates' sites."""

    def list(
        self,
        *,
        text: str | None = None,
        sort_by: OneOrMore[WidgetSort] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Widget]:
        """All widgets, or those that contain a text: ``GET /widgets``.

        Args:
            text: The text to look for.
            sort_by: One order or several; a minus reverses an order. The API's default is ``"code"``.
            limit: Widgets on a page, from 1 to 100; the API's default is 10.
            offset: How many widgets to skip.

        Returns:
            A call to await for one page, with the total, or to iterate for all.
        """
        params = query(
            text=parameters.text(text),
            sort_by=parameters.codes(sort_by, WidgetSort),
        )
        return ListCall(self._core, path("/widgets"), Widget, params, limit=limit, offset=offset)

    async def get(self, widget_code: Code[Widget]) -> Widget:
        """The settings of one widget: ``GET /widgets/{widgetCode}``.

        Args:
            widget_code: The widget's code.

        Raises:
            NotFoundError: There is no such widget.
        """
        where = path("/widgets/{widgetCode}", widget_code=widget_code)
        return await self._core.fetch(Widget, where)
