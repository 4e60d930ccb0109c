"""Background tasks: results, cancellation, and the wait for all of them."""

import asyncio
import gc
from functools import partial
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from musement_async.transports.tasks import BackgroundTask, TaskRegistry, call_soon, join_shielded


async def five() -> int:
    await anyio.lowlevel.checkpoint()
    return 5


async def fail() -> int:
    await anyio.lowlevel.checkpoint()
    raise ValueError("no luck")


@pytest.mark.anyio
async def test_the_result_can_be_asked_for_at_any_time() -> None:
    work = BackgroundTask(five, name="five")
    assert await work.result() == 5
    assert await work.result() == 5


@pytest.mark.anyio
async def test_an_error_of_the_work_is_raised_for_who_asks() -> None:
    work = BackgroundTask(fail, name="fail")
    with pytest.raises(ValueError, match="no luck"):
        await work.result()


@pytest.mark.anyio
async def test_a_cancelled_wait_for_the_result_cancels_the_work() -> None:
    ended = anyio.Event()

    async def endless() -> None:
        try:
            await anyio.sleep_forever()
        finally:
            ended.set()

    work = BackgroundTask(endless, name="endless")
    with anyio.move_on_after(0.01):
        await work.result()
    await ended.wait()


@pytest.mark.asyncio
async def test_work_whose_task_somebody_cancels_is_cancelled_for_who_asks() -> None:
    work = BackgroundTask(anyio.sleep_forever, name="endless")
    (task,) = (task for task in asyncio.all_tasks() if task.get_name() == "endless")
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work.result()


@pytest.mark.anyio
async def test_work_goes_on_when_a_join_is_cancelled() -> None:
    go, registry = anyio.Event(), TaskRegistry()

    async def slow() -> int:
        await go.wait()
        return 5

    work = registry.start(slow, name="slow")
    with anyio.move_on_after(0):
        await work.join()
    go.set()
    assert await work.join() == 5


@pytest.mark.anyio
async def test_draining_waits_for_all_work_even_when_it_is_cancelled() -> None:
    go, registry = anyio.Event(), TaskRegistry()
    ended: list[int] = []

    async def work(number: int) -> None:
        await go.wait()
        ended.append(number)
        raise ValueError

    for number in range(3):
        registry.start(partial(work, number), name="slow")
    async with anyio.create_task_group() as group:
        group.cancel_scope.cancel()
        go.set()
        await registry.drain()
        assert sorted(ended) == [0, 1, 2]


@pytest.mark.anyio
async def test_draining_waits_for_nothing_where_there_is_none() -> None:
    registry = TaskRegistry()
    await registry.drain()
    assert await registry.start(five, name="five").join() == 5
    await registry.drain()


@pytest.mark.anyio
async def test_shielded_work_is_finished_in_a_cancelled_scope() -> None:
    ended = False

    async def work() -> None:
        nonlocal ended
        await five()
        ended = True

    with anyio.CancelScope() as scope:
        scope.cancel()
        await join_shielded(BackgroundTask(work, name="work"))
    assert ended


@pytest.mark.asyncio
async def test_shielded_work_is_finished_although_its_task_is_cancelled() -> None:
    go, ended = anyio.Event(), anyio.Event()

    async def work() -> None:
        await go.wait()
        ended.set()

    task = asyncio.create_task(join_shielded(BackgroundTask(work, name="work")))
    await anyio.wait_all_tasks_blocked()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go.set()
    await ended.wait()


@pytest.mark.anyio
async def test_an_error_of_shielded_work_reaches_its_caller() -> None:
    async def work() -> None:
        await fail()

    with pytest.raises(ValueError, match="no luck"):
        await join_shielded(BackgroundTask(work, name="work"))


def test_a_lock_lives_as_long_as_it_is_in_use() -> None:
    registry = TaskRegistry()
    lock = registry.locks.setdefault("cart", anyio.Lock())
    assert registry.locks.setdefault("cart", anyio.Lock()) is lock
    del lock
    gc.collect()
    assert "cart" not in registry.locks


@pytest.mark.anyio
async def test_another_thread_can_have_a_function_called_in_the_event_loop() -> None:
    called = anyio.Event()
    call = call_soon()
    await anyio.to_thread.run_sync(call, called.set)
    await called.wait()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_nothing_is_called_in_an_event_loop_that_has_ended(backend: str) -> None:
    async def get() -> Any:
        return call_soon()

    call = anyio.run(get, backend=backend)
    with pytest.raises(RuntimeError):
        call(list)
