"""Pauses: those that servers ask for, and how tests do without."""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import anyio
import anyio.lowlevel
import attrs

_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)


def asked_for(headers: Mapping[str, str]) -> float | None:
    """The seconds that a server wants to be left alone for (``Retry-After``); None where it says nothing that counts.

    It says so in seconds, or as a date.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if _SECONDS.fullmatch(text):
        return float(text)
    from email.utils import parsedate_to_datetime  # slow to import, and dates are rare

    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


@attrs.define
class _Switch:
    off: int = 0


_switch = _Switch()


def pauses_are_on() -> bool:
    """Whether they are not switched off."""
    return not _switch.off


async def pause(seconds: float) -> None:
    """Wait so long, unless pauses are switched off."""
    if _switch.off:
        await anyio.lowlevel.checkpoint()
    else:
        await anyio.sleep(seconds)


@contextmanager
def without_pauses() -> Generator[None]:
    """Switch off the pauses of this library while the block runs: before a retry, and those of a rate limit.

    They are switched off for the whole process: it is meant for tests.
    """
    _switch.off += 1
    try:
        yield
    finally:
        _switch.off -= 1
