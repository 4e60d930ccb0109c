"""Customers."""

from datetime import date

from musement_async.models._base import Model, OpenEnum
from musement_async.models.cities import City
from musement_async.models.countries import Country
from musement_async.models.forms import FormSchema
from musement_async.models.metadata import Currency


class GenderCode(OpenEnum):
    """A gender, as customers state it."""

    MALE = "MALE"
    FEMALE = "FEMALE"
    OTHER = "OTHER"


class CustomerGender(Model, frozen=True, kw_only=True):
    """A gender with its name.

    Attributes:
        code: The gender.
        name: The name, in the language asked for.
    """

    code: GenderCode | None = None
    name: str | None = None


class ActivityReference(Model, frozen=True, kw_only=True):
    """An activity by its id alone.

    Attributes:
        id: The activity's id as text.
    """

    id: str | None = None


class ExtraCustomerData(Model, frozen=True, kw_only=True):
    """The data that an activity asks of its customer in addition to the usual.

    Attributes:
        event: The activity.
        fields: The questions, with the answers so far.
    """

    event: ActivityReference | None = None
    fields: tuple[FormSchema, ...] = ()


class Customer(Model, frozen=True, kw_only=True):
    """A person with an account; authors of texts have little more than a name.

    Attributes:
        id: The number of the account.
        email: The address that vouchers are sent to.
        firstname: The first name.
        lastname: The last name.
        avatar: The URL of a picture.
        country: The country they live in.
        currency: The currency they prefer.
        birthdate: The day of birth.
        gender: The gender, as they stated it.
        id_number: The number of an identity document.
        mobile: A phone number.
        address: Street and number, as one text.
        favourite_city: The city they like best.
        extra_customer_data: The data that the activities of a cart ask in addition to the usual.
        thirdparty_newsletter: Whether they want newsletters of Musement's partners: ``YES`` or ``NO``.
        musement_newsletter: Whether they want Musement's newsletter: ``YES`` or ``NO``.
        events_related_newsletter: Whether they want mails about their bookings: ``YES`` or ``NO``.
        allow_profiling: Whether they may be profiled: ``YES`` or ``NO``.
        city: The name of the city they live in.
        zipcode: The postal code.
        tax_id: A number for the tax office.
        locale: The language they prefer, such as ``it-IT``.
    """

    id: int | None = None
    email: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    avatar: str | None = None
    country: Country | None = None
    currency: Currency | None = None
    birthdate: date | None = None
    gender: CustomerGender | None = None
    id_number: str | None = None
    mobile: str | None = None
    address: str | None = None
    favourite_city: City | None = None
    extra_customer_data: tuple[ExtraCustomerData, ...] = ()
    thirdparty_newsletter: str | None = None
    musement_newsletter: str | None = None
    events_related_newsletter: str | None = None
    allow_profiling: str | None = None
    city: str | None = None
    zipcode: str | None = None
    tax_id: str | None = None
    locale: str | None = None
