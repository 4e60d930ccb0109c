"""Participants."""

from musement_async.models._base import Model, Real


class Participant(Model, frozen=True, kw_only=True):
    """A participant, with the details that an activity asks for.

    A form may ask for more; these further answers are not in this model.

    Attributes:
        salutation: The form of address, such as ``Mr``.
        firstname: The first name.
        lastname: The last name.
        date_of_birth: A day, with or without a time after it.
        passport: The number of the passport.
        email: The person's address.
        passport_expiry_date: Like ``date_of_birth``.
        nationality: The nationality, as the activity's form asks for it.
        medical_notes: Information for the supplier about the person's health.
        address: Where the person lives or stays.
        fan_card: The number of the fan card.
        weight: The weight, in the unit of the activity.
        phone_number: The person's number.
    """

    salutation: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    date_of_birth: str | None = None
    passport: str | None = None
    email: str | None = None
    passport_expiry_date: str | None = None
    nationality: str | None = None
    medical_notes: str | None = None
    address: str | None = None
    fan_card: str | None = None
    weight: Real | None = None
    phone_number: str | None = None
