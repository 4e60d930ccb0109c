"""So many requests a second, shared by all tasks."""

from typing import Any

import anyio
import httpx
import pytest

from musement_async import ArgumentError, MusementClient, MusementTransport, Token
from musement_async.transports import backoff
from musement_async.transports.paced import PacedTransport


class Clock:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await anyio.lowlevel.checkpoint()


class Sent(httpx.AsyncBaseTransport):
    """Notes when requests arrive; answers with the statuses given, then with 200."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.times: list[float] = []
        self.paths: list[str] = []
        self.answers: list[httpx.Response] = []
        self.events: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.times.append(self.clock.now)
        self.paths.append(request.url.path)
        return self.answers.pop(0) if self.answers else httpx.Response(200, json={"id": 2})

    async def __aenter__(self) -> Any:
        self.events.append("open")
        return self

    async def aclose(self) -> None:
        self.events.append("close")

    @property
    def gaps(self) -> list[float]:
        return [round(later - earlier, 6) for earlier, later in zip(self.times, self.times[1:], strict=False)]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(anyio, "current_time", lambda: clock.now)
    monkeypatch.setattr(anyio, "sleep", clock.sleep)
    monkeypatch.setattr(backoff._switch, "off", 0)
    return clock


REQUEST = httpx.Request("GET", "http://127.0.0.1/")


@pytest.mark.anyio
async def test_requests_are_spread_evenly_over_time(clock: Clock) -> None:
    sent = Sent(clock)
    transport = PacedTransport(sent, 4)
    for _ in range(5):
        await transport.handle_async_request(REQUEST)
    assert sent.gaps == [0.25] * 4


@pytest.mark.anyio
async def test_who_comes_late_does_not_wait(clock: Clock) -> None:
    sent = Sent(clock)
    transport = PacedTransport(sent, 4)
    await transport.handle_async_request(REQUEST)
    clock.now += 10
    await transport.handle_async_request(REQUEST)
    await transport.handle_async_request(REQUEST)
    assert sent.gaps == [10, 0.25]


@pytest.mark.anyio
async def test_all_tasks_share_the_rate_and_keep_their_order(clock: Clock) -> None:
    sent = Sent(clock)
    client = MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1", transport=sent, rate_limit=10)
    async with anyio.create_task_group() as group:
        for number in range(1, 31):
            group.start_soon(client.with_options(language="it-IT").cities.get, number)
            await anyio.wait_all_tasks_blocked()
    assert sent.gaps == [0.1] * 29
    assert sent.paths == [f"/cities/{number}" for number in range(1, 31)]


@pytest.mark.anyio
async def test_a_refusal_slows_down_and_answers_speed_up_again(clock: Clock) -> None:
    sent = Sent(clock)
    sent.answers = [httpx.Response(429)]
    transport = PacedTransport(sent, 10)
    for _ in range(60):
        await transport.handle_async_request(REQUEST)
    assert sent.gaps[0] == 0.1
    assert sent.gaps[1] == 0.2
    assert sent.gaps[1:] == sorted(sent.gaps[1:], reverse=True)
    assert sent.gaps[-1] == 0.1


@pytest.mark.anyio
async def test_refusals_of_what_was_sent_before_slow_down_once(clock: Clock) -> None:
    go = anyio.Event()

    class Refusing(Sent):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await super().handle_async_request(request)
            await go.wait()
            return httpx.Response(429)

    sent = Refusing(clock)
    transport = PacedTransport(sent, 10)
    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(transport.handle_async_request, REQUEST)
        await anyio.wait_all_tasks_blocked()
        go.set()
    assert transport._current == 5


@pytest.mark.anyio
async def test_it_never_stops_altogether(clock: Clock) -> None:
    sent = Sent(clock)
    sent.answers = [httpx.Response(429) for _ in range(20)]
    transport = PacedTransport(sent, 64)
    for _ in range(21):
        await transport.handle_async_request(REQUEST)
    assert max(sent.gaps) == 1


@pytest.mark.anyio
@pytest.mark.parametrize(("asked", "gap"), [("7", 7), ("3600", 60)])
async def test_all_wait_when_one_is_told_to_but_not_for_ever(clock: Clock, asked: str, gap: float) -> None:
    sent = Sent(clock)
    sent.answers = [httpx.Response(429, headers={"Retry-After": asked})]
    transport = PacedTransport(sent, 10)
    await transport.handle_async_request(REQUEST)
    await transport.handle_async_request(REQUEST)
    assert sent.gaps == [gap]


@pytest.mark.anyio
async def test_a_wait_for_the_rate_is_no_wait_for_a_connection(clock: Clock) -> None:
    sent = Sent(clock)
    sent.answers = [httpx.Response(429, headers={"Retry-After": "30"})]
    transport = MusementTransport(sent, slots=1, rate_limit=10)
    impatient = httpx.Request("GET", "http://127.0.0.1/", extensions={"timeout": {"pool": 1}})
    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(transport.handle_async_request, impatient)
    assert len(sent.times) == 5


@pytest.mark.anyio
async def test_who_gives_up_costs_the_others_nothing(clock: Clock) -> None:
    sent = Sent(clock)
    transport = PacedTransport(sent, 10)
    await transport.handle_async_request(REQUEST)
    with anyio.CancelScope() as scope:
        scope.cancel()
        await transport.handle_async_request(REQUEST)
    await transport.handle_async_request(REQUEST)
    assert len(sent.times) == 2


@pytest.mark.anyio
async def test_without_pauses_nobody_waits(clock: Clock) -> None:
    sent = Sent(clock)
    transport = PacedTransport(sent, 1)
    with pauses.without_pauses():
        for _ in range(3):
            await transport.handle_async_request(REQUEST)
    assert sent.gaps == [0, 0]


@pytest.mark.anyio
async def test_what_is_underneath_is_opened_and_closed_with_it(clock: Clock) -> None:
    sent = Sent(clock)
    async with MusementTransport(sent, rate_limit=5):
        pass
    assert sent.events == ["open", "close"]


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), "5", True])
def test_a_rate_that_cannot_be_is_refused_by_name(value: Any) -> None:
    with pytest.raises(ArgumentError, match=r"^rate_limit: must be a positive number of requests a second, or None"):
        MusementTransport(rate_limit=value)
