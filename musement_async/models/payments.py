"""Results of payments."""

from typing import Any

from musement_async.models._base import Model, OpenEnum
from musement_async.models.carts import PaymentGateway

_SECRET = "payment_intent_client_secret"  # noqa: S105 (a field's name)


class Payment3dSecureType(OpenEnum):
    """The way in which the customer confirms a payment to their bank."""

    #: Stripe's own library in the browser does it, with ``payment_intent_client_secret``.
    USE_STRIPE_SDK = "USE_STRIPE_SDK"
    #: The page at ``url`` does it.
    REDIRECT = "REDIRECT"
    #: A form is sent to ``url`` with the fields of ``payload``.
    FORM = "FORM"


class Payment3dSecure(Model, frozen=True, kw_only=True):
    """A payment that the customer still has to confirm to their bank.

    Attributes:
        type: The way to confirm.
        payment_intent_client_secret: For Stripe's library; never shown.
        url: The page for the customer, or the target of the form.
        payload: The fields of the form.
    """

    type: Payment3dSecureType | None = None
    payment_intent_client_secret: str | None = None
    url: str | None = None
    payload: tuple[str, ...] = ()

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Tell what there is, without the secret."""
        return [(name, "..." if name == _SECRET else value) for name, value in super().__rich_repr__()]


class CardPayment(Model, frozen=True, kw_only=True, rename={"three_d_secure": "3d_secure"}):
    """The result of a payment by card.

    Attributes:
        payment3d_secure: The step that the customer still has to take.
        three_d_secure: The other name of ``payment3d_secure`` in the API's description.
    """

    payment3d_secure: Payment3dSecure | None = None
    three_d_secure: Payment3dSecure | None = None

    @property
    def confirmation(self) -> Payment3dSecure | None:
        """The step that the customer still has to take, under either of its names; None once the payment is done."""
        return self.payment3d_secure or self.three_d_secure

    @property
    def is_complete(self) -> bool:
        """Whether the payment is done."""
        return self.confirmation is None


class StripeSuccessfulPayment(CardPayment, frozen=True, kw_only=True):
    """The result of a payment by Stripe."""


class AdyenSuccessfulPayment(CardPayment, frozen=True, kw_only=True):
    """The result of a payment by Adyen."""


class SplitPaymentReason(OpenEnum):
    """The reason for the choice of the gateway."""

    CLIENT_SELECTED = "CLIENT_SELECTED"
    BUSINESS_STRATEGY = "BUSINESS_STRATEGY"
    #: The other gateway failed.
    FALLBACK = "FALLBACK"


class SplitPaymentResponse(CardPayment, frozen=True, kw_only=True):
    """The result of a payment by either of two gateways.

    Attributes:
        gateway: The gateway that took the payment.
        reason: The reason for the choice of the gateway.
    """

    gateway: PaymentGateway | None = None
    reason: SplitPaymentReason | None = None


class PaypalPaymentRedirect(Model, frozen=True, kw_only=True):
    """The page on which the customer goes on.

    Attributes:
        redirect_url: A page of PayPal's.
    """

    redirect_url: str | None = None


class StoredSource(Model, frozen=True, kw_only=True):
    """A card that a customer paid with before. The API's description has no fields for it; these are Stripe's.

    Attributes:
        id: The ``stripe_source_id`` for ``client.payments.stripe``.
        brand: The brand of the card, such as ``visa``.
        last4: The last four digits.
        exp_month: The month that the card expires in, from 1 to 12.
        exp_year: The year that the card expires in, four digits.
    """

    id: str | None = None
    brand: str | None = None
    last4: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None
