"""Readers of lists in the API's envelopes, which differ by operation and version."""

from typing import Generic, TypeVar

import msgspec

from musement_async.core import Core, Response
from musement_async.models.search import Facet, SearchMetadata
from musement_async.paths import Path

T = TypeVar("T")
M = TypeVar("M")


class Envelope(msgspec.Struct, Generic[T], frozen=True):
    """A list, bare or wrapped.

    Attributes:
        meta: Facts about a search as a whole.
        data: The items, under their usual name.
        activities: The items, under the former name in searches.
        facets: The facets that a search was asked for.
    """

    meta: SearchMetadata | None = None
    data: tuple[T, ...] | msgspec.UnsetType | None = msgspec.UNSET
    activities: tuple[T, ...] | msgspec.UnsetType | None = msgspec.UNSET
    facets: tuple[Facet, ...] | None = None

    @property
    def items(self) -> tuple[T, ...]:
        """The items, under either name."""
        return self.data or self.activities or ()


class _Wrapped(msgspec.Struct, frozen=True):
    """The keys that distinguish a list in an envelope from one thing."""

    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def read_list(core: Core, answer: Response, model: type[M], path: Path, method: str = "GET") -> Envelope[M]:
    """A list, in any of the envelopes.

    Raises:
        DecodeError: The answer is not a list.
    """
    if _is_object(answer):
        envelope: Envelope[M] = core.decode(answer, Envelope[model], method, path)  # type: ignore[valid-type]
        if envelope.data is not msgspec.UNSET or envelope.activities is not msgspec.UNSET or _is_bare(answer):
            return envelope
    return Envelope(data=core.decode(answer, tuple[model, ...], method, path))  # type: ignore[valid-type]


def read_one_or_more(core: Core, answer: Response, model: type[M], path: Path, method: str = "GET") -> tuple[M, ...]:
    """The items of a list, or one thing as a list of one.

    Raises:
        DecodeError: The answer is neither.
    """
    if _is_object(answer) and core.decode(answer, _Wrapped, method, path).data is msgspec.UNSET:
        return (core.decode(answer, model, method, path),)
    return read_list(core, answer, model, path, method).items


def _is_object(answer: Response) -> bool:
    return answer.content.lstrip()[:1] == b"{"


def _is_bare(answer: Response) -> bool:
    # PHP may write an empty list as an empty map.
    return answer.content.translate(None, b" \t\r\n") == b"{}"
