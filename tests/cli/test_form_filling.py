"""Forms filled in at a terminal."""

from collections.abc import Callable, Sequence

import pytest

from musement_async import Form
from musement_async.cli.dialogue import Dialogue
from musement_async.cli.form_filling import fill
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
    filled = fill(Form(SCHEMA), {}, name="customer", dialogue=Dialogue())
    assert filled == {"age": 18, "weight": 60.5, "swims": True, "sizes": ["a", "b"], "shoes": ["M", "L"]}
    said = capsys.readouterr().err
    for part in (
        "must be a whole number",
        "must be 18 at least",
        "must be True or False",
        "Deep water.",
        "Shoes (Small",
        "must be one of",
    ):
        assert part in said


def test_what_is_known_is_not_asked_for(typed: Callable[[Sequence[str]], None]) -> None:
    typed(["20"])
    known = {"weight": 60, "swims": False, "sizes": [], "shoes": ["L"], "else": 1}
    filled = fill(Form(SCHEMA), known, name="customer", dialogue=Dialogue())
    assert filled == {"age": 20, "weight": 60, "swims": False, "sizes": [], "shoes": ["L"]}
