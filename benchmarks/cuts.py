"""Cancellations while the token is renewed, and the state of the session after them."""

import asyncio
import random
from functools import partial

import httpx

from benchmarks import contestants
from benchmarks.contestants import Open, Opened, Server
from benchmarks.report import Findings
from musement_async.testing import LocalMusement

PATH = "/cities/2"
LOGIN_SECONDS = 0.005
WINDOW_SECONDS = 0.012

_CONTESTANTS: dict[str, Open] = {
    "usual recipe: a lock and a look inside": partial(contestants.locked, read_first=True),
    "MusementAuth on httpx.AsyncClient": contestants.bare,
    "MusementClient": contestants.ours,
}


async def measure(*, quick: bool) -> list[Findings]:
    """Cancel as many calls of each, at the same random moments."""
    cuts = 5 if quick else 200
    local = LocalMusement()
    with local.running() as base_url:
        server = Server(local, base_url)
        rows = [(label, *await _cut_often(server, open_client, cuts)) for label, open_client in _CONTESTANTS.items()]
    columns = ("", "after the rotation", "reused", "new logins", "next call failed")
    return [Findings(f"{cuts} calls cancelled while the token is renewed", columns, rows)]


async def _cut_often(server: Server, open_client: Open, cuts: int) -> tuple[int, int, int, int]:
    """How many cuts fell between the server's rotation and our reading of it, and what they all cost."""
    chance = random.Random(2026)  # noqa: S311 - moments, not secrets
    timeout, local = httpx.Timeout(5), server.local
    local.reset()
    opened = open_client(server, await server.log_in(), timeout)
    local.respond_slowly(LOGIN_SECONDS, path="/login", after=True)
    unread = failed = 0
    for _ in range(cuts):
        local.expire_tokens()
        unread += await _cut(server, opened, chance.uniform(0, WINDOW_SECONDS))
        if not (await opened.client.get(PATH)).is_success:
            failed += 1
            await opened.client.aclose()
            opened = open_client(server, await server.log_in(), timeout)
    await opened.client.aclose()
    return unread, local.reused_refresh_tokens, local.logins("password") - 1, failed


async def _cut(server: Server, opened: Opened, seconds: float) -> bool:
    known, rotations = opened.access_token(), server.local.rotations
    call = asyncio.ensure_future(opened.client.get(PATH))
    await asyncio.sleep(seconds)
    call.cancel()
    await asyncio.wait([call])
    return server.local.rotations > rotations and opened.access_token() == known
