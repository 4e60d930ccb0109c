"""The client's methods, with arguments made from their type hints."""

import inspect
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

import attrs
import msgspec

from musement_async import Coordinates, MusementClient, PriceRange
from musement_async.models import OpenEnum
from musement_async.models._base import DateTime, Model, Time
from musement_async.pagination import ListCall
from musement_async.resources.namespaces import Namespaces
from musement_async.resources.readers import WholeListCall
from tests.contract.bodies import UUID_TEXT

Hint = Any  # a type, as get_type_hints() gives it

_VALUES: Mapping[object, tuple[object, ...]] = {
    bool: (True, False),
    int: (3,),
    float: (7.5,),
    Decimal: (Decimal("10.25"),),
    str: ("a-code",),
    UUID: (UUID(UUID_TEXT), UUID_TEXT),
    date: (date(2030, 6, 1),),
    Time: (time(9, 30),),
    time: (time(9, 30),),
    DateTime: (datetime(2030, 6, 1, 9, 30),),  # noqa: DTZ001 (local times of activities have no zone)
    datetime: (datetime(2030, 6, 1, 9, 30),),  # noqa: DTZ001 (the same)
    object: ("anything",),
    Coordinates: (Coordinates(41.8902, 12.4922),),
    PriceRange: (PriceRange(0, Decimal("34.23")),),
}
_CONSENTS = ("musement_newsletter", "thirdparty_newsletter", "events_related_newsletter", "allow_profiling")
_DETAILS = ("firstname", "lastname", "city", "address", "zipcode", "tax_id", "mobile")
_CUSTOMERS = tuple(
    {
        **{name: f"a {name}" for name in _DETAILS},
        **dict.fromkeys(_CONSENTS, consent),
        "birthdate": "1990-12-10",
        "email": "ada@example.com",
        "gender": gender,
    }
    for consent, gender in (("YES", "MALE"), ("NO", "FEMALE"), ("NO", "OTHER"))
)
_URL = "https://example.com/"
# Arguments for which not every value of the type is valid, such as an offset: it is a multiple of the page's size.
_BY_NAME: Mapping[str, tuple[object, ...]] = {
    "cancel_url": (_URL,),
    "customer": _CUSTOMERS,
    "email": ("ada@example.com",),
    "language": ("it",),
    "limit": (2,),
    "offset": (4,),
    "rating_scale": ("1..5",),
    "recipient_email": ("ada@example.com",),
    "return_url": (_URL,),
    "to": (None,),
}
# Groups of optional arguments of which one is needed.
_NEEDED_TOO = {"payments.split": ("stripe_token",), "payments.stripe": ("stripe_token",)}


@attrs.frozen
class Method:
    """A public method of an area.

    Attributes:
        area: The name of the area's property on the client.
        name: The name of the method.
        parameters: Its parameters by name.
        hints: The types of the parameters, and the type of the result under ``return``.
    """

    area: str
    name: str
    parameters: Mapping[str, inspect.Parameter] = attrs.field(repr=False, eq=False)
    hints: Mapping[str, Hint] = attrs.field(repr=False, eq=False)

    def __str__(self) -> str:
        return f"client.{self.path}"

    @property
    def path(self) -> str:
        """The path of the method from a client, such as ``cities.list``."""
        return f"{self.area}.{self.name}"

    @property
    def result(self) -> Hint:
        """The type of the awaited result; for a list call, the list call with its items."""
        return self.hints["return"]

    @property
    def required(self) -> list[str]:
        """The required parameters."""
        needed = _NEEDED_TOO.get(self.path, ())
        return [
            name
            for name, parameter in self.parameters.items()
            if parameter.default is parameter.empty or name in needed
        ]

    def on(self, client: MusementClient) -> Callable[..., Any]:
        """The bound method of a client."""
        return typing.cast("Callable[..., Any]", getattr(getattr(client, self.area), self.name))

    def argument_sets(self) -> Iterator[dict[str, object]]:
        """Arguments for several calls.

        First the required ones, then all, then all again for each further value of each parameter.
        """
        everything = {name: found[0] for name, found in self._values().items()}
        yield {name: everything[name] for name in self.required}
        yield everything
        for name, found in self._values().items():
            for value in found[1:]:
                yield {**everything, name: value}

    def single_arguments(self) -> Iterator[dict[str, object]]:
        """One optional argument at a time, with each of its values."""
        for name, found in self._values().items():
            if name not in self.required:
                for value in found:
                    yield {name: value}

    def ordered(self, arguments: Mapping[str, object]) -> dict[str, object]:
        """Arguments in the order of the parameters."""
        return {name: arguments[name] for name in self.parameters if name in arguments}

    def _values(self) -> dict[str, list[object]]:
        return {name: _values(name, self.hints[name]) for name in self.parameters}

    def split(self, arguments: Mapping[str, object]) -> tuple[list[object], dict[str, object]]:
        """Arguments by position and by name."""
        keyword = {name for name, parameter in self.parameters.items() if parameter.kind is parameter.KEYWORD_ONLY}
        return (
            [value for name, value in arguments.items() if name not in keyword],
            {name: value for name, value in arguments.items() if name in keyword},
        )


