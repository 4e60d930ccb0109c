"""Readers of answers that come in one piece: all of a list, one thing, or perhaps nothing."""

from typing import TypeVar

from musement_async.core import Core, Parameters, request_id
from musement_async.envelopes import read_list, read_one_or_more
from musement_async.errors import NotFoundError
from musement_async.paths import Path

T = TypeVar("T")


async def fetch_all(
    core: Core,
    path: Path,
    model: type[T],
    params: Parameters | None = None,
    *,
    missing_is_empty: bool = False,
) -> tuple[T, ...]:
    """The items of a list that comes in one piece.

    Args:
        core: The core.
        path: The path of the operation.
        model: What the items are.
        params: The query.
        missing_is_empty: Whether a 404 with code 1400 says "nothing there" on this operation.

    Raises:
        APIError: The API answered with an error status that means something else.
        DecodeError: The answer is not a list.
        TransportError: No answer arrived.
    """
    answer = await core.read(path, params=params, missing_is_none=missing_is_empty)
    return () if answer is None else read_list(core, answer, model, path).items


async def fetch_one_or_more(core: Core, path: Path, model: type[T], params: Parameters | None = None) -> tuple[T, ...]:
    """The same where the API's documents disagree with themselves on whether the answer is a list or one thing.

    Raises:
        APIError: The API answered with an error status.
        DecodeError: The answer is neither.
        TransportError: No answer arrived.
    """
    answer = await core.read(path, params=params)
    return () if answer is None else read_one_or_more(core, answer, model, path)


async def fetch_only(core: Core, path: Path, model: type[T]) -> T:
    """One thing, whether or not it comes in a list.

    Raises:
        APIError: The API answered with an error status; NotFoundError if the list has nothing in it too.
        DecodeError: The answer is neither.
        TransportError: No answer arrived.
    """
    answer = await core.send("GET", path)
    for found in read_one_or_more(core, answer, model, path):
        return found
    message = f"GET {path}: {answer.status}, and a list with nothing in it"
    known = request_id(answer.headers)
    raise NotFoundError(message, status=answer.status, method="GET", path=path.text, request_id=known)


async def fetch_optional(core: Core, path: Path, model: type[T]) -> T | None:
    """One thing, whether or not it comes in a list; None where a 404 with code 1400 says that there is nothing.

    Raises:
        APIError: The API answered with an error status that means something else.
        DecodeError: The answer is neither.
        TransportError: No answer arrived.
    """
    answer = await core.read(path, missing_is_none=True)
    return None if answer is None else next(iter(read_one_or_more(core, answer, model, path)), None)


async def post_for_all(core: Core, path: Path, model: type[T], json: object) -> tuple[T, ...]:
    """The items of a list that is the answer to a POST.

    Raises:
        APIError: The API answered with an error status.
        DecodeError: The answer is not a list.
        TransportError: No answer arrived.
    """
    answer = await core.send("POST", path, json=json)
    return read_list(core, answer, model, path, "POST").items


async def fetch_if_told(
    core: Core,
    path: Path,
    model: type[T],
    *,
    params: Parameters | None = None,
    method: str = "GET",
    json: object = None,
) -> T | None:
    """The first thing in an answer that the API does not describe; None where the answer holds nothing of the kind.

    Raises:
        APIError: The API answered with an error status.
        DecodeError: The answer looks like such a thing, and cannot be read as one.
        TransportError: No answer arrived.
    """
    answer = await core.send(method, path, params=params, json=json)
    if answer.content.lstrip()[:1] not in {b"{", b"["}:
        return None
    return next(iter(read_one_or_more(core, answer, model, path, method)), None)
