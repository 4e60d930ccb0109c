"""Readers of answers without pages: a whole list, one thing, or perhaps nothing."""

from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from functools import partial
from typing import Concatenate, Generic, ParamSpec, TypeVar

from musement_async.core import Core, Parameters, request_id
from musement_async.envelopes import read_list, read_one_or_more
from musement_async.errors import NotFoundError
from musement_async.pagination import UnfetchedList
from musement_async.paths import Path

T = TypeVar("T")
P = ParamSpec("P")


class WholeListCall(UnfetchedList, Generic[T]):
    """A list that the API sends in one piece, not fetched yet.

    ``await call`` fetches it, as a tuple; ``async for item in call`` fetches it and yields its items.
    """

    _way = "await it for all items, or iterate over them with async for"

    def __init__(
        self,
        read: "Callable[Concatenate[Core, Path, type[T], P], Coroutine[object, object, tuple[T, ...]]]",
        core: Core,
        path: Path,
        model: type[T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        self._path = path
        self._read = partial(read, core, path, model, *args, **kwargs)

    def __await__(self) -> Generator[object, None, tuple[T, ...]]:
        """Fetch all items."""
        return self._read().__await__()

    async def __aiter__(self) -> AsyncGenerator[T]:
        """Fetch all items, and yield one after the other."""
        for item in await self._read():
            yield item


async def fetch_all(
    core: Core,
    path: Path,
    model: type[T],
    params: Parameters | None = None,
    *,
    missing_is_empty: bool = False,
) -> tuple[T, ...]:
    """The items of a list that has no pages.

    Args:
        core: The core.
        path: The path of the operation.
        model: The model of an item.
        params: The query.
        missing_is_empty: Whether a 404 with code 1400 means an empty list on this operation.

    Raises:
        APIError: The API answered with another error status.
        DecodeError: The answer is not a list.
        TransportError: No answer arrived.
    """
    answer = await core.read(path, params=params, missing_is_none=missing_is_empty)
    return () if answer is None else read_list(core, answer, model, path).items


async def fetch_one_or_more(core: Core, path: Path, model: type[T], params: Parameters | None = None) -> tuple[T, ...]:
    """The items of a list, or one thing as a list of one, where the API's documents contradict themselves.

    Raises:
        APIError: The API answered with an error status.
        DecodeError: The answer is neither a list nor such a thing.
        TransportError: No answer arrived.
    """
    answer = await core.read(path, params=params)
    return () if answer is None else read_one_or_more(core, answer, model, path)


async def fetch_only(core: Core, path: Path, model: type[T]) -> T:
    """One thing, whether or not it comes in a list.

    Raises:
        APIError: The API answered with an error status. An empty list is a NotFoundError too.
        DecodeError: The answer is neither a list nor such a thing.
        TransportError: No answer arrived.
    """
    answer = await core.send("GET", path)
    for found in read_one_or_more(core, answer, model, path):
        return found
    message = f"GET {path}: {answer.status}, and an empty list"
    known = request_id(answer.headers)
    raise NotFoundError(message, status=answer.status, method="GET", path=path.text, request_id=known)


async def fetch_optional(core: Core, path: Path, model: type[T]) -> T | None:
    """One thing, whether or not it comes in a list; None if the answer is a 404 with code 1400.

    Raises:
        APIError: The API answered with another error status.
        DecodeError: The answer is neither a list nor such a thing.
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
    """The first thing in an answer that the API does not describe; None if the answer has no such thing.

    Raises:
        APIError: The API answered with an error status.
        DecodeError: The answer looks like such a thing, but cannot be read as one.
        TransportError: No answer arrived.
    """
    answer = await core.send(method, path, params=params, json=json)
    if answer.content.lstrip()[:1] not in {b"{", b"["}:
        return None
    return next(iter(read_one_or_more(core, answer, model, path, method)), None)
