"""From bytes to models and back, with msgspec.

An answer is read in one go. Only where that fails is it taken apart, lists into items and objects into fields, which
are then read on their own: one wrong value costs that value and nothing else, and time grows with the damage.
"""

import logging
import re
import types
import typing
from collections.abc import Callable, Hashable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, ClassVar, Final, Protocol, TypeAlias, TypeVar, cast

import attrs
import msgspec

T = TypeVar("T")

# A class, a generic alias or a union: what msgspec reads into. Python has no name for all of these together.
_Kind: TypeAlias = Any
_Read: TypeAlias = Callable[[msgspec.Raw], object]

_MISFIT = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_ABSENT: Final = object()

logger: logging.Logger = logging.getLogger(__name__)


class Undecodable(ValueError):  # noqa: N818 (callers see a `DecodeError`, made where the exchange is known)
    """A body that cannot be made into the model.

    Attributes:
        path: The first value that does not fit, such as ``$.data[3].retail_price.value``; ``$`` is the whole body.
        problem: What is wrong with it, without the value.
    """

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class WireType(Protocol):
    """A type that says itself how it is read: for what msgspec does not read the way the API writes it."""

    @staticmethod
    def from_wire(value: object, /) -> object:
        """Read a decoded JSON value.

        Raises:
            ValueError: It does not fit.
        """


def decode(body: bytes, model: type[T], *, strict: bool = False) -> T:
    """Make a model, or a collection of models, from JSON.

    Unknown keys are ignored, and numbers in strings are read as numbers, strict or not. Whatever else does not fit is
    converted where that is possible. Where it is not, it is left out: its field has the default, its list one item
    less. Each place that loses values is logged once, without the value.

    Args:
        body: The JSON text.
        model: A struct, an attrs class, a `list`, `tuple`, `dict` or union of such, or whatever else msgspec knows.
        strict: Raise at the first value that does not fit.

    Raises:
        Undecodable: The body is no JSON, its outermost value is of the wrong kind, or ``strict`` is set.
    """
    try:
        return cast("T", _decoder(cast("Hashable", model)).decode(body))
    except _MISFIT as error:
        misfit: Exception = error
    if not strict:
        mender = _Mender(_name(model))
        for text in _readings(body):
            try:
                value = mender.mend(msgspec.Raw(text), model, "$")
            except _MISFIT as error:
                misfit = error
            else:
                if value is not _ABSENT:
                    return cast("T", value)
    # Chained to nothing: a `UnicodeDecodeError` carries the body, and that of a login holds a token.
    raise _undecodable(misfit)


def from_json(body: bytes, model: type[T], *, strict: bool = False) -> T:
    """Read JSON as answers of the API are read: what does not fit is left out and logged, the rest arrives.

    Args:
        body: The JSON text, such as :func:`to_json` writes.
        model: A model, or for instance ``list[City]``.
        strict: Raise at the first value that does not fit.

    Raises:
        ValueError: It is no JSON, or nothing of the kind, or ``strict`` is set and a value does not fit.
    """
    return decode(body, model, strict=strict)


def convert(value: object, model: type[T]) -> T:
    """Make a model of JSON that is decoded already; numbers in strings are read as numbers.

    Raises:
        Undecodable: A value does not fit.
    """
    try:
        return msgspec.convert(value, model, strict=False, dec_hook=_from_wire)
    except _MISFIT as error:
        misfit: Exception = error
    raise _undecodable(misfit)


def to_json(model: object) -> bytes:
    """A model, or a collection of models, as JSON: every field, null where it has no value; money as exact numbers."""
    return _encoder.encode(model)


def to_builtins(model: object) -> Any:  # noqa: ANN401 (a dict or a list, by what goes in)
    """A model as a dict, a collection of them as a list; inside as JSON would have it, but money stays ``Decimal``."""
    return _lists_for_tuples(msgspec.to_builtins(model, builtin_types=(Decimal,), str_keys=True))


_encoder = msgspec.json.Encoder(decimal_format="number")


def _lists_for_tuples(value: object) -> object:
    if isinstance(value, dict):
        return {key: _lists_for_tuples(item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list | tuple):
        return [_lists_for_tuples(item) for item in cast("list[object]", value)]
    return value


def _from_wire(kind: type[WireType], value: object) -> object:
    return kind.from_wire(value)


@cache
def _decoder(kind: _Kind) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind, strict=False, dec_hook=_from_wire)


