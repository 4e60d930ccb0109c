"""The token store that uses memory while another store is down."""

import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import pytest

from musement_async import ArgumentError, FallbackTokenStore, MemoryTokenStore, Token, TokenStoreError
from musement_async.testing import LocalMusement

KEY = "a" * 64
OLD = Token(access_token="very-secret-1", refresh_token="R1", expires_in=60)
NEW = Token(access_token="very-secret-2", refresh_token="R2", expires_in=3600)


class Flaky(MemoryTokenStore):
    """A store whose named methods fail or hang."""

    def __init__(self) -> None:
        super().__init__()
        self.down: set[str] = set()
        self.hangs = False
        self.error: Exception = TokenStoreError("nobody answers")
        self.calls: list[str] = []

    async def _may(self, method: str) -> None:
        self.calls.append(method)
        if method in self.down:
            if self.hangs:
                await anyio.sleep_forever()
            raise self.error

    async def load(self, key: str) -> Token | None:
        await self._may("load")
        return await super().load(key)

    async def save(self, key: str, token: Token) -> None:
        await self._may("save")
        await super().save(key, token)

    @asynccontextmanager
    async def exclusive(self, key: str) -> AsyncIterator[None]:
        await self._may("exclusive")
        async with super().exclusive(key):
            yield
        await self._may("release")


async def until(condition: Callable[[], bool]) -> None:
    with anyio.fail_after(100):
        while True:
            if condition():
                return
            await anyio.sleep(0.005)


ALL = {"load", "save", "exclusive"}
Warnings = Callable[[], list[str]]


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Warnings:
    return lambda: [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]


@pytest.mark.anyio
async def test_a_store_that_is_well_is_used_alone(warnings: Warnings) -> None:
    flaky = Flaky()
    store = FallbackTokenStore(flaky)
    async with store.exclusive(KEY):
        assert await store.load(KEY) is None
        await store.save(KEY, NEW)
    assert flaky.calls == ["exclusive", "load", "save", "release"]
    await flaky.save(KEY, OLD)
    assert await store.load(KEY) == OLD
    assert warnings() == []


@pytest.mark.anyio
@pytest.mark.parametrize("hangs", [False, True], ids=["fails", "hangs"])
async def test_an_outage_causes_one_warning_and_known_tokens_stay_known(warnings: Warnings, hangs: Any) -> None:
    flaky = Flaky()
    store = FallbackTokenStore(flaky, retry_after=3600)
    await flaky.save(KEY, OLD)
    assert await store.load(KEY) == OLD
    store._timeout = 0.05  # from now on, no wait is needed
    flaky.down, flaky.hangs = {"load", "save"}, hangs
    with anyio.fail_after(100):
        assert await store.load(KEY) == OLD
        async with store.exclusive(KEY):
            await store.save(KEY, NEW)
            assert await store.load(KEY) == NEW
        assert await store.load(KEY) == NEW
    assert warnings() == [
        "the token store is down, so tokens are kept in memory: " + ("TimeoutError" if hangs else "nobody answers")
    ]
    assert flaky.calls == ["save", "load", "load"]  # after the failure, it was not used


@pytest.mark.anyio
async def test_of_an_error_that_is_not_ours_the_log_has_the_name_only(warnings: Warnings) -> None:
    flaky = Flaky()
    flaky.down, flaky.error = ALL, OSError("very-secret")
    assert await FallbackTokenStore(flaky).load(KEY) is None
    assert warnings() == ["the token store is down, so tokens are kept in memory: OSError"]


