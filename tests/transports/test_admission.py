"""Admission to the network: the concurrency limit with its queue, and the rate limit, in virtual time."""

from functools import partial
from itertools import count, pairwise
from typing import Any

import anyio
import anyio.abc
import anyio.lowlevel
import httpx
import pytest

from musement_async import ArgumentError, ClientClosedError, MusementClient, MusementTransport, Token
from musement_async.transports import backoff
from musement_async.transports.admission import ConcurrencyLimiter, RateLimiter

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend(virtual_time: Any) -> Any:
    return virtual_time


class Crowd:
    """Requests that take a slot and keep it."""

    def __init__(self, limiter: ConcurrencyLimiter, group: anyio.abc.TaskGroup) -> None:
        self._limiter = limiter
        self._group = group
        self._arrivals = count(1)
        self.admitted: list[str] = []
        self.timed_out: list[str] = []
        self.refused: list[str] = []
        self.scopes: dict[str, anyio.CancelScope] = {}

    async def arrive(self, *names: str, timeout: float | None = None, **options: Any) -> None:  # noqa: ASYNC109 - theirs
        for name in names:
            options = {"arrival": next(self._arrivals), **options}
            self._group.start_soon(partial(self._acquire, name, timeout, **options))
            await settle()

    async def _acquire(self, name: str, timeout: float | None, **options: Any) -> None:  # noqa: ASYNC109 - theirs
        with anyio.CancelScope() as self.scopes[name]:
            try:
                await self._limiter.acquire(timeout, **options)
            except httpx.PoolTimeout:
                self.timed_out.append(name)
            except ClientClosedError:
                self.refused.append(name)
            else:
                self.admitted.append(name)

    async def release(self, times: int = 1) -> None:
        for _ in range(times):
            self._limiter.release()
            await settle()


async def settle() -> None:
    """Let all tasks run until they wait, while the clock stands still."""
    for _ in range(10):
        await anyio.lowlevel.checkpoint()


