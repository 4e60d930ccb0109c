"""Back-off: the waits that servers ask for, and a switch that turns waits off in tests."""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import anyio

_SECONDS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
# A longer wait is probably a time of day sent by mistake, such as a Unix time.
_LONGEST_WAIT = 86_400.0


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds to wait, from a number or a date in ``Retry-After``; at most a day.

    None without a valid header.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if _SECONDS.fullmatch(text):
        return min(float(text), _LONGEST_WAIT)
    from email.utils import parsedate_to_datetime  # slow to import, and dates are rare

    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(0.0, (until - datetime.now(UTC)).total_seconds()), _LONGEST_WAIT)


_switch = SimpleNamespace(off=0)


def backoff_is_on() -> bool:
    """Whether back-off is on; tests may switch it off."""
    return not _switch.off


async def back_off(seconds: float) -> None:
    """Wait for a time, unless back-off is switched off."""
    await anyio.sleep(0 if _switch.off else seconds)


@contextmanager
def without_backoff() -> Generator[None]:
    """Switch off the waits of this library while the block runs: before retries, and for the rate limit.

    The switch is for tests, and applies to the whole process.
    """
    _switch.off += 1
    try:
        yield
    finally:
        _switch.off -= 1
