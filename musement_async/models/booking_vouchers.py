"""Vouchers for customers of Booking.com."""

from musement_async.models._base import Model, OpenEnum
from musement_async.models.activities import Activity
from musement_async.models.orders import Order
from musement_async.models.products import MusementProduct
from musement_async.models.suppliers import Supplier


class BarcodeType(OpenEnum):
    """The graphic form of a code."""

    BARCODE25 = "BARCODE25"
    BARCODE39 = "BARCODE39"
    BARCODE128 = "BARCODE128"
    EAN13 = "EAN13"
    UPCA = "UPCA"
    QRCODE = "QRCODE"
    #: No graphic form: people read the text.
    TEXT = "TEXT"
    #: The picture in ``image``.
    PRERENDERED = "PRERENDERED"


class Barcode(Model, frozen=True, kw_only=True):
    """A code that admits a participant.

    Attributes:
        code: The content of the code.
        type: How the code is drawn.
        image: A picture of it, as a data URI.
        custom_text: The text next to it.
        image_url: The URL of a picture of it.
        used: Whether it has let somebody in.
    """

    code: str | None = None
    type: BarcodeType | None = None
    image: str | None = None
    custom_text: str | None = None
    image_url: str | None = None
    used: bool | None = None


class BookingVoucher(Model, frozen=True, kw_only=True):
    """The content of a voucher for customers of Booking.com.

    Attributes:
        barcodes: The codes that admit the customer.
        order: The order that the voucher belongs to.
        activity: The activity that was booked.
        product: The ticket that was booked.
        emergency_phone_number: The number to call in an emergency.
        supplier: Who runs the activity.
    """

    barcodes: tuple[Barcode, ...] = ()
    order: Order | None = None
    activity: Activity | None = None
    product: MusementProduct | None = None
    emergency_phone_number: tuple[str, ...] = ()
    supplier: Supplier | None = None
