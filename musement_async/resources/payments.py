"""Operations of payments."""

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

    No payment is sent twice, except after a 401, which says that it was not carried out. Every method that pays raises
    an ``OutcomeUnknownError`` if the payment was sent and no answer tells whether it was made; then
    ``client.orders.get`` tells whether the order is paid. A refused payment is an ``UnprocessableError``; an order that
    is paid already is a ``LockedError``.
    """

    async def no_payment(self, order_uuid: Uuid[Order]) -> Order:
        """Book an order without a payment now: ``POST /payments/no/payment``.

        For partners who are invoiced (scope ``no-payment``), and for anybody if the price is zero.

        Args:
            order_uuid: The order's UUID, or the order.

        Raises:
            ArgumentError: The order that was given costs something, and the session is a customer's; nothing was sent.
            OutcomeUnknownError: No answer tells whether the payment was made.
            NotFoundError: There is no such order.
            UnprocessableError: The credentials may not do that.
            LockedError: The order is paid already.
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
            client_ip: The customer's IP address.

        Raises:
            OutcomeUnknownError: No answer tells whether the payment was made.
            UnprocessableError: The payment was refused.
            LockedError: The order is paid already.
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
        """The PayPal page to send the customer to: ``POST /payments/paypal-express/redirect``. Nothing is paid yet.

        Args:
            order_uuid: The order's UUID.
            return_url: The page that PayPal sends the customer to afterwards, with ``order_uuid``, ``token`` and
                ``PayerID``.
            cancel_url: The page that PayPal sends a customer to who does not pay.

        Raises:
            UnprocessableError: PayPal refused.
            LockedError: The order is paid already.
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
            The result. If it has a ``redirect_url``, the customer has to choose another way to pay on that page.

        Raises:
            OutcomeUnknownError: No answer tells whether the payment was made.
            UnprocessableError: The payment was refused.
            LockedError: The order is paid already.
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
