"""Orders."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from musement_async.core import encode
from musement_async.errors import ArgumentError
from musement_async.models.carts import Cart
from musement_async.models.orders import (
    CancellationReason,
    InvoiceReceiver,
    Order,
    OrderItem,
    OrderItemRefundPolicy,
    Product,
    Refund,
)
from musement_async.models.prices import Price
from musement_async.paths import Path
from musement_async.resources import parameters
from musement_async.resources.at_most_once import order_once
from musement_async.resources.operation import check, drop_none, path, query, require
from musement_async.resources.order_documents import OrderDocuments
from musement_async.resources.parameters import Invalid, OneOrMore, Uuid, required
from musement_async.resources.polling import wait_for_order
from musement_async.resources.readers import fetch_all
from musement_async.values import Amount

EmailNotification = Literal["ALL", "TO-CUSTOMER", "NONE"]
ReceiverType = Literal["COMPANY", "CUSTOMER"]
SupplierStatus = Literal["BOOKING-CONFIRMED", "CONFIRM-REFUSED", "NEEDS-CONFIRM", "WAITING-CONFIRM"]

_LONGEST_INFO = 255


class Orders(OrderDocuments):
    """What was bought. Orders are found by their UUID; the identifier that people see finds nothing."""

    async def create(
        self,
        cart_uuid: Uuid[Cart],
        *,
        email_notification: EmailNotification | None = None,
        extra_data: Mapping[str, object] | None = None,
        affiliate: str | None = None,
        affiliate_channel: str | None = None,
        sms_notification_to: str | None = None,
        source: str | None = None,
        cid: str | None = None,
    ) -> Order:
        """Order what is in a cart: ``POST /orders``. It is never sent twice, unless a 401 refused the first.

        The order is PENDING. Nothing is booked before it is paid: see ``client.payments``.

        Args:
            cart_uuid: The cart's UUID.
            email_notification: Whom Musement may write to; everybody by default.
            extra_data: Whatever you want to keep with the order.
            affiliate: The code of the affiliate that the sale is attributed to.
            affiliate_channel: The affiliate's channel; needs ``affiliate``.
            sms_notification_to: A telephone number to send messages to, such as ``+393331234567``.
            source: Where the order comes from.
            cid: The channel that the sale is attributed to.

        Raises:
            ArgumentError: An argument the API could not read.
            OutcomeUnknownError: It was sent, and nobody knows what became of it. ``client.carts.order_info`` tells
                whether there is an order now.
            BadRequestError: Something is missing in the cart.
            ConflictError: There are no places left; an UnprocessableError may say so too.
            LockedError: The cart has been ordered.
        """
        if affiliate_channel is not None and affiliate is None:
            raise ArgumentError("affiliate", "is needed as well: affiliate_channel is one of its channels")
        uuid = require(cart_uuid=parameters.uuid(cart_uuid, of="Cart"))
        body = drop_none(
            cart_uuid=uuid,
            email_notification=parameters.one_of(email_notification, EmailNotification),
            extra_data=_as_json(parameters.fields(extra_data)),
            affiliate=parameters.text(affiliate),
            affiliate_channel=parameters.text(affiliate_channel),
            sms_notification_to=parameters.text(sms_notification_to),
            source=parameters.text(source),
        )
        params = query(cid=parameters.text(cid))
        return await order_once(self._core, path("/orders"), body, cart_uuid=uuid, params=params)

    async def get(self, order_uuid: Uuid[Order] | int, *, secure_code: str | None = None) -> Order:
        """One order: ``GET /orders/{orderUuid}``.

        Args:
            order_uuid: The order's UUID. The API knew orders by numbers before; it may know old ones so still.
            secure_code: What the API wants beside a number.

        Raises:
            ArgumentError: An argument the API could not read.
            NotFoundError: There is no such order.
        """
        params = query(secure_code=parameters.text(secure_code))
        if isinstance(order_uuid, int):
            number = require(order_uuid=parameters.number(order_uuid))
            where = Path("/orders/{orderUuid}", f"/orders/{number}")
        else:
            where = path("/orders/{orderUuid}", order_uuid=order_uuid)
        return await self._core.fetch(Order, where, params=params)

    async def wait(
        self,
        order_uuid: Uuid[Order],
        *,
        timeout: float = 300.0,  # noqa: ASYNC109 (an order that is not settled by then has an error of its own)
        initial_backoff: float = 1.0,
        max_backoff: float = 15.0,
    ) -> Order:
        """Wait until every item of an order is settled: ``GET /orders/{orderUuid}``, again and again.

        Some items are settled at once after the payment, some once the supplier has answered, which may take days; a
        webhook tells of those without waiting. While the API is not to be reached it goes on asking.

        Args:
            order_uuid: The order's UUID.
            timeout: Seconds to wait in all; one answer more may be waited for.
            initial_backoff: Seconds before the second look. Each pause is half as long again as the one before.
            max_backoff: Seconds that no pause exceeds.

        Raises:
            ArgumentError: An argument that makes no sense.
            OrderPendingError: Some items are not settled in time; it says which.
            APIError: The API refused.
            TransportError: The API was not to be reached in all that time.
        """
        uuid = require(order_uuid=parameters.uuid(order_uuid, of="Order"))
        return await wait_for_order(
            lambda: self.get(uuid), timeout=timeout, initial_backoff=initial_backoff, max_backoff=max_backoff
        )

    async def update(self, order_uuid: Uuid[Order], *, extra_data: Mapping[str, object]) -> Order:
        """Keep something else with an order: ``PATCH /orders/{orderUuid}``.

        Args:
            order_uuid: The order's UUID.
            extra_data: Whatever you want to keep with it.

        Raises:
            ArgumentError: An argument the API could not read.
            NotFoundError: There is no such order.
            LockedError: It can no longer be changed.
        """
        body = drop_none(extra_data=_as_json(required(parameters.fields(extra_data))))
        return await self._core.fetch(
            Order, path("/orders/{orderUuid}", order_uuid=order_uuid), method="PATCH", json=body
        )

    async def update_item(
        self,
        order_uuid: Uuid[Order],
        order_item_uuid: Uuid[OrderItem],
        *,
        status: SupplierStatus | None = None,
        voucher_urls: OneOrMore[str] | None = None,
    ) -> OrderItem:
        """Say how a booking goes, as a supplier: ``PATCH /orders/{orderUuid}/items/{orderItemUuid}``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.
            status: How far the booking has come.
            voucher_urls: Where the vouchers are.

        Raises:
            ArgumentError: An argument the API could not read.
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
        """Another day or time: ``PATCH /orders/{orderUuid}/items/{orderItemUuid}/product``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.
            start: When it is to begin, in local time, without an offset.

        Raises:
            ArgumentError: An argument the API could not read.
            NotFoundError: There is no such order or item, or nothing to be had then.
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
        """What a partner pays: ``PATCH /orders/{orderUuid}/items/{orderItemUuid}/b2b-price``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.
            price: In major units.
            currency: ISO 4217 code, that of the order.

        Raises:
            ArgumentError: An argument the API could not read.
            NotFoundError: There is no such order, or it has no such item.
            ConflictError: It has been set before.
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

    async def set_invoice_receiver(
        self,
        order_uuid: Uuid[Order],
        *,
        type: ReceiverType,  # noqa: A002 (the API's name)
        first_name: str | None = None,
        last_name: str | None = None,
        legal_name: str | None = None,
        address: str | None = None,
        city: str | None = None,
        zip_code: str | None = None,
        country_code: str | None = None,
        fiscal_code: str | None = None,
        vat: str | None = None,
    ) -> InvoiceReceiver:
        """Say whom the invoice is for: ``PUT /orders/{orderUuid}/invoice-receiver``.

        Args:
            order_uuid: The order's UUID.
            type: A company or a person.
            first_name: A person's.
            last_name: A person's.
            legal_name: A company's name.
            address: Street and number.
            city: The city's name.
            zip_code: The postal code.
            country_code: Two letters, ISO 3166.
            fiscal_code: A person's, in Italy.
            vat: A company's number for VAT.

        Raises:
            ArgumentError: An argument the API could not read.
            NotFoundError: There is no such order.
            LockedError: It has been said before.
        """
        texts = {
            "first_name": first_name,
            "last_name": last_name,
            "legal_name": legal_name,
            "address": address,
            "city": city,
            "zip_code": zip_code,
            "country_code": country_code,
            "fiscal_code": fiscal_code,
            "vat": vat,
        }
        body = drop_none(
            type=required(parameters.one_of(type, ReceiverType)),
            **{name: parameters.text(value) for name, value in texts.items()},
        )
        where = path("/orders/{orderUuid}/invoice-receiver", order_uuid=order_uuid)
        return await self._core.fetch(InvoiceReceiver, where, method="PUT", json=body)

    async def refund_policies(
        self, order_uuid: Uuid[Order], order_item_uuid: Uuid[OrderItem]
    ) -> tuple[OrderItemRefundPolicy, ...]:
        """How much comes back: ``GET /orders/{orderUuid}/items/{orderItemUuid}/refund-policies``.

        They are those of the time of the order, whatever the activity's are now.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.

        Returns:
            The policies; none where nothing comes back.

        Raises:
            ArgumentError: One of them is not a UUID.
        """
        where = path(
            "/orders/{orderUuid}/items/{orderItemUuid}/refund-policies",
            order_uuid=order_uuid,
            order_item_uuid=order_item_uuid,
        )
        return await fetch_all(self._core, where, OrderItemRefundPolicy, missing_is_empty=True)

    async def refunds(self, order_uuid: Uuid[Order]) -> tuple[Refund, ...]:
        """The money that went back: ``GET /orders/{orderUuid}/refunds``.

        Args:
            order_uuid: The order's UUID.

        Raises:
            ArgumentError: It is not a UUID.
            NotFoundError: There is no such order.
        """
        return await fetch_all(self._core, path("/orders/{orderUuid}/refunds", order_uuid=order_uuid), Refund)

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

        It takes the credentials of the order, with the scope ``order-item-cancellation``. What comes back is in
        :meth:`refund_policies`; the item's status tells how far the refund has come.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.
            reason: Why. A reason newer than this library is ``CancellationReason("…")``.
            additional_info: Why, in words; 255 characters at most.
            integration_data: What else the integration wants to be kept.

        Raises:
            ArgumentError: An argument the API could not read.
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
        """Have the webhook called again: ``POST /orders/{orderUuid}/items/{orderItemUuid}/notifications``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.

        Raises:
            ArgumentError: One of them is not a UUID.
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


def _as_json(values: dict[str, object] | Invalid | None) -> str | Invalid | None:
    return encode("extra_data", values).decode() if isinstance(values, dict) else values
