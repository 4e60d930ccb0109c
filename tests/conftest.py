"""What every test stands on."""

import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import hypothesis
import pytest
from blockbuster import blockbuster_ctx

from musement_async.testing import without_pauses

# A shell starts its background jobs with Ctrl-C ignored, and all they start inherits that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Under CI this builds on the profile that hypothesis chooses there: the same examples each time.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

# What may be passed by mistake, or by somebody who means no good.
_NAN, _INFINITY = float("nan"), float("inf")
_NUMBERS: tuple[object, ...] = (
    *(True, 0, -1, 10**30, 1.5, _NAN, _INFINITY, -_INFINITY, 2 + 0j),
    *(Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")),
)
_TEXTS = ("", " ", ".", "..", "../login", "a/b", "/", "%2e%2e", "a?b#c", "a\nb", "a\r\nX-A: b", "a\0b", "\ud800")
_LONG = "a" * 100_000
_LISTS: tuple[object, ...] = (
    *([], [None], [{}], [b"x"], ["\ud800"], [""], [True], [_NAN], [[]], [object()]),
    *((1, 2, 3), set[int](), frozenset({1}), range(3)),
)
_MAPPINGS: tuple[object, ...] = ({}, {1: 2}, {"a": object()}, {"a": _NAN}, {"a": ["\ud800"]}, {"\ud800": 1})
_TIMES: tuple[object, ...] = (
    date(2030, 1, 1),
    datetime(2030, 1, 1),  # noqa: DTZ001 (that it has no zone is the point)
    datetime(2030, 1, 1, tzinfo=UTC),
    time(1, 2, 3),
    time(1, 2, tzinfo=UTC),
)
_OTHERS: tuple[object, ...] = (None, b"abc", bytearray(b"abc"), object(), object, len, Ellipsis, UUID(int=1))
_PALETTE = (*_NUMBERS, *_TEXTS, _LONG, *_LISTS, *_MAPPINGS, *_TIMES, *_OTHERS)


@pytest.fixture(scope="session")
def bad_values() -> tuple[object, ...]:
    """A value of every kind, and more of those kinds that are easily wrong."""
    return _PALETTE


@pytest.fixture(scope="module", params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Both by name: the default of anyio's plugin leaves out a backend that is not installed."""
    backend: str = request.param
    return backend


@pytest.fixture(scope="session", autouse=True)
def _no_retry_waits() -> Iterator[None]:
    with without_pauses():
        yield


@pytest.fixture(scope="session", autouse=True)
def _nothing_blocks_the_event_loop() -> Iterator[None]:
    """Makes blocking calls of the library fail on asyncio; the local server's start and stop are no concern of it."""
    with blockbuster_ctx("musement_async", excluded_modules=["musement_async.testing"]) as found:
        for name in ("threading.Lock.acquire", "threading.Lock.acquire_lock"):
            # coverage's tracer takes its own lock in the middle of our functions
            found.functions[name].can_block_in("coverage/collector.py", "lock_data")
        for function in found.functions.values():
            # once for each client: httpx2 looks for the system's certificates
            function.can_block_in("transports/setup.py", "open_network")
            # once for each process: jsonschema reads its own schemas as it is imported
            function.can_block_in("jsonschema_specifications/_core.py", "_schemas")
            # once for each connection: redis-py looks up its own version
            function.can_block_in("redis/driver_info.py", "resolve_driver_info")
            # a command that asks has nothing to do until there is an answer
            function.can_block_in("cli/dialogue.py", "ask")
        yield
