"""Payments."""

import httpx

from musement_async.errors import ArgumentError
from musement_async.models.messages import ResponseWithMessage
from musement_async.models.orders import Order
from musement_async.models.payments import PaypalPaymentRedirect
from musement_async.resources import parameters
from musement_async.resources.at_most_once import pay_once, paying
from musement_async.resources.card_payments import CardPayments, location_in
from musement_async.resources.operation import drop_none, path, require
from musement_async.resources.parameters import Uuid, required


class Payments(CardPayments):
    """The payments of orders.

    No payment is sent twice. One that was refused with a 401 was not carried out, and is replayed.

    Every method that pays raises an ``OutcomeUnknownError`` if it was sent and nobody knows what became of it; then
    ``client.orders.get`` tells whether the order is paid. A payment that is refused is an ``UnprocessableError``, an
    order that is paid already a ``LockedError``.
    """

    async def no_payment(self, order_uuid: Uuid[Order]) -> Order:
        """Have an order booked without paying now: ``POST /payments/no/payment``.

        For partners who are invoiced (scope ``no-payment``), and for anybody where nothing is to be paid.

        Args:
            order_uuid: The order's UUID, or the order.

        Raises:
            ArgumentError: The order that was given costs something, and the session is a customer's; nothing was sent.
            OutcomeUnknownError: Nobody knows whether it worked.
            NotFoundError: There is no such order.
            UnprocessableError: These credentials may not do that.
            LockedError: The order is paid.
        """
        uuid = require(order_uuid=parameters.uuid(order_uuid, of="Order"))
        price = order_uuid.total_price if isinstance(order_uuid, Order) else None
        if price is not None and price.value and not self._core.session.auth.may_pay_by_invoice:
            raise ArgumentError(
                "order_uuid",
                f"is of an order for {price.value} {price.currency}, which a customer's session cannot pay by invoice: "
                "pass payment=... to the checkout, or use another method of client.payments",
            )
        where = path("/payments/no/payment")
        answer = await pay_once(self._core, where, {"uuid": str(uuid)}, order_uuid=uuid)
        with paying(where, uuid, answer):
            return self._core.decode(answer, Order, "POST", where)

    async def paypal(
        self, order_uuid: Uuid[Order], paypal_payment_id: str, *, client_ip: str | None = None
    ) -> ResponseWithMessage:
        """Pay by PayPal: ``POST /payments/paypal/payment``.

        Args:
            order_uuid: The order's UUID.
            paypal_payment_id: The payment that PayPal's library made in the browser.
            client_ip: The customer's address on the internet.

        Raises:
            OutcomeUnknownError: Nobody knows whether it worked.
            UnprocessableError: The payment was refused.
            LockedError: The order is paid.
        """
        uuid = require(order_uuid=parameters.uuid(order_uuid, of="Order"))
        body = drop_none(
            order_id=str(uuid),
            paypal_payment_id=required(parameters.code(paypal_payment_id)),
            client_ip=parameters.text(client_ip),
        )
        return await self._send(path("/payments/paypal/payment"), ResponseWithMessage, body, uuid)

    async def begin_paypal_express(
        self, order_uuid: Uuid[Order], return_url: str, cancel_url: str
    ) -> PaypalPaymentRedirect:
        """Where to send the customer to pay: ``POST /payments/paypal-express/redirect``. Nothing is paid yet.

        Args:
            order_uuid: The order's UUID.
            return_url: Where PayPal sends the customer afterwards, with ``order_uuid``, ``token`` and ``PayerID``.
            cancel_url: Where PayPal sends a customer who does not pay.

        Raises:
            UnprocessableError: PayPal refused.
            LockedError: The order is paid.
        """
        body = drop_none(
            order_id=require(order_uuid=parameters.uuid(order_uuid, of="Order")),
            return_url=required(parameters.url(return_url)),
            cancel_url=required(parameters.url(cancel_url)),
        )
        where = path("/payments/paypal-express/redirect")
        return await self._core.fetch(PaypalPaymentRedirect, where, method="POST", json=body)

    async def complete_paypal_express(
        self, order_uuid: Uuid[Order], token: str, payer_id: str
    ) -> PaypalPaymentRedirect:
        """Take the payment of a customer whom PayPal sent back: ``POST /payments/paypal-express/payment``.

        Args:
            order_uuid: The order's UUID.
            token: The ``token`` that the customer came back with.
            payer_id: The ``PayerID`` that the customer came back with.

        Returns:
            With a ``redirect_url``, the customer has to choose another way to pay there.

        Raises:
            OutcomeUnknownError: Nobody knows whether it worked.
            UnprocessableError: The payment was refused.
            LockedError: The order is paid.
        """
        uuid = require(order_uuid=parameters.uuid(order_uuid, of="Order"))
        body = drop_none(
            order_uuid=uuid,
            token=required(parameters.code(token)),
            payer_id=required(parameters.code(payer_id)),
        )
        where = path("/payments/paypal-express/payment")
        answer = await pay_once(self._core, where, body, order_uuid=uuid, expected={httpx.codes.NOT_ACCEPTABLE})
        if not answer.is_success:
            with paying(where, uuid, answer):
                return PaypalPaymentRedirect(redirect_url=location_in(answer, where))
        return self._read(answer, PaypalPaymentRedirect, where, uuid)
