"""A list call: awaited for one page, iterated for everything."""

from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from typing import Any, Generic, TypeVar, cast, overload

import attrs
import httpx

from musement_async.core import Core, Parameters
from musement_async.errors import ArgumentError
from musement_async.models.search import Facet, SearchMetadata

T = TypeVar("T")
M = TypeVar("M")

MAX_LIMIT = 100


@attrs.frozen(eq=False)
class Page(Sequence[T]):
    """One page of a list; a sequence of its items.

    Attributes:
        items: The items, in the API's order.
        total: How many there are in all, where the API says so.
        offset: Where in the whole list this page begins.
        is_last: Whether the list is known to end here.
        meta: What a search tells about itself, where it does.
        facets: The facets that a search was asked for.
    """

    items: tuple[T, ...]
    total: int | None = None
    offset: int = 0
    is_last: bool = False
    meta: SearchMetadata | None = None
    facets: tuple[Facet, ...] = ()

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        """One item, or a tuple of them."""
        return self.items[index]

    def __len__(self) -> int:
        """How many items the page holds."""
        return len(self.items)

    def __iter__(self) -> Iterator[T]:
        """The items of the page."""
        return iter(self.items)


@attrs.frozen
class _Envelope(Generic[T]):
    meta: SearchMetadata | None = None
    data: tuple[T, ...] = ()
    facets: tuple[Facet, ...] | None = None


class ListCall(Generic[T]):
    """A list of the API, not fetched yet.

    ``await call`` fetches one page; ``async for item in call`` fetches page after page and yields every item from
    ``offset`` on. ``limit`` is then the size of the pages.
    """

    def __init__(
        self, core: Core, path: str, model: type[T], params: Parameters, *, limit: int | None, offset: int
    ) -> None:
        if limit is not None:
            _check_range("limit", limit, 1, MAX_LIMIT)
        _check_range("offset", offset, 0, None)
        self._core = core
        self._path = path
        self._model = model
        self._params = params
        self._limit = limit
        self._offset = offset

    def __await__(self) -> Generator[object, None, Page[T]]:
        """Fetch one page."""
        return self._page(self._limit, self._offset).__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        """Fetch all pages, one after the other."""
        limit, offset = self._limit or MAX_LIMIT, self._offset
        previous: Page[T] | None = None
        while True:
            page = await self._page(limit, offset)
            if previous is not None and page.items == previous.items:
                return  # the server pays no attention to the offset: without this, there would be no end
            for item in page:
                yield item
            if page.is_last:
                return
            offset += limit
            previous = page

    async def _page(self, limit: int | None, offset: int) -> Page[T]:
        params = {**self._params, "limit": limit, "offset": offset or None}
        response = await self._core.fetch_list(self._path, params=params)
        if response is None:
            return Page((), offset=offset, is_last=True)
        envelope = self._read(response, self._model)
        items = envelope.data
        total = None if envelope.meta is None else envelope.meta.count
        is_last = not items
        if limit is not None and len(items) < limit:
            # Items beyond repair are missing from a page without making it a short one: count what was sent.
            is_last = len(self._read(response, cast("type[object]", Any)).data) < limit
        if total is not None:
            is_last = is_last or offset + len(items) >= total
        return Page(items, total, offset, is_last, envelope.meta, envelope.facets or ())

    def _read(self, response: httpx.Response, model: type[M]) -> "_Envelope[M]":
        # The same operation answers with a bare list or with an envelope, depending on the version and the day.
        if response.content.lstrip()[:1] == b"{":
            return self._core.decode(response, _Envelope[model], "GET", self._path)  # type: ignore[valid-type]
        return _Envelope(data=self._core.decode(response, tuple[model, ...], "GET", self._path))  # type: ignore[valid-type]


def _check_range(argument: str, value: object, least: int, most: int | None) -> None:
    if type(value) is not int or value < least or (most is not None and value > most):
        bounds = f"{least} or more" if most is None else f"from {least} to {most}"
        raise ArgumentError(argument, f"must be a whole number, {bounds}")
