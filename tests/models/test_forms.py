"""Forms as JSON Schemas."""

import json
from typing import Any

import pytest

from musement_async import to_builtins, to_json
from musement_async.codec import decode
from musement_async.models import FormSchema

PARTICIPANTS: dict[str, Any] = {
    "title": "cart_item_participants_info",
    "type": "object",
    "properties": {
        "participants": {
            "type": "array",
            "title": "Participants",
            "minItems": 2,
            "maxItems": 2,
            "uniqueItems": True,
            "items": {
                "title": "prototype",
                "type": "object",
                "properties": {
                    "weight": {"type": "number", "minimum": 1.5, "maximum": 300, "propertyOrder": 3},
                    "firstname": {"type": "string", "minLength": 1, "maxLength": 40, "propertyOrder": 1},
                    "notes": {"type": "string", "description": "Anything else", "widget": "textarea"},
                    "salutation": {
                        "type": "string",
                        "enum": ["Mr", "Ms"],
                        "enum_titles": ["Sig.", "Sig.ra"],
                        "default": "Ms",
                        "propertyOrder": 2,
                    },
                    "date_of_birth": {"type": "string", "format": "date", "propertyOrder": 0},
                    "phone_number": {"type": "string", "pattern": "^[0-9]+$", "propertyOrder": 4},
                    "level": {"type": "integer", "enum": [1, 2, "03", True, 2.5], "propertyOrder": 5},
                },
                "required": ["weight", "firstname"],
            },
        }
    },
    "required": ["participants"],
}
LIST_OF_2020: dict[str, Any] = {
    "title": "participant",
    "type": "object",
    "properties": [
        {"name": "firstname", "value": "Ada", "type": "text", "required": True, "label": "Name:"},
        {"name": "date_of_birth", "type": "date", "required": False, "options": [{"label": "today"}]},
        {"title": "Flight", "type": "string"},
        {"type": "number"},
    ],
    "required": ["Flight"],
}


def read(schema: Any) -> FormSchema:
    return decode(json.dumps(schema).encode(), FormSchema, strict=True)


def test_a_json_schema_is_one_again_when_it_is_written() -> None:
    assert json.loads(to_json(read(PARTICIPANTS))) == PARTICIPANTS
    assert to_builtins(read(PARTICIPANTS)) == PARTICIPANTS


@pytest.mark.parametrize("schema", [PARTICIPANTS, LIST_OF_2020, {"number": 2, "fields": [{"name": "a"}]}, {}])
def test_a_form_survives_being_written_and_read(schema: Any) -> None:
    form = read(schema)
    assert decode(to_json(form), FormSchema, strict=True) == form


def test_fields_come_in_the_order_to_ask_for_them() -> None:
    items = read(PARTICIPANTS).ordered["participants"].items
    assert items
    numbered = ("date_of_birth", "firstname", "salutation", "weight", "phone_number", "level")
    assert items.field_names == (*numbered, "notes")
    assert items.required_names == ("firstname", "weight")


def test_choices_have_their_titles_or_themselves() -> None:
    assert FormSchema(enum=("a", 2), enum_titles=("A",)).choices == {"a": "A", 2: "2"}
    assert FormSchema().choices == {}


def test_a_list_of_fields_becomes_a_map_of_properties() -> None:
    form = read(LIST_OF_2020)
    assert to_builtins(form) == {
        "title": "participant",
        "type": "object",
        "properties": {
            "firstname": {"type": "string", "name": "firstname", "label": "Name:", "value": "Ada"},
            "date_of_birth": {
                "type": "string",
                "format": "date",
                "name": "date_of_birth",
                "options": [{"label": "today"}],
            },
            "Flight": {"title": "Flight", "type": "string"},
            "4": {"type": "number"},
        },
        "required": ["Flight", "firstname"],
    }
    assert form.required_names == ("firstname", "Flight")


def test_a_mark_without_fields_is_kept() -> None:
    form = read({"number": 2, "fields": [{"name": "firstname", "required": True}]})
    assert (form.number, form.fields[0].required, form.fields[0].required_names) == (2, True, ())


def test_marks_on_the_fields_of_a_marked_form_count() -> None:
    form = FormSchema(required=True, properties={"a": FormSchema(required=True)})
    assert to_builtins(form) == {"properties": {"a": {}}, "required": ["a"]}


def test_a_form_without_fields_asks_for_nothing() -> None:
    assert (FormSchema().ordered, FormSchema().field_names, FormSchema(properties=()).field_names) == ({}, (), ())
