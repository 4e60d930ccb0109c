"""Operations of affiliates and their widgets."""

from collections.abc import Mapping

from musement_async.models.affiliates import Affiliate
from musement_async.models.widgets import Widget
from musement_async.pagination import ListCall
from musement_async.paths import Path
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, query, require
from musement_async.resources.parameters import Code, OneOrMore, Uuid
from musement_async.resources.widgets import WidgetSort


class Affiliates(Resource):
    """Partners whose sites customers come from, and the widgets on these sites.

    The API's description does not list the fields of a new widget or of a change. Fields that the API does not accept
    raise BadRequestError; an affiliate or a widget that does not exist raises NotFoundError.
    """

    async def me(self) -> Affiliate:
        """The affiliate that the client is logged in as: ``GET /affiliates/me``."""
        return await self._core.fetch(Affiliate, path("/affiliates/me"))

    async def get(self, affiliate_code: Code[Affiliate]) -> Affiliate:
        """One affiliate: ``GET /affiliates/{affiliateCode}``.

        Args:
            affiliate_code: The affiliate's code, as orders have it.
        """
        return await self._core.fetch(Affiliate, path("/affiliates/{affiliateCode}", affiliate_code=affiliate_code))

    def my_widgets(
        self,
        *,
        text: str | None = None,
        sort_by: OneOrMore[WidgetSort] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Widget]:
        """The widgets of the affiliate that the client is logged in as: ``GET /affiliates/me/widgets``.

        Args:
            text: Only widgets that this text occurs in.
            sort_by: One order or several; a minus reverses an order. The API's default is ``"code"``.
            limit: Widgets on a page, from 1 to 100; the API's default is 10.
            offset: How many widgets to skip.

        Returns:
            A call to await for one page, with the total, or to iterate for all.
        """
        return self._list(path("/affiliates/me/widgets"), text, sort_by, limit, offset)

    def widgets(
        self,
        supplier_uuid: Uuid[Affiliate],
        *,
        text: str | None = None,
        sort_by: OneOrMore[WidgetSort] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Widget]:
        """The widgets of one affiliate: ``GET /affiliates/{supplierUuid}/widgets``.

        Args:
            supplier_uuid: The affiliate's UUID.
            text: Only widgets that this text occurs in.
            sort_by: One order or several.
            limit: Widgets on a page, from 1 to 100.
            offset: How many widgets to skip.

        Returns:
            A call to await for one page, with the total, or to iterate for all.
        """
        where = path("/affiliates/{supplierUuid}/widgets", supplier_uuid=supplier_uuid)
        return self._list(where, text, sort_by, limit, offset)

    async def create_my_widget(self, fields: Mapping[str, object]) -> None:
        """Create a widget of the affiliate that the client is logged in as: ``POST /affiliates/me/widgets``.

        Args:
            fields: The fields to send, by name.
        """
        where = path("/affiliates/me/widgets")
        await self._core.send("POST", where, json=require(fields=parameters.fields(fields)))

    async def create_widget(self, supplier_uuid: Uuid[Affiliate], fields: Mapping[str, object]) -> None:
        """Create a widget of an affiliate: ``POST /affiliates/{supplierUuid}/widgets``.

        Args:
            supplier_uuid: The affiliate's UUID.
            fields: The fields to send, by name.
        """
        where = path("/affiliates/{supplierUuid}/widgets", supplier_uuid=supplier_uuid)
        await self._core.send("POST", where, json=require(fields=parameters.fields(fields)))

    async def update_my_widget(self, widget_code: Code[Widget], fields: Mapping[str, object]) -> Widget:
        """Change a widget of the affiliate that is logged in: ``PATCH /affiliates/me/widgets/{widgetCode}``.

        Args:
            widget_code: The widget's code.
            fields: The fields to change, by name.

        Returns:
            The widget after the change.
        """
        where = path("/affiliates/me/widgets/{widgetCode}", widget_code=widget_code)
        return await self._core.fetch(Widget, where, method="PATCH", json=require(fields=parameters.fields(fields)))

    async def update_widget(
        self, supplier_uuid: Uuid[Affiliate], widget_code: Code[Widget], fields: Mapping[str, object]
    ) -> Widget:
        """Change a widget of an affiliate: ``PATCH /affiliates/{supplierUuid}/widgets/{widgetCode}``.

        Args:
            supplier_uuid: The affiliate's UUID.
            widget_code: The widget's code.
            fields: The fields to change, by name.

        Returns:
            The widget after the change.
        """
        where = path(
            "/affiliates/{supplierUuid}/widgets/{widgetCode}", supplier_uuid=supplier_uuid, widget_code=widget_code
        )
        return await self._core.fetch(Widget, where, method="PATCH", json=require(fields=parameters.fields(fields)))

    def _list(
        self,
        where: Path,
        text: str | None,
        sort_by: OneOrMore[WidgetSort] | None,
        limit: int | None,
        offset: int,
    ) -> ListCall[Widget]:
        params = query(text=parameters.text(text), sort_by=parameters.codes(sort_by, WidgetSort))
        return ListCall(self._core, where, Widget, params, limit=limit, offset=offset)
