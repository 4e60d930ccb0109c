"""What every test stands on."""

import signal
from collections.abc import Iterator

import hypothesis
import pytest
from blockbuster import blockbuster_ctx

# A shell starts its background jobs with Ctrl-C ignored, and all they start inherits that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Under CI this builds on the profile that hypothesis chooses there: the same examples each time.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")


@pytest.fixture(scope="module", params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Both by name: the default of anyio's plugin leaves out a backend that is not installed."""
    backend: str = request.param
    return backend


@pytest.fixture(scope="session", autouse=True)
def _nothing_blocks_the_event_loop() -> Iterator[None]:
    """Makes blocking calls of the library fail on asyncio; the local server's start and stop are no concern of it."""
    with blockbuster_ctx("musement_async", excluded_modules=["musement_async.testing"]) as found:
        for name in ("threading.Lock.acquire", "threading.Lock.acquire_lock"):
            # coverage's tracer takes its own lock in the middle of our functions
            found.functions[name].can_block_in("coverage/collector.py", "lock_data")
        for function in found.functions.values():
            # once for each client: httpx2 looks for the system's certificates
            function.can_block_in("transports/network.py", "open_network")
            # once for each process: jsonschema reads its own schemas as it is imported
            function.can_block_in("jsonschema_specifications/_core.py", "_schemas")
            # a command that asks has nothing to do until there is an answer
            function.can_block_in("cli/dialogue.py", "ask")
        yield
