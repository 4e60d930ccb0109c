"""Texts, finances and ticket codes of activities, for content managers and suppliers."""

from decimal import Decimal
from uuid import UUID

from musement_async.models._base import DateTime, Model, OpenEnum, check_finite
from musement_async.models.labels import Bucket


class ActivityContent(Model, frozen=True, kw_only=True):
    """The texts of an activity in one language.

    Attributes:
        locale: ISO 639-1.
        title: The name that customers see.
        description: What customers read about it; may hold HTML.
        meeting_point: How customers find the place.
        when: Days and times, in words.
        where: The address.
        operational_days: On which days of the week it takes place, in words.
        is_default: Whether it is the language to fall back to.
        info_voucher: What is printed on the voucher.
        meta_title: A title for search engines.
        meta_description: A description for search engines.
        emergency_phone_number: Whom customers call when they are late.
        reduced: Who pays less.
        highlights: Its best points, as one text.
        included: What is in the price.
        not_included: What is not in the price.
        translated: Whether the texts are in ``locale``.
        is_manually_translated_title: Whether people translated the title.
        is_manually_translated_highlights: Whether people translated the highlights.
        is_manually_translated_info_voucher: Whether people translated what is printed on the voucher.
        is_manually_translated_meeting_point: Whether people translated the meeting point.
        is_manually_translated_complete: Whether people translated all of it, not a machine.
        slug: Its name in URLs; may change.
        info: What else customers must know; may hold HTML.
    """

    locale: str | None = None
    title: str | None = None
    description: str | None = None
    meeting_point: str | None = None
    when: str | None = None
    where: str | None = None
    operational_days: str | None = None
    is_default: bool | None = None
    info_voucher: str | None = None
    meta_title: str | None = None
    meta_description: str | None = None
    emergency_phone_number: str | None = None
    reduced: str | None = None
    highlights: str | None = None
    included: str | None = None
    not_included: str | None = None
    translated: bool | None = None
    is_manually_translated_title: bool | None = None
    is_manually_translated_highlights: bool | None = None
    is_manually_translated_info_voucher: bool | None = None
    is_manually_translated_meeting_point: bool | None = None
    is_manually_translated_complete: bool | None = None
    slug: str | None = None
    info: str | None = None


class ActivityFinance(Model, frozen=True, kw_only=True):
    """A way of settling accounts with a supplier.

    Attributes:
        id: The number of the way of settling.
        label: Its name, for people.
    """

    id: int | None = None
    label: str | None = None


class FinancialInfo(Model, frozen=True, kw_only=True):
    """The settlement of an activity with its supplier.

    Attributes:
        invoice_entire_ticket: Whether the whole price is invoiced, not the commission alone.
        finance: The way of settling accounts.
        commission_fixed_deduct: An amount that Musement keeps back.
        commission_percentage_deduct: The same in per cent.
        commission_fixed_nodeduct: An amount that the supplier pays afterwards.
        commission_percentage_nodeduct: The same in per cent.
        commission_type: The way the commission is calculated.
        bucket: The group that Musement sorts the activity into.
    """

    invoice_entire_ticket: bool | None = None
    finance: ActivityFinance | None = None
    commission_fixed_deduct: Decimal | None = None
    commission_percentage_deduct: Decimal | None = None
    commission_fixed_nodeduct: Decimal | None = None
    commission_percentage_nodeduct: Decimal | None = None
    commission_type: str | None = None
    bucket: Bucket | None = None

    def __post_init__(self) -> None:
        check_finite(
            self.commission_fixed_deduct,
            self.commission_percentage_deduct,
            self.commission_fixed_nodeduct,
            self.commission_percentage_nodeduct,
        )


class ParticipantsRequirements(Model, frozen=True, kw_only=True):
    """The details of every participant that a booking needs.

    Attributes:
        needs_salutation: Whether the form of address is needed.
        needs_firstname: Whether the first name is needed.
        needs_lastname: Whether the last name is needed.
        needs_date_of_birth: Whether the day of birth is needed.
        needs_passport: Whether the number of the passport is needed.
        needs_passport_expiry_date: Whether the day that the passport expires on is needed.
        needs_nationality: Whether the nationality is needed.
        needs_medical_notes: Whether notes about health are needed.
        needs_address: Whether the address is needed.
        needs_fan_card: Whether the number of the fan card is needed.
        needs_email: Whether the email address is needed.
        needs_weight: Whether the weight is needed.
        needs_phone_number: Whether the phone number is needed.
    """

    needs_salutation: bool | None = None
    needs_firstname: bool | None = None
    needs_lastname: bool | None = None
    needs_date_of_birth: bool | None = None
    needs_passport: bool | None = None
    needs_passport_expiry_date: bool | None = None
    needs_nationality: bool | None = None
    needs_medical_notes: bool | None = None
    needs_address: bool | None = None
    needs_fan_card: bool | None = None
    needs_email: bool | None = None
    needs_weight: bool | None = None
    needs_phone_number: bool | None = None

    @property
    def needed(self) -> tuple[str, ...]:
        """The names of the needed details, as in the schema for participants."""
        return tuple(name.removeprefix("needs_") for name in self.__struct_fields__ if getattr(self, name))


class ActivityRelevance(Model, frozen=True, kw_only=True):
    """The places of an activity in the default orders; higher comes first.

    Attributes:
        relevance: Its place among all activities.
        relevance_city: Its place among the activities of its city.
        relevance_venue: Its place among the activities of its venue.
        relevance_category: Its place among the activities of its category.
    """

    relevance: int | None = None
    relevance_city: int | None = None
    relevance_venue: int | None = None
    relevance_category: int | None = None


class TicketCodeStatus(OpenEnum):
    """Whether a code can be given to a customer."""

    INACTIVE = "inactive"
    ACTIVE = "active"
    GENERATED = "generated"


class TicketCodeType(OpenEnum):
    """The printed form of a code."""

    QRCODE = "qrcode"
    BARCODE25 = "barcode25"
    BARCODE39 = "barcode39"
    BARCODE128 = "barcode128"


class TicketCode(Model, frozen=True, kw_only=True):
    """A code in stock for a ticket, which opens the entrance.

    Attributes:
        code: The code that is printed on the ticket.
        status: Whether it can be given to a customer.
        type: How it is printed.
        custom_text: The text that is printed next to it.
        internal: Whether Musement made it, not the supplier.
        used: How many times it was given out.
        max_usage: How many times it may be given out; 0 for any number.
        created_at: When it was entered.
        expires_at: When it stops opening the entrance; None for never.
    """

    code: str | None = None
    status: TicketCodeStatus | None = None
    type: TicketCodeType | None = None
    custom_text: str | None = None
    internal: bool | None = None
    used: int | None = None
    max_usage: int | None = None
    created_at: DateTime | None = None
    expires_at: DateTime | None = None

    @property
    def uses_left(self) -> int | None:
        """The number of times that it can still be given out; None without a limit, or where the limit is unknown."""
        return max(0, self.max_usage - (self.used or 0)) if self.max_usage else None


class ContentManager(Model, frozen=True, kw_only=True):
    """The account of a person who edits the catalogue.

    The API describes none of its fields; these are the fields that other accounts have.

    Attributes:
        uuid: The account's UUID.
        username: The name that the person logs in with.
        email: The person's address.
        firstname: The person's first name.
        lastname: The person's last name.
    """

    uuid: UUID | None = None
    username: str | None = None
    email: str | None = None
    firstname: str | None = None
    lastname: str | None = None
