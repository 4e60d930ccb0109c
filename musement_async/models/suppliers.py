"""Suppliers."""

from decimal import Decimal
from uuid import UUID

from musement_async.models._base import Model, OpenEnum, check_finite


class CommissionType(OpenEnum):
    """The way a commission is calculated."""

    PERCENTAGE = "PERCENTAGE"
    #: An amount of money.
    ABSOLUTE = "ABSOLUTE"


class Commission(Model, frozen=True, kw_only=True):
    """Musement's share of a price.

    Attributes:
        value: Per cent, or an amount of money.
        type: Whether ``value`` is per cent or an amount.
    """

    value: Decimal | None = None
    type: CommissionType | None = None

    def __post_init__(self) -> None:
        check_finite(self.value)


class Supplier(Model, frozen=True, kw_only=True):
    """The supplier of an activity. The object is present but empty where Musement does not tell.

    Attributes:
        uuid: The supplier's UUID.
        code: Musement's code for the supplier.
        company_name: The name that customers see.
        company_legal_name: The name it is registered under.
        website: The supplier's own site.
        country_code: ISO 3166-1 alpha-2.
        address: Street and number, as one text.
        zip_code: The postal code.
        city: A name; not a reference to a city of the catalogue.
        logo_url: The URL of the logo.
        activities_count: How many of its activities Musement sells.
        orders_count: How many orders there are for these activities.
        confirmation_token: The token that the supplier confirms something with; the API does not explain it.
        first_name: The contact's first name.
        last_name: The contact's last name.
        email: The address that Musement writes to.
        notification_emails: The addresses for notifications.
        confirmation_emails: The addresses for reminders of bookings to be confirmed.
        contact_phone_number: The number that Musement calls.
        support_emails: The addresses for customers.
        contact_name: The person to ask for.
        tax_id: The number for the tax office.
        fiscal_id: A person's tax code.
        is_natural_person: Whether it is a person, not a company.
        default_currency: ISO 4217 code of the currency the supplier sells in.
        commission: Musement's share of a price.
        bank_name: The name of the bank.
        bank_branch_name: The name of the bank's branch.
        bank_branch_address: The address of the bank's branch.
        bank_swift_bic: The bank's BIC, ISO 9362.
        bank_city: The city of the bank.
        bank_zip_code: The postal code of the bank.
        bank_country: The country of the bank.
        bank_key: The key of the bank, for accounts without an IBAN.
        account_holder_name: The name of the account's holder.
        account_number: The number of the account, such as an IBAN.
        liability_insurance_url: The URL of the proof of liability insurance.
        business_license_url: The URL of the business licence.
        fiscal_identity_uuid: The UUID of the supplier's identity for the tax office.
    """

    uuid: UUID | None = None
    code: str | None = None
    company_name: str | None = None
    company_legal_name: str | None = None
    website: str | None = None
    country_code: str | None = None
    address: str | None = None
    zip_code: str | None = None
    city: str | None = None
    logo_url: str | None = None
    activities_count: int | None = None
    orders_count: int | None = None
    confirmation_token: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    notification_emails: tuple[str, ...] | None = None
    confirmation_emails: tuple[str, ...] | None = None
    contact_phone_number: str | None = None
    support_emails: tuple[str, ...] | None = None
    contact_name: str | None = None
    tax_id: str | None = None
    fiscal_id: str | None = None
    is_natural_person: bool | None = None
    default_currency: str | None = None
    commission: Commission | None = None
    bank_name: str | None = None
    bank_branch_name: str | None = None
    bank_branch_address: str | None = None
    bank_swift_bic: str | None = None
    bank_city: str | None = None
    bank_zip_code: str | None = None
    bank_country: str | None = None
    bank_key: str | None = None
    account_holder_name: str | None = None
    account_number: str | None = None
    liability_insurance_url: str | None = None
    business_license_url: str | None = None
    fiscal_identity_uuid: UUID | None = None