def can_read(kind: object) -> bool:
    """Whether JSON can be read as that."""
    try:
        decoder = _decoder(cast("_Kind", kind))
    except (TypeError, ArithmeticError):  # it is no type, or has no hash
        return False
    return not isinstance(msgspec.inspect.type_info(decoder.type), msgspec.inspect.CustomType) or hasattr(
        kind, "from_wire"
    )


_raw_items = msgspec.json.Decoder(list[msgspec.Raw])
_raw_entries = msgspec.json.Decoder(dict[str, msgspec.Raw])

_PATH = re.compile(r" - at (?:`key` in )?`(\$.*)`$")


def _undecodable(misfit: Exception) -> Undecodable:
    if isinstance(misfit, RecursionError):
        return Undecodable("$", "nested too deeply")
    if not isinstance(misfit, msgspec.ValidationError):
        return Undecodable("$", "not JSON")
    message = str(misfit)
    path = _PATH.search(message)
    return Undecodable(path[1], message[: path.start()]) if path else Undecodable("$", message)


# Both halves of a surrogate pair stay; `.` keeps an escaped backslash from lending itself to what follows.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(?P<alone>u[dD][89a-fA-F][\da-fA-F]{2})|.)", re.DOTALL
)
# Possessive, and the closing quote is optional, so that no text makes it backtrack.
_STRING_OR_NAN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|-?(?:NaN|Infinity)', re.DOTALL)


def _readings(body: bytes) -> Iterator[bytes]:
    """The body as it is; with replacements for what is no Unicode; with null for numbers that JSON does not have."""
    yield body.strip()
    text = body.decode("utf-8-sig", "replace").strip()
    text = _ESCAPE.sub(lambda escape: r"\ufffd" if escape["alone"] else escape[0], text)
    yield text.encode()
    yield _STRING_OR_NAN.sub(lambda token: token[0] if token[0].startswith('"') else "null", text).encode()


_MODULE = re.compile(r"(?:\w+\.)+(?=\w)", re.ASCII)


def _name(kind: _Kind) -> str:
    return kind.__qualname__ if isinstance(kind, type) else _MODULE.sub("", str(kind))


_INDEX = re.compile(r"\[\d+\]")
_EMPTY = frozenset({b"null", b"[]", b"{}"})
_reported: set[tuple[str, str]] = set()


@attrs.frozen
class _Mender:
    """Reads part by part what could not be read in one go. Here and below, `_ABSENT` is what cannot be saved."""

    model: str

    def mend(self, raw: msgspec.Raw, kind: _Kind, path: str) -> object:
        text = bytes(raw)
        forms = _forms(kind)
        for form in forms:
            if form.accepts(text[:1]):
                return form.mend(raw, path, self)
        # PHP writes an empty map as an empty list, and the other way round: nothing is lost with these.
        bare = text.translate(None, b" \t\r\n")
        if bare == b"null" or (bare in _EMPTY and any(form.container for form in forms)):
            return _ABSENT
        return self.lost(path)

    def lost(self, path: str) -> object:
        place = (self.model, _INDEX.sub("[*]", path))
        if path != "$" and place not in _reported:
            _reported.add(place)
            logger.warning("%s: left out the value at %s, which does not fit", self.model, path)
        return _ABSENT


class _Form(Protocol):
    """One way that values of a kind may look in JSON."""

    container: ClassVar[bool]

    def accepts(self, first: bytes) -> bool: ...

    def mend(self, raw: msgspec.Raw, path: str, mender: _Mender) -> object: ...


@attrs.frozen
class _Object:
    container: ClassVar[bool] = True
    make: Callable[..., object]
    fields: Mapping[str, tuple[str, _Read, _Kind]]

    def accepts(self, first: bytes) -> bool:
        return first == b"{"

    def mend(self, raw: msgspec.Raw, path: str, mender: _Mender) -> object:
        values: dict[str, object] = {}
        for key, part in _raw_entries.decode(raw).items():
            if key not in self.fields:
                continue
            argument, read, kind = self.fields[key]
            try:
                values[argument] = read(part)
            except msgspec.ValidationError:
                value = mender.mend(part, kind, f"{path}.{key}")
                if value is not _ABSENT:
                    values[argument] = value
        try:
            return self.make(**values)
        except (TypeError, ValueError):
            return mender.lost(path)