@pytest.mark.anyio
async def test_each_outage_is_told_of(warnings: Warnings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    flaky = Flaky()
    store = FallbackTokenStore(flaky, retry_after=0.001)
    for _ in range(2):
        flaky.down = ALL
        for _ in range(3):
            await store.load(KEY)
            await anyio.sleep(0.002)
        flaky.down = set()
        await store.load(KEY)
    assert len(warnings()) == 2
    assert caplog.text.count("the token store works again") == 2


@pytest.mark.anyio
@pytest.mark.parametrize("down", [{"exclusive"}, {"load", "save", "exclusive"}], ids=["the lock", "all"])
async def test_without_the_stores_lock_one_at_a_time_holds_that_of_the_process(down: set[str]) -> None:
    flaky, inside, times = Flaky(), 0, 0
    flaky.down = down
    store = FallbackTokenStore(flaky, retry_after=0.001)

    async def work() -> None:
        nonlocal inside, times
        async with store.exclusive(KEY):
            assert inside == 0
            inside += 1
            await anyio.sleep(0.002)  # by now, it is used again
            await store.save(KEY, NEW)
            assert await store.load(KEY) == NEW
            inside -= 1
            times += 1

    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(work)
    assert times == 5
    assert not {"load", "save"} & set(flaky.calls)  # not used without its lock


@pytest.mark.anyio
async def test_a_lock_that_is_not_given_back_is_an_outage_and_no_error(warnings: Warnings) -> None:
    flaky = Flaky()
    flaky.down = {"release"}
    store = FallbackTokenStore(flaky)
    async with store.exclusive(KEY):
        await store.save(KEY, NEW)
    assert len(warnings()) == 1
    assert await store.load(KEY) == NEW


@pytest.mark.anyio
async def test_tokens_renewed_meanwhile_are_saved_when_the_store_works_again() -> None:
    flaky = Flaky()
    await flaky.save(KEY, OLD)
    store = FallbackTokenStore(flaky, retry_after=0.01)
    flaky.down = ALL
    async with store.exclusive(KEY):
        await store.save(KEY, NEW)
    await until(lambda: flaky.calls.count("exclusive") >= 3)  # the store is checked
    flaky.down = {"save"}
    await until(lambda: flaky.calls.count("save") >= 2)
    flaky.down = set()
    await until(lambda: not store._is_returning)
    assert await flaky.load(KEY) == NEW
    assert not store._unsaved


@pytest.mark.anyio
async def test_a_token_that_is_good_for_longer_is_not_overwritten() -> None:
    flaky = Flaky()
    store = FallbackTokenStore(flaky, retry_after=0.01)
    flaky.down = ALL
    await store.save(KEY, OLD)
    await MemoryTokenStore.save(flaky, KEY, NEW)
    flaky.down = set()
    await until(lambda: not store._is_returning)
    assert await flaky.load(KEY) == NEW
    assert await store.load(KEY) == NEW
    assert flaky.calls.count("save") == 1


@pytest.mark.anyio
async def test_a_token_that_expired_during_the_outage_is_not_saved() -> None:
    flaky = Flaky()
    store = FallbackTokenStore(flaky, retry_after=0.01)
    flaky.down = ALL
    await store.save(KEY, Token(access_token="A", expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    await until(lambda: not store._is_returning)
    assert flaky.calls == ["save", "exclusive"]
    assert not store._unsaved


@pytest.mark.anyio
async def test_deleting_reaches_the_store_or_says_that_it_does_not() -> None:
    flaky = Flaky()
    store = FallbackTokenStore(flaky)
    await store.save(KEY, OLD)
    await store.delete(KEY)
    assert await store.load(KEY) is None
    assert await flaky.load(KEY) is None


@pytest.mark.anyio
async def test_a_load_returns_the_newest_token_and_saves_nothing() -> None:
    flaky = Flaky()
    await flaky.save(KEY, OLD)
    store = FallbackTokenStore(flaky, retry_after=60)
    flaky.down = {"save"}
    await store.save(KEY, NEW)
    store._resting_until = -math.inf
    flaky.down, flaky.calls = set(), []
    assert await store.load(KEY) == NEW
    assert flaky.calls == ["load"]


@pytest.mark.anyio
async def test_a_renewal_after_the_outage_leaves_nothing_to_save() -> None:
    flaky = Flaky()
    store = FallbackTokenStore(flaky, retry_after=0.05)
    flaky.down = ALL
    await store.save(KEY, OLD)
    flaky.down, store._resting_until = set(), -math.inf
    await store.save(KEY, NEW)
    await until(lambda: not store._is_returning)
    assert await flaky.load(KEY) == NEW
    assert flaky.calls == ["save", "save", "load"]


class Slow(MemoryTokenStore):
    """A store whose first save waits for a signal, and whose second save fails."""

    def __init__(self) -> None:
        super().__init__()
        self.saves = 0
        self.saving, self.go_on = anyio.Event(), anyio.Event()

    async def save(self, key: str, token: Token) -> None:
        self.saves += 1
        if self.saves == 1:
            self.saving.set()
            await self.go_on.wait()
        elif self.saves == 2:
            raise TokenStoreError("nobody answers")
        await super().save(key, token)


@pytest.mark.anyio
async def test_a_token_that_could_not_be_saved_is_not_forgotten_because_an_earlier_one_was() -> None:
    slow = Slow()
    store = FallbackTokenStore(slow, retry_after=0.01)
    async with anyio.create_task_group() as group:
        group.start_soon(store.save, KEY, OLD)
        await slow.saving.wait()
        await store.save(KEY, NEW)
        slow.go_on.set()
    await until(lambda: not store._is_returning)
    assert slow.saves == 3
    assert await slow.load(KEY) == NEW


@pytest.mark.anyio
async def test_a_session_lives_through_an_outage(warnings: Warnings) -> None:
    local, flaky = LocalMusement(), Flaky()
    store = FallbackTokenStore(flaky, retry_after=0.01)
    async with local.client(local.customer, token_store=store) as client:
        for down in (set[str](), ALL, ALL, set[str]()):
            flaky.down = down
            await client.cities.get(2)
            local.expire_tokens()
    assert (local.logins("password"), local.rotations, local.reused_refresh_tokens) == (1, 3, 0)
    assert len(warnings()) == 1


@pytest.mark.parametrize("argument", ["timeout", "retry_after"])
@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan")])
def test_a_number_of_seconds_that_cannot_work_is_refused_by_name(argument: str, value: float) -> None:
    options: dict[str, Any] = {argument: value}
    with pytest.raises(ArgumentError, match=argument):
        FallbackTokenStore(MemoryTokenStore(), **options)
