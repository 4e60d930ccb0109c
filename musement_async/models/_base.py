"""What every model builds on: its repr, enums that stay open, and types whose JSON form msgspec does not read."""

import re
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from sys import float_info
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeAlias, cast

import attrs
from msgspec import Meta

# Text is read as a number where one is expected, and "nan" would pass: a value that neither equals itself nor fits
# into JSON.
Real: TypeAlias = Annotated[float, Meta(ge=-float_info.max, le=float_info.max)]


class Model:
    """The base of all models: immutable, and shown with the fields that differ from their defaults only."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self._stated())})"

    def _stated(self) -> Iterator[str]:
        fields = cast("tuple[attrs.Attribute[Any], ...]", attrs.fields(cast("Any", type(self))))
        for field in fields:
            value = getattr(self, field.name)
            if value != field.default:
                yield f"{field.name}={value!r}"


class OpenEnum(StrEnum):
    """An enum whose list may grow: text without a member becomes a value of its own, equal to that text.

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


_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII)


if TYPE_CHECKING:
    DateTime: TypeAlias = datetime
else:

    class _StandsForDateTime(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, datetime)

    class DateTime(metaclass=_StandsForDateTime):
        """A plain ``datetime``, read from the API's own formats, some of which msgspec's decoder refuses."""

        @staticmethod
        def from_wire(value: object) -> datetime:
            """Read ``2026-12-01 10:30``, with ``T``, seconds and an offset where there are such.

            Returns:
                An aware datetime if the text has an offset (``Z``, ``+0000``, ``+00:00``); otherwise a naive one, which
                is the local time of the activity.

            Raises:
                ValueError: It is neither.
            """
            if not isinstance(value, str) or not _DATE_TIME.fullmatch(value):
                raise ValueError("Expected a date and a time")
            return datetime.fromisoformat(value)
