"""Fixtures of the core's tests: an API with prepared answers."""

from collections.abc import Callable
from typing import Any

import anyio
import attrs
import httpx
import pytest

from musement_async import MusementClient, Token
from musement_async.transports import backoff

CITY = {"id": 2, "name": "Rome"}


@attrs.define
class Script(httpx.AsyncBaseTransport):
    """Gives one answer after the other, and repeats the last one; exceptions are raised, functions are called."""

    answers: list[Any]
    requests: list[httpx.Request] = attrs.field(factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(answer):
            answer = await answer(request)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        status, headers = answer if isinstance(answer, tuple) else (answer, {})
        return httpx.Response(status, headers=headers, json=CITY if status == 200 else {"message": "no"})


@pytest.fixture
def scripted() -> Callable[..., tuple[MusementClient, Script]]:
    """Makes a client and its script, of statuses, (status, headers), exceptions, and functions of a request."""

    def make(*answers: Any, **options: Any) -> tuple[MusementClient, Script]:
        script = Script(list(answers))
        options = {"token": Token(access_token="A"), "base_url": "http://127.0.0.1/api/v3", **options}
        return MusementClient(transport=script, **options), script

    return make


@pytest.fixture
def hanging() -> Callable[[httpx.Request], Any]:
    """A request that is never answered."""

    async def answer(request: httpx.Request) -> int:
        await anyio.sleep_forever()
        return 200

    return answer


@pytest.fixture
def pauses_on(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Switches pauses on, records their lengths, and moves the clock on without a wait."""
    lengths: list[float] = []
    monkeypatch.setattr(backoff._switch, "off", 0)

    async def note(seconds: float) -> None:
        lengths.append(seconds)
        await anyio.lowlevel.checkpoint()

    monkeypatch.setattr("musement_async.transports.backoff.anyio.sleep", note)
    return lengths
