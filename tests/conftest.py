"""Fixtures for all tests, and the choice of parameters for the quick suite."""

import gc
import os
import signal
from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import UUID

import hypothesis
import pytest
from blockbuster import blockbuster_ctx

from musement_async.testing import without_backoff

# A shell starts background jobs with Ctrl-C ignored, and their child processes inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A client reads its trusted certificates, which takes 30 ms for those of all authorities. Tests need none.
os.environ["SSL_CERT_FILE"] = str(Path(__file__).with_name("transports") / "localhost.pem")

# In CI these build on hypothesis's own profile for CI, which makes the same examples each time.
hypothesis.settings.register_profile("quick", deadline=None, max_examples=50)
hypothesis.settings.register_profile("stress", deadline=None, max_examples=200)

# Values that a caller may pass by mistake, or that an attacker may pass.
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
    datetime(2030, 1, 1),  # noqa: DTZ001 (the missing time zone is intended)
    datetime(2030, 1, 1, tzinfo=UTC),
    time(1, 2, 3),
    time(1, 2, tzinfo=UTC),
)
_OTHERS: tuple[object, ...] = (None, b"abc", bytearray(b"abc"), object(), object, len, Ellipsis, UUID(int=1))
_PALETTE = (*_NUMBERS, *_TEXTS, _LONG, *_LISTS, *_MAPPINGS, *_TIMES, *_OTHERS)


Choice = tuple[tuple[int, str], ...]
# The ids of event loops and networks.
STACKS = {
    *("asyncio", "trio", "asyncio-httpcore", "asyncio-aiohttp", "trio-httpcore", "httpcore", "aiohttp"),
    *("bare", "transport", "client"),
}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "each_choice: the quick suite need not combine the values of these parameters, only use each of them"
    )
    # The settings of a test are made when its module is imported, which is later.
    hypothesis.settings.load_profile("quick" if _is_quick(config) else "stress")


def pytest_collection_finish() -> None:
    # What collecting made stays to the end: the garbage collector need not look at it after each test.
    gc.freeze()


def _is_quick(config: pytest.Config) -> bool:
    return bool(config.getoption("markexpr") == "not stress")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """Marks the combinations of parameters that the quick suite does not need as stress.

    The quick suite keeps combinations in which every two values occur together, and every event loop and network
    occurs. The tests of hypothesis are in both suites: stress makes more examples.
    """
    # One call makes all items of a function, whatever tests were selected, so all processes decide the same.
    made = yield
    if isinstance(made, list):
        items = [item for item in made if hasattr(item, "callspec") and not item.get_closest_marker("stress")]
        pairs = not any(item.get_closest_marker("each_choice") for item in items)
        # One id for each parametrize() or fixture; indices and values do not tell which of them belong together.
        kept = _covering([tuple(enumerate(item.callspec._idlist)) for item in items], pairs=pairs)
        for place, item in enumerate(items):
            if place not in kept:
                item.add_marker("stress")
        for item in made if not _is_quick(collector.config) else ():
            if hypothesis.is_hypothesis_test(getattr(item, "obj", None)):
                item.add_marker("stress")
    return made


def _covering(choices: Sequence[Choice], *, pairs: bool) -> set[int]:
    """The indices of some choices that together contain all values, and all pairs of values, of all choices.

    The choice that adds the most pairs is taken first; among equals, one with new combinations.
    """
    parts: list[set[Choice]] = []
    for choice in choices:
        paired = [value for value in choice if value[1] not in STACKS] if pairs else []
        parts.append({(value,) for value in choice} | set(combinations(paired, 2)))
    wider = [{*combinations(choice, 2), *combinations(choice, 3)} for choice in choices]
    kept: set[int] = set()
    missing, new = set[Choice]().union(*parts), set[Choice]().union(*wider)
    while missing:
        best = max(range(len(choices)), key=lambda place: (len(parts[place] & missing), len(wider[place] & new)))
        kept.add(best)
        missing -= parts[best]
        new -= wider[best]
    return kept


@pytest.fixture(scope="session")
def bad_values() -> tuple[object, ...]:
    """A value of every kind, and several of kinds that are often wrong."""
    return _PALETTE


@pytest.fixture(scope="module", params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Both event loops by name: by default, anyio's plugin leaves out a backend that is not installed."""
    backend: str = request.param
    return backend


@pytest.fixture(scope="session", autouse=True)
def _no_retry_waits() -> Iterator[None]:
    with without_backoff():
        yield


@pytest.fixture(scope="session", autouse=True)
def _nothing_blocks_the_event_loop() -> Iterator[None]:
    """Makes blocking calls of the library fail on asyncio; the local server's start and stop are exempt."""
    with blockbuster_ctx("musement_async", excluded_modules=["musement_async.testing"]) as found:
        for name in ("threading.Lock.acquire", "threading.Lock.acquire_lock"):
            # coverage's tracer takes a lock of its own inside of our functions
            found.functions[name].can_block_in("coverage/collector.py", "lock_data")
        for function in found.functions.values():
            # once for each client: httpx2 looks for the system's certificates
            function.can_block_in("transports/setup.py", "create_ssl_context")
            # once for each process: jsonschema reads its own schemas at its import
            function.can_block_in("jsonschema_specifications/_core.py", "_schemas")
            # once for each process: httpcore2 looks up its own version at its import
            function.can_block_in("httpcore2/__init__.py", "<module>")
            # once for each connection: redis-py looks up its own version
            function.can_block_in("redis/driver_info.py", "resolve_driver_info")
            # once for each process: httpcore2 looks up its own version
            function.can_block_in("httpcore2/__init__.py", "<module>")
            # a command that waits for input has no other work
            function.can_block_in("cli/dialogue.py", "ask")
        yield