@attrs.frozen
class _Items:
    container: ClassVar[bool] = True
    make: Callable[[list[object]], object]
    kind: _Kind

    def accepts(self, first: bytes) -> bool:
        return first == b"["

    def mend(self, raw: msgspec.Raw, path: str, mender: _Mender) -> object:
        read = _reader(self.kind)
        values: list[object] = []
        for index, part in enumerate(_raw_items.decode(raw)):
            try:
                values.append(read(part))
            except msgspec.ValidationError:
                value = mender.mend(part, self.kind, f"{path}[{index}]")
                if value is not _ABSENT:
                    values.append(value)
        return self.make(values)


@attrs.frozen
class _Entries:
    container: ClassVar[bool] = True
    key_kind: _Kind
    kind: _Kind

    def accepts(self, first: bytes) -> bool:
        return first == b"{"

    def mend(self, raw: msgspec.Raw, path: str, mender: _Mender) -> object:
        values: dict[object, object] = {}
        for name, part in _raw_entries.decode(raw).items():
            key = name if self.key_kind is str else _read_text(name, self.key_kind, path, mender)
            # As msgspec has it: the keys of a map are values themselves, and no path shows them.
            value = _read_part(part, self.kind, f"{path}[...]", mender)
            if key is not _ABSENT and value is not _ABSENT:
                values[key] = value
        return values


@attrs.frozen
class _Scalar:
    container: ClassVar[bool] = False
    kind: _Kind

    def accepts(self, first: bytes) -> bool:
        return first not in b"{[n"

    def mend(self, raw: msgspec.Raw, path: str, mender: _Mender) -> object:
        text = bytes(raw).decode()
        if text.startswith('"'):
            text = _decoder(str).decode(raw)
        return _read_text(text, self.kind, path, mender)


def _read_part(raw: msgspec.Raw, kind: _Kind, path: str, mender: _Mender) -> object:
    try:
        return _reader(kind)(raw)
    except msgspec.ValidationError:
        return mender.mend(raw, kind, path)


def _read_text(text: str, kind: _Kind, path: str, mender: _Mender) -> object:
    """Reading text is lax enough to cover every conversion: from text, and to it."""
    try:
        return _reader(kind)(msgspec.Raw(_encoder.encode(text.strip())))
    except msgspec.ValidationError:
        return mender.lost(path)


@cache
def _reader(kind: _Kind) -> _Read:
    read: _Read = _decoder(kind).decode
    if Decimal not in _members(kind):
        return read

    def read_finite(raw: msgspec.Raw) -> object:
        value = read(raw)
        if isinstance(value, Decimal) and not value.is_finite():
            raise msgspec.ValidationError("Expected a finite number")
        return value

    return read_finite


def _members(kind: _Kind) -> tuple[_Kind, ...]:
    origin: Any = typing.get_origin(kind)
    arguments = typing.get_args(kind)
    if origin is Annotated:
        return _members(arguments[0])
    if origin in {typing.Union, types.UnionType}:
        return tuple(member for argument in arguments for member in _members(argument))
    return (kind,)


@cache
def _forms(kind: _Kind) -> tuple[_Form, ...]:
    members = [member for member in _members(kind) if member is not type(None)]
    containers = [container for container in map(_container, members) if container]
    return (*containers,) if len(containers) == len(members) else (*containers, _Scalar(kind))


def _container(kind: _Kind) -> _Form | None:
    generic: Any = typing.get_origin(kind)
    origin: Any = kind if generic is None else generic
    arguments = typing.get_args(kind)
    if isinstance(origin, type) and issubclass(origin, msgspec.Struct):
        return _Object(origin, _struct_fields(kind))
    if isinstance(kind, type) and attrs.has(kind):
        return _Object(kind, _attrs_fields(kind))
    if origin is dict:
        return _Entries(*arguments)
    if origin in {list, set, frozenset} or (origin is tuple and arguments[1:] == (...,)):
        return _Items(origin, arguments[0])
    return None


def _struct_fields(model: _Kind) -> dict[str, tuple[str, _Read, _Kind]]:
    return {field.encode_name: (field.name, _reader(field.type), field.type) for field in msgspec.structs.fields(model)}


def _attrs_fields(model: type[attrs.AttrsInstance]) -> dict[str, tuple[str, _Read, _Kind]]:
    kinds = typing.get_type_hints(model, include_extras=True)
    return {
        field.name: (field.alias or field.name, _reader(kinds[field.name]), kinds[field.name])
        for field in attrs.fields(model)
        if field.init
    }
