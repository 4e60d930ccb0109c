"""The parts of requests: paths, queries and bodies of checked arguments."""

import ast
import re
from datetime import date, time
from functools import partial
from pathlib import Path
from typing import Any, get_type_hints
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import musement_async.resources
from musement_async import ArgumentError
from musement_async.models import NIL, Activity, Cart, City, GiftboxType, Order, OrderActivityAvailableTicket, Vertical
from musement_async.paths import argument_of
from musement_async.resources import operation, parameters
from musement_async.resources.operation import drop_none, path, query, require
from musement_async.resources.parameters import Invalid

UUID_TEXT = "b36ba13e-cd53-44dc-8741-b200ada5549a"
SOURCES = sorted(Path(musement_async.resources.__file__).parent.glob("*.py"))
CALLS = {
    f"{source.stem}:{call.lineno}": call
    for source in SOURCES
    for call in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "path"
}


def test_each_path_is_one_literal_whose_parameters_are_all_given() -> None:
    assert len(CALLS) > 100
    assert [place for place, call in CALLS.items() if not is_literal_with_its_parameters(call)] == []


def is_literal_with_its_parameters(call: ast.Call) -> bool:
    (template,) = call.args
    named = [operation._argument(name) for name in re.findall(r"{(\w+)}", ast.unparse(template))]
    return isinstance(template, ast.Constant) and [keyword.arg for keyword in call.keywords] == named


def test_a_parameter_is_quoted() -> None:
    assert path("/gifts/{code}", code="a/b?c#d e%é{}").text == "/gifts/a%2Fb%3Fc%23d%20e%25%C3%A9%7B%7D"


def test_a_path_keeps_its_template() -> None:
    assert path("/cities/{cityId}/venues", city_id=2).template == "/cities/{cityId}/venues"


@pytest.mark.parametrize("value", [".", "..", " .. "])
def test_a_parameter_that_would_be_a_path_is_refused_by_name(value: str) -> None:
    with pytest.raises(ArgumentError, match=r"^code: .* cannot be part of a path"):
        path("/gifts/{code}", code=value)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_no_text_leaves_its_segment(value: str) -> None:
    try:
        text = path("/gifts/{code}/render", code=value).text
    except ArgumentError:
        return
    assert text.count("/") == 3
    assert not {"?", "#", "\n", " "} & set(text)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("\ud800", "holds a lone surrogate"),
        ("", "must be a string that is not empty"),
        (None, "is needed"),
        ("x" * 5001, "is longer than 5000 characters"),
    ],
)
def test_a_code_that_cannot_be_sent_is_refused_by_name(value: Any, problem: str) -> None:
    with pytest.raises(ArgumentError, match=f"^code: {problem}"):
        path("/gifts/{code}", code=value)


@pytest.mark.parametrize(
    ("template", "arguments", "text"),
    [
        ("/cities/{cityId}", {"city_id": "2"}, "/cities/2"),
        ("/cities/{cityId}", {"city_id": City(id=2)}, "/cities/2"),
        ("/carts/{cartUuid}", {"cart_uuid": Cart(uuid=UUID(UUID_TEXT))}, f"/carts/{UUID_TEXT}"),
        ("/giftbox-types/{giftboxTypeCode}", {"giftbox_type_code": GiftboxType(code="SPA")}, "/giftbox-types/SPA"),
        (
            "/orders/{orderUuid}/activities/{activityUuid}/tickets/{ticketId}",
            {
                "order_uuid": UUID_TEXT.upper(),
                "activity_uuid": UUID(UUID_TEXT),
                "ticket_id": OrderActivityAvailableTicket(id="t1"),
            },
            f"/orders/{UUID_TEXT}/activities/{UUID_TEXT}/tickets/t1",
        ),
        (
            "/activities/{activityUuid}/dates/{day}/timeslots/{time}",
            {"activity_uuid": UUID_TEXT, "day": date(2030, 6, 1), "time": time(9, 30)},
            f"/activities/{UUID_TEXT}/dates/2030-06-01/timeslots/09-30",
        ),
    ],
)
def test_a_parameter_may_be_the_model_that_has_it(template: Any, arguments: dict[str, Any], text: str) -> None:
    assert path(template, **arguments).text == text


