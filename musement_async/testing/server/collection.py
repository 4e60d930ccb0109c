"""Collections of what operations create, read, update and delete."""

from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import Generic, TypeVar

from musement_async.testing.server.errors import not_found

_T = TypeVar("_T")


class Collection(Generic[_T]):
    """Things by a key, in the order in which they came. Every method may be called from any thread.

    Args:
        what: The name of one thing in refusals, such as ``widget``.
        key: Gives the key of a thing.
        first: The things that are there from the beginning.
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
        """One thing; None where there is none with the key."""
        return self._things.get(key)

    def get(self, key: str) -> _T:
        """One thing.

        Raises:
            Refusal: 404, there is none with the key.
        """
        found = self._things.get(key)
        if found is None:
            raise not_found(f"such {self._what}")
        return found

    def add(self, thing: _T) -> _T:
        """Keep a thing, in place of one with its key."""
        with self._lock:
            self._things[str(self._key(thing))] = thing
        return thing

    def change(self, key: str, change: Callable[[_T], _T]) -> _T:
        """Replace a thing by what a function makes of it, in one step.

        Raises:
            Refusal: 404, there is none with the key.
        """
        with self._lock:
            changed = self._things[key] = change(self.get(key))
        return changed

    def remove(self, key: str) -> None:
        """Forget one thing."""
        with self._lock:
            del self._things[key]

    def clear(self) -> None:
        """Go back to the things of the beginning."""
        with self._lock:
            self._things.clear()
            self._things.update((str(self._key(thing)), thing) for thing in self._first)
