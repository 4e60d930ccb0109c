"""Failed logins: few of them reach Musement, and right passwords are not held up."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any

import anyio
import httpx
import pytest
import pytest_asyncio
from fastapi import Depends, FastAPI

from musement_async import ArgumentError, MusementClient
from musement_async.integrations.fastapi import LoginLimit, MemoryLoginLimiter, basic_customer, customer_client
from musement_async.integrations.fastapi import limiter as module
from musement_async.integrations.fastapi.limiter import CountingLimiter
from musement_async.integrations.fastapi.redis import RedisLoginLimiter
from musement_async.models import Customer
from musement_async.testing import LocalMusement

Visit = Callable[[FastAPI], AbstractAsyncContextManager[httpx.AsyncClient]]
FEW = LoginLimit(3, 3000.0)
MANY = LoginLimit(1000, 1000.0)


@pytest_asyncio.fixture(params=["memory", "redis"])
async def make(request: pytest.FixtureRequest) -> AsyncIterator[Callable[..., CountingLimiter]]:
    """Makes limiters of one kind."""
    made: list[RedisLoginLimiter] = []

    def make(**limits: Any) -> CountingLimiter:
        if request.param == "memory":
            return MemoryLoginLimiter(**limits)
        prefix = f"test-{secrets.token_hex(8)}:"
        made.append(RedisLoginLimiter(request.getfixturevalue("redis_url"), prefix=prefix, **limits))
        return made[-1]

    yield make
    for limiter in made:
        async with limiter:
            pass


@pytest.mark.asyncio
async def test_a_name_has_so_many_attempts_at_once_and_then_has_to_wait(make: Any) -> None:
    limiter = make(per_name=FEW, per_address=MANY)
    assert [await limiter.attempt("ada", "192.0.2.1") for _ in range(3)] == [0, 0, 0]
    assert 900 < await limiter.attempt(" ADA", "192.0.2.2") <= 1000
    assert await limiter.attempt("bob", "192.0.2.1") == 0


@pytest.mark.asyncio
async def test_an_address_has_so_many_attempts_under_whatever_names(make: Any) -> None:
    limiter = make(per_name=MANY, per_address=FEW)
    assert [await limiter.attempt(f"name-{number}", "2001:db8::1") for number in range(3)] == [0, 0, 0]
    assert await limiter.attempt("ada", "2001:db8::2%eth0") > 900
    assert await limiter.attempt("ada", "2001:db8:0:1::1") == 0
    assert await limiter.attempt("ada", None) == 0


@pytest.mark.asyncio
@pytest.mark.parametrize("address", ["192.0.2.1", "a unix socket"])
async def test_an_attempt_that_is_given_back_does_not_count(make: Any, address: str) -> None:
    limiter = make(per_name=FEW, per_address=FEW)
    for _ in range(10):
        assert await limiter.attempt("ada", address) == 0
        await limiter.give_back("ada", address)
    for _ in range(2):
        assert await limiter.attempt("ada", address) == 0
    await limiter.give_back("ada", address)
    assert [await limiter.attempt("ada", address) > 0 for _ in range(3)] == [False, False, True]


@pytest.mark.asyncio
async def test_made_up_names_do_not_make_room_for_more_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_COUNTS", 10)
    limiter = MemoryLoginLimiter(per_name=FEW)
    for _ in range(3):
        await limiter.attempt("ada", None)
    for number in range(100):
        await limiter.attempt(f"name-{number}", None)
    assert len(limiter) <= 10
    assert await limiter.attempt("ada", None) > 0


@pytest.mark.parametrize("attempts", [0, 1.5, True])
def test_a_number_of_attempts_that_is_none_is_refused(attempts: int) -> None:
    with pytest.raises(ArgumentError, match="attempts"):
        LoginLimit(attempts, 1.0)


def test_a_period_that_is_none_is_refused() -> None:
    with pytest.raises(ArgumentError, match="period"):
        LoginLimit(1, 0.0)


def with_profile(app: FastAPI, **options: Any) -> FastAPI:
    @app.get("/me")
    async def me(client: Annotated[MusementClient, Depends(customer_client(basic_customer(), **options))]) -> Customer:
        return await client.account.get()

    return app


@pytest.mark.asyncio
async def test_three_hundred_guesses_are_not_three_hundred_logins_at_musement(
    app: FastAPI, visit: Visit, local_musement: LocalMusement
) -> None:
    statuses: list[int] = []
    async with visit(with_profile(app)) as visitor:

        async def guess(number: int) -> None:
            answer = await visitor.get("/me", auth=(local_musement.username, f"guess-{number}"))
            statuses.append(answer.status_code)
            assert ("retry-after" in answer.headers) == (answer.status_code == 429)

        async with anyio.create_task_group() as tasks:
            for number in range(300):
                tasks.start_soon(guess, number)
    assert {status: statuses.count(status) for status in set(statuses)} == {401: 10, 429: 290}
    assert local_musement.count(path="/login") == 10


@pytest.mark.asyncio
async def test_many_requests_with_the_same_wrong_password_share_logins(
    app: FastAPI, visit: Visit, local_musement: LocalMusement
) -> None:
    async with visit(with_profile(app)) as visitor, anyio.create_task_group() as tasks:
        for _ in range(50):
            tasks.start_soon(lambda: visitor.get("/me", auth=(local_musement.username, "wrong")))
    assert local_musement.count(path="/login") < 10


@pytest.mark.asyncio
async def test_an_outage_is_not_a_failed_login(app: FastAPI, visit: Visit, local_musement: LocalMusement) -> None:
    customer = (local_musement.username, local_musement.password)
    async with visit(with_profile(app, limiter=MemoryLoginLimiter(per_name=LoginLimit(1, 1000.0)))) as visitor:
        local_musement.fail_next(10, status=503, path="/login")
        assert (await visitor.get("/me", auth=customer)).status_code == 502
        local_musement.reset()
        assert (await visitor.get("/me", auth=customer)).status_code == 200


@pytest.mark.asyncio
async def test_strangers_with_made_up_names_push_no_customer_out(
    app: FastAPI, visit: Visit, local_musement: LocalMusement
) -> None:
    customer = (local_musement.username, local_musement.password)
    async with visit(with_profile(app, capacity=2)) as visitor:
        await visitor.get("/me", auth=customer)
        for number in range(5):
            assert (await visitor.get("/me", auth=(f"stranger-{number}", "wrong"))).status_code == 401
        logins = local_musement.logins("password")
        await visitor.get("/me", auth=customer)
        assert local_musement.logins("password") == logins
