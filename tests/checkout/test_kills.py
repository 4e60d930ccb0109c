"""A checkout whose processes are killed at any moment: one order, one payment, and the amount that was agreed."""

import json
import random
import secrets
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import anyio
import attrs
import filelock
import pytest
import redis

from musement_async.testing import LocalMusement

BUYER = Path(__file__).with_name("buyer.py")
LEASE = 3.0
MANY_SECONDS = 100  # the end of a wait for what happens at once: the machine may be busy
MOST_CALLS = 24  # more than a checkout makes
ORDER, PAY = "/orders", "/payments/no/payment"
NOT_DONE, DONE = 500, 503  # what the server is told to fail with before and after its work


@attrs.define(eq=False)
class Buyer:
    """A process that books when it is told to."""

    process: "subprocess.Popen[str]"
    threads: ThreadPoolExecutor

    def said(self) -> "Future[str]":
        assert self.process.stdout is not None
        return self.threads.submit(self.process.stdout.readline)

    def begin(self, task: dict[str, Any]) -> "Future[str]":
        assert self.process.stdin is not None
        self.process.stdin.write(f"{json.dumps(task)}\n")
        self.process.stdin.flush()
        return self.said()


@attrs.define(eq=False)
class Shop:
    """Processes that book at one local Musement; what is to happen to them is up to the dice."""

    local: LocalMusement
    options: dict[str, Any]
    stack: ExitStack
    make_cart: Callable[[], Awaitable[dict[str, Any]]]
    dice: random.Random
    threads: ThreadPoolExecutor
    waiting: list[Buyer] = attrs.field(factory=list)
    kills: int = 0

    def start(self) -> Buyer:
        command = [sys.executable, str(BUYER), json.dumps(self.options)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.stack.callback(self._end, process)
        return Buyer(process, self.threads)

    def _end(self, process: "subprocess.Popen[str]") -> None:
        process.kill()
        process.communicate()

    def buyers(self, number: int) -> list[Buyer]:
        """Processes that live and have nothing to do."""
        self.waiting = [buyer for buyer in self.waiting if buyer.process.poll() is None]
        new = [self.start() for _ in range(number - len(self.waiting))]
        assert {buyer.said().result(MANY_SECONDS) for buyer in new} <= {"ready\n"}
        self.waiting += new
        return self.waiting[:number]

    def lose_answers(self) -> None:
        for path in (ORDER, PAY):
            if (status := self.dice.choice([None, DONE, DONE, NOT_DONE])) is not None:
                self.local.fail_next(1, status=status, path=path, after=status == DONE)

    def run(self, task: dict[str, Any], processes: int, victims: int, *, prices: bool) -> list[dict[str, Any]]:
        """Let processes go on with one cart, kill some, change prices if asked to; give the lines of the others."""
        buyers = self.buyers(processes)
        said = [buyer.begin(task) for buyer in buyers]
        before = len(self.local.calls)
        happenings: list[Callable[[], object]] = [partial(self.kill, buyers[i], said[i]) for i in range(victims)]
        if prices:
            happenings.append(self.change_prices)
        moments = sorted(self.dice.randrange(MOST_CALLS * processes // 2) for _ in happenings)
        self.dice.shuffle(happenings)
        for moment, happen in zip(moments, happenings, strict=True):
            self.until(partial(self.has_come, before + moment, said))
            sleep(self.dice.uniform(0, 0.01))  # anywhere between two calls
            happen()
        return [json.loads(line) for one in said if (line := one.result(MANY_SECONDS))]

    def has_come(self, calls: int, said: "list[Future[str]]") -> bool:
        """Whether that many calls were made, or all processes are done."""
        return len(self.local.calls) >= calls or all(one.done() for one in said)

    def kill(self, buyer: Buyer, said: "Future[str]") -> None:
        self.kills += not said.done()
        buyer.process.kill()  # SIGKILL
        buyer.process.wait()

    def change_prices(self) -> None:
        self.local.change_prices(self.dice.choice([50, 150, 300]))

    def until(self, condition: Callable[[], bool]) -> None:
        end = monotonic() + MANY_SECONDS
        while not condition():
            assert monotonic() < end, "it did not come to pass"
            sleep(0.001)

    def is_leased(self, cart_uuid: str) -> bool:
        """Whether somebody has the lease on a cart."""
        if "redis" in self.options:
            with redis.Redis.from_url(self.options["redis"]) as client:
                return bool(client.exists(f"{self.options['prefix']}{{cart-{cart_uuid}}}:lock"))
        lock = filelock.FileLock(Path(self.options["directory"], "ca", f"cart-{cart_uuid}.lock"))
        try:
            lock.acquire(blocking=False)
        except filelock.Timeout:
            return True
        lock.release()
        return False

    def done(self, path: str) -> int:
        """The number of calls that did their work, with or without an answer."""
        return sum(status < 300 or status == DONE for status in self.answers(path))

    def answers(self, path: str) -> list[int]:
        """The statuses of all answers to a POST."""
        return [call.status for call in self.local.calls if (call.method, call.template) == ("POST", path)]


@pytest.fixture
def open_shop(
    request: pytest.FixtureRequest, local: LocalMusement, find_offer: Any, fill: Any, tmp_path: Path
) -> Iterator[Callable[[str, int], Shop]]:
    offers: list[Any] = []

    async def make_cart() -> dict[str, Any]:
        async with local.client(currency="EUR") as client:
            if not offers:
                offers.append(await find_offer(client, "open date"))
            checkout = client.checkout()
            await offers[0].put_into(checkout)
            filled = await fill(checkout)
            assert not filled["participants"]
            await checkout.cart()
            assert checkout.total is not None
            agreed = [str(checkout.total.amount), checkout.total.currency]
            return {"cart_uuid": str(checkout.cart_uuid), "customer": filled["customer"], "agreed": agreed}

    with local.running() as base_url, ExitStack() as stack, ThreadPoolExecutor(8) as threads:

        def open_shop(place: str, seed: int) -> Shop:
            api = {
                "base_url": base_url,
                "application": local.application,
                "credentials": [local.client_id, local.client_secret],
            }
            options: dict[str, Any] = {"directory": str(tmp_path / "tokens")}
            if place == "redis":
                url = request.getfixturevalue("redis_url")
                options = {"redis": url, "prefix": f"test-{secrets.token_hex(8)}:", "lease": LEASE}
            return Shop(local, {**api, **options}, stack, make_cart, random.Random(seed), threads)

        yield open_shop
        stack.close()  # before the threads, which wait for what the processes say


def check(shop: Shop, one: dict[str, Any], agreed: list[str]) -> None:
    """Check one line of a process: a booking at the agreed total, a changed price, or an unknown outcome."""
    # Of a server that failed before its work nobody learns that nothing was done.
    assert one.get("cause") in {None, "OutcomeUnknownError"}, one
    assert one.get("total", agreed) == agreed
    if "changed" in one:
        assert one["changed"] != agreed
        assert shop.done(PAY) == 0


def book_once(shop: Shop) -> None:
    """Book one cart, whatever happens to the processes that do it."""
    local, dice, killed = shop.local, shop.dice, shop.kills
    local.reset()
    task = anyio.run(shop.make_cart)
    for after in (False, True):
        local.respond_slowly(dice.choice([0, 0.01]), after=after)
    shop.lose_answers()
    for _ in range(dice.randrange(1, 3)):
        processes = dice.randrange(1, 3)
        victims = dice.randrange(processes + 1)
        for one in shop.run(task, processes, victims, prices=dice.random() < 0.3):
            check(shop, one, task["agreed"])
    if dice.random() < 0.3:
        shop.change_prices()
    booked: set[str] = set()
    while not booked:  # the server fails once for each call at most
        said = shop.run(task, dice.randrange(1, 3), 0, prices=False)
        for one in said:
            check(shop, one, task["agreed"])
            # A process that was killed may have sent an order that is still on its way; nobody pays for that.
            if "changed" in one and one["order"] is None and shop.kills == killed:
                assert not local.orders
        booked = {one["booked"] for one in said if "booked" in one}
        task["agreed"] = said[0].get("changed", task["agreed"])  # the customer agrees
    assert local.orders == [*booked]
    assert (shop.done(ORDER), shop.done(PAY)) == (1, 1)
    if shop.kills == killed:  # then nothing was even sent a second time, for the server to refuse
        assert {*shop.answers(ORDER), *shop.answers(PAY)} <= {200, DONE, NOT_DONE}


@pytest.mark.parametrize(
    ("place", "kills", "seed"),
    [
        ("file", 2, 1),
        ("redis", 1, 2),
        *(pytest.param("file", 5, seed, marks=pytest.mark.stress) for seed in range(3, 19)),
        *(pytest.param("redis", 5, seed, marks=pytest.mark.stress) for seed in range(19, 23)),
    ],
)
def test_a_cart_is_ordered_and_paid_once_at_the_amount_agreed_whoever_is_killed(
    open_shop: Callable[[str, int], Shop], place: str, kills: int, seed: int
) -> None:
    shop = open_shop(place, seed)
    while shop.kills < kills:
        book_once(shop)


@pytest.mark.parametrize(("place", "call"), [pytest.param("file", ORDER, marks=pytest.mark.stress), ("redis", PAY)])
def test_the_lease_of_a_process_that_was_killed_ends_and_the_next_one_goes_on(
    open_shop: Callable[[str, int], Shop], local: LocalMusement, place: str, call: str
) -> None:
    shop = open_shop(place, 1)
    task = anyio.run(shop.make_cart)
    local.respond_slowly(600, path=call, after=True)
    (victim,) = shop.buyers(1)
    said = victim.begin(task)
    shop.until(lambda: shop.done(call) == 1)  # done, and not yet answered
    assert shop.is_leased(task["cart_uuid"])
    local.respond_slowly(0, path=call, after=True)
    shop.kill(victim, said)
    (one,) = shop.run(task, 1, 0, prices=False)
    assert (one["booked"], one["total"]) == (local.orders[0], task["agreed"])
    assert (shop.done(ORDER), shop.done(PAY)) == (1, 1)
    assert not shop.is_leased(task["cart_uuid"])
