"""The limit on a pool's connections."""

import anyio
import httpx
import pytest

from musement_async.transports.limiter import ConnectionLimiter


async def wait_for_place(limiter: ConnectionLimiter, order: list[int], number: int) -> None:
    await limiter.acquire(5)
    order.append(number)


@pytest.mark.anyio
async def test_places_go_round_in_order_of_arrival() -> None:
    limiter = ConnectionLimiter(1)
    assert limiter.acquire_nowait()
    assert not limiter.acquire_nowait()
    order: list[int] = []
    async with anyio.create_task_group() as group:
        for number in range(4):
            group.start_soon(wait_for_place, limiter, order, number)
            await anyio.wait_all_tasks_blocked()
        for _ in range(4):
            limiter.release()
            await anyio.wait_all_tasks_blocked()
    assert order == [0, 1, 2, 3]
    limiter.release()
    await limiter.acquire(None)


@pytest.mark.anyio
async def test_no_limit_is_no_limit() -> None:
    limiter = ConnectionLimiter(None)
    for _ in range(1000):
        await limiter.acquire(0)


@pytest.mark.anyio
async def test_waiting_is_bounded() -> None:
    limiter = ConnectionLimiter(0)
    with pytest.raises(httpx.PoolTimeout, match=r"no connection became free within 0\.01 s"):
        await limiter.acquire(0.01)
    limiter.release()
    assert limiter.acquire_nowait()


@pytest.mark.anyio
async def test_a_place_that_is_granted_to_one_who_is_cancelled_goes_to_the_next() -> None:
    limiter = ConnectionLimiter(0)
    order: list[int] = []
    async with anyio.create_task_group() as group, anyio.create_task_group() as cancelled:
        cancelled.start_soon(wait_for_place, limiter, order, 1)
        await anyio.wait_all_tasks_blocked()
        group.start_soon(wait_for_place, limiter, order, 2)
        await anyio.wait_all_tasks_blocked()
        cancelled.cancel_scope.cancel()
        limiter.release()
    assert order == [2]


@pytest.mark.anyio
async def test_one_who_gave_up_is_granted_nothing() -> None:
    limiter = ConnectionLimiter(0)
    with anyio.move_on_after(0.01):
        await limiter.acquire(None)
    limiter.release()
    assert limiter.acquire_nowait()


@pytest.mark.anyio
async def test_once_closed_all_are_refused() -> None:
    limiter = ConnectionLimiter(0)

    async def refused() -> None:
        with pytest.raises(httpx.ConnectError, match="the transport was closed"):
            await limiter.acquire(None)

    async with anyio.create_task_group() as group:
        group.start_soon(refused)
        await anyio.wait_all_tasks_blocked()
        limiter.close()
    await refused()