def methods(client: MusementClient) -> list[Method]:
    """Every public method of every area."""
    areas = [name for name, member in vars(Namespaces).items() if isinstance(member, cached_property)]
    return [
        Method(area, name, _parameters(function), get_type_hints(function, include_extras=True))
        for area in areas
        for name, function in inspect.getmembers(type(getattr(client, area)), inspect.isfunction)
        if not name.startswith("_")
    ]


async def call(method: Method, client: MusementClient, arguments: Mapping[str, object]) -> object:
    """The result of one call; of a list, one page."""
    positional, named = method.split(arguments)
    return await method.on(client)(*positional, **named)


def item_type(hint: Hint) -> Hint:
    """The item type of a list call or a tuple; None for other types."""
    origin: Any = get_origin(hint)
    return get_args(hint)[0] if origin in {tuple, ListCall, WholeListCall} else None


def without_none(hint: Hint) -> list[Hint]:
    """The members of a union except None; another type as it is."""
    origin: Any = get_origin(hint)
    if origin is Annotated:
        return without_none(get_args(hint)[0])
    if origin in {typing.Union, types.UnionType}:
        return [member for argument in get_args(hint) for member in without_none(argument)]
    return [] if hint is type(None) else [hint]


def _parameters(function: Callable[..., object]) -> dict[str, inspect.Parameter]:
    _, *parameters = inspect.signature(function).parameters.values()
    return {parameter.name: parameter for parameter in parameters}


def _values(name: str, hint: Hint) -> list[object]:
    if name in _BY_NAME:
        return list(_BY_NAME[name])
    members = without_none(hint)
    # Arguments that may also be text, or a model with the value.
    members = [member for member in members if member in {UUID, int} or _is_enum(member)] or members
    members = [member for member in members if not _is_model(member) or not {str, UUID, int} & {*members}]
    return [value for member in members for value in _values_of(name, member)]


def _values_of(name: str, kind: Hint) -> Iterable[object]:
    origin: Any = get_origin(kind)
    if origin is Literal:
        return get_args(kind)
    if origin is tuple and get_args(kind)[1:] != (...,):
        return [tuple(_values(name, part)[0] for part in get_args(kind))]
    if isinstance(origin, type) and issubclass(origin, Iterable):
        values = _values(name, get_args(kind)[-1])
        if issubclass(origin, Mapping):
            return [{f"key {number}": value for number, value in enumerate(values, start=1)}]
        return [values] if values[1:] else [[values[0], values[0]]]
    return _known_values(name, kind)


def _known_values(name: str, kind: Hint) -> Iterable[object]:
    if kind in _VALUES:
        return _VALUES[kind]
    if _is_enum(kind):
        return list(kind)
    if isinstance(kind, type) and (attrs.has(kind) or issubclass(kind, msgspec.Struct)):
        return _instances(kind)
    raise TypeError(f"{name}: no values are known for {kind}")


def _is_model(kind: Hint) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model)


def _is_enum(kind: Hint) -> bool:
    return isinstance(kind, type) and issubclass(kind, OpenEnum)


def _instances(kind: Hint) -> Iterator[object]:
    """Instances with all parts, and further ones with each further value of each part."""
    hints = get_type_hints(kind, include_extras=True)
    values = {name: _values(name, hints[name]) for name in inspect.signature(kind).parameters}
    everything = {name: found[0] for name, found in values.items()}
    yield kind(**everything)
    for name, found in values.items():
        for value in found[1:]:
            yield kind(**{**everything, name: value})
