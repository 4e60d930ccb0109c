"""Details of an order's item that the order itself does not have."""

from uuid import UUID

from musement_async.models._base import Model
from musement_async.models.prices import Price
from musement_async.models.products import MusementProduct


class MusementProductGeneralDetails(Model, frozen=True, kw_only=True):
    """The system that makes the final booking of a product, and the cost there.

    Attributes:
        retail_price_in_supplier_currency: What the customer pays, in the supplier's currency.
        seller_gateway: The code of the system that makes the booking.
        ticket: True for the ticket of a sight, False for a guided tour.
        details: The product; None where the answer does not tell.
    """

    retail_price_in_supplier_currency: Price | None = None
    seller_gateway: str | None = None
    ticket: bool | None = None
    details: MusementProduct | None = None


class MusementItemGeneralDetails(Model, frozen=True, kw_only=True):
    """An item of an order.

    Attributes:
        uuid: The item's UUID.
        b2b_price: What the partner pays Musement, in the currency of the order; None where that does not apply.
        product: The costs of the product.
    """

    uuid: UUID | None = None
    b2b_price: Price | None = None
    product: MusementProductGeneralDetails | None = None
