"""Background tasks: their results, their cancellation, and the wait for all of them."""

import asyncio
from functools import partial

import anyio
import anyio.lowlevel
import pytest

from musement_async.transports.tasks import BackgroundTask, TaskRegistry


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
async def test_what_the_work_raised_is_raised_for_who_asks() -> None:
    work = BackgroundTask(fail, name="fail")
    with pytest.raises(ValueError, match="no luck"):
        await work.result()


@pytest.mark.anyio
async def test_a_cancelled_wait_gives_the_work_up() -> None:
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
async def test_work_goes_on_when_the_wait_for_it_is_cut() -> None:
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
async def test_draining_waits_for_all_work_even_when_it_is_cut() -> None:
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
