"""Models and exceptions after a copy, a pickle and a trip through another process."""

import copy
import inspect
import pickle
import types
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest

import musement_async
from musement_async import models
from musement_async.codec import Undecodable
from musement_async.models import BookingType, Model, OpenEnum
from musement_async.models._base import DateTime, Time

WAYS: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),  # noqa: S301 (our own)
}
PLAIN: dict[object, object] = {
    str: "text",
    int: 7,
    bool: True,
    float: 1.5,
    Decimal: Decimal("35.90"),
    UUID: UUID(int=7),
    date: date(2026, 12, 1),
    Time: time(9, 30),
    DateTime: datetime(2026, 12, 1, 9, 30, tzinfo=UTC),
}


def example(kind: Any, depth: int = 2) -> Any:
    """A value of a type with all fields set."""
    origin: Any = typing.get_origin(kind)
    arguments = [argument for argument in typing.get_args(kind) if argument is not type(None)]
    if kind in PLAIN:
        return PLAIN[kind]
    if origin in {Annotated, types.UnionType, typing.Union}:
        return example(arguments[0], depth)
    if origin is tuple:
        return (example(arguments[0], depth),)
    if origin is dict:
        return {example(arguments[0], depth): example(arguments[1], depth)}
    if issubclass(kind, OpenEnum):
        return kind("A-NEW-WORD")
    fields = [field for field in msgspec.structs.fields(kind) if depth or field.required]
    return kind(**{field.name: example(field.type, depth - 1) for field in fields})


def public_models() -> list[type[Model]]:
    found = (getattr(models, name) for name in models.__all__)
    return [kind for kind in found if isinstance(kind, type) and issubclass(kind, Model) and kind is not Model]


@pytest.mark.parametrize("way", WAYS)
def test_a_model_comes_out_as_it_went_in(way: str) -> None:
    wrong = [kind.__name__ for kind in public_models() if WAYS[way](example(kind)) != example(kind)]

    assert wrong == []


@pytest.mark.parametrize("way", WAYS)
def test_a_word_that_is_not_known_yet_comes_out_as_it_went_in(way: str) -> None:
    assert WAYS[way](BookingType("NEW")) == BookingType("NEW")


ARGUMENTS: dict[str, Any] = {
    "message": "message",
    "method": "GET",
    "path": "/cities",
    "status": 500,
    "argument": "city_id",
    "problem": "must be a number",
    "step": "order",
    "cause": musement_async.MusementError("cause"),
    "cart_uuid": UUID(int=1),
    "order_uuid": UUID(int=2),
    "total": 25,
    "missing": 5,
}


def public_errors() -> list[type[Exception]]:
    found = (getattr(musement_async, name) for name in musement_async.__all__)
    return [kind for kind in found if isinstance(kind, type) and issubclass(kind, Exception)] + [Undecodable]


def made(kind: type[Exception]) -> Exception:
    """An exception with a value for each required parameter."""
    values: dict[str, Any] = {**ARGUMENTS, "order": example(models.Order), "pending": (), "fields": {}, "problems": {}}
    if not inspect.isfunction(kind.__init__):
        return kind("message")
    needed = [p for p in inspect.signature(kind).parameters.values() if p.default is p.empty]
    places = [values.get(p.name, "text") for p in needed if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
    return kind(*places, **{p.name: values.get(p.name, "text") for p in needed if p.kind is p.KEYWORD_ONLY})


@pytest.mark.parametrize("way", WAYS)
def test_an_error_comes_out_as_it_went_in(way: str) -> None:
    wrong: dict[str, str] = {}
    for kind in public_errors():
        error = made(kind)
        error.add_note("a note")
        try:
            again = WAYS[way](error)
        except TypeError as problem:
            wrong[kind.__name__] = str(problem)
            continue
        if (type(again), str(again)) != (kind, str(error)) or repr(vars(again)) != repr(vars(error)):
            wrong[kind.__name__] = f"{again!r} {vars(again)}"

    assert wrong == {}
