"""Forms: their fields, and their validation of answers."""

import json
import pickle
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from musement_async import ArgumentError, Form, FormError
from musement_async.codec import decode
from musement_async.forms.patterns import as_pattern
from musement_async.models import FormSchema

ACTIVITY = "1714c6a7-2046-11e7-9cc9-06a7e332783f"
CONSENT = {"type": "string", "enum": ["YES", "NO"]}
CUSTOMER: dict[str, Any] = {
    "title": "cart_customer_guest",
    "type": "object",
    "properties": {
        "extra_customer_data": {
            "type": "object",
            "propertyOrder": 9,
            "properties": {
                ACTIVITY: {
                    "title": "form",
                    "type": "object",
                    "properties": {
                        "diet": {
                            "type": "string",
                            "enum": ["any", "vegan"],
                            "enum_titles": ["Anything"],
                            "default": "any",
                            "propertyOrder": 2,
                        },
                        "hotel": {"type": "string", "minLength": 1, "title": "Your hotel", "propertyOrder": 1},
                    },
                    "required": ["hotel"],
                }
            },
            "required": [ACTIVITY],
        },
        "musement_newsletter": {**CONSENT, "propertyOrder": 4},
        "email": {"type": "string", "format": "email", "title": "E-mail", "propertyOrder": 3},
        "firstname": {"type": "string", "minLength": 1, "maxLength": 5, "propertyOrder": 1},
        "lastname": {"type": "string", "minLength": 2, "propertyOrder": 2},
        "city": {"type": "string", "description": "Where you live", "propertyOrder": 5},
    },
    "required": ["firstname", "lastname", "email", "musement_newsletter", "extra_customer_data"],
}
GOOD: dict[str, Any] = {
    "firstname": "Ada",
    "lastname": "Lovelace",
    "email": "ada@example.com",
    "musement_newsletter": "NO",
    "extra_customer_data": {ACTIVITY: {"hotel": "Ritz"}},
}
PARTICIPANT: dict[str, Any] = {
    "title": "prototype",
    "type": "object",
    "properties": {
        "firstname": {"type": "string", "propertyOrder": 1},
        "weight": {"type": "number", "minimum": 1, "maximum": 300, "propertyOrder": 2},
    },
    "required": ["firstname"],
}
LIST = {"type": "array", "minItems": 2, "maxItems": 2, "items": PARTICIPANT}
PARTICIPANTS = {"title": "cart_item_participants_info", "type": "object", "properties": {"participants": LIST}}


def schema_of(schema: object) -> FormSchema:
    return decode(json.dumps(schema).encode(), FormSchema, strict=True)


def one_field(**keywords: object) -> Form:
    return Form(schema_of({"type": "object", "properties": {"field": keywords}}))


@pytest.fixture
def customer() -> Form:
    return Form(schema_of(CUSTOMER))


@pytest.fixture
def participants() -> Form:
    return Form.for_participants(schema_of(PARTICIPANTS))


def test_fields_come_in_order_with_those_of_nested_forms_in_their_place(customer: Form) -> None:
    assert [field.label for field in customer.fields] == [
        "firstname",
        "lastname",
        "email",
        "musement_newsletter",
        "city",
        f"extra_customer_data.{ACTIVITY}.hotel",
        f"extra_customer_data.{ACTIVITY}.diet",
    ]


def test_a_field_says_all_there_is_to_ask(customer: Form) -> None:
    *_, email, _, city, hotel, diet = customer.fields
    assert (email.name, email.title, email.format, email.required) == ("email", "E-mail", "email", True)
    assert (city.title, city.required, city.description) == ("city", False, "Where you live")
    assert hotel.path == ("extra_customer_data", ACTIVITY, "hotel")
    assert (diet.required, diet.default, dict(diet.choices)) == (False, "any", {"any": "Anything", "vegan": "vegan"})


def test_a_field_names_its_pattern() -> None:
    with_pattern, without = one_field(pattern="^[0-9]+$"), one_field(type="string")
    assert [field.pattern for form in (with_pattern, without) for field in form.fields] == ["^[0-9]+$", None]


def test_a_field_inside_something_optional_is_optional() -> None:
    inner = {"type": "object", "properties": {"hotel": {"type": "string"}}, "required": ["hotel"]}
    form = Form(schema_of({"type": "object", "properties": {"extra": inner}}))
    assert form.required == ()
    assert form.problems({}) == {}
    assert form.problems({"extra": {}}) == {"extra.hotel": "is missing"}


def test_a_form_is_shown_by_its_fields(participants: Form) -> None:
    assert repr(participants) == "<Form [0].firstname, [0].weight, [1].firstname, [1].weight>"


def test_good_answers_pass(customer: Form, participants: Form) -> None:
    customer.check(GOOD)
    participants.check([{"firstname": "Ada", "weight": Decimal("61.5")}, {"firstname": "Grace"}])