class TestConcurrencyLimiter:
    async def test_slots_are_taken_in_order_of_arrival(self) -> None:
        limiter = ConcurrencyLimiter(2)
        async with anyio.create_task_group() as group:
            crowd = Crowd(limiter, group)
            await crowd.arrive(*"abcdef")
            for admitted in ("ab", "abc", "abcd", "abcde", "abcdef"):
                assert "".join(crowd.admitted) == admitted
                await crowd.release()

    async def test_a_slot_that_nobody_waits_for_is_there_for_the_next_request(self) -> None:
        limiter = ConcurrencyLimiter(1)
        for arrival in range(3):
            await limiter.acquire(0, arrival=arrival)
            limiter.release()

    async def test_without_a_limit_all_are_admitted(self) -> None:
        limiter = ConcurrencyLimiter(None)
        for arrival in range(1000):
            await limiter.acquire(0, arrival=arrival)

    async def test_sessions_are_admitted_in_turn(self) -> None:
        async with anyio.create_task_group() as group:
            crowd = Crowd(ConcurrencyLimiter(1), group)
            await crowd.arrive("first")
            for session, names in (("a", ["a1", "a2", "a3"]), ("b", ["b1", "b2"]), ("c", ["c1"])):
                await crowd.arrive(*names, session=session)
            await crowd.release(6)
            assert crowd.admitted == ["first", "a1", "b1", "c1", "a2", "b2", "a3"]

    async def test_a_session_with_a_thousand_requests_does_not_hold_up_the_one_of_another(self) -> None:
        async with anyio.create_task_group() as group:
            crowd = Crowd(ConcurrencyLimiter(1), group)
            await crowd.arrive("first")
            await crowd.arrive(*(f"many {number}" for number in range(1000)), session="many")
            await crowd.arrive("single", session="single")
            await crowd.release(2)
            assert crowd.admitted == ["first", "many 0", "single"]
            group.cancel_scope.cancel()

    async def test_requests_with_priority_go_first_in_order_of_arrival(self) -> None:
        async with anyio.create_task_group() as group:
            crowd = Crowd(ConcurrencyLimiter(1), group)
            await crowd.arrive("first", "ordinary")
            for arrival in (7, 5, 6):
                await crowd.arrive(f"replay {arrival}", arrival=arrival, first=True, session=arrival)
            await crowd.release(4)
            assert crowd.admitted == ["first", "replay 5", "replay 6", "replay 7", "ordinary"]

    async def test_one_request_may_be_sent_twice_at_the_same_time(self) -> None:
        async with anyio.create_task_group() as group:
            crowd = Crowd(ConcurrencyLimiter(1), group)
            await crowd.arrive("first")
            await crowd.arrive("again", "and again", arrival=1, first=True)
            await crowd.release(2)
            assert sorted(crowd.admitted) == ["again", "and again", "first"]

    async def test_who_leaves_the_queue_is_passed_over(self) -> None:
        async with anyio.create_task_group() as group:
            crowd = Crowd(ConcurrencyLimiter(1), group)
            await crowd.arrive(*"abcdefg")
            for name in "bc":
                crowd.scopes[name].cancel()
            await settle()
            await crowd.release(2)
            assert crowd.admitted == ["a", "d", "e"]
            await crowd.release(4)
            await crowd.arrive("h")
            assert crowd.admitted == ["a", "d", "e", "f", "g", "h"]

    async def test_a_slot_that_comes_to_who_is_just_leaving_goes_to_the_next(self) -> None:
        async with anyio.create_task_group() as group:
            crowd = Crowd(ConcurrencyLimiter(1), group)
            await crowd.arrive(*"abc")
            crowd.scopes["b"].cancel()
            await crowd.release()
            # On trio, the earlier cancellation wins; on asyncio, the slot may win.
            if crowd.admitted[-1] == "b":
                await crowd.release()
            assert crowd.admitted[-1] == "c"

    async def test_a_slot_that_was_given_to_who_is_cancelled_before_waking_up_is_not_lost(self) -> None:
        limiter = ConcurrencyLimiter(1)
        async with anyio.create_task_group() as group:
            crowd = Crowd(limiter, group)
            await crowd.arrive(*"abc")
            limiter.release()
            crowd.scopes["b"].cancel()
            await settle()
            if crowd.admitted[-1] == "b":
                await crowd.release()
            assert crowd.admitted[-1] == "c"

    @pytest.mark.parametrize("first", [False, True])
    async def test_those_who_left_are_forgotten(self, *, first: bool) -> None:
        limiter = ConcurrencyLimiter(1)
        async with anyio.create_task_group() as group:
            crowd = Crowd(limiter, group)
            await crowd.arrive("a")
            await crowd.arrive(*map(str, range(50)), session="many", first=first)
            for number in range(50):
                await crowd.arrive(f"session {number}", session=number, first=first)
            await crowd.arrive("b", session="b", first=first)
            for name, scope in crowd.scopes.items():
                if name not in {"a", "b", "40"}:
                    scope.cancel()
            await settle()
            assert len(limiter._first) + sum(map(len, limiter._queues.values())) < 10
            assert len(limiter._queues) < 10
            await crowd.release(2)
            assert sorted(crowd.admitted) == ["40", "a", "b"]

    async def test_a_wait_ends_when_no_slot_is_released_in_time(self) -> None:
        limiter = ConcurrencyLimiter(1)
        await limiter.acquire(None, arrival=1)
        since = anyio.current_time()
        with pytest.raises(httpx.PoolTimeout, match=r"^no connection was released within 2\.5 s$"):
            await limiter.acquire(2.5, arrival=2)
        assert anyio.current_time() - since == pytest.approx(2.5)

    async def test_timeouts_restart_whenever_a_slot_is_released(self) -> None:
        async with anyio.create_task_group() as group:
            crowd = Crowd(ConcurrencyLimiter(1), group)
            since = anyio.current_time()
            await crowd.arrive("a")
            await crowd.arrive(*"bcdef", timeout=10)
            for _ in range(4):
                await anyio.sleep(9)
                await crowd.release()
            assert crowd.timed_out == []
        assert crowd.admitted == list("abcde")
        assert crowd.timed_out == ["f"]
        assert anyio.current_time() - since == pytest.approx(46)

    async def test_without_a_timeout_a_request_waits_for_as_long_as_it_takes(self) -> None:
        async with anyio.create_task_group() as group:
            crowd = Crowd(ConcurrencyLimiter(1), group)
            await crowd.arrive(*"ab")
            await anyio.sleep(80_000)
            await crowd.release()
        assert crowd.admitted == ["a", "b"]

    async def test_timeouts_can_be_suspended_for_a_time(self) -> None:
        limiter = ConcurrencyLimiter(1)
        await limiter.acquire(None, arrival=1)
        since = anyio.current_time()
        limiter.extend_timeouts(since + 30)
        limiter.extend_timeouts(since + 20)
        with pytest.raises(httpx.PoolTimeout):
            await limiter.acquire(1, arrival=2)
        assert anyio.current_time() - since == pytest.approx(31)

    async def test_closing_refuses_all_who_wait_and_all_who_come_later(self) -> None:
        limiter = ConcurrencyLimiter(1)
        async with anyio.create_task_group() as group:
            crowd = Crowd(limiter, group)
            await crowd.arrive(*"abc", session="many")
            await crowd.arrive("d", session="one")
            await crowd.arrive("e", first=True)
            crowd.scopes["c"].cancel()
            await settle()
            limiter.close()
            await settle()
            assert sorted(crowd.refused) == ["b", "d", "e"]
            await crowd.release()
            await crowd.arrive("f")
            assert sorted(crowd.refused) == ["b", "d", "e", "f"]
            assert crowd.admitted == ["a"]


