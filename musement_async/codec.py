"""The codec: bytes to models and back, with msgspec.

An answer is read in one step. If that fails, :mod:`musement_async.lenient` reads it part by part, so that a wrong value
loses only itself. An object without an id that the API always sends is left out of its list or its field, and logged.
If it is the whole answer, it is :exc:`Undecodable`. Orders, and the items of carts and orders, are kept without their
id, because money may have moved: their id is then the nil UUID (:data:`musement_async.models.NIL`).
"""

import re
from collections.abc import Awaitable, Hashable, Sequence
from decimal import Decimal
from typing import Any, NoReturn, TypeVar, cast

import msgspec

from musement_async.lenient import ABSENT, INVALID, from_wire, json_decoder, read_leniently, readings

T = TypeVar("T")


class Undecodable(ValueError):  # noqa: N818 (callers see a `DecodeError`, made where the exchange is known)
    """A body that does not fit the model.

    Attributes:
        path: The first value that does not fit, such as ``$.data[3].retail_price.value``; ``$`` is the whole body.
        problem: The reason, without the value.
    """

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem

    def __reduce__(self) -> tuple[Any, ...]:
        # The default calls the constructor with the message alone, so that the error would break a process pool.
        return type(self), (self.path, self.problem), self.__dict__


def decode(body: bytes, model: type[T], *, strict: bool = False) -> T:
    """A model, or a collection of models, read from JSON.

    Unknown keys are ignored, and numbers in strings are read as numbers, strict or not. Any other value that does not
    fit is converted if possible. Otherwise the value is left out: its field has the default, its list one item less.
    Each place that loses values is logged once, without the value.

    Args:
        body: The JSON text.
        model: A struct, an attrs class, a `list`, `tuple`, `dict` or union of such, or another type that msgspec knows.
        strict: Raise at the first value that does not fit.

    Raises:
        Undecodable: The body is not JSON, its outermost value is of the wrong kind or has no id, or ``strict`` is set.
    """
    try:
        return cast("T", json_decoder(cast("Hashable", model)).decode(body))
    except INVALID as error:
        invalid: Exception = error
    if not strict:
        for text in readings(body):
            try:
                value = read_leniently(text, model)
            except INVALID as error:
                invalid = error
            else:
                if value is not ABSENT:
                    return cast("T", value)
    # Without a cause: a `UnicodeDecodeError` contains the body, and the body of a login holds a token.
    raise _undecodable(invalid)


def from_json(body: bytes, model: type[T], *, strict: bool = False) -> T:
    """A model from JSON, read as the API's answers are: a value that does not fit is left out and logged.

    Args:
        body: The JSON text, such as :func:`to_json` writes.
        model: A model, or for instance ``list[City]``.
        strict: Raise at the first value that does not fit.

    Raises:
        ValueError: The text is not JSON, its outermost value is of the wrong kind or has no id, or ``strict`` is set
            and a value does not fit.
    """
    return decode(body, model, strict=strict)


def convert(value: object, model: type[T]) -> T:
    """A model from decoded JSON; numbers in strings are read as numbers.

    Raises:
        Undecodable: A value does not fit.
    """
    try:
        return msgspec.convert(value, model, strict=False, dec_hook=from_wire)
    except INVALID as error:
        invalid: Exception = error
    raise _undecodable(invalid)


def to_json(model: object) -> bytes:
    """A model, or a collection of models, as JSON: every field, null for None; money as exact numbers.

    A page is a list of its items.
    """
    return _encoder.encode(_items_of(model))


def to_builtins(model: object) -> Any:  # noqa: ANN401 (a dict or a list, depending on the value)
    """A model as a dict, or several models as a list; values have their JSON form, but money stays ``Decimal``.

    A page is a list of its items.
    """
    return _lists_for_tuples(
        msgspec.to_builtins(_items_of(model), builtin_types=(Decimal,), str_keys=True, enc_hook=_refuse)
    )


def can_read(kind: object) -> bool:
    """Whether JSON can be read as a type."""
    try:
        decoder = json_decoder(kind)
    except (TypeError, ArithmeticError):  # it is not a type, or has no hash
        return False
    return not isinstance(msgspec.inspect.type_info(decoder.type), msgspec.inspect.CustomType) or hasattr(
        kind, "from_wire"
    )


def _refuse(value: object) -> NoReturn:
    if isinstance(value, Awaitable):
        raise TypeError(f"await it before it is written: {value!r}")
    raise TypeError(f"values of type {type(value).__name__} cannot be written as JSON")


_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=_refuse)
_SEQUENCES = (list, tuple, str, bytes, bytearray, memoryview)
_PATH = re.compile(r" - at (?:`key` in )?`(\$.*)`$")


def _items_of(model: object) -> object:
    # A page is an attrs class as well, which msgspec would take for an object.
    return tuple(cast("Sequence[object]", model)) if _is_page(model) else model


def _is_page(model: object) -> bool:
    return isinstance(model, Sequence) and not isinstance(model, _SEQUENCES)


def _lists_for_tuples(value: object) -> object:
    if isinstance(value, dict):
        return {key: _lists_for_tuples(item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list | tuple):
        return [_lists_for_tuples(item) for item in cast("list[object]", value)]
    return value


def _undecodable(invalid: Exception) -> Undecodable:
    if isinstance(invalid, RecursionError):
        return Undecodable("$", "nested too deeply")
    if not isinstance(invalid, msgspec.ValidationError):
        return Undecodable("$", "not JSON")
    message = str(invalid)
    path = _PATH.search(message)
    return Undecodable(path[1], message[: path.start()]) if path else Undecodable("$", message)
