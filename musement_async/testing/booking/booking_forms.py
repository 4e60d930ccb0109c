"""The forms of a cart for its customer and participants, as JSON Schemas, and the check of their answers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from musement_async.testing.booking.cart_products import GiftTicket
from musement_async.testing.booking.carts import EXTRA, Cart, CartItem, activities_of
from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.rendering.activities import Json
from musement_async.testing.rendering.forms import FieldTemplate, extra_schema, participant_schema
from musement_async.testing.server.errors import wrong_answers

_YES_NO: dict[str, tuple[str, ...]] = {"en": ("Yes", "No"), "it": ("Sì", "No")}
_TEXT: Json = {"type": "string", "minLength": 1}
_OPTIONAL_TEXT: Json = {"type": "string"}
_CONSENT: Json = {"type": "string", "enum": ["YES", "NO"]}

_CUSTOMER: Mapping[str, FieldTemplate] = {
    "firstname": FieldTemplate({"en": "First name", "it": "Nome"}, _TEXT),
    "lastname": FieldTemplate({"en": "Last name", "it": "Cognome"}, _TEXT),
    "email": FieldTemplate({"en": "E-mail", "it": "E-mail"}, {"type": "string", "format": "email"}),
    "musement_newsletter": FieldTemplate({"en": "Our newsletter", "it": "La nostra newsletter"}, _CONSENT, _YES_NO),
    "thirdparty_newsletter": FieldTemplate({"en": "Offers of others", "it": "Offerte di altri"}, _CONSENT, _YES_NO),
    "events_related_newsletter": FieldTemplate(
        {"en": "Mails about events", "it": "E-mail sugli eventi"}, _CONSENT, _YES_NO
    ),
    "allow_profiling": FieldTemplate({"en": "Personal offers", "it": "Offerte personali"}, _CONSENT, _YES_NO),
    "city": FieldTemplate({"en": "City", "it": "Città"}, _OPTIONAL_TEXT),
    "address": FieldTemplate({"en": "Address", "it": "Indirizzo"}, _OPTIONAL_TEXT),
    "zipcode": FieldTemplate({"en": "Postal code", "it": "CAP"}, _OPTIONAL_TEXT),
    "tax_id": FieldTemplate({"en": "Tax number", "it": "Codice fiscale"}, _OPTIONAL_TEXT),
}
_REQUIRED = tuple(name for name, field in _CUSTOMER.items() if field.schema is not _OPTIONAL_TEXT)


def customer_schema(cart: Cart, language: str) -> Json:
    """The form for the customer of a cart."""
    extra = extra_schemas(cart, language)
    properties = {name: field.json(language, place) for place, (name, field) in enumerate(_CUSTOMER.items(), 1)}
    if extra:
        title = {"en": "More about your activities", "it": "Altro sulle attività"}[language]
        properties[EXTRA] = {
            "type": "object",
            "title": title,
            "propertyOrder": len(properties) + 1,
            "properties": extra,
            "required": list(extra),
        }
    required = [*_REQUIRED, EXTRA] if extra else [*_REQUIRED]
    return {"title": "cart_customer_guest", "type": "object", "properties": properties, "required": required}


def extra_schemas(cart: Cart, language: str) -> dict[str, Json]:
    """The forms with further questions of activities to the customer of a cart, by activity UUID."""
    found = {uuid: extra_schema(item.ticket.activity, language) for uuid, item in activities_of(cart.items).items()}
    return {uuid: schema for uuid, schema in found.items() if schema is not None}


def participants_schema(item: CartItem, language: str) -> Json | None:
    """The form for the participants of an item; None if it has none."""
    listed = _participants(item, language)
    if listed is None:
        return None
    return {
        "title": "cart_item_participants_info",
        "type": "object",
        "properties": {"participants": listed},
        "required": ["participants"],
    }


def _participants(item: CartItem, language: str) -> Json | None:
    one = (
        None if isinstance(item.ticket, GiftTicket) else participant_schema(item.ticket.activity, language, "prototype")
    )
    return one and {"type": "array", "minItems": item.quantity, "maxItems": item.quantity, "items": one}


def check_customer(cart: Cart, answers: Json) -> None:
    """Check the customer's answers: all, or only the usual questions, or only those of single activities.

    Raises:
        Refusal: 400, an answer does not fit.
    """
    schema = customer_schema(cart, "en")
    if set(answers) == {EXTRA}:
        schema = {**schema, "required": [EXTRA]}
    elif EXTRA not in answers:
        schema = {**schema, "required": [*_REQUIRED]}
    _check(schema, answers)


def check_participants(item: CartItem, answers: object) -> None:
    """Check the participants' answers.

    Raises:
        Refusal: 400, an answer does not fit, or the item has no form.
    """
    _check(_participants(item, "en") or {"type": "array", "maxItems": 0}, answers)


def unanswered(cart: Cart) -> dict[str, str]:
    """The answers that are missing before a cart can be ordered, by name."""
    problems = {name: "is needed of the customer" for name in _REQUIRED if name not in cart.customer}
    for uuid in extra_schemas(cart, "en").keys() - cart.extra.keys():
        problems[f"{EXTRA}.{uuid}"] = "is needed by the activity"
    for item in cart.items:
        if not item.participants and _participants(item, "en"):
            problems[f"items.{item.uuid}.participants"] = "are needed"
    return problems


def fields_json(schema: Json | None, answers: Json) -> list[Json]:
    """A form as the older list of fields, with the answers so far."""
    if schema is None:
        return []
    return [
        {
            "name": name,
            "type": _OLD_TYPES.get(field.get("format", field["type"]), "text"),
            "required": name in schema["required"],
            "label": field["title"],
            **({"value": str(answers[name])} if name in answers else {}),
        }
        for name, field in schema["properties"].items()
        if field["type"] != "object"
    ]


def participant_fields_json(activity: Activity, language: str) -> list[Json]:
    """The form for each participant as the older list of fields."""
    return fields_json(participant_schema(activity, language), {})


_OLD_TYPES = {"date": "date", "number": "number", "integer": "number"}


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": lambda value: _is_number(value) and value == int(value),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
}
_FORMATS: Mapping[str, Callable[[str], object]] = {
    "date": _is_day,
    "email": re.compile(r"[^@\s]+@[^@\s]+").fullmatch,
}
# Further reasons to refuse a value of the right type, with their words.
_RULES: Sequence[tuple[str, Callable[[Any, Any], object], str]] = (
    ("enum", lambda value, choices: value in choices, "must be one of {}"),
    ("minLength", lambda value, length: len(value.strip()) >= length, "must have {} characters at least"),
    ("maxLength", lambda value, length: len(value) <= length, "must have {} characters at most"),
    ("pattern", lambda value, pattern: re.search(str(pattern), str(value)), "must look like {}"),
    ("minimum", lambda value, least: value >= least, "must be {} at least"),
    ("maximum", lambda value, most: value <= most, "must be {} at most"),
    ("minItems", lambda value, least: len(value) >= least, "needs {} entries"),
    ("maxItems", lambda value, most: len(value) <= most, "takes {} entries"),
    ("format", lambda value, name: _FORMATS[name](value), "must be: {}"),
)


def _check(schema: Json, answers: object) -> None:
    problems = dict(_problems(schema, answers, ""))
    if problems:
        raise wrong_answers(problems)


def _problems(schema: Json, value: Any, label: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever JSON may hold
    if not _TYPES[schema["type"]](value):
        yield label, f"must be of the type {schema['type']}"
        return
    for keyword, holds, words in _RULES:
        if keyword in schema and not holds(value, schema[keyword]):
            yield label, words.format(schema[keyword])
    for name in schema.get("required", ()):
        if name not in value:
            yield _joined(label, name), "is needed"
    for name, field in schema.get("properties", {}).items():
        if name in value:
            yield from _problems(field, value[name], _joined(label, name))
    for place, entry in enumerate(value if "items" in schema else ()):
        yield from _problems(schema["items"], entry, f"{label}[{place}]")


def _joined(label: str, name: str) -> str:
    return f"{label}.{name}" if label else name
