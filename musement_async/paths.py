"""Where operations live."""

import re
from urllib.parse import quote, unquote

import attrs

from musement_async.errors import ArgumentError

_METHOD = re.compile("[A-Za-z]{1,20}")
_LONGEST = 5000  # characters of a parameter; quoted, each may become twelve in a URL that has 65,536 at most


@attrs.frozen
class Path:
    """Where an operation lives.

    Attributes:
        template: As the API describes it, such as ``/cities/{cityId}``: the same for all its calls.
        text: With its parameters in place.
    """

    template: str
    text: str

    def __str__(self) -> str:
        return self.text


# With code 1400 a 404 says "no such thing" on most operations, and "nothing there" on these.
NOTHING_THERE = frozenset(
    {
        "/activities/{activityUuid}/extra-customer-data/schema",
        "/activities/{activityUuid}/participants-info/schema",
        "/activities/{activityUuid}/refund-policies",
        "/carts/{cartUuid}/customer/schema",
        "/carts/{cartUuid}/items/{cartItemUuid}/participants/schema",
        "/carts/{cartUuid}/order-info",
        "/categories",
        "/cities",
        "/countries",
        "/generic-events",
        "/list-types",
        "/lists",
        "/orders/{orderUuid}/items/{orderItemUuid}/refund-policies",
        "/payments/stripe/stored_source_info",
        "/pickups",
        "/venues",
        "/verticals",
    }
)

_CALLED_OTHERWISE = {"feedbackRequestNonce": "nonce"}


def build_path(template: str, **values: object) -> Path:
    """A path with its parameters in place, each quoted so that none can leave its segment.

    Raises:
        ArgumentError: A parameter is empty or would be a path of its own.
    """
    quoted: dict[str, str] = {}
    for name, value in values.items():
        text = str(value)
        if text.strip() in {"", ".", ".."}:
            raise ArgumentError(argument_of(name), f"{text!r} cannot be part of a path")
        if len(text) > _LONGEST:
            raise ArgumentError(argument_of(name), f"is longer than {_LONGEST} characters")
        try:
            quoted[name] = quote(text, safe="")
        except UnicodeEncodeError as problem:
            raise ArgumentError(argument_of(name), "holds a lone surrogate, which cannot be sent") from problem
    return Path(template, template.format(**quoted))


def argument_of(name: str) -> str:
    """What our methods call a parameter of the API: cityId is city_id."""
    return _CALLED_OTHERWISE.get(name) or re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def check_call(method: object, path: object) -> Path:
    """A method and a path given by a user.

    Raises:
        ArgumentError: It is no method, or the path is absolute or climbs out of the base URL.
    """
    if not isinstance(method, str) or _METHOD.fullmatch(method) is None:
        raise ArgumentError("method", "must be an HTTP method such as 'GET'")
    return check_path(path)


def check_path(path: object) -> Path:
    """A path given by a user, relative to the base URL.

    Raises:
        ArgumentError: It is absolute, or climbs out of the base URL.
    """
    if not isinstance(path, str) or not path.startswith("/") or path.startswith("//"):
        raise ArgumentError("path", "must begin with one slash and be relative to the base URL, such as '/cities'")
    if "?" in path or "#" in path:
        raise ArgumentError("path", "must have neither query nor fragment: the query goes into params")
    if not path.isprintable():
        raise ArgumentError("path", "must hold no line break, and nothing else that is invisible")
    if any(unquote(segment) in {".", ".."} for segment in path.split("/")):
        raise ArgumentError("path", "must not contain '.' or '..' segments")
    return Path(path, path)
