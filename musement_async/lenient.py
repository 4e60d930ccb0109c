"""The reader of JSON that does not fit its model: it keeps the parts that fit, and logs each loss once.

It splits the body, lists into items and objects into fields, and reads each part on its own. The time grows with the
damage.
"""

import logging
import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, ClassVar, Final, Protocol, TypeAlias, cast

import attrs
import msgspec

# A type that msgspec reads: a class, a generic alias or a union. Python has no common name for these.
_Kind: TypeAlias = Any
_Read: TypeAlias = Callable[[msgspec.Raw], object]

INVALID = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
ABSENT: Final = object()

logger: logging.Logger = logging.getLogger("musement_async.codec")


class WireType(Protocol):
    """A type that reads its values itself, because msgspec does not read the API's format."""

    @staticmethod
    def from_wire(value: object, /) -> object:
        """Read a decoded JSON value.

        Raises:
            ValueError: The value does not fit.
        """


def from_wire(kind: type[WireType], value: object) -> object:
    """The hook that msgspec calls for types that it does not know; ``object`` stands for any JSON."""
    return value if kind is object else kind.from_wire(value)


@cache
def json_decoder(kind: _Kind) -> msgspec.json.Decoder[Any]:
    """The decoder of a type; it also reads numbers in strings."""
    return msgspec.json.Decoder(kind, strict=False, dec_hook=from_wire)


_raw_items = msgspec.json.Decoder(list[msgspec.Raw])
_raw_entries = msgspec.json.Decoder(dict[str, msgspec.Raw])

# A complete surrogate pair stays. `.` matches an escaped backslash as a whole, so that it does not escape the next
# character.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(?P<alone>u[dD][89a-fA-F][\da-fA-F]{2})|.)", re.DOTALL
)
# The quantifiers are possessive and the closing quote is optional, so that the pattern never backtracks.
_STRING_OR_NAN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|-?(?:NaN|Infinity)', re.DOTALL)


def readings(body: bytes) -> Iterator[bytes]:
    """The body unchanged; with replacements for invalid Unicode; with null for numbers that JSON does not have."""
    yield body.strip()
    text = body.decode("utf-8-sig", "replace").strip()
    text = _ESCAPE.sub(lambda escape: r"\ufffd" if escape["alone"] else escape[0], text)
    yield text.encode()
    if text[:1] in {"{", "["}:  # a body that is only such a number does not become null
        yield _STRING_OR_NAN.sub(lambda token: token[0] if token[0].startswith('"') else "null", text).encode()


_MODULE = re.compile(r"(?:\w+\.)+(?=\w)", re.ASCII)


def _name(kind: _Kind) -> str:
    return kind.__qualname__ if isinstance(kind, type) else _MODULE.sub("", str(kind))


_INDEX = re.compile(r"\[\d+\]")
_EMPTY = frozenset({b"null", b"[]", b"{}"})
_reported: set[tuple[str, str]] = set()


def read_leniently(text: bytes, model: _Kind) -> object:
    """The part of a body that fits a model; `ABSENT` if no part fits.

    Raises:
        msgspec.DecodeError: The text is not JSON, or the outermost object has no id.
        RecursionError: The text is nested too deeply.
        UnicodeDecodeError: A string is not Unicode.
    """
    return _LenientDecoder(_name(model)).read(msgspec.Raw(text), model, "$")


@attrs.frozen
class _LenientDecoder:
    """Reads JSON part by part. `ABSENT` stands for a part that does not fit."""

    model: str

    def read(self, raw: msgspec.Raw, kind: _Kind, path: str) -> object:
        text = bytes(raw)
        shapes = _shapes(kind)
        for shape in shapes:
            if shape.accepts(text[:1]):
                return shape.read(raw, path, self)
        # PHP confuses empty maps and empty lists: neither counts as a loss.
        bare = text.translate(None, b" \t\r\n")
        if bare == b"null" or (bare in _EMPTY and any(shape.container for shape in shapes)):
            return self.nothing(shapes, path)
        for shape in shapes:
            if isinstance(shape, _Items) and text.startswith(b"{"):
                return shape.read_numbered(raw, path, self)
        return self.lost(path)

    def nothing(self, shapes: "tuple[_Shape, ...]", path: str) -> object:
        """The value for null, an empty list or an empty map: for the whole body a collection, otherwise `ABSENT`."""
        empty = [shape.empty() for shape in shapes if isinstance(shape, _Items | _Entries)]
        return empty[0] if path == "$" and empty else ABSENT

    def lost(self, path: str, problem: str = "which does not fit") -> object:
        if path != "$":
            self.report(path, f"left out the value at {path}, {problem}")
        return ABSENT

    def report(self, path: str, loss: str) -> None:
        place = (self.model, _INDEX.sub("[*]", path))
        if place not in _reported:
            _reported.add(place)
            logger.warning("%s: %s", self.model, loss)


class _Shape(Protocol):
    """One form that values of a type may have in JSON."""

    container: ClassVar[bool]

    def accepts(self, first: bytes) -> bool: ...

    def read(self, raw: msgspec.Raw, path: str, decoder: _LenientDecoder) -> object: ...


@attrs.frozen
class _Field:
    argument: str
    kind: _Kind
    required: bool
    read: _Read


