"""Models in brief: a text of a few lines at most, whatever an answer holds."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import cast

import msgspec

# What tells one thing from another, and what it costs; these fields come first.
_FIRST = (
    "id",
    "title",
    "name",
    "uuid",
    "code",
    "identifier",
    "day",
    "time",
    "status",
    "quantity",
    "retail_price",
    "total_retail_price",
    "reviews_avg",
    "city",
    "country",
)
_PLACES = {name: place for place, name in enumerate(_FIRST)}
_LONGEST_TEXT = 60
_LONGEST = 200
_LONGEST_ITEM = 130
_FIELDS_INSIDE = 2
_ITEMS = 3


def brief(model: msgspec.Struct, most_fields: int = len(_FIRST), longest: int = _LONGEST) -> str:
    """A model with the first of its stated fields, or with its own text; ``…`` stands for the others.

    Args:
        model: The model.
        most_fields: The most fields to show.
        longest: The number of characters after which no more fields are shown.
    """
    if type(model).__str__ is not object.__str__:
        return f"{type(model).__name__}({model})"
    parts: list[str] = []
    fields = sorted(model.__rich_repr__(), key=lambda field: _PLACES.get(field[0], len(_PLACES)))
    for name, value in fields[:most_fields]:
        if sum(map(len, parts)) >= longest:
            break
        parts.append(f"{name}={_value(value)}")
    if len(parts) < len(fields):
        parts.append("…")
    return f"{type(model).__name__}({', '.join(parts)})"


def brief_items(items: Sequence[object]) -> str:
    """The first items of a sequence; ``…`` and a number stand for the others."""
    parts = [
        brief(item, longest=_LONGEST_ITEM) if isinstance(item, msgspec.Struct) else _value(item)
        for item in items[:_ITEMS]
    ]
    if len(items) > _ITEMS:
        parts.append(f"… {len(items) - _ITEMS} more")
    return f"[{', '.join(parts)}]"


def _value(value: object) -> str:
    if isinstance(value, msgspec.Struct):
        return brief(value, _FIELDS_INSIDE)
    if isinstance(value, Enum):
        return repr(value.value)
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST_TEXT else value[: _LONGEST_TEXT - 1] + "…")
    if isinstance(value, tuple | Mapping):
        count = len(cast("Sequence[object] | Mapping[object, object]", value))
        return f"<{count} {'item' if count == 1 else 'items'}>"
    return repr(value)
