"""The forms of activities for customers and participants, as JSON Schemas."""

from collections.abc import Mapping, Sequence
from random import Random

from attrs import frozen

from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.rendering.activities import Json


@frozen
class FieldTemplate:
    """A field of a form: its labels and its JSON Schema."""

    labels: dict[str, str]
    schema: Json
    choices: dict[str, tuple[str, ...]] | None = None

    def json(self, language: str, place: int) -> Json:
        """The property of the schema."""
        titles = {} if self.choices is None else {"enum_titles": list(self.choices[language])}
        return {**self.schema, **titles, "title": self.labels[language], "propertyOrder": place}


_TEXT: Json = {"type": "string", "minLength": 1}
_DAY: Json = {"type": "string", "format": "date"}


def _field(english: str, italian: str, schema: Json, *choices: tuple[str, ...]) -> FieldTemplate:
    return FieldTemplate(
        {"en": english, "it": italian}, schema, dict(zip(("en", "it"), choices, strict=True)) if choices else None
    )


PARTICIPANT_FIELDS: Mapping[str, FieldTemplate] = {
    "salutation": _field(
        "Salutation",
        "Titolo",
        {"type": "string", "enum": ["Mr", "Mrs", "Ms"]},
        ("Mr", "Mrs", "Ms"),
        ("Sig.", "Sig.ra", "Sig.na"),
    ),
    "firstname": _field("First name", "Nome", _TEXT),
    "lastname": _field("Last name", "Cognome", _TEXT),
    "date_of_birth": _field("Date of birth", "Data di nascita", _DAY),
    "passport": _field("Passport number", "Numero di passaporto", {**_TEXT, "maxLength": 20}),
    "passport_expiry_date": _field("Passport valid until", "Scadenza del passaporto", _DAY),
    "nationality": _field("Nationality", "Nazionalità", _TEXT),
    "medical_notes": _field("Medical notes", "Note mediche", {"type": "string", "maxLength": 500}),
    "address": _field("Address", "Indirizzo", _TEXT),
    "fan_card": _field("Fan card", "Tessera del tifoso", _TEXT),
    "email": _field("E-mail", "E-mail", {"type": "string", "format": "email"}),
    "weight": _field("Weight in kilograms", "Peso in chilogrammi", {"type": "number", "minimum": 1, "maximum": 300}),
    "phone_number": _field("Telephone", "Telefono", {"type": "string", "pattern": "^\\+?[0-9 ]{5,20}$"}),
}
_ALWAYS_ASKED = ("firstname", "lastname")
_OPTIONAL = frozenset({"medical_notes", "luggage", "diet"})

_TRANSFER: Mapping[str, FieldTemplate] = {
    "flight_number": _field("Flight number", "Numero del volo", {**_TEXT, "maxLength": 8}),
    "arrival_date": _field("Day of arrival", "Giorno di arrivo", _DAY),
    "luggage": _field("Pieces of luggage", "Bagagli", {"type": "integer", "minimum": 0, "maximum": 8}),
}
_OTHERS: Mapping[str, FieldTemplate] = {
    "hotel": _field("Your hotel", "Il tuo hotel", _TEXT),
    "diet": _field(
        "Diet",
        "Dieta",
        {"type": "string", "enum": ["any", "vegetarian", "vegan"], "default": "any"},
        ("Anything", "Vegetarian", "Vegan"),
        ("Di tutto", "Vegetariana", "Vegana"),
    ),
}


def participant_fields(activity: Activity) -> tuple[str, ...]:
    """The fields that every participant of an activity fills in; most activities have none."""
    if not activity.flags["has_passenger_info"]:
        return ()
    others = [name for name in PARTICIPANT_FIELDS if name not in _ALWAYS_ASKED]
    chosen = Random(activity.uuid).sample(others, 3)  # noqa: S311 - reproducible on purpose
    return tuple(name for name in PARTICIPANT_FIELDS if name in {*_ALWAYS_ASKED, *chosen})


def participant_schema(activity: Activity, language: str, title: str = "participant") -> Json | None:
    """The form for one participant; None if the activity has none."""
    names = participant_fields(activity)
    return _form(title, {name: PARTICIPANT_FIELDS[name] for name in names}, language) if names else None


def extra_schema(activity: Activity, language: str, title: str = "form") -> Json | None:
    """The form with further questions to the customer; None if there are none."""
    if not activity.flags["has_extra_customer_data"]:
        return None
    return _form(title, _TRANSFER if activity.kind.code == "transfer" else _OTHERS, language)


def requirements_json(activity: Activity) -> Json:
    """The participants' details that are needed."""
    asked = participant_fields(activity)
    return {f"needs_{name}": name in asked for name in PARTICIPANT_FIELDS}


def _form(title: str, fields: Mapping[str, FieldTemplate], language: str) -> Json:
    required: Sequence[str] = [name for name in fields if name not in _OPTIONAL]
    return {
        "title": title,
        "type": "object",
        "properties": {name: field.json(language, place) for place, (name, field) in enumerate(fields.items(), 1)},
        "required": required,
    }
