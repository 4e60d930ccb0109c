"""Operations of the items of an order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from musement_async.errors import ArgumentError
from musement_async.models.orders import CancellationReason, Order, OrderItem, OrderItemRefundPolicy, Product
from musement_async.models.prices import Price
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, check, drop_none, path, require
from musement_async.resources.parameters import OneOrMore, Uuid, required
from musement_async.resources.readers import WholeListCall, fetch_all
from musement_async.values import Amount

SupplierStatus = Literal["BOOKING-CONFIRMED", "CONFIRM-REFUSED", "NEEDS-CONFIRM", "WAITING-CONFIRM"]

_LONGEST_INFO = 255


class OrderItems(Resource):
    """The items of an order: each is one booking."""

    async def update_item(
        self,
        order_uuid: Uuid[Order],
        order_item_uuid: Uuid[OrderItem],
        *,
        status: SupplierStatus | None = None,
        voucher_urls: OneOrMore[str] | None = None,
    ) -> OrderItem:
        """Report the status of a booking, as a supplier: ``PATCH /orders/{orderUuid}/items/{orderItemUuid}``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.
            status: The status of the booking.
            voucher_urls: The URLs of the vouchers.

        Raises:
            NotFoundError: There is no such order, or it has no such item.
            ConflictError: The item can no longer be changed.
        """
        urls = check(voucher_urls=parameters.each(voucher_urls, parameters.code))
        body = drop_none(
            status=parameters.one_of(status, SupplierStatus),
            voucher_urls=urls or None,
        )
        where = path(
            "/orders/{orderUuid}/items/{orderItemUuid}", order_uuid=order_uuid, order_item_uuid=order_item_uuid
        )
        return await self._core.fetch(OrderItem, where, method="PATCH", json=body)

    async def reschedule_item(
        self, order_uuid: Uuid[Order], order_item_uuid: Uuid[OrderItem], start: datetime
    ) -> Product:
        """Move a booking to another day or time: ``PATCH /orders/{orderUuid}/items/{orderItemUuid}/product``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.
            start: The new beginning, in local time, without an offset.

        Raises:
            NotFoundError: There is no such order or item, or no product at that time.
        """
        if type(start) is not datetime or start.tzinfo is not None:
            raise ArgumentError("start", "must be a datetime.datetime without an offset, the activity's local time")
        where = path(
            "/orders/{orderUuid}/items/{orderItemUuid}/product", order_uuid=order_uuid, order_item_uuid=order_item_uuid
        )
        return await self._core.fetch(Product, where, method="PATCH", json={"date": f"{start:%Y-%m-%d %H:%M:%S}"})

    async def set_b2b_price(
        self, order_uuid: Uuid[Order], order_item_uuid: Uuid[OrderItem], price: Amount, currency: str
    ) -> Price:
        """Set the price that a partner pays: ``PATCH /orders/{orderUuid}/items/{orderItemUuid}/b2b-price``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.
            price: The price in major units (euros, not cents).
            currency: The ISO 4217 code of the order's currency.

        Raises:
            NotFoundError: There is no such order, or it has no such item.
            ConflictError: The price has been set before.
        """
        body = drop_none(
            currency=required(parameters.code(currency)), b2b_price=require(price=parameters.amount(price))
        )
        where = path(
            "/orders/{orderUuid}/items/{orderItemUuid}/b2b-price",
            order_uuid=order_uuid,
            order_item_uuid=order_item_uuid,
        )
        return await self._core.fetch(Price, where, method="PATCH", json=body)

    def refund_policies(
        self, order_uuid: Uuid[Order], order_item_uuid: Uuid[OrderItem]
    ) -> WholeListCall[OrderItemRefundPolicy]:
        """The refunds after a cancellation: ``GET /orders/{orderUuid}/items/{orderItemUuid}/refund-policies``.

        These are the policies at the time of the order; those of the activity may differ by now.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.

        Returns:
            The policies; an empty tuple if nothing is refunded.
        """
        where = path(
            "/orders/{orderUuid}/items/{orderItemUuid}/refund-policies",
            order_uuid=order_uuid,
            order_item_uuid=order_item_uuid,
        )
        return WholeListCall(fetch_all, self._core, where, OrderItemRefundPolicy, missing_is_empty=True)

    async def cancel_item(
        self,
        order_uuid: Uuid[Order],
        order_item_uuid: Uuid[OrderItem],
        *,
        reason: CancellationReason | str,
        additional_info: str | None = None,
        integration_data: Mapping[str, object] | None = None,
    ) -> None:
        """Cancel a booking: ``DELETE /orders/{orderUuid}/items/{orderItemUuid}``. Whole orders cannot be cancelled.

        The client needs the client credentials that the order was made with, or whose customer made it, with the scope
        ``order-item-cancellation``; a customer's session has no such scope. See for yourself that the order is that of
        whoever asks. :meth:`refund_policies` tells the refund; the item's status tells its progress.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.
            reason: The reason. Write one that this library does not know as ``CancellationReason("…")``.
            additional_info: The reason in words; 255 characters at most.
            integration_data: Further data that the API keeps with the cancellation.

        Raises:
            NotFoundError: There is no such order, or it has no such item.
            ConflictError: The item can no longer be cancelled.
            PermissionDeniedError: These credentials may not cancel.
        """
        if not isinstance(reason, CancellationReason) and reason not in CancellationReason.__members__.values():
            raise ArgumentError("reason", f"must be one of {', '.join(CancellationReason)}")
        info = check(additional_info=parameters.text(additional_info))
        if info is not None and len(info) > _LONGEST_INFO:
            raise ArgumentError("additional_info", f"must have {_LONGEST_INFO} characters at most")
        body = drop_none(
            cancellation_reason=str(reason),
            cancellation_additional_info=info,
            cancellation_integration_data=check(integration_data=parameters.fields(integration_data)),
        )
        await self._core.send(
            "DELETE",
            path("/orders/{orderUuid}/items/{orderItemUuid}", order_uuid=order_uuid, order_item_uuid=order_item_uuid),
            json=body,
        )

    async def notify(self, order_uuid: Uuid[Order], order_item_uuid: Uuid[OrderItem]) -> None:
        """Make Musement call the webhook again: ``POST /orders/{orderUuid}/items/{orderItemUuid}/notifications``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.

        Raises:
            NotFoundError: There is no such order, or it has no such item.
        """
        await self._core.send(
            "POST",
            path(
                "/orders/{orderUuid}/items/{orderItemUuid}/notifications",
                order_uuid=order_uuid,
                order_item_uuid=order_item_uuid,
            ),
        )
