"""A list call: awaited for one page, iterated for everything."""

from collections import deque
from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from contextlib import aclosing
from functools import partial
from typing import Generic, TypeVar, overload

import attrs
import httpx
import msgspec

from musement_async.core import Core, Parameters, Path
from musement_async.errors import ArgumentError
from musement_async.models.search import Facet, SearchMetadata
from musement_async.transports.detached import Detached

T = TypeVar("T")
M = TypeVar("M")


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
class Paging:
    """How an operation cuts its list into pages.

    Attributes:
        max_limit: The most items on a page.
        default_limit: The items on a page if no limit is sent; None where nobody tells.
        numbered: Whether pages are asked for by number, from 1 on, instead of by offset.
    """

    max_limit: int = 100
    default_limit: int | None = 10
    numbered: bool = False

    def position(self, limit: int | None, offset: int) -> dict[str, int | None]:
        """The parameters that ask for a page."""
        if self.numbered:
            size = limit or self.default_limit or self.max_limit
            return {"limit": limit, "page": offset // size + 1 if offset else None}
        return {"limit": limit, "offset": offset or None}


USUAL_PAGING = Paging()


class ListCall(Generic[T]):
    """A list of the API, not fetched yet.

    ``await call`` fetches one page; ``async for item in call`` fetches page after page and yields every item from
    ``offset`` on. ``limit`` is then the size of the pages. :meth:`items` and :meth:`pages` can fetch ahead.
    """

    def __init__(
        self,
        core: Core,
        path: Path,
        model: type[T],
        params: Parameters,
        *,
        limit: int | None = None,
        offset: int = 0,
        paging: Paging = USUAL_PAGING,
    ) -> None:
        if limit is not None:
            _check_range("limit", limit, 1, paging.max_limit)
        _check_range("offset", offset, 0, None)
        self._core = core
        self._path = path
        self._model = model
        self._params = params
        self._limit = limit
        self._offset = offset
        self._paging = paging

    def __await__(self) -> Generator[object, None, Page[T]]:
        """Fetch one page."""
        return self._page(self._limit, self._offset).__await__()

    def __aiter__(self) -> AsyncGenerator[T]:
        """Fetch all pages, one after the other."""
        return self.items()

    async def items(self, *, max_items: int | None = None, prefetch: int = 0) -> AsyncGenerator[T]:
        """Every item, in order.

        Args:
            max_items: Stop after so many.
            prefetch: How many pages to fetch ahead, beside the one being read. Where the list does not tell how long it
                is, as many requests may turn out to lie beyond its end.

        Raises:
            ArgumentError: A number that is too small.
        """
        if max_items is not None:
            _check_range("max_items", max_items, 0, None)
        left = max_items
        if left == 0:
            return
        async with aclosing(self._pages(self._page_size(max_items), prefetch)) as pages:
            async for page in pages:
                for item in page.items[:left]:
                    yield item
                if left is not None:
                    left -= min(left, len(page))
                    if not left:
                        return

    def pages(self, *, prefetch: int = 0) -> AsyncGenerator[Page[T]]:
        """Every page, in order; empty ones are left out.

        Args:
            prefetch: How many pages to fetch ahead, as in :meth:`items`.

        Raises:
            ArgumentError: It is negative.
        """
        return self._pages(self._page_size(None), prefetch)

    def _page_size(self, max_items: int | None) -> int:
        if self._limit is not None:
            return self._limit
        return self._paging.max_limit if max_items is None else max(1, min(max_items, self._paging.max_limit))

    async def _pages(self, limit: int, prefetch: int) -> AsyncGenerator[Page[T]]:
        _check_range("prefetch", prefetch, 0, None)
        offset = self._offset + limit
        page = await self._page(limit, self._offset)
        ahead: deque[Detached[Page[T]]] = deque()
        try:
            while True:
                if page:
                    yield page
                if page.is_last:
                    return
                while not ahead or (len(ahead) < prefetch and (page.total is None or offset < page.total)):
                    ahead.append(Detached(partial(self._page, limit, offset), name="musement page"))
                    offset += limit
                previous, page = page, await ahead.popleft().result()
                if page.items == previous.items:
                    return  # the server pays no attention to the offset: without this, there would be no end
        finally:
            for fetch in ahead:
                fetch.cancel()

    async def _page(self, limit: int | None, offset: int) -> Page[T]:
        params = {**self._params, **self._paging.position(limit, offset)}
        response = await self._core.read(self._path, params=params)
        if response is None:
            return Page((), offset=offset, is_last=True)
        envelope = _read_list(self._core, response, self._model, self._path)
        items = envelope.data
        is_last = not items
        if limit is not None and len(items) < limit:
            # Items beyond repair are missing from a page without making it a short one: count what was sent.
            is_last = len(_read_list(self._core, response, msgspec.Raw, self._path).data) < limit
        total = _total(response) if envelope.meta is None else envelope.meta.count
        return Page(items, total, offset, is_last, envelope.meta, envelope.facets or ())


async def fetch_all(core: Core, path: Path, model: type[T], params: Parameters | None = None) -> tuple[T, ...]:
    """The items of a list that comes in one piece; none where the API says that there is nothing.

    Raises:
        APIError: The API answered with an error status that means something else.
        DecodeError: The answer is no list.
        TransportError: No answer arrived.
    """
    response = await core.read(path, params=params)
    return () if response is None else _read_list(core, response, model, path).data


class _Envelope(msgspec.Struct, Generic[T], frozen=True):
    """A list as the API wraps it, depending on the operation, the version and the day."""

    meta: SearchMetadata | None = None
    data: tuple[T, ...] = ()
    facets: tuple[Facet, ...] | None = None


def _read_list(core: Core, response: httpx.Response, model: type[M], path: Path) -> _Envelope[M]:
    if response.content.lstrip()[:1] == b"{":
        return core.decode(response, _Envelope[model], "GET", path)  # type: ignore[valid-type]
    return _Envelope(data=core.decode(response, tuple[model, ...], "GET", path))  # type: ignore[valid-type]


def _total(response: httpx.Response) -> int | None:
    given = response.headers.get("x-total-count", "")
    return int(given) if given.isascii() and given.isdigit() else None


def _check_range(argument: str, value: object, least: int, most: int | None) -> None:
    if type(value) is not int or value < least or (most is not None and value > most):
        bounds = f"{least} or more" if most is None else f"from {least} to {most}"
        raise ArgumentError(argument, f"must be a whole number, {bounds}")
