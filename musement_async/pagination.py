"""The list call: await it for one page, or iterate it for all items."""

import re
from collections import deque
from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from contextlib import aclosing
from functools import partial
from typing import Any, Generic, TypeVar, get_args, overload

import attrs
import httpx
import msgspec

from musement_async.codec import to_json
from musement_async.core import CODE_OF_NOTHING, Core, Parameters, Response
from musement_async.envelopes import read_list
from musement_async.errors import ArgumentError, IncompleteListError, NotFoundError
from musement_async.models._brief import brief_items
from musement_async.models.search import Facet, SearchMetadata
from musement_async.paths import Path
from musement_async.transports.tasks import BackgroundTask
from musement_async.unawaited import Unawaited

T = TypeVar("T")
M = TypeVar("M")


@attrs.frozen(eq=False, repr=False)
class Page(Sequence[T]):
    """One page of a list; a sequence of its items.

    Attributes:
        items: The items, in the API's order.
        total: The number of items in the whole list; None if the API does not state it.
        offset: The position of the page's first item in the whole list.
        is_last: Whether the list is known to end with this page.
        meta: Facts about a search as a whole, if the answer has them.
        facets: The facets that were asked for.
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

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, _handler: object) -> Any:  # noqa: ANN401
        """The schema of a page, for pydantic."""
        from musement_async.models._pydantic import schema_of_page

        (item,) = get_args(source) or (Any,)
        return schema_of_page(cls, item)

    def __len__(self) -> int:
        """The number of items on the page."""
        return len(self.items)

    def __iter__(self) -> Iterator[T]:
        """The items of the page."""
        return iter(self.items)

    def __repr__(self) -> str:
        total = "" if self.total is None else f" of {self.total}"
        return f"<Page with {len(self)}{total} items: {brief_items(self.items)}>"

    def __rich_repr__(self) -> Iterator[tuple[str, object]]:
        """Tell rich, where there is one, every field."""
        return ((field.name, getattr(self, field.name)) for field in attrs.fields(Page))


@attrs.frozen
class Paging:
    """The pages of an operation's list.

    Attributes:
        max_limit: The most items on a page.
        default_limit: The items on a page if no limit is sent.
        numbered: Whether the operation takes the number of a page, from 1 on, and not an offset.
        explicit: Whether an offset of 0 is sent with a limit, too.
    """

    max_limit: int = 100
    default_limit: int = 10
    numbered: bool = False
    explicit: bool = False

    def size(self, limit: int | None) -> int:
        """The number of items on a page."""
        return self.default_limit if limit is None else limit

    def position(self, limit: int | None, offset: int) -> dict[str, int | None]:
        """The parameters for a page."""
        if self.numbered:
            return {"limit": limit, "page": offset // self.size(limit) + 1 if offset else None}
        return {"limit": limit, "offset": offset if self.explicit and limit else offset or None}


USUAL_PAGING = Paging()


class UnfetchedList(Unawaited):
    """A list of which nothing is fetched."""

    _state = "the list is not fetched yet"
    _way = "await it for one page, or iterate over all items with async for"
    _path: Path

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._path}: {self._way}>"


class ListCall(UnfetchedList, Generic[T]):
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
        missing_is_empty: bool = False,
    ) -> None:
        if limit is not None:
            _check_range("limit", limit, 1, paging.max_limit)
        _check_range("offset", offset, 0, None)
        if paging.numbered and offset % paging.size(limit):
            raise ArgumentError("offset", f"must be a multiple of the page's size, {paging.size(limit)}")
        self._core = core
        self._path = path
        self._model = model
        self._params = params
        self._limit = limit
        self._offset = offset
        self._paging = paging
        self._missing_is_empty = missing_is_empty

    def __await__(self) -> Generator[object, None, Page[T]]:
        """Fetch one page."""
        return self._page(self._limit, self._offset).__await__()

    def __aiter__(self) -> AsyncGenerator[T]:
        """Fetch all pages, one after the other."""
        return self.items()

    async def items(
        self, *, max_items: int | None = None, prefetch: int = 0, unique: bool = False
    ) -> AsyncGenerator[T]:
        """Every item, in order.

        Args:
            max_items: The most items to yield.
            prefetch: How many pages to fetch ahead of the one being read. If the API does not state the length of the
                list, as many requests may be sent beyond its end.
            unique: Whether to yield each item once, by its id. Otherwise a list that changes meanwhile may repeat items
                on a later page. All ids are kept in memory.

        Raises:
            ArgumentError: A number is too small.
            IncompleteListError: The API sent an empty page, or the same items again, before the total that it states.
        """
        if max_items is not None:
            _check_range("max_items", max_items, 0, None)
        left = max_items
        if left == 0:
            return
        yielded: set[object] = set()
        async with aclosing(self._pages(self._page_size(max_items), prefetch)) as pages:
            async for page in pages:
                for item in page:
                    if unique:
                        if (identity := _identity(item)) in yielded:
                            continue
                        yielded.add(identity)
                    yield item
                    if left is not None:
                        left -= 1
                        if not left:
                            return

    def pages(self, *, prefetch: int = 0) -> AsyncGenerator[Page[T]]:
        """Every page, in order; empty ones are left out.

        Args:
            prefetch: How many pages to fetch ahead, as in :meth:`items`.

        Raises:
            ArgumentError: ``prefetch`` is negative.
            IncompleteListError: The API sent an empty page, or the same items again, before the total that it states.
        """
        return self._pages(self._page_size(None), prefetch)

    def _page_size(self, max_items: int | None) -> int:
        if self._limit is not None:
            return self._limit
        if self._paging.numbered and self._offset:
            return self._paging.default_limit  # the offset is a multiple of this size only
        return self._paging.max_limit if max_items is None else max(1, min(max_items, self._paging.max_limit))

    async def _pages(self, limit: int, prefetch: int) -> AsyncGenerator[Page[T]]:
        _check_range("prefetch", prefetch, 0, None)
        seen = _Seen()
        fetched = await self._fetch(limit, self._offset)
        offset = self._offset + limit
        reached, total = self._offset, None
        ahead: deque[BackgroundTask[_Fetched[T]]] = deque()
        try:
            # A server that ignores the offset repeats the same items: without this check, the loop would never end.
            while seen.has_new_items(fetched):
                # The number of a page gives its offset only if all earlier pages were full: count the items that came.
                start, reached = reached, reached + fetched.sent
                total = fetched.page.total if fetched.page.total is not None else total
                if not fetched.sent:
                    self._check_complete(fetched, reached, total)
                is_last = not fetched.sent or (fetched.sent < limit and (total is None or reached >= total))
                if fetched.page:
                    yield attrs.evolve(fetched.page, offset=start, is_last=is_last)
                if is_last:
                    return
                if fetched.sent != limit and not self._paging.numbered:
                    # The server has a page size of its own: the next page begins after the items that came.
                    _give_up(ahead)
                    limit, offset = min(fetched.sent, self._paging.max_limit), reached
                while not ahead or (len(ahead) < prefetch and (total is None or offset < total)):
                    ahead.append(BackgroundTask(partial(self._fetch, limit, offset), name="musement page"))
                    offset += limit
                fetched = await ahead.popleft().result()
            self._check_complete(fetched, self._offset + seen.count, total)
        finally:
            _give_up(ahead)

    def _check_complete(self, last: "_Fetched[T]", came: int, total: int | None) -> None:
        if total is not None and came < total:
            raise IncompleteListError(path=self._path.text, status=last.status, total=total, missing=total - came)

    async def _page(self, limit: int | None, offset: int) -> Page[T]:
        return (await self._fetch(limit, offset)).page

    async def _fetch(self, limit: int | None, offset: int) -> "_Fetched[T]":
        params = {**self._params, **self._paging.position(limit, offset)}
        try:
            answer = await self._core.read(self._path, params=params, missing_is_none=self._missing_is_empty)
        except NotFoundError as error:
            if offset == self._offset or error.code != CODE_OF_NOTHING:
                raise
            answer = None  # the earlier pages existed, so a 404 means the end of the list
        if answer is None:
            return _Fetched(Page((), offset=offset, is_last=True), 0, b"", httpx.codes.NOT_FOUND)
        envelope = read_list(self._core, answer, self._model, self._path)
        items = envelope.items
        sent = len(items)
        if not items or (limit is not None and sent < limit):
            # Unreadable items are missing on a page, but do not make it short: count the items that were sent.
            sent = len(read_list(self._core, answer, msgspec.Raw, self._path).items)
        total = _total(answer) if envelope.meta is None else envelope.meta.count
        is_short = limit is not None and sent < limit
        is_last = not sent or (is_short and (total is None or offset + sent >= total))
        page = Page(items, total, offset, is_last, envelope.meta, envelope.facets or ())
        return _Fetched(page, sent, b"" if items else answer.content, answer.status)


@attrs.frozen
class _Fetched(Generic[T]):
    """A page, the number of items that were sent, the raw items if none can be read, and the status."""

    page: Page[T]
    sent: int
    unreadable: bytes
    status: int


class _Seen:
    """The items of a list so far."""

    def __init__(self) -> None:
        self._keys: set[object] = set()
        self._repeated = False

    @property
    def count(self) -> int:
        """The number of different items so far."""
        return len(self._keys)

    def has_new_items(self, fetched: _Fetched[Any]) -> bool:
        """Whether a page has new items. One repeated item is allowed: it may have moved while the list was read."""
        keys = {_identity(item) for item in fetched.page} or {fetched.unreadable}
        repeated, self._repeated = self._repeated, keys <= self._keys
        self._keys |= keys
        return not self._repeated or (len(keys) == 1 and not repeated)


def _identity(item: object) -> object:
    known = getattr(item, "uuid", None) or getattr(item, "id", None)
    return known or to_json(item)


def _give_up(ahead: "deque[BackgroundTask[_Fetched[T]]]") -> None:
    for fetch in ahead:
        fetch.cancel()
    ahead.clear()


def _total(answer: Response) -> int | None:
    given = answer.headers.get("x-total-count", "")
    return int(given) if re.fullmatch(r"\d{1,18}", given, re.ASCII) else None


def _check_range(argument: str, value: object, least: int, most: int | None) -> None:
    if type(value) is not int or value < least or (most is not None and value > most):
        bounds = f"{least} or more" if most is None else f"from {least} to {most}"
        raise ArgumentError(argument, f"must be a whole number, {bounds}")
