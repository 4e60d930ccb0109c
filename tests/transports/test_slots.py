"""The queue in front of what there is only so much of."""

import anyio
import httpx
import pytest

from musement_async.transports.slots import Slots

pytestmark = pytest.mark.anyio


class Crowd:
    """Tasks that take a slot and keep it."""

    def __init__(self, slots: Slots, group: anyio.abc.TaskGroup) -> None:
        self.slots = slots
        self.group = group
        self.served: list[int] = []
        self.refused: list[int] = []
        self.scopes: dict[int, anyio.CancelScope] = {}

    async def arrive(self, number: int, patience: float | None = None) -> None:
        self.group.start_soon(self._take, number, patience)
        await anyio.wait_all_tasks_blocked()

    async def _take(self, number: int, patience: float | None) -> None:
        with anyio.CancelScope() as self.scopes[number]:
            try:
                await self.slots.take(patience)
            except httpx.PoolTimeout:
                self.refused.append(number)
            else:
                self.served.append(number)


async def test_slots_are_taken_in_order_of_arrival() -> None:
    slots = Slots(2)
    async with anyio.create_task_group() as group:
        crowd = Crowd(slots, group)
        for number in range(6):
            await crowd.arrive(number)
        for expected in ([0, 1], [0, 1, 2], [0, 1, 2, 3], [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5]):
            assert crowd.served == expected
            slots.give()
            await anyio.wait_all_tasks_blocked()


async def test_who_gives_up_is_passed_over() -> None:
    slots = Slots(1)
    async with anyio.create_task_group() as group:
        crowd = Crowd(slots, group)
        for number in range(4):
            await crowd.arrive(number)
        crowd.scopes[1].cancel()
        crowd.scopes[2].cancel()
        await anyio.wait_all_tasks_blocked()
        slots.give()
        await anyio.wait_all_tasks_blocked()
        assert crowd.served == [0, 3]
        slots.give()
        await crowd.arrive(4)
        assert crowd.served == [0, 3, 4]


async def test_a_slot_that_comes_to_who_has_just_given_up_goes_to_the_next() -> None:
    slots = Slots(1)
    async with anyio.create_task_group() as group:
        crowd = Crowd(slots, group)
        for number in range(3):
            await crowd.arrive(number)
        slots.give()  # called, and cancelled before it could come
        crowd.scopes[1].cancel()
        await anyio.wait_all_tasks_blocked()
        assert 2 in crowd.served or 1 in crowd.served
        assert len(crowd.served) == 2
        if 2 not in crowd.served:
            slots.give()
            await anyio.wait_all_tasks_blocked()
        assert crowd.served[-1] == 2


async def test_patience_ends_when_nothing_moves() -> None:
    slots = Slots(1)
    await slots.take(None)
    with pytest.raises(httpx.PoolTimeout, match=r"no connection came free within 0\.02 s"):
        await slots.take(0.02)


async def test_patience_begins_anew_whenever_somebody_moves_on() -> None:
    slots = Slots(1)
    patience = 0.3
    async with anyio.create_task_group() as group:
        crowd = Crowd(slots, group)
        await crowd.arrive(0)
        began = anyio.current_time()
        for number in range(1, 6):
            await crowd.arrive(number, patience)
        for _ in range(4):
            await anyio.sleep(0.6 * patience)
            slots.give()
            await anyio.wait_all_tasks_blocked()
        assert anyio.current_time() - began > 2 * patience
        assert crowd.refused == []
    assert crowd.served == [0, 1, 2, 3, 4]
    assert crowd.refused == [5]


async def test_a_slot_that_nobody_wants_is_there_for_the_next() -> None:
    slots = Slots(1)
    await slots.take(0)
    slots.give()
    await slots.take(0)


async def test_who_has_had_a_turn_goes_before_who_has_not() -> None:
    slots = Slots(1)
    served: list[str] = []

    async def take(name: str, first: bool) -> None:  # noqa: FBT001 - tasks are started with arguments by position
        await slots.take(None, first=first)
        served.append(name)

    async with anyio.create_task_group() as group:
        for name, first in [("a", False), ("b", False), ("c", True), ("d", True)]:
            group.start_soon(take, name, first)
            await anyio.wait_all_tasks_blocked()
        for _ in range(3):
            slots.give()
            await anyio.wait_all_tasks_blocked()
    assert served == ["a", "c", "d", "b"]


async def test_what_was_given_up_is_forgotten() -> None:
    slots = Slots(1)
    async with anyio.create_task_group() as group:
        crowd = Crowd(slots, group)
        for number in range(50):
            await crowd.arrive(number)
        for number in range(1, 49):
            crowd.scopes[number].cancel()
        await anyio.wait_all_tasks_blocked()
        assert len(slots._queue) < 5
        slots.give()
        await anyio.wait_all_tasks_blocked()
        assert crowd.served == [0, 49]


async def test_nobody_s_patience_counts_while_there_is_an_excuse() -> None:
    slots = Slots(1)
    await slots.take(None)
    begun = anyio.current_time()
    slots.excuse(begun + 0.2)
    with pytest.raises(httpx.PoolTimeout):
        await slots.take(0.01)
    assert anyio.current_time() - begun >= 0.2
