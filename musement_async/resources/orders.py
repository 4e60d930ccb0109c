"""Operations of orders."""

from collections.abc import Mapping
from typing import Literal

from musement_async.core import encode
from musement_async.errors import ArgumentError
from musement_async.models.carts import Cart
from musement_async.models.orders import InvoiceReceiver, Order, Refund
from musement_async.paths import Path
from musement_async.resources import parameters
from musement_async.resources.at_most_once import order_once
from musement_async.resources.operation import drop_none, path, query, require
from musement_async.resources.order_documents import OrderDocuments
from musement_async.resources.order_items import OrderItems
from musement_async.resources.parameters import Invalid, Uuid, required
from musement_async.resources.polling import wait_for_order
from musement_async.resources.readers import WholeListCall, fetch_all

EmailNotification = Literal["ALL", "TO-CUSTOMER", "NONE"]
ReceiverType = Literal["COMPANY", "CUSTOMER"]


class Orders(OrderItems, OrderDocuments):
    """Orders. Methods take an order's UUID, not the identifier that people see."""

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
        """Order the items of a cart: ``POST /orders``.

        The request is sent a second time only if the first was refused with a 401.
        The new order is PENDING. Nothing is booked before the payment: see ``client.payments``.

        Args:
            cart_uuid: The cart's UUID.
            email_notification: The people whom Musement may write to; everybody by default.
            extra_data: Your own data, which the API keeps with the order.
            affiliate: The code of the affiliate that the sale is attributed to.
            affiliate_channel: The affiliate's channel; needs ``affiliate``.
            sms_notification_to: A telephone number to send messages to, such as ``+393331234567``.
            source: The origin of the order.
            cid: The channel that the sale is attributed to.

        Raises:
            OutcomeUnknownError: The request was sent, and no answer tells whether there is an order now.
                ``client.carts.order_info`` tells.
            BadRequestError: The cart lacks something, such as its customer.
            ConflictError: No places are left. The API may answer with an UnprocessableError for the same reason.
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
            order_uuid: The order's UUID. Old orders may have a number in place of it.
            secure_code: The code that the API needs together with a number.

        Raises:
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
        timeout: float = 300.0,  # noqa: ASYNC109 (an order that is not settled in time raises an error of its own)
        initial_backoff: float = 1.0,
        max_backoff: float = 15.0,
    ) -> Order:
        """Wait until every item of an order is settled: ``GET /orders/{orderUuid}``, again and again.

        Some items are settled at once after the payment. Others wait for the supplier's answer, which may take days; a
        webhook tells of it without waiting. Requests that do not reach the API are repeated until ``timeout``.

        Args:
            order_uuid: The order's UUID.
            timeout: Seconds to wait in all. A request that has begun by then is still awaited.
            initial_backoff: Seconds before the second request. Each pause is 1.5 times as long as the one before.
            max_backoff: The longest pause, in seconds.

        Raises:
            OrderPendingError: Some items were not settled in time; ``pending`` has them.
            APIError: The API refused.
            TransportError: The API was not reached in all that time.
        """
        uuid = require(order_uuid=parameters.uuid(order_uuid, of="Order"))
        return await wait_for_order(
            lambda: self.get(uuid), timeout=timeout, initial_backoff=initial_backoff, max_backoff=max_backoff
        )

    async def update(self, order_uuid: Uuid[Order], *, extra_data: Mapping[str, object]) -> Order:
        """Replace the data that you keep with an order: ``PATCH /orders/{orderUuid}``.

        Args:
            order_uuid: The order's UUID.
            extra_data: Your own data, which the API keeps with the order.

        Raises:
            NotFoundError: There is no such order.
            LockedError: The order can no longer be changed.
        """
        body = drop_none(extra_data=_as_json(required(parameters.fields(extra_data))))
        return await self._core.fetch(
            Order, path("/orders/{orderUuid}", order_uuid=order_uuid), method="PATCH", json=body
        )

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
        """Set the receiver of the invoice: ``PUT /orders/{orderUuid}/invoice-receiver``.

        Args:
            order_uuid: The order's UUID.
            type: A company or a person.
            first_name: A person's first name.
            last_name: A person's last name.
            legal_name: The legal name of a company.
            address: Street and number.
            city: The city's name.
            zip_code: The postal code.
            country_code: Two letters, ISO 3166.
            fiscal_code: A person's Italian tax code.
            vat: A company's VAT number.

        Raises:
            NotFoundError: There is no such order.
            LockedError: The receiver has been set before.
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

    def refunds(self, order_uuid: Uuid[Order]) -> WholeListCall[Refund]:
        """The refunds of an order: ``GET /orders/{orderUuid}/refunds``.

        Args:
            order_uuid: The order's UUID.

        Raises:
            NotFoundError: There is no such order.
        """
        return WholeListCall(fetch_all, self._core, path("/orders/{orderUuid}/refunds", order_uuid=order_uuid), Refund)


def _as_json(values: dict[str, object] | Invalid | None) -> str | Invalid | None:
    return encode("extra_data", values).decode() if isinstance(values, dict) else values
