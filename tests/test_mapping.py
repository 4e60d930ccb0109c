"""Bulk calls: one call for each of many arguments."""

import asyncio
import gc
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterator
from contextlib import aclosing
from threading import Thread
from typing import Any, TypeVar

import anyio
import anyio.lowlevel
import anyio.to_thread
import httpx
import pytest

from musement_async import ArgumentError, MapCall, MapResults, MusementClient, NotFoundError, Outcome, Token
from musement_async.testing import LocalMusement

T = TypeVar("T")


class Work:
    """Calls that end when they are told to."""

    def __init__(self, *, waiting: bool = False) -> None:
        self.waiting = waiting
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.running = 0
        self.most = 0
        self._released: dict[int, anyio.Event] = {}
        self._changed = anyio.Event()

    async def __call__(self, number: int) -> str:
        self.begun.append(number)
        self.running += 1
        self.most = max(self.most, self.running)
        self._tell()
        try:
            await (self._gate(number).wait() if self.waiting else anyio.lowlevel.checkpoint())
            if number < 0:
                message = f"{number} is below 0"
                raise ValueError(message)
            return str(number)
        finally:
            self.running -= 1
            self.ended.append(number)
            self._tell()

    def release(self, *numbers: int) -> None:
        for number in numbers:
            self._gate(number).set()

    async def until(self, condition: Callable[[], bool]) -> None:
        with anyio.fail_after(100):
            while not condition():
                await self._changed.wait()

    def _gate(self, number: int) -> anyio.Event:
        return self._released.setdefault(number, anyio.Event())

    def _tell(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


class Source:
    """Arguments, and the number of those that were taken."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = numbers
        self.taken = 0
        self.closed = False

    def __iter__(self) -> Iterator[int]:
        for number in self.numbers:
            self.taken += 1
            yield number

    async def slowly(self) -> AsyncGenerator[int]:
        try:
            for number in self:
                await anyio.lowlevel.checkpoint()
                yield number
        finally:
            self.closed = True


async def put(results: AsyncIterable[T], found: list[T]) -> None:
    with anyio.fail_after(100):
        async for result in results:
            found.append(result)  # noqa: PERF401 - the results before an error count


async def settle() -> None:
    for _ in range(20):
        await anyio.lowlevel.checkpoint()


@pytest.mark.anyio
async def test_awaited_it_brings_all_results_in_the_order_of_the_arguments() -> None:
    work = Work(waiting=True)

    async def in_reverse(number: int) -> str:
        if number == 9:
            work.release(*range(10))
        return await work(number)

    with anyio.fail_after(100):
        assert await MapCall(in_reverse, range(10), concurrency=10) == tuple(map(str, range(10)))


@pytest.mark.anyio
async def test_without_arguments_there_are_no_results() -> None:
    assert await MapCall(Work(), []) == ()


@pytest.mark.anyio
async def test_iterated_it_brings_each_result_as_soon_as_it_is_there() -> None:
    work = Work(waiting=True)
    results = aiter(MapCall(work, range(3), concurrency=3))
    for number in (2, 0, 1):
        work.release(number)
        assert await anext(results) == (number, str(number))
    with pytest.raises(StopAsyncIteration):
        await anext(results)


@pytest.mark.anyio
async def test_in_order_a_slow_call_delays_the_results_after_it() -> None:
    work = Work(waiting=True)
    work.release(*range(1, 10))
    found: list[tuple[int, str]] = []
    await put(MapCall(self_releasing(work, after=3), range(10), concurrency=2).in_order(), found)
    assert found == [(number, str(number)) for number in range(10)]
    assert work.ended[:4] == [1, 2, 3, 0]


def self_releasing(work: Work, *, after: int) -> Callable[[int], Awaitable[str]]:
    async def call(number: int) -> str:
        result = await work(number)
        if number == after:
            work.release(0)
        return result

    return call


@pytest.mark.anyio
@pytest.mark.parametrize("concurrency", [1, 3, 50])
async def test_no_more_calls_than_allowed_are_made_at_once(concurrency: int) -> None:
    work = Work()
    assert len(await MapCall(work, range(40), concurrency=concurrency)) == 40
    assert work.most == min(concurrency, 40)


@pytest.mark.anyio
@pytest.mark.parametrize("in_order", [True, False])
async def test_arguments_are_taken_only_so_far_ahead_of_a_slow_loop(in_order: bool) -> None:  # noqa: FBT001
    work, source = Work(), Source(*range(100))
    seen = 0
    async with aclosing(MapCall(work, source, concurrency=3).outcomes(in_order=in_order)) as outcomes:
        assert source.taken == 0
        async for _ in outcomes:
            seen += 1
            await settle()
            assert source.taken <= seen + 2 * 3
            if seen == 20:
                break
    assert source.taken == len(work.begun)


@pytest.mark.anyio
async def test_arguments_may_be_more_than_would_fit_anywhere() -> None:
    def endless() -> Iterator[int]:
        number = 0
        while True:
            yield number
            number += 1

    async for number, _ in MapCall(Work(), endless(), concurrency=4).in_order():
        if number == 500:
            break


@pytest.mark.anyio
async def test_the_first_error_is_raised_as_it_is_and_the_other_calls_are_cancelled() -> None:
    work, source = Work(waiting=True), Source(0, 1, -1, *range(3, 100))
    work.release(-1)
    with pytest.raises(ValueError, match="-1 is below 0") as caught:
        await MapCall(work, source, concurrency=5)
    assert type(caught.value) is ValueError
    assert work.running == 0
    assert sorted(work.ended) == sorted(work.begun)
    assert source.taken == len(work.begun) <= 6


@pytest.mark.anyio
async def test_in_order_an_error_comes_in_its_place_and_no_call_is_made_after_it() -> None:
    work, source = Work(waiting=True), Source(0, 1, -1, *range(3, 100))
    work.release(-1)
    found: list[tuple[int, str]] = []
    async with anyio.create_task_group() as others:

        async def go_on() -> None:
            await work.until(lambda: -1 in work.ended)
            await settle()
            work.release(0, 1)

        others.start_soon(go_on)
        with pytest.raises(ValueError, match="-1 is below 0"):
            await put(MapCall(work, source, concurrency=4).in_order(), found)
    assert found == [(0, "0"), (1, "1")]
    assert source.taken == 4
    assert work.running == 0


@pytest.mark.anyio
async def test_no_call_is_made_after_an_error_of_the_same_moment() -> None:
    work, begun = Work(waiting=True), anyio.Event()

    async def both_at_once(number: int) -> str:
        work.begun.append(number)
        if len(work.begun) == 2:
            begun.set()
        await begun.wait()
        if number < 0:
            message = f"{number} is below 0"
            raise ValueError(message)
        return str(number)

    found: list[tuple[int, str]] = []
    with pytest.raises(ValueError, match="-1 is below 0"):
        await put(MapCall(both_at_once, [1, -1, *range(2, 100)], concurrency=2).in_order(), found)
    assert found == [(1, "1")]
    # If that call ended first, one more may have begun before the error.
    assert len(work.begun) <= 3


@pytest.mark.anyio
async def test_after_an_error_the_iteration_is_over() -> None:
    results = aiter(MapCall(Work(), [-1, 1], concurrency=1))
    with pytest.raises(ValueError, match="below 0"):
        await anext(results)
    with pytest.raises(StopAsyncIteration):
        await anext(results)


@pytest.mark.anyio
@pytest.mark.parametrize("in_order", [True, False])
async def test_outcomes_bring_every_argument_once_with_its_result_or_its_error(in_order: bool) -> None:  # noqa: FBT001
    numbers = [number if number % 3 else -number - 1 for number in range(30)]
    outcomes = [outcome async for outcome in MapCall(Work(), numbers, concurrency=4).outcomes(in_order=in_order)]
    assert sorted(outcome.argument for outcome in outcomes) == sorted(numbers)
    assert not in_order or [outcome.argument for outcome in outcomes] == numbers
    for outcome in outcomes:
        if outcome.argument < 0:
            assert isinstance(outcome.error, ValueError)
            with pytest.raises(ValueError, match=f"{outcome.argument} is below 0"):
                outcome.result()
        else:
            assert outcome.error is None
            assert outcome.result() == str(outcome.argument)


@pytest.mark.anyio
async def test_a_result_may_be_none() -> None:
    async def nothing(_number: int) -> None:
        await anyio.lowlevel.checkpoint()

    assert await MapCall(nothing, [1, 2]) == (None, None)


def test_an_outcome_does_not_show_its_result() -> None:
    assert repr(Outcome(2, None, "a secret")) == "Outcome(argument=2, error=None)"


@pytest.mark.anyio
async def test_an_asynchronous_iterable_will_do_and_is_closed_in_the_end() -> None:
    source = Source(*range(10))
    assert await MapCall(Work(), source.slowly(), concurrency=3) == tuple(map(str, range(10)))
    assert source.closed


@pytest.mark.anyio
async def test_an_asynchronous_generator_is_closed_when_the_loop_is_left() -> None:
    source = Source(*range(10))
    async with aclosing(aiter(MapCall(Work(), source.slowly(), concurrency=3))) as results:
        await anext(results)
    assert source.closed


@pytest.mark.anyio
async def test_arguments_that_come_from_a_scope_of_their_own_are_taken_in_one_task() -> None:
    async def scoped() -> AsyncGenerator[int]:
        with anyio.fail_after(100):
            for number in range(20):
                yield number

    assert len(await MapCall(Work(), scoped(), concurrency=3)) == 20


@pytest.mark.anyio
async def test_each_iteration_makes_all_calls_again() -> None:
    call = MapCall(Work(), [1, 2])
    assert await call == await call == ("1", "2")


async def breaking(work: Work, number: int) -> AsyncGenerator[int]:
    yield number
    await work.until(lambda: work.running >= 1)
    message = "no more arguments"
    raise OSError(message)


@pytest.mark.anyio
async def test_an_error_of_the_arguments_ends_the_iteration_and_cancels_the_calls() -> None:
    work = Work(waiting=True)
    with pytest.raises(OSError, match="no more arguments"):
        await MapCall(work, breaking(work, 1))
    assert work.running == 0


@pytest.mark.anyio
async def test_an_error_of_the_arguments_comes_after_the_outcomes_of_calls_that_had_begun() -> None:
    work = Work(waiting=True)
    outcomes = MapCall(work, breaking(work, 1)).outcomes()
    async with anyio.create_task_group() as others:

        async def go_on() -> None:
            await work.until(lambda: work.running == 1)
            await settle()
            work.release(1)

        others.start_soon(go_on)
        assert (await anext(outcomes)).result() == "1"
    with pytest.raises(OSError, match="no more arguments"):
        await anext(outcomes)


@pytest.mark.anyio
async def test_an_iterable_whose_iteration_fails_is_an_error_of_the_arguments() -> None:
    class Broken:
        def __iter__(self) -> Iterator[int]:
            raise OSError("no arguments")

    with pytest.raises(OSError, match="no arguments"):
        await MapCall(Work(), Broken())


@pytest.mark.anyio
@pytest.mark.parametrize("step", ["__aiter__", "in_order", "outcomes"])
async def test_closing_ends_the_calls_and_waits_for_that(step: str) -> None:
    work = Work(waiting=True)
    work.release(0)
    results: MapResults[Any] = getattr(MapCall(work, range(100), concurrency=4), step)()
    async with aclosing(results):
        await anext(results)
        await work.until(lambda: work.running == 4)
    assert work.running == 0
    await results.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(results)


@pytest.mark.anyio
async def test_an_iteration_closed_before_its_first_step_makes_no_call() -> None:
    work = Work()
    results = aiter(MapCall(work, range(3)))
    await results.aclose()
    assert [result async for result in results] == []
    assert work.begun == []


@pytest.mark.anyio
async def test_a_loop_that_is_left_ends_the_calls() -> None:
    work = Work(waiting=True)
    work.release(0)
    async for _ in MapCall(work, range(100), concurrency=4):
        await work.until(lambda: work.running == 4)
        break
    gc.collect()  # for interpreters without reference counting
    await work.until(lambda: work.running == 0)


@pytest.mark.anyio
async def test_an_iteration_dropped_in_another_thread_ends_the_calls() -> None:
    work = Work(waiting=True)
    work.release(0)
    held = [aiter(MapCall(work, range(100), concurrency=4))]
    await anext(held[0])
    await work.until(lambda: work.running == 4)
    dropping = Thread(target=held.clear)
    dropping.start()
    await anyio.to_thread.run_sync(dropping.join)
    await work.until(lambda: work.running == 0)


def test_an_iteration_that_outlives_its_event_loop_can_be_dropped() -> None:
    async def begin() -> MapResults[tuple[int, str]]:
        work = Work(waiting=True)
        work.release(0)
        results = aiter(MapCall(work, range(100), concurrency=4))
        await anext(results)
        return results

    results = asyncio.run(begin())
    results._work._is_over = False  # as if the loop had ended before the calls could be cancelled
    del results
    gc.collect()


@pytest.mark.anyio
async def test_a_cancelled_consumer_leaves_no_call_behind() -> None:
    work = Work(waiting=True)
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as others:

            async def cut() -> None:
                await work.until(lambda: work.running == 4)
                scope.cancel()

            others.start_soon(cut)
            await MapCall(work, range(100), concurrency=4)
    assert scope.cancelled_caught
    assert work.running == 0


@pytest.mark.asyncio
async def test_a_consumer_whose_task_is_cancelled_leaves_no_call_behind() -> None:
    work = Work(waiting=True)

    async def consume() -> None:
        await MapCall(work, range(100), concurrency=4)

    before = asyncio.all_tasks()
    task = asyncio.create_task(consume())
    await work.until(lambda: work.running == 4)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.running == 0
    await settle()
    assert asyncio.all_tasks() == before


@pytest.mark.asyncio
async def test_a_call_that_was_cancelled_from_within_is_not_lost() -> None:
    async def cancelled(_number: int) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.cancel()
        await future

    with pytest.raises(asyncio.CancelledError):
        await MapCall(cancelled, [1, 2])


@pytest.mark.anyio
async def test_a_function_cannot_feign_the_end() -> None:
    async def feign(_number: int) -> None:
        await anyio.lowlevel.checkpoint()
        raise StopAsyncIteration

    with pytest.raises(RuntimeError, match="StopAsyncIteration"):
        await MapCall(feign, [1, 2])


@pytest.mark.anyio
async def test_a_function_that_returns_nothing_to_await_is_refused() -> None:
    function: Any = str
    with pytest.raises(ArgumentError, match="function: must return something to await"):
        await MapCall(function, [1, 2])


@pytest.mark.parametrize(
    ("argument", "given"),
    [
        ("function", {"function": None}),
        ("function", {"function": 3}),
        ("arguments", {"arguments": None}),
        ("arguments", {"arguments": 3}),
        ("arguments", {"arguments": "text"}),
        ("arguments", {"arguments": b"bytes"}),
        ("concurrency", {"concurrency": 0}),
        ("concurrency", {"concurrency": True}),
        ("concurrency", {"concurrency": 2.0}),
        ("concurrency", {"concurrency": None}),
    ],
)
def test_arguments_that_cannot_work_are_refused_by_name(argument: str, given: dict[str, Any]) -> None:
    arguments: dict[str, Any] = {"function": Work(), "arguments": [1], **given}
    function, items = arguments.pop("function"), arguments.pop("arguments")
    with pytest.raises(ArgumentError) as caught:
        MapCall(function, items, **arguments)
    assert caught.value.argument == argument


@pytest.mark.anyio
async def test_a_client_maps_its_own_methods() -> None:
    async with LocalMusement().client() as client:
        cities = await client.map(client.cities.get, [1, 2])
        assert [city.id for city in cities] == [1, 2]
        outcomes = [outcome async for outcome in client.map(client.cities.get, [1, 10**9]).outcomes(in_order=True)]
        assert outcomes[0].result().id == 1
        assert isinstance(outcomes[1].error, NotFoundError)


@pytest.mark.anyio
async def test_a_list_call_may_be_what_is_mapped() -> None:
    async with LocalMusement().client() as client:
        names = [str(city.name) async for city in client.cities.list()]

        async def name(city: Any) -> str:
            return str((await client.cities.get(city.id)).name)

        assert await client.map(name, client.cities.list(limit=7), concurrency=5) == tuple(names)


@pytest.mark.anyio
async def test_a_client_has_as_many_calls_at_once_as_connections() -> None:
    limits = httpx.Limits(max_connections=3)
    for client, expected in (
        (MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1", limits=limits), 3),
        (MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1"), 20),
        (MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1", limits=httpx.Limits()), 20),
    ):
        async with client:
            for view in (client, client.with_options(currency="EUR")):
                work = Work()
                assert len(await view.map(work, range(100))) == 100
                assert work.most == expected