def test_one_error_names_every_wrong_field_in_the_order_of_the_form(customer: Form) -> None:
    wrong = {
        "firstname": "Augusta",
        "email": "nowhere",
        "musement_newsletter": None,
        "city": 3,
        "extra_customer_data": {ACTIVITY: {"hotel": "", "diet": "meat"}},
    }
    with pytest.raises(FormError) as caught:
        customer.check(wrong, argument="customer")
    assert list(caught.value.problems.items()) == [
        ("firstname", "must have 5 characters at most"),
        ("lastname", "is missing"),
        ("email", "must be an e-mail address"),
        ("musement_newsletter", "is missing"),
        ("city", "must be text"),
        (f"extra_customer_data.{ACTIVITY}.hotel", "must not be empty"),
        (f"extra_customer_data.{ACTIVITY}.diet", "must be one of any, vegan"),
    ]
    assert str(caught.value).startswith("customer: firstname must have 5 characters at most; lastname is missing; ")
    assert caught.value.argument == "customer"


def test_participants_are_a_list_of_as_many_as_the_schema_says(participants: Form) -> None:
    assert participants.problems([{"firstname": "Ada"}]) == {"": "must have 2 items at least"}
    assert participants.problems([{"firstname": "Ada"}] * 3) == {"": "must have 2 items at most"}
    assert participants.problems([{"weight": 0}, {"firstname": "Grace", "weight": 301}]) == {
        "[0].firstname": "is missing",
        "[0].weight": "must be 1 at least",
        "[1].weight": "must be 300 at most",
    }


def test_a_problem_with_the_whole_is_an_error_too(participants: Form) -> None:
    with pytest.raises(FormError, match=r"^answers: must be a list$"):
        participants.check({"firstname": "Ada"})


@pytest.mark.parametrize(
    "schema",
    [
        PARTICIPANTS,
        LIST,
        {**PARTICIPANT, "title": "participant"},
        {"number": 2, "fields": [{"name": "firstname", "type": "text", "required": True}, {"name": "weight"}]},
    ],
    ids=["of a cart item", "a list", "one participant", "of 2020"],
)
def test_every_shape_of_a_participants_schema_becomes_the_same_form(schema: object) -> None:
    form = Form.for_participants(schema_of(schema), 2)
    assert [field.label for field in form.fields] == ["[0].firstname", "[0].weight", "[1].firstname", "[1].weight"]
    assert form.problems([{"firstname": "Ada"}, {}]) == {"[1].firstname": "is missing"}


def test_answers_are_put_together_from_one_answer_per_field(customer: Form, participants: Form) -> None:
    simple = {"firstname": "Ada", "lastname": "Lovelace", "email": "ada@example.com", "hotel": "Ritz"}
    answers = customer.fill(lambda field: "NO" if field.choices and not field.default else simple.get(field.name))
    assert answers == GOOD
    assert participants.fill(lambda field: field.label if field.required else None) == [
        {"firstname": "[0].firstname"},
        {"firstname": "[1].firstname"},
    ]


def test_defaults_fill_a_form(customer: Form) -> None:
    assert customer.fill(lambda field: field.default) == {"extra_customer_data": {ACTIVITY: {"diet": "any"}}}


@pytest.mark.parametrize(
    ("keywords", "good", "bad", "reason"),
    [
        ({"format": "date"}, "2026-02-28", "2026-02-30", "must be a day, YYYY-MM-DD"),
        ({"format": "date"}, date(2026, 2, 28), "20260228", "must be a day, YYYY-MM-DD"),
        ({"format": "date-time"}, "2026-02-28T09:30:00Z", "2026-02-28", "must be a day and a time, YYYY-MM-DDTHH:MM"),
        ({"format": "date-time"}, datetime(2026, 2, 28, 9, 30), "9:30", "must be a day and a time, YYYY-MM-DDTHH:MM"),  # noqa: DTZ001
        ({"format": "time"}, "09:30", "9.30", "must be a time of day, HH:MM"),
        ({"format": "email"}, "a@b.example", "a@b@c", "must be an e-mail address"),
        ({"pattern": "^[0-9]+$"}, "12", "twelve", "must match ^[0-9]+$"),
        ({"type": "integer"}, 3, "3", "must be a whole number"),
        ({"type": "boolean"}, True, "yes", "must be True or False"),
        ({"type": "text"}, "x", 1, "must be text"),
        ({"type": "string", "minLength": 3}, "abc", "ab", "must have 3 characters at least"),
        ({"type": "array", "uniqueItems": True}, [1, 2], [1, 1], "must not have equal items"),
        ({"enum": [1, 2.5, True]}, 2.5, 3, "must be one of 1, 2.5, True"),
    ],
)
def test_a_keyword_is_checked(keywords: dict[str, object], good: object, bad: object, reason: str) -> None:
    form = one_field(**keywords)
    assert form.problems({"field": good}) == {}
    assert form.problems({"field": bad}) == {"field": reason}


def test_a_choice_of_several_is_one_field() -> None:
    (field,) = one_field(type="array", items={"type": "string", "enum": ["a", "b"]}).fields
    assert (field.type, dict(field.choices)) == ("array", {"a": "a", "b": "b"})


@pytest.mark.parametrize("keywords", [{"type": "phone"}, {"pattern": "(?<year>"}, {"pattern": ""}, {"format": "iban"}])
def test_keywords_that_json_schema_does_not_have_are_not_checked(keywords: dict[str, object]) -> None:
    assert one_field(**keywords).problems({"field": "anything"}) == {}


