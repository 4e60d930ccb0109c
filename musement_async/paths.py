"""Paths of operations, and checks of paths from users."""

import re
from urllib.parse import unquote

import attrs

from musement_async.errors import ArgumentError

_METHOD = re.compile("[A-Za-z]{1,20}")


@attrs.frozen
class Path:
    """The path of an operation.

    Attributes:
        template: The path as the API describes it, such as ``/cities/{cityId}``: the same for all calls.
        text: The path with its parameters inserted, as it is sent.
    """

    template: str
    text: str

    def __str__(self) -> str:
        return self.text


def argument_of(parameter: str) -> str:
    """The name of our argument for a parameter of the API, in snake case: city_id for cityId."""
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", parameter)


def check_call(method: object, path: object) -> Path:
    """A checked method and path from a user.

    Raises:
        ArgumentError: The method is not an HTTP method, or the path is absolute or leaves the base URL.
    """
    if not isinstance(method, str) or _METHOD.fullmatch(method) is None:
        raise ArgumentError("method", "must be an HTTP method such as 'GET'")
    return check_path(path)


def check_path(path: object) -> Path:
    """A checked path from a user, relative to the base URL.

    Raises:
        ArgumentError: The path is absolute or leaves the base URL.
    """
    if not isinstance(path, str) or not path.startswith("/") or path.startswith("//"):
        raise ArgumentError("path", "must begin with one slash and be relative to the base URL, such as '/cities'")
    if "?" in path or "#" in path:
        raise ArgumentError("path", "must have neither query nor fragment: the query goes into params")
    if not path.isprintable():
        raise ArgumentError("path", "must not contain line breaks or other invisible characters")
    if any(unquote(segment) in {".", ".."} for segment in path.split("/")):
        raise ArgumentError("path", "must not contain '.' or '..' segments")
    return Path(path, path)
