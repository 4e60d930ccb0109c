"""Operations of payments by card."""

from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace

from musement_async.core import Response, undecodable
from musement_async.errors import ArgumentError
from musement_async.models._base import Model
from musement_async.models.orders import Order
from musement_async.models.payments import (
    AdyenSuccessfulPayment,
    CardPayment,
    Payment3dSecure,
    Payment3dSecureType,
    SplitPaymentResponse,
    StoredSource,
    StripeSuccessfulPayment,
)
from musement_async.paths import Path
from musement_async.resources import parameters
from musement_async.resources.at_most_once import pay_once, paying
from musement_async.resources.operation import Resource, drop_none, path, require
from musement_async.resources.parameters import Uuid, required
from musement_async.resources.readers import fetch_optional

T = TypeVar("T", bound=Model)
C = TypeVar("C", bound=CardPayment)

_REDIRECTS = frozenset({302})
_NOTHING = frozenset({b"", b"null", b"[]"})


class CardPayments(Resource):
    """Payments by Stripe and by Adyen, and by whichever of the two Musement chooses."""

    async def stripe(
        self,
        order_uuid: Uuid[Order],
        *,
        stripe_token: str | None = None,
        stripe_source_id: str | None = None,
        is_apple_pay: bool | None = None,
        client_ip: str | None = None,
    ) -> StripeSuccessfulPayment:
        """Pay by Stripe: ``POST /payments/stripe/payment``.

        Args:
            order_uuid: The order's UUID.
            stripe_token: The token that Stripe's library made for the card. Give this or ``stripe_source_id``.
            stripe_source_id: A source that Stripe knows.
            is_apple_pay: Whether it is Apple Pay.
            client_ip: The customer's IP address.

        Returns:
            The result. Unless ``is_complete``, the customer has to confirm the payment to their bank; then
            :meth:`complete_stripe_3d_secure` completes it.

        Raises:
            ArgumentError: Neither a token nor a source is given.
            OutcomeUnknownError: No answer tells whether the payment was made.
            UnprocessableError: The payment was refused.
            LockedError: The order is paid already.
        """
        if stripe_token is None and stripe_source_id is None:
            raise ArgumentError("stripe_token", "or stripe_source_id is needed")
        body = drop_none(
            stripe_token=parameters.text(stripe_token),
            stripe_source_id=parameters.text(stripe_source_id),
            is_apple_pay=parameters.boolean(is_apple_pay),
            client_ip=parameters.text(client_ip),
        )
        return await self._pay(path("/payments/stripe/payment"), StripeSuccessfulPayment, order_uuid, body)

    async def complete_stripe_3d_secure(self, fields: Mapping[str, object]) -> StripeSuccessfulPayment:
        """Complete a payment that the customer has confirmed: ``POST /payments/stripe/complete_3d_secure``.

        Args:
            fields: The fields that the customer came back with, sent unchanged. The API does not list them.

        Raises:
            OutcomeUnknownError: No answer tells whether the payment was made.
            UnprocessableError: The payment was refused.
            LockedError: The order is paid already.
        """
        return await self._complete(path("/payments/stripe/complete_3d_secure"), StripeSuccessfulPayment, fields)

    async def stored_stripe_source(self) -> StoredSource | None:
        """The card that a customer paid with before: ``GET /payments/stripe/stored_source_info``.

        Returns:
            The card; None if there is none.

        Raises:
            AuthenticationError: The client is not logged in as a customer.
        """
        return await fetch_optional(self._core, path("/payments/stripe/stored_source_info"), StoredSource)

    async def adyen(
        self,
        order_uuid: Uuid[Order],
        adyen_encrypted_data: str,
        *,
        client_ip: str | None = None,
        accept_header: str | None = None,
        user_agent_header: str | None = None,
    ) -> AdyenSuccessfulPayment:
        """Pay by Adyen: ``POST /payments/adyen/payment``.

        Args:
            order_uuid: The order's UUID.
            adyen_encrypted_data: The card's data as Adyen's library encrypted them.
            client_ip: The customer's IP address.
            accept_header: The ``Accept`` header of the customer's browser.
            user_agent_header: The ``User-Agent`` header of the customer's browser.

        Returns:
            The result. Unless ``is_complete``, the customer has to confirm the payment to their bank; then
            :meth:`complete_adyen_3d_secure` completes it.

        Raises:
            OutcomeUnknownError: No answer tells whether the payment was made.
            UnprocessableError: The payment was refused.
            LockedError: The order is paid already.
        """
        body = drop_none(
            adyen_encrypted_data=required(parameters.code(adyen_encrypted_data)),
            client_ip=parameters.text(client_ip),
            accept_header=parameters.text(accept_header),
            user_agent_header=parameters.text(user_agent_header),
        )
        return await self._pay(path("/payments/adyen/payment"), AdyenSuccessfulPayment, order_uuid, body)

    async def complete_adyen_3d_secure(self, fields: Mapping[str, object]) -> AdyenSuccessfulPayment:
        """Complete a payment that the customer has confirmed: ``POST /payments/adyen/complete_3d_secure``.

        Args:
            fields: The fields that the customer came back with, sent unchanged. The API does not list them.

        Raises:
            OutcomeUnknownError: No answer tells whether the payment was made.
            UnprocessableError: The payment was refused.
            LockedError: The order is paid already.
        """
        return await self._complete(path("/payments/adyen/complete_3d_secure"), AdyenSuccessfulPayment, fields)

    async def adyen_3d_secure_proxy(self, fields: Mapping[str, object]) -> str:
        """The page to send a customer to who comes back from their bank: ``POST /payments/adyen/3d_secure_proxy``.

        A bank makes the customer's browser call this operation; a program rarely needs it.

        Args:
            fields: The fields that the bank sends, passed on unchanged.

        Returns:
            The URL of the page on which the payment continues.

        Raises:
            DecodeError: The answer names no page.
        """
        where = path("/payments/adyen/3d_secure_proxy")
        answer = await self._core.send(
            "POST", where, json=require(fields=parameters.fields(fields)), expected=_REDIRECTS
        )
        return location_in(answer, where)

    async def split(
        self,
        order_uuid: Uuid[Order],
        *,
        stripe_token: str | None = None,
        adyen_token: str | None = None,
        card_brand: str | None = None,
        card_country: str | None = None,
        client_ip: str | None = None,
        redirect_url_success_3d_secure: str | None = None,
        is_apple_pay: bool | None = None,
    ) -> SplitPaymentResponse:
        """Pay by whichever of two gateways Musement chooses: ``POST /payments/split/payment``.

        Args:
            order_uuid: The order's UUID.
            stripe_token: The token that Stripe's library made for the card.
            adyen_token: The token that Adyen's library made for the card. One of the two tokens is needed; given both,
                Musement chooses.
            card_brand: The card's brand.
            card_country: The card's country, two letters, ISO 3166.
            client_ip: The customer's IP address.
            redirect_url_success_3d_secure: Where the customer goes after confirming the payment to their bank.
            is_apple_pay: Whether it is Apple Pay.

        Returns:
            The result. Unless ``is_complete``, the customer has to confirm the payment to their bank; then
            :meth:`complete_split_3d_secure` completes it.

        Raises:
            ArgumentError: Neither token is given.
            OutcomeUnknownError: No answer tells whether the payment was made.
            UnprocessableError: The payment was refused.
            LockedError: The order is paid already.
        """
        if stripe_token is None and adyen_token is None:
            raise ArgumentError("stripe_token", "or adyen_token is needed")
        texts = {
            "stripe_token": stripe_token,
            "adyen_token": adyen_token,
            "card_brand": card_brand,
            "card_country": card_country,
            "client_ip": client_ip,
            "redirect_url_success_3d_secure": redirect_url_success_3d_secure,
        }
        body = drop_none(
            **{name: parameters.text(value) for name, value in texts.items()},
            is_apple_pay=parameters.boolean(is_apple_pay),
        )
        return await self._pay(path("/payments/split/payment"), SplitPaymentResponse, order_uuid, body)

    async def complete_split_3d_secure(self, fields: Mapping[str, object]) -> StripeSuccessfulPayment:
        """Complete a payment that the customer has confirmed: ``POST /payments/split/complete_3d_secure``.

        Args:
            fields: The fields that the customer came back with, sent unchanged. The API does not list them.

        Raises:
            OutcomeUnknownError: No answer tells whether the payment was made.
            UnprocessableError: The payment was refused.
            LockedError: The order is paid already.
        """
        return await self._complete(path("/payments/split/complete_3d_secure"), StripeSuccessfulPayment, fields)

    async def _pay(self, path: Path, model: type[C], order_uuid: Uuid[Order], body: Mapping[str, object]) -> C:
        uuid = require(order_uuid=parameters.uuid(order_uuid, of="Order"))
        return await self._send(path, model, {"order_uuid": str(uuid), **body}, uuid)

    async def _complete(self, path: Path, model: type[C], fields: Mapping[str, object]) -> C:
        body = require(fields=parameters.fields(fields))
        return await self._send(path, model, body, _order_in(body))

    async def _send(self, path: Path, model: type[T], body: Mapping[str, object], order_uuid: UUID | None) -> T:
        expected = _REDIRECTS if issubclass(model, CardPayment) else ()
        answer = await pay_once(self._core, path, body, order_uuid=order_uuid, expected=expected)
        if not answer.is_success:
            with paying(path, order_uuid, answer):
                url = location_in(answer, path)
            secure = Payment3dSecure(type=Payment3dSecureType.REDIRECT, url=url)
            return replace(model(), payment3d_secure=secure)
        return self._read(answer, model, path, order_uuid)

    def _read(self, answer: Response, model: type[T], path: Path, order_uuid: UUID | None) -> T:
        if answer.content.strip() in _NOTHING:
            return model()  # the status alone says that the order is paid
        with paying(path, order_uuid, answer):
            return self._core.decode(answer, model, "POST", path)


def _order_in(fields: Mapping[str, object]) -> UUID | None:
    """The order that a payment is for, if the fields name it."""
    try:
        return UUID(str(fields.get("order_uuid")))
    except ValueError:
        return None


def location_in(answer: Response, path: Path) -> str:
    """The page that an answer leads to.

    Raises:
        DecodeError: The answer names no page.
    """
    location: str | None = answer.headers.get("location")
    if location is None:
        raise undecodable(answer, "POST", path, "the answer names no page")
    return location
