"""Affiliates."""

from uuid import UUID

from musement_async.models._base import Model


class AffiliateI18n(Model, frozen=True, kw_only=True):
    """A language that an affiliate's texts are in.

    Attributes:
        locale: The language, such as ``it-IT``.
    """

    locale: str | None = None


class Affiliate(Model, frozen=True, kw_only=True):
    """A partner whose site customers come from.

    Attributes:
        uuid: The affiliate's UUID.
        email: The address that Musement writes to.
        first_name: The first name of the contact.
        last_name: The last name of the contact.
        code: The code that orders and carts have.
        name: The name that customers see.
        logo_url: The URL of the logo.
        secondary_logo_url: The URL of a second logo.
        header: The top of its pages.
        customer_care_phone_number: The number that customers call.
        customer_care_email: The address that customers write to.
        whitelabel: Whether the shop looks like its own.
        show_cobranded_header: Whether its logo is in the header.
        show_cobranded_voucher: Whether its logo is on vouchers.
        show_cobranded_item_confirmation_email: Whether its logo is in the mails that confirm bookings.
        setup_cookie_after_first_visit: Whether later orders of a visitor count as coming from it.
        translations: The languages its texts exist in.
    """

    uuid: UUID | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    code: str | None = None
    name: str | None = None
    logo_url: str | None = None
    secondary_logo_url: str | None = None
    header: str | None = None
    customer_care_phone_number: str | None = None
    customer_care_email: str | None = None
    whitelabel: bool | None = None
    show_cobranded_header: bool | None = None
    show_cobranded_voucher: bool | None = None
    show_cobranded_item_confirmation_email: bool | None = None
    setup_cookie_after_first_visit: bool | None = None
    translations: tuple[AffiliateI18n, ...] = ()
