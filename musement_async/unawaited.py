"""The hint for a call that is taken for its result."""

from typing import TYPE_CHECKING, NoReturn


class Unawaited:
    """A call of which nothing is sent: whoever takes it for its result is told what to do."""

    _state: str
    _way: str

    if not TYPE_CHECKING:  # type checkers refuse these by themselves # pragma: no branch

        def __getattr__(self, name: str) -> NoReturn:
            message = f"{type(self).__name__!r} object has no attribute {name!r}; {self._state}: {self._way}"
            raise AttributeError(message, name=name, obj=self)

        def __iter__(self) -> NoReturn:
            self._refuse()

        def __contains__(self, _item: object) -> NoReturn:
            self._refuse()

        def __getitem__(self, _place: object) -> NoReturn:
            self._refuse()

        def __len__(self) -> NoReturn:  # noqa: PLE0303 (nor does it return; bool() calls it, too)
            self._refuse()

        def _refuse(self) -> NoReturn:
            raise TypeError(f"{self._state}: {self._way}")
