"""Collections of things that operations create, read, update and delete."""

from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import Generic, TypeVar

from musement_async.testing.server.errors import not_found

_T = TypeVar("_T")


class Collection(Generic[_T]):
    """Things by key, in the order of their creation. Every method may be called from any thread.

    Args:
        what: The name of one thing in refusals, such as ``widget``.
        key: Returns the key of a thing.
        first: The things that the collection begins with.
    """

    def __init__(self, what: str, key: Callable[[_T], object], first: Iterable[_T] = ()) -> None:
        self._what = what
        self._key = key
        self._first = tuple(first)
        self._lock = Lock()
        self._things: dict[str, _T] = {}
        self.clear()

    def __iter__(self) -> Iterator[_T]:
        with self._lock:
            return iter(list(self._things.values()))

    def __len__(self) -> int:
        return len(self._things)

    def find(self, key: str) -> _T | None:
        """One thing; None if the key is unknown."""
        return self._things.get(key)

    def get(self, key: str) -> _T:
        """One thing.

        Raises:
            Refusal: 404, the key is unknown.
        """
        found = self._things.get(key)
        if found is None:
            raise not_found(f"such {self._what}")
        return found

    def add(self, thing: _T) -> _T:
        """Add a thing, or replace the one with its key."""
        with self._lock:
            self._things[str(self._key(thing))] = thing
        return thing

    def change(self, key: str, change: Callable[[_T], _T]) -> _T:
        """Replace a thing by the result of a function, in one step.

        Raises:
            Refusal: 404, the key is unknown.
        """
        with self._lock:
            changed = self._things[key] = change(self.get(key))
        return changed

    def remove(self, key: str) -> None:
        """Remove one thing."""
        with self._lock:
            del self._things[key]

    def clear(self) -> None:
        """Keep only the things that the collection began with."""
        with self._lock:
            self._things.clear()
            self._things.update((str(self._key(thing)), thing) for thing in self._first)
