"""Forms filled in at a terminal."""

from collections.abc import Callable, Sequence

import pytest

from musement_async import Form
from musement_async.cli.dialogue import Dialogue
from musement_async.cli.form_filling import Filling
from musement_async.models import FieldType, FormSchema

SCHEMA = FormSchema(
    type=FieldType.OBJECT,
    required=("age", "weight", "swims", "sizes"),
    properties={
        "age": FormSchema(type=FieldType.INTEGER, title="Age", minimum=18, property_order=1),
        "weight": FormSchema(type=FieldType.NUMBER, title="Weight", property_order=2),
        "swims": FormSchema(type=FieldType.BOOLEAN, title="Can you swim?", description="Deep water.", property_order=3),
        "sizes": FormSchema(
            type=FieldType.ARRAY, title="Sizes", items=FormSchema(type=FieldType.STRING), property_order=4
        ),
        "shoes": FormSchema(
            type=FieldType.ARRAY,
            title="Shoes",
            items=FormSchema(type=FieldType.STRING, enum=("S", "M", "L"), enum_titles=("Small", "Smallish", "Large")),
            property_order=5,
        ),
    },
)


def test_answers_become_what_the_form_asks_for(
    typed: Callable[[Sequence[str]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    typed(["old", "17", "18", "60.5", "perhaps", "yes", "a, b", "sma", "m, la"])  # of two; a value, and of one
    filled = Filling(Form(SCHEMA), {}, "customer", "Who books?", Dialogue()).complete()
    assert filled == {"age": 18, "weight": 60.5, "swims": True, "sizes": ["a", "b"], "shoes": ["M", "L"]}
    said = capsys.readouterr().err
    for part in (
        "Age must be a whole number",
        "must be 18 at least",
        "must be True or False",
        "Deep water.",
        "Shoes (Small",
        "Shoes must be one of",
    ):
        assert part in said


def test_what_is_known_is_not_asked_for(typed: Callable[[Sequence[str]], None]) -> None:
    typed(["20"])
    known = {"weight": 60, "swims": False, "sizes": [], "shoes": ["L"], "else": 1}
    filled = Filling(Form(SCHEMA), known, "customer", "Who books?", Dialogue()).complete()
    assert filled == {"age": 20, "weight": 60, "swims": False, "sizes": [], "shoes": ["L"]}


def test_who_goes_back_begins_with_the_last_question_and_keeps_old_answers_by_enter(
    typed: Callable[[Sequence[str]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    typed(["20", "60", "yes", "<", "<", "", "", "no"])
    filling = Filling(Form(SCHEMA), {"sizes": [], "shoes": ["L"]}, "customer", "Who books?", Dialogue())
    filling.complete()
    assert filling.go_back()
    assert filling.complete() == {"age": 20, "weight": 60.0, "swims": False, "sizes": [], "shoes": ["L"]}
    assert "Can you swim? [yes]: " in capsys.readouterr().err


def test_there_is_nothing_to_go_back_to_where_all_is_known() -> None:
    known = {"age": 20, "weight": 60, "swims": False, "sizes": [], "shoes": ["L"]}
    filling = Filling(Form(SCHEMA), known, "customer", "Who books?", Dialogue())
    filling.complete()
    assert not filling.go_back()
