"""The base of every model, open enums, and types whose JSON form msgspec does not read."""

import re
from datetime import datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cache
from sys import float_info
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Self, TypeAlias, cast
from uuid import UUID

import attrs
import msgspec
from msgspec import Meta

from musement_async.models._brief import brief

# Text is read as a number if one is expected, so "nan" would pass. NaN does not equal itself, and JSON cannot express
# it.
Real: TypeAlias = Annotated[float, Meta(ge=-float_info.max, le=float_info.max)]

#: The id of an order, or of an item of a cart or an order, that the API sent without an id. It finds nothing.
NIL: Final = UUID(int=0)


class _AttrsView:
    """The attributes for attrs' own functions, built on first use."""

    def __get__(self, instance: object, owner: type[msgspec.Struct]) -> tuple[Any, ...]:
        return _as_attributes(owner)


@cache
def _as_attributes(model: type[msgspec.Struct]) -> tuple[Any, ...]:
    fields = {
        field.name: attrs.field(
            default=attrs.NOTHING if field.required else field.default, type=field.type, kw_only=True
        )
        for field in msgspec.structs.fields(model)
    }
    attributes: tuple[Any, ...] = attrs.fields(attrs.make_class(model.__name__, fields, init=False, eq=False))
    return attributes


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """The base of all models: immutable; its repr is brief, ``to_builtins()`` and rich show the whole.

    A struct, because msgspec makes one in half the time of an attrs class with as many absent fields. The functions of
    attrs (``fields``, ``asdict``, ``evolve``) accept it.
    """

    __attrs_attrs__: ClassVar[tuple[Any, ...]] = cast("Any", _AttrsView())

    def __repr__(self) -> str:
        return brief(self)

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Tell rich, where there is one, the fields that differ from their defaults."""
        fields = msgspec.structs.fields(self)
        return [(field.name, value) for field in fields if (value := getattr(self, field.name)) != field.default]

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> Any:  # noqa: ANN401
        """The schema of a model, for pydantic."""
        from musement_async.models._pydantic import schema_of

        return schema_of(cls)


class OpenEnum(StrEnum):
    """An enum whose list may grow: an unknown text becomes a value of its own, equal to that text.

    Such a value compares, hashes, formats and serialises as its text does. ``value in SomeEnum.__members__.values()``
    tells whether this version of the library knows it.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> Any:  # noqa: ANN401
        """The schema of an enum, for pydantic: any text, with the known ones listed."""
        from musement_async.models._pydantic import schema_of

        return schema_of(cls)


_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?", re.ASCII)


def read_date_time(value: object) -> datetime:
    """Read ``2026-12-01 10:30``, perhaps with ``T``, seconds and an offset.

    Returns:
        An aware datetime if the text has an offset (``Z``, ``+0000``, ``+00:00``); otherwise a naive one, which is the
        local time of the activity.

    Raises:
        ValueError: The value is not such a text.
    """
    if not isinstance(value, str) or not _DATE_TIME.fullmatch(value):
        raise ValueError("Expected a date and a time")
    return datetime.fromisoformat(value)


def read_time(value: object) -> time:
    """Read a time of day, ``09:30`` or ``09:30:00``.

    Raises:
        ValueError: The value is not such a text.
    """
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise ValueError("Expected a time of day")
    return time.fromisoformat(value)


if TYPE_CHECKING:
    DateTime: TypeAlias = datetime
    Time: TypeAlias = time
else:

    class _StandsFor(type):
        """A class that stands for another one, so that msgspec calls a hook for its values."""

        kind: type

        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, cls.kind)

    class DateTime(metaclass=_StandsFor):
        """A plain ``datetime``, read from the API's own formats, some of which msgspec refuses."""

        kind = datetime
        from_wire = staticmethod(read_date_time)

    class Time(metaclass=_StandsFor):
        """A plain ``time`` without an offset, the activity's local time; msgspec needs seconds too."""

        kind = time
        from_wire = staticmethod(read_time)


def check_finite(*amounts: Decimal | None) -> None:
    """Refuse NaN and infinity, which a text in JSON may contain.

    Raises:
        ValueError: An amount is NaN or infinite.
    """
    if not all(amount is None or amount.is_finite() for amount in amounts):
        raise ValueError("an amount of money must be finite")