@attrs.frozen
class _Object:
    container: ClassVar[bool] = True
    make: Callable[..., object]
    fields: Mapping[str, _Field]

    def accepts(self, first: bytes) -> bool:
        return first == b"{"

    def read(self, raw: msgspec.Raw, path: str, decoder: _LenientDecoder) -> object:
        entries = _raw_entries.decode(raw)
        values: dict[str, object] = {}
        for key, part in entries.items():
            field = self.fields.get(key)
            if field is None:
                continue
            try:
                values[field.argument] = field.read(part)
            except msgspec.ValidationError:
                value = decoder.read(part, field.kind, f"{path}.{key}")
                if value is not ABSENT:
                    values[field.argument] = value
        for key, field in self.fields.items():
            if field.required and field.argument not in values and not self.stand_in(key, values, path, decoder):
                return self.without(key, entries, path, decoder)
        try:
            return self.make(**values)
        except (TypeError, ValueError):
            return decoder.lost(path)

    def stand_in(self, key: str, values: dict[str, object], path: str, decoder: _LenientDecoder) -> bool:
        """Use the model's stand-in for a required field, if it has one, so that the rest is kept."""
        stand_ins: Mapping[str, object] = getattr(self.make, "stand_ins", {})
        argument = self.fields[key].argument
        if argument not in stand_ins:
            return False
        values[argument] = stand_ins[argument]
        decoder.report(f"{path}.{key}", f"the value at {path} has no {key}; {stand_ins[argument]} stands in for it")
        return True

    def without(self, key: str, entries: Mapping[str, object], path: str, decoder: _LenientDecoder) -> object:
        if path == "$":
            problem = "Expected a value that fits" if key in entries else "Object missing required field"
            raise msgspec.ValidationError(f"{problem} - at `{path}.{key}`")
        # PHP may write an empty map for no value.
        return decoder.lost(path, f"which has no {key}") if entries else ABSENT


@attrs.frozen
class _Items:
    container: ClassVar[bool] = True
    make: Callable[[list[object]], object]
    kind: _Kind

    def accepts(self, first: bytes) -> bool:
        return first == b"["

    def read(self, raw: msgspec.Raw, path: str, decoder: _LenientDecoder) -> object:
        return self.read_parts(_raw_items.decode(raw), path, decoder)

    def read_numbered(self, raw: msgspec.Raw, path: str, decoder: _LenientDecoder) -> object:
        """Read a map with numeric keys as a list: PHP writes lists with gaps so."""
        entries = _raw_entries.decode(raw)
        is_list = all(key.isdecimal() for key in entries)
        return self.read_parts(entries.values(), path, decoder) if is_list else decoder.lost(path)

    def empty(self) -> object:
        return self.make([])

    def read_parts(self, parts: Iterable[msgspec.Raw], path: str, decoder: _LenientDecoder) -> object:
        read = _reader(self.kind)
        values: list[object] = []
        for index, part in enumerate(parts):
            try:
                values.append(read(part))
            except msgspec.ValidationError:
                value = decoder.read(part, self.kind, f"{path}[{index}]")
                if value is not ABSENT:
                    values.append(value)
        return self.make(values)


@attrs.frozen
class _Entries:
    container: ClassVar[bool] = True
    key_kind: _Kind
    kind: _Kind

    def accepts(self, first: bytes) -> bool:
        return first == b"{"

    def empty(self) -> object:
        return {}

    def read(self, raw: msgspec.Raw, path: str, decoder: _LenientDecoder) -> object:
        values: dict[object, object] = {}
        for name, part in _raw_entries.decode(raw).items():
            key = name if self.key_kind is str else _read_text(name, self.key_kind, path, decoder)
            # Keys may be data, so paths show `[...]` for them, as msgspec's paths do.
            value = _read_part(part, self.kind, f"{path}[...]", decoder)
            if key is not ABSENT and value is not ABSENT:
                values[key] = value
        return values


@attrs.frozen
class _Scalar:
    container: ClassVar[bool] = False
    kind: _Kind

    def accepts(self, first: bytes) -> bool:
        return first not in b"{[n"

    def read(self, raw: msgspec.Raw, path: str, decoder: _LenientDecoder) -> object:
        text = bytes(raw).decode()
        if text.startswith('"'):
            text = json_decoder(str).decode(raw)
        return _read_text(text, self.kind, path, decoder)


def _read_part(raw: msgspec.Raw, kind: _Kind, path: str, decoder: _LenientDecoder) -> object:
    try:
        return _reader(kind)(raw)
    except msgspec.ValidationError:
        return decoder.read(raw, kind, path)


def _read_text(text: str, kind: _Kind, path: str, decoder: _LenientDecoder) -> object:
    """Read a value from its text: msgspec's lax reading of strings covers every conversion."""
    try:
        return _reader(kind)(msgspec.Raw(msgspec.json.encode(text.strip())))
    except msgspec.ValidationError:
        return decoder.lost(path)


@cache
def _reader(kind: _Kind) -> _Read:
    read: _Read = json_decoder(kind).decode
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
def _shapes(kind: _Kind) -> tuple[_Shape, ...]:
    members = [member for member in _members(kind) if member is not type(None)]
    containers = [container for container in map(_container, members) if container]
    return (*containers,) if len(containers) == len(members) else (*containers, _Scalar(kind))


def _container(kind: _Kind) -> _Shape | None:
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


def _struct_fields(model: _Kind) -> dict[str, _Field]:
    return {
        field.encode_name: _Field(field.name, field.type, field.required, _reader(field.type))
        for field in msgspec.structs.fields(model)
    }


def _attrs_fields(model: type[attrs.AttrsInstance]) -> dict[str, _Field]:
    kinds = typing.get_type_hints(model, include_extras=True)
    return {
        field.name: _Field(
            field.alias or field.name,
            kinds[field.name],
            cast("object", field.default) is attrs.NOTHING,
            _reader(kinds[field.name]),
        )
        for field in attrs.fields(model)
        if field.init
    }