class Sent(httpx.AsyncBaseTransport):
    """A transport that records the arrival times, and answers with the given statuses, then with 200."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.times: list[float] = []
        self.paths: list[str] = []
        self.answers = list(answers)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.times.append(anyio.current_time())
        self.paths.append(request.url.path)
        return self.answers.pop(0) if self.answers else httpx.Response(200, json={"id": 2})

    @property
    def gaps(self) -> list[float]:
        return [round(later - earlier, 6) for earlier, later in pairwise(self.times)]


@pytest.fixture
def _backoff_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff._switch, "off", 0)


async def ask(transport: httpx.AsyncBaseTransport, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpx's
    extensions = {} if timeout is None else {"timeout": {"pool": timeout}}
    await transport.handle_async_request(httpx.Request("GET", "http://127.0.0.1/", extensions=extensions))


def retry_after(seconds: str) -> httpx.Response:
    return httpx.Response(429, headers={"Retry-After": seconds})


@pytest.mark.usefixtures("_backoff_on")
class TestRateLimiter:
    async def test_requests_are_spread_evenly_over_time(self) -> None:
        sent = Sent()
        transport = MusementTransport(sent, rate_limit=4)
        for _ in range(5):
            await ask(transport)
        assert sent.gaps == [0.25] * 4

    async def test_who_comes_late_does_not_wait(self) -> None:
        sent = Sent()
        transport = MusementTransport(sent, rate_limit=4)
        await ask(transport)
        await anyio.sleep(10)
        await ask(transport)
        await ask(transport)
        assert sent.gaps == [10, 0.25]

    async def test_all_tasks_share_the_rate_and_keep_their_order(self) -> None:
        sent = Sent()
        client = MusementClient(
            token=Token(access_token="A"), base_url="http://127.0.0.1", transport=sent, rate_limit=10
        )
        async with anyio.create_task_group() as group:
            for number in range(1, 31):
                group.start_soon(client.with_options(language="it-IT").cities.get, number)
                await settle()
        assert sent.gaps == [0.1] * 29
        assert sent.paths == [f"/cities/{number}" for number in range(1, 31)]

    async def test_a_refusal_slows_down_and_answers_speed_up_again(self) -> None:
        sent = Sent(httpx.Response(429))
        transport = MusementTransport(sent, rate_limit=10)
        for _ in range(60):
            await ask(transport)
        assert sent.gaps[:2] == [0.1, 0.2]
        assert sent.gaps[1:] == sorted(sent.gaps[1:], reverse=True)
        assert sent.gaps[-1] == 0.1

    async def test_refusals_of_requests_sent_together_slow_down_once(self) -> None:
        rate = RateLimiter(10, ConcurrencyLimiter(None))
        times = [await rate.wait() for _ in range(5)]
        for sent_at in times:
            rate.report(httpx.Response(429), sent_at)
        began = await rate.wait()
        assert await rate.wait() - began == pytest.approx(0.2)

    async def test_it_never_stops_altogether(self) -> None:
        sent = Sent(*(httpx.Response(429) for _ in range(20)))
        transport = MusementTransport(sent, rate_limit=64)
        for _ in range(21):
            await ask(transport)
        assert max(sent.gaps) == 1

    @pytest.mark.parametrize(("asked", "gap"), [("7", 7), ("3600", 60), ("1795852800", 60)])
    async def test_all_wait_when_one_is_told_to_but_not_for_ever(self, asked: str, gap: float) -> None:
        sent = Sent(retry_after(asked))
        transport = MusementTransport(sent, rate_limit=10)
        await ask(transport)
        await ask(transport)
        assert sent.gaps == [gap]

    async def test_the_pool_timeout_is_suspended_while_requests_wait_for_the_rate(self) -> None:
        sent = Sent(retry_after("30"))
        transport = MusementTransport(sent, concurrency=1, rate_limit=10)
        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(ask, transport, 1)
        assert len(sent.times) == 5
        assert sent.times[-1] - sent.times[0] > 30

    async def test_a_request_that_leaves_does_not_delay_the_others(self) -> None:
        sent = Sent()
        transport = MusementTransport(sent, rate_limit=10)
        await ask(transport)
        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(ask, transport)
            await settle()
            group.cancel_scope.cancel()
        await ask(transport)
        assert sent.gaps == [0.1]

    async def test_with_backoff_switched_off_nobody_waits(self) -> None:
        sent = Sent()
        transport = MusementTransport(sent, rate_limit=1)
        with backoff.without_backoff():
            for _ in range(3):
                await ask(transport)
        assert sent.gaps == [0, 0]

    async def test_closing_ends_the_waits_and_sends_nothing_more(self) -> None:
        sent = Sent(retry_after("60"))
        transport = MusementTransport(sent, concurrency=2, rate_limit=10)
        await ask(transport)
        refused: list[int] = []

        async def expect_refusal(number: int) -> None:
            with pytest.raises(ClientClosedError):
                await ask(transport)
            refused.append(number)

        since = anyio.current_time()
        async with anyio.create_task_group() as group:
            for number in range(4):
                group.start_soon(expect_refusal, number)
            await settle()
            await transport.aclose()
        assert sorted(refused) == [0, 1, 2, 3]
        assert len(sent.times) == 1
        assert anyio.current_time() == pytest.approx(since)


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), "5", True])
def test_a_rate_that_cannot_be_is_refused_by_name(value: Any) -> None:
    with pytest.raises(ArgumentError, match=r"^rate_limit: must be a positive number of requests per second, or None"):
        MusementTransport(rate_limit=value)
