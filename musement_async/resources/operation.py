"""The parts of a request: a path, a query and a body, made of checked arguments."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import LiteralString, TypeVar
from urllib.parse import quote
from uuid import UUID

from musement_async.core import Core
from musement_async.core.requests import Scalar
from musement_async.errors import ArgumentError
from musement_async.paths import Path, argument_of
from musement_async.resources.parameters import Invalid, code, number, path_date, path_time, required, uuid

T = TypeVar("T")

_LONGEST = 5000  # characters of a parameter; quoting makes up to twelve of each, and a URL has 65,536 at most
_SHOWN = 5

# How the parameters of paths are checked; ``of`` is the model that may be given in place of its identifier.
_KINDS: Mapping[str, Callable[[object], object]] = {
    "affiliateCode": partial(code, of="Affiliate"),
    "activityPickupUuid": partial(uuid, of="Pickup"),
    "activityTaxonomyType": code,
    "activityUuid": partial(uuid, of="Activity"),
    "cartItemUuid": partial(uuid, of="CartItem"),
    "cartUuid": partial(uuid, of="Cart"),
    "categoryId": partial(number, of="Category"),
    "cityId": partial(number, of="City"),
    "code": code,
    "commentUuid": partial(uuid, of="Comment"),
    "countryId": partial(number, of="Country"),
    "day": path_date,
    "eventId": number,
    "externalLinkId": partial(number, of="ExternalLink"),
    "feedbackRequestNonce": code,
    "giftCode": code,
    "giftboxCode": code,
    "giftboxTypeCode": partial(code, of="GiftboxType"),
    "happening": code,
    "id": number,
    "listId": partial(number, of="MusementList"),
    "localeCode": code,
    "orderItemUuid": partial(uuid, of="OrderItem"),
    "orderUuid": partial(uuid, of="Order"),
    "priceTagFeature": code,
    "priceTagHolder": code,
    "pricetagCode": code,
    "supplierUuid": partial(uuid, of="Affiliate"),
    "ticketId": partial(code, of="OrderActivityAvailableTicket", attribute="id"),
    "time": path_time,
    "venueId": partial(number, of="Venue"),
    "verticalId": partial(number, of="Vertical"),
    "widgetCode": partial(code, of="Widget"),
}

# The names of our arguments that are not the API's names in snake case.
_CALLED_OTHERWISE = {
    "activityPickupUuid": "pickup_uuid",
    "activityTaxonomyType": "kind",
    "feedbackRequestNonce": "nonce",
    "id": "pricetag_id",
}


class Resource:
    """An area of the API: one method for each operation.

    An argument that cannot be sent is an ``ArgumentError``, which names the argument; every method raises it before any
    request. UUIDs must be UUIDs, ids whole numbers above 0, codes and texts strings that are not empty, days dates,
    fields mappings with strings for names. The methods list the error only if they refuse more than that.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    def __repr__(self) -> str:
        names = dict.fromkeys(name for kind in type(self).__mro__ for name in vars(kind))
        methods = [name for name in names if not name.startswith("_")]
        first = ", ".join(f"{name}()" for name in methods[:_SHOWN])
        others = f" and {len(methods) - _SHOWN} more methods" if len(methods) > _SHOWN else ""
        return f"<{type(self).__name__}: {first}{others}; await what they return>"


def path(template: LiteralString, **arguments: object) -> Path:
    """The path of an operation, with its parameters inserted; a parameter cannot leave its segment.

    Args:
        template: The path as the API describes it, such as ``/cities/{cityId}``: one literal, so that a search for it
            finds the operation.
        arguments: The method's arguments, by their names in snake case: ``city_id`` for ``{cityId}``.

    Raises:
        ArgumentError: An argument is not of its parameter's kind.
    """
    text: str = template
    for placeholder, argument, kind in _parameters(template):
        value = required(kind(arguments[argument]))
        if isinstance(value, Invalid):
            raise ArgumentError(argument, value.problem)
        text = text.replace(placeholder, _quoted(argument, str(value)), 1)
    return Path(template, text)


def query(
    **arguments: Scalar | UUID | Sequence[Scalar] | Invalid | None,
) -> dict[str, Scalar | Sequence[Scalar] | None]:
    """The query of an operation, from checked arguments.

    Raises:
        ArgumentError: One of them is invalid.
    """
    values = {name: check(**{name: value}) for name, value in arguments.items()}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()}


def drop_none(**arguments: object) -> dict[str, object]:
    """The body of an operation, from the checked arguments that are not None.

    Raises:
        ArgumentError: One of them is invalid.
    """
    return {name: check(**{name: value}) for name, value in arguments.items() if value is not None}


def check(**argument: T | Invalid) -> T:
    """The value of one checked argument.

    Raises:
        ArgumentError: It is invalid.
    """
    ((name, value),) = argument.items()
    if isinstance(value, Invalid):
        raise ArgumentError(name, value.problem)
    return value


def require(**argument: T | Invalid | None) -> T:
    """The value of one checked argument that must not be missing.

    Raises:
        ArgumentError: It is missing or invalid.
    """
    ((name, value),) = argument.items()
    return check(**{name: required(value)})


@cache
def _parameters(template: str) -> tuple[tuple[str, str, Callable[[object], object]], ...]:
    return tuple((f"{{{name}}}", _argument(name), _KINDS[name]) for name in re.findall(r"\{(\w+)\}", template))


def _argument(placeholder: str) -> str:
    return _CALLED_OTHERWISE.get(placeholder) or argument_of(placeholder)


def _quoted(argument: str, text: str) -> str:
    if text.strip() in {".", ".."}:
        raise ArgumentError(argument, f"{text!r} cannot be part of a path")
    if len(text) > _LONGEST:
        raise ArgumentError(argument, f"is longer than {_LONGEST} characters")
    return quote(text, safe="")
