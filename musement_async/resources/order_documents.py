"""Operations of tickets and vouchers."""

from typing import overload

from musement_async.models.activities import Activity
from musement_async.models.booking_vouchers import BookingVoucher
from musement_async.models.orders import Order, OrderActivityAvailableTicket, OrderItem
from musement_async.resources.downloads import Target, download, fetch_pdf
from musement_async.resources.operation import Resource, path
from musement_async.resources.parameters import Code, Uuid
from musement_async.resources.readers import WholeListCall, fetch_all


class OrderDocuments(Resource):
    """The tickets and vouchers of an order."""

    def tickets(
        self, order_uuid: Uuid[Order], activity_uuid: Uuid[Activity]
    ) -> WholeListCall[OrderActivityAvailableTicket]:
        """The tickets of an activity in an order: ``GET /orders/{orderUuid}/activities/{activityUuid}/tickets``.

        Args:
            order_uuid: The order's UUID.
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such order, it has no such activity, or there are no tickets yet.
        """
        where = path(
            "/orders/{orderUuid}/activities/{activityUuid}/tickets", order_uuid=order_uuid, activity_uuid=activity_uuid
        )
        return WholeListCall(fetch_all, self._core, where, OrderActivityAvailableTicket)

    @overload
    async def ticket(
        self,
        order_uuid: Uuid[Order],
        activity_uuid: Uuid[Activity],
        ticket_id: Code[OrderActivityAvailableTicket],
        to: None = None,
    ) -> bytes: ...
    @overload
    async def ticket(
        self,
        order_uuid: Uuid[Order],
        activity_uuid: Uuid[Activity],
        ticket_id: Code[OrderActivityAvailableTicket],
        to: Target,
    ) -> None: ...
    async def ticket(
        self,
        order_uuid: Uuid[Order],
        activity_uuid: Uuid[Activity],
        ticket_id: Code[OrderActivityAvailableTicket],
        to: Target | None = None,
    ) -> bytes | None:
        """A PDF with tickets: ``GET /orders/{orderUuid}/activities/{activityUuid}/tickets/{ticketId}``.

        Args:
            order_uuid: The order's UUID.
            activity_uuid: The activity's UUID.
            ticket_id: The id of a ticket, from :meth:`tickets`.
            to: The path of a file, or an object with a ``write`` method. The file appears once it is complete, with
                the mode 0600. After an error, an object keeps the bytes written so far.

        Returns:
            The bytes, or None when ``to`` is given.

        Raises:
            NotFoundError: There is no such order, activity or ticket.
            ConflictError: The PDF cannot be made.
            DecodeError: The answer is not a complete PDF.
            OSError: The file could not be written.
        """
        where = path(
            "/orders/{orderUuid}/activities/{activityUuid}/tickets/{ticketId}",
            order_uuid=order_uuid,
            activity_uuid=activity_uuid,
            ticket_id=ticket_id,
        )
        return await fetch_pdf(self._core, where, to)

    @overload
    async def voucher(self, order_uuid: Uuid[Order], activity_uuid: Uuid[Activity], to: None = None) -> bytes: ...
    @overload
    async def voucher(self, order_uuid: Uuid[Order], activity_uuid: Uuid[Activity], to: Target) -> None: ...
    async def voucher(
        self, order_uuid: Uuid[Order], activity_uuid: Uuid[Activity], to: Target | None = None
    ) -> bytes | None:
        """A PDF with an activity's vouchers: ``GET /orders/{orderUuid}/activities/{activityUuid}/voucher``.

        Args:
            order_uuid: The order's UUID.
            activity_uuid: The activity's UUID.
            to: The path of a file, or an object with a ``write`` method. The file appears once it is complete, with
                the mode 0600. After an error, an object keeps the bytes written so far.

        Returns:
            The bytes, or None when ``to`` is given.

        Raises:
            NotFoundError: There is no such order, or it has no such activity.
            ConflictError: The PDF cannot be made.
            DecodeError: The answer is not a complete PDF.
            OSError: The file could not be written.
        """
        return await fetch_pdf(
            self._core,
            path(
                "/orders/{orderUuid}/activities/{activityUuid}/voucher",
                order_uuid=order_uuid,
                activity_uuid=activity_uuid,
            ),
            to,
        )

    @overload
    async def external_vouchers(
        self, order_uuid: Uuid[Order], order_item_uuid: Uuid[OrderItem], to: None = None
    ) -> bytes: ...
    @overload
    async def external_vouchers(
        self, order_uuid: Uuid[Order], order_item_uuid: Uuid[OrderItem], to: Target
    ) -> None: ...
    async def external_vouchers(
        self, order_uuid: Uuid[Order], order_item_uuid: Uuid[OrderItem], to: Target | None = None
    ) -> bytes | None:
        """A PDF with vouchers of other issuers: ``GET /orders/{orderUuid}/items/{orderItemUuid}/vouchers-external``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.
            to: The path of a file, or an object with a ``write`` method. The file appears once it is complete, with
                the mode 0600. After an error, an object keeps the bytes written so far.

        Returns:
            The bytes, or None when ``to`` is given.

        Raises:
            NotFoundError: There is no such order, or it has no such item.
            ConflictError: The PDF cannot be made.
            DecodeError: The answer is not a complete PDF.
            OSError: The file could not be written.
        """
        where = path(
            "/orders/{orderUuid}/items/{orderItemUuid}/vouchers-external",
            order_uuid=order_uuid,
            order_item_uuid=order_item_uuid,
        )
        return await fetch_pdf(self._core, where, to)

    async def booking_voucher(self, order_uuid: Uuid[Order], order_item_uuid: Uuid[OrderItem]) -> BookingVoucher:
        """The content of a voucher: ``GET /orders/{orderUuid}/items/{orderItemUuid}/voucher/booking``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.

        Raises:
            NotFoundError: There is no such order, or it has no such item.
        """
        where = path(
            "/orders/{orderUuid}/items/{orderItemUuid}/voucher/booking",
            order_uuid=order_uuid,
            order_item_uuid=order_item_uuid,
        )
        return await self._core.fetch(BookingVoucher, where)

    @overload
    async def download(self, url: str, to: None = None) -> bytes: ...
    @overload
    async def download(self, url: str, to: Target) -> None: ...
    async def download(self, url: str, to: Target | None = None) -> bytes | None:
        """Fetch a voucher from its ``url``, piece by piece.

        The token is sent only if the URL belongs to the API.

        Args:
            url: The URL of a voucher.
            to: The path of a file, or an object with a ``write`` method. The file appears once it is complete, with
                the mode 0600. After an error, an object keeps the bytes written so far.

        Returns:
            The bytes, or None when ``to`` is given.

        Raises:
            ArgumentError: ``url`` is not an http or https URL.
            APIError: The server refuses the document.
            PrivateHostError: The URL leads to this machine or into a private network.
            DecodeError: The answer is not a complete PDF.
            TransportError: The document did not arrive completely.
            OSError: The file could not be written.
        """
        return await download(self._core, url, to)
