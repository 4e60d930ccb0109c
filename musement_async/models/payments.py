"""Results of payments."""

from collections.abc import Iterator

from musement_async.models._base import Model, OpenEnum
from musement_async.models.carts import PaymentGateway

_SECRET = "payment_intent_client_secret"  # noqa: S105 (a field's name)


class Payment3dSecureType(OpenEnum):
    """The way in which the customer confirms a payment to their bank."""

    #: By Stripe's own library in the browser, with ``payment_intent_client_secret``.
    USE_STRIPE_SDK = "USE_STRIPE_SDK"
    #: On the page at ``url``.
    REDIRECT = "REDIRECT"
    #: By a form that is sent to ``url`` with the fields of ``payload``.
    FORM = "FORM"


class Payment3dSecure(Model, frozen=True, kw_only=True):
    """A payment that the customer still has to confirm to their bank.

    Attributes:
        type: How they do it.
        payment_intent_client_secret: For Stripe's library; never shown.
        url: Where they go, or where the form goes.
        payload: The fields of the form.
    """

    type: Payment3dSecureType | None = None
    payment_intent_client_secret: str | None = None
    url: str | None = None
    payload: tuple[str, ...] = ()

    def _stated(self) -> Iterator[str]:
        for stated in super()._stated():
            yield f"{_SECRET}=..." if stated.startswith(_SECRET) else stated


class CardPayment(Model, frozen=True, kw_only=True, rename={"three_d_secure": "3d_secure"}):
    """The result of a payment by card.

    Attributes:
        payment3d_secure: What the customer still has to do.
        three_d_secure: The same under the other name that the API's description has for it.
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
    """Why a payment went by one gateway and not by the other."""

    CLIENT_SELECTED = "CLIENT_SELECTED"
    BUSINESS_STRATEGY = "BUSINESS_STRATEGY"
    #: The other one did not work.
    FALLBACK = "FALLBACK"


class SplitPaymentResponse(CardPayment, frozen=True, kw_only=True):
    """The result of a payment by either of two gateways.

    Attributes:
        gateway: The one it went by.
        reason: Why it was that one.
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
        id: What ``client.payments.stripe`` takes as ``stripe_source_id``.
        brand: Who issued the card, such as ``visa``.
        last4: The last four digits.
        exp_month: The month that the card expires in, from 1 to 12.
        exp_year: The year that the card expires in, four digits.
    """

    id: str | None = None
    brand: str | None = None
    last4: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None