@pytest.mark.parametrize(
    ("template", "arguments", "problem"),
    [
        ("/cities/{cityId}", {"city_id": Activity(uuid=UUID(UUID_TEXT))}, "^city_id: .* or a City$"),
        ("/carts/{cartUuid}", {"cart_uuid": Activity(uuid=UUID(UUID_TEXT))}, "^cart_uuid: .* or a Cart$"),
        ("/giftbox-types/{giftboxTypeCode}", {"giftbox_type_code": City(id=2)}, "^giftbox_type_code: must be a string"),
    ],
)
def test_a_model_of_another_class_is_refused(template: Any, arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ArgumentError, match=problem):
        path(template, **arguments)


def test_a_model_without_its_id_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"^category_in: must be a Vertical with its code$"):
        query(category_in=parameters.codes([Vertical(id=1)], of="Vertical"))


def test_an_order_that_came_without_its_uuid_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"^order_uuid: must be an Order with its uuid$"):
        path("/orders/{orderUuid}", order_uuid=Order(uuid=NIL))


@pytest.mark.parametrize(
    ("value", "sent"),
    [(13, "13"), ("2", "2"), (City(id=2), "2"), ([2, "13", City(id=40)], "2,13,40"), ((), None), (None, None)],
)
def test_one_id_where_several_are_taken_is_a_list_of_one(value: object, sent: str | None) -> None:
    assert parameters.ids(value, of="City") == sent


@pytest.mark.parametrize("value", ["new-museums", ["new-museums"], Vertical(id=1, code="new-museums")])
def test_one_code_where_several_are_taken_is_a_list_of_one(value: object) -> None:
    assert parameters.codes(value, of="Vertical") == "new-museums"


def test_one_uuid_where_several_are_taken_is_a_list_of_one() -> None:
    assert parameters.uuids(UUID_TEXT, of="Activity") == [UUID_TEXT]


@pytest.mark.parametrize("kind", ["id", "uuid", "code"])
def test_each_model_that_a_path_takes_has_what_the_path_needs(kind: str) -> None:
    wanted = {"id": parameters.number, "uuid": parameters.uuid, "code": parameters.code}
    taken = [
        (known.keywords["of"], known.keywords.get("attribute", kind))
        for known in operation._KINDS.values()
        if isinstance(known, partial) and known.func is wanted[kind]
    ]
    assert taken
    for name, attribute in taken:
        model = getattr(__import__("musement_async.models", fromlist=[name]), name)
        assert issubclass(model, msgspec.Struct)
        assert attribute in get_type_hints(model)


def test_a_query_keeps_what_is_not_given_and_spells_uuids() -> None:
    assert query(city=2, pickup=UUID(UUID_TEXT), text=None) == {"city": 2, "pickup": UUID_TEXT, "text": None}


def test_a_body_holds_what_is_given() -> None:
    assert drop_none(rating=5, text=None) == {"rating": 5}


def test_an_invalid_value_is_raised_under_its_arguments_name() -> None:
    with pytest.raises(ArgumentError, match=r"^rating: must be 1$"):
        drop_none(rating=Invalid("must be 1"))


def test_what_is_needed_must_be_given() -> None:
    with pytest.raises(ArgumentError, match=r"^day: is needed$"):
        require(day=parameters.day(None))


def test_parameters_of_the_api_have_names_in_snake_case() -> None:
    assert (argument_of("orderItemUuid"), argument_of("time")) == ("order_item_uuid", "time")


@pytest.mark.parametrize(
    "address", ["example.com", "ftp://example.com/", "https://", "https://[", 7, "", "https://\ud800"]
)
def test_what_is_not_a_url_is_invalid(address: object) -> None:
    assert isinstance(parameters.url(address), Invalid)


def test_what_has_no_form_in_json_is_invalid() -> None:
    assert parameters.fields({"a": object()}) == Invalid("cannot be sent as JSON (TypeError)")


@pytest.mark.parametrize("check", [parameters.amount, parameters.fields, parameters.clock, parameters.email])
def test_what_is_not_given_stays_none(check: Any) -> None:
    assert check(None) is None