def test_a_format_does_not_check_values_that_are_not_texts() -> None:
    assert one_field(format="date").problems({"field": 3}) == {}


def test_answers_that_json_cannot_express_are_refused() -> None:
    with pytest.raises(ArgumentError, match="answers: cannot be sent as JSON"):
        one_field().check({"field": object()})


def test_no_answer_shows_in_an_error(customer: Form) -> None:
    with pytest.raises(FormError) as caught:
        customer.check({name: "Hemlock" if isinstance(answer, str) else answer for name, answer in GOOD.items()})
    assert "Hemlock" not in str(caught.value)


def test_an_error_survives_a_process_pool() -> None:
    error = pickle.loads(pickle.dumps(FormError("customer", {"email": "is missing"})))  # noqa: S301
    assert (str(error), error.problems, error.argument) == (
        "customer: email is missing",
        {"email": "is missing"},
        "customer",
    )


def test_the_schema_library_is_imported_with_the_first_check() -> None:
    code = "import sys, musement_async.forms; print('jsonschema' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "False\n"


def test_a_form_that_asks_nothing_has_no_fields() -> None:
    assert Form(FormSchema(title="form")).fields == ()


def test_a_pattern_that_backtracks_for_ever_is_matched_at_once() -> None:
    form = one_field(pattern="^(a+)+$")
    assert form.problems({"field": "a" * 5_000}) == {}
    assert form.problems({"field": "a" * 5_000 + "!"}) == {"field": "must match ^(a+)+$"}


@pytest.mark.parametrize(
    "pattern",
    ["a{99999}", "(" * 400 + "*" * 400, "((a{1000}){1000}){1000}", "[^x]{1000}" * 20, "(?=a)b", "x" * 1_001],
    ids=["repeats", "parentheses", "nested repeats", "too large", "looks ahead", "too long"],
)
def test_a_pattern_that_the_engine_does_not_read_is_not_checked(pattern: str) -> None:
    assert one_field(pattern=pattern).problems({"field": "anything"}) == {}


def test_the_longest_pattern_and_the_longest_answer_are_checked() -> None:
    form = one_field(pattern="x" * 1_000)
    assert form.problems({"field": "x" * 1_000}) == {}
    assert list(form.problems({"field": "y" * 100_000})) == ["field"]


def test_an_answer_that_is_too_long_for_patterns_is_left_to_the_api() -> None:
    assert one_field(pattern="^[0-9]+$").problems({"field": "x" * 100_001}) == {}


def test_without_the_extra_no_pattern_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    as_pattern.cache_clear()
    try:
        assert one_field(pattern="^[0-9]+$").problems({"field": "twelve"}) == {}
    finally:
        as_pattern.cache_clear()


def nested(depth: int, **inner: object) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", **inner}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


def lists(depth: int, number: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "array", "minItems": number, "items": {"properties": {"a": schema}}}
    return schema


WIDE = {"type": "object", "properties": {f"f{number}": {"type": "string"} for number in range(6_000)}}


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        (nested(60), "must have 32 levels at most"),
        (WIDE, "must ask for 5000 fields at most"),
        (lists(1, 1_000_000), "must ask for 5000 fields at most"),
        (lists(4, 1_000), "must ask for 5000 fields at most"),
    ],
    ids=["deep", "wide", "a long list", "lists of lists"],
)
def test_a_form_that_nobody_can_fill_in_is_refused(schema: object, problem: str) -> None:
    with pytest.raises(ArgumentError, match=f"^schema: {problem}"):
        Form(schema_of(schema))


def test_lists_that_ask_nothing_of_each_item_are_bounded_too() -> None:
    empty = {"type": "array", "minItems": 0, "items": {"properties": {"a": {}}}}
    schema = {"type": "array", "minItems": 1_000_000, "items": {"properties": {"a": empty}}}
    with pytest.raises(ArgumentError, match="5000 fields"):
        Form(schema_of(schema))


def test_a_million_participants_are_refused() -> None:
    with pytest.raises(ArgumentError, match="5000 fields"):
        Form.for_participants(schema_of(PARTICIPANT), 1_000_000)


def test_a_wide_form_takes_a_time_that_grows_with_its_fields() -> None:
    names = [f"f{number}" for number in range(4_000)]
    form = Form(schema_of({"properties": {name: {"type": "string"} for name in names}, "required": names * 2}))
    assert [field.name for field in form.required] == names
    assert form.problems({}) == dict.fromkeys(names, "is missing")


def test_answers_that_are_nested_too_deeply_are_refused() -> None:
    answers: list[Any] = []
    for _ in range(50_000):
        answers = [answers]
    with pytest.raises(ArgumentError, match="answers: cannot be sent as JSON"):
        one_field().check({"field": answers})


def test_a_reason_shows_the_first_choices_only() -> None:
    reason = one_field(enum=list(range(1_000))).problems({"field": "x"})["field"]
    assert reason == f"must be one of {', '.join(map(str, range(20)))}, …"
