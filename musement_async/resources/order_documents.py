"""Tickets and vouchers."""

from typing import overload
from uuid import UUID

from musement_async.core import Core
from musement_async.models.orders import BookingVoucher, OrderActivityAvailableTicket
from musement_async.pagination import fetch_all
from musement_async.paths import Path, build_path
from musement_async.resources import parameters
from musement_async.resources.downloads import Target, download, fetch_pdf

ORDER = "/orders/{orderUuid}"
ITEM = "/orders/{orderUuid}/items/{orderItemUuid}"
_ACTIVITY = "/orders/{orderUuid}/activities/{activityUuid}"


class OrderDocuments:
    """What lets customers in."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def tickets(
        self, order_uuid: UUID | str, activity_uuid: UUID | str
    ) -> tuple[OrderActivityAvailableTicket, ...]:
        """The tickets there are: ``GET /orders/{orderUuid}/activities/{activityUuid}/tickets``.

        Args:
            order_uuid: The order's UUID.
            activity_uuid: The activity's UUID.

        Raises:
            ArgumentError: One of them is not a UUID.
            NotFoundError: There is no such order, it has no such activity, or there are no tickets yet.
        """
        path = _activity_path(f"{_ACTIVITY}/tickets", order_uuid, activity_uuid)
        return await fetch_all(self._core, path, OrderActivityAvailableTicket)

    @overload
    async def ticket(
        self, order_uuid: UUID | str, activity_uuid: UUID | str, ticket_id: str, to: None = None
    ) -> bytes: ...
    @overload
    async def ticket(self, order_uuid: UUID | str, activity_uuid: UUID | str, ticket_id: str, to: Target) -> None: ...
    async def ticket(
        self, order_uuid: UUID | str, activity_uuid: UUID | str, ticket_id: str, to: Target | None = None
    ) -> bytes | None:
        """A PDF with tickets: ``GET /orders/{orderUuid}/activities/{activityUuid}/tickets/{ticketId}``.

        Args:
            order_uuid: The order's UUID.
            activity_uuid: The activity's UUID.
            ticket_id: The id of one of :meth:`tickets`.
            to: The path of a file, which appears only once it is complete, or anything with a ``write`` method.

        Returns:
            The bytes, or None when ``to`` is given.

        Raises:
            ArgumentError: An argument the API could not read.
            NotFoundError: There is no such order, activity or ticket.
            ConflictError: The PDF cannot be made.
            DecodeError: The answer is not a complete PDF.
            OSError: The file could not be written.
        """
        template = f"{_ACTIVITY}/tickets/{{ticketId}}"
        path = _activity_path(template, order_uuid, activity_uuid, ticketId=parameters.code("ticket_id", ticket_id))
        return await fetch_pdf(self._core, path, to)

    @overload
    async def voucher(self, order_uuid: UUID | str, activity_uuid: UUID | str, to: None = None) -> bytes: ...
    @overload
    async def voucher(self, order_uuid: UUID | str, activity_uuid: UUID | str, to: Target) -> None: ...
    async def voucher(
        self, order_uuid: UUID | str, activity_uuid: UUID | str, to: Target | None = None
    ) -> bytes | None:
        """A PDF with an activity's vouchers: ``GET /orders/{orderUuid}/activities/{activityUuid}/voucher``.

        Args:
            order_uuid: The order's UUID.
            activity_uuid: The activity's UUID.
            to: The path of a file, which appears only once it is complete, or anything with a ``write`` method.

        Returns:
            The bytes, or None when ``to`` is given.

        Raises:
            ArgumentError: One of them is not a UUID.
            NotFoundError: There is no such order, or it has no such activity.
            ConflictError: The PDF cannot be made.
            DecodeError: The answer is not a complete PDF.
            OSError: The file could not be written.
        """
        return await fetch_pdf(self._core, _activity_path(f"{_ACTIVITY}/voucher", order_uuid, activity_uuid), to)

    @overload
    async def external_vouchers(
        self, order_uuid: UUID | str, order_item_uuid: UUID | str, to: None = None
    ) -> bytes: ...
    @overload
    async def external_vouchers(self, order_uuid: UUID | str, order_item_uuid: UUID | str, to: Target) -> None: ...
    async def external_vouchers(
        self, order_uuid: UUID | str, order_item_uuid: UUID | str, to: Target | None = None
    ) -> bytes | None:
        """A PDF with others' vouchers: ``GET /orders/{orderUuid}/items/{orderItemUuid}/vouchers-external``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.
            to: The path of a file, which appears only once it is complete, or anything with a ``write`` method.

        Returns:
            The bytes, or None when ``to`` is given.

        Raises:
            ArgumentError: One of them is not a UUID.
            NotFoundError: There is no such order, or it has no such item.
            ConflictError: The PDF cannot be made.
            DecodeError: The answer is not a complete PDF.
            OSError: The file could not be written.
        """
        path = item_path(f"{ITEM}/vouchers-external", order_uuid, order_item_uuid)
        return await fetch_pdf(self._core, path, to)

    async def booking_voucher(self, order_uuid: UUID | str, order_item_uuid: UUID | str) -> BookingVoucher:
        """What is on a voucher: ``GET /orders/{orderUuid}/items/{orderItemUuid}/voucher/booking``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.

        Raises:
            ArgumentError: One of them is not a UUID.
            NotFoundError: There is no such order, or it has no such item.
        """
        path = item_path(f"{ITEM}/voucher/booking", order_uuid, order_item_uuid)
        return await self._core.fetch(BookingVoucher, path)

    @overload
    async def download(self, url: str, to: None = None) -> bytes: ...
    @overload
    async def download(self, url: str, to: Target) -> None: ...
    async def download(self, url: str, to: Target | None = None) -> bytes | None:
        """Fetch a voucher from where its ``url`` says, piece by piece.

        The token goes along only if that is the API itself.

        Args:
            url: The URL of a voucher.
            to: The path of a file, which appears only once it is complete, or anything with a ``write`` method.

        Returns:
            The bytes, or None when ``to`` is given.

        Raises:
            ArgumentError: It is no URL of http or https.
            APIError: The server refuses the document.
            DecodeError: It is not a complete PDF.
            TransportError: It did not arrive, or not all of it.
            OSError: The file could not be written.
        """
        return await download(self._core, url, to)


def order_path(template: str, order_uuid: UUID | str, **values: str) -> Path:
    """A path below an order."""
    return build_path(template, orderUuid=parameters.uuid("order_uuid", order_uuid), **values)


def item_path(template: str, order_uuid: UUID | str, order_item_uuid: UUID | str) -> Path:
    """A path below an order's item."""
    return order_path(template, order_uuid, orderItemUuid=str(parameters.uuid("order_item_uuid", order_item_uuid)))


def _activity_path(template: str, order_uuid: UUID | str, activity_uuid: UUID | str, **values: str) -> Path:
    return order_path(template, order_uuid, activityUuid=str(parameters.uuid("activity_uuid", activity_uuid)), **values)
