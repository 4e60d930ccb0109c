"""Cities and countries by the names that people give them."""

import re
from collections.abc import AsyncIterable, Callable
from difflib import get_close_matches
from typing import TypeVar

from musement_async.cli.usage import TAKES
from musement_async.errors import ArgumentError

T = TypeVar("T")

_ID = re.compile(r"\d{1,9}", re.ASCII)


async def find_id(
    option: str,
    named: str,
    candidates: Callable[[], AsyncIterable[T]],
    names_of: Callable[[T], tuple[str | None, str | None]],
    id_of: Callable[[T], int],
) -> int:
    """The id of what is named. Of several with one name it is the one that the API lists first, its most popular.

    Args:
        option: The option that names it, such as ``--city``.
        named: An id, a name or a code.
        candidates: All there are.
        names_of: The name and the code of one.
        id_of: The id of one.

    Raises:
        ArgumentError: None has that name. The error tells similar ones, if there are some.
    """
    if _ID.fullmatch(named):
        return int(named)
    wanted = named.casefold()
    similar: dict[str, str] = {}
    async for candidate in candidates():
        name, code = names_of(candidate)
        if wanted in {(name or "").casefold(), (code or "").casefold()}:
            return id_of(candidate)
        similar[(name or "").casefold()] = name or ""
        similar.setdefault(_initials(name or ""), name or "")
    matches = [wanted] if wanted in similar else get_close_matches(wanted, similar)
    close = dict.fromkeys(similar[match] for match in matches)
    advice = f"; did you mean {' or '.join(close)}?" if close else f": it takes {TAKES[option]}"
    raise ArgumentError(option, f"cannot be {named!r}{advice}")


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.casefold().split())
