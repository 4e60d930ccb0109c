"""Reading a long list page by page, with and without fetching ahead."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from time import perf_counter
from urllib.parse import parse_qs, urlsplit

from benchmarks.network import message
from benchmarks.report import Findings
from benchmarks.timing import Case, Measured, compare
from musement_async import ClientCredentials, MusementClient, Token
from musement_async.testing import LocalMusement

ITEMS = 5_000
LIMIT = 100
LATENCY = 0.02
PREFETCH = 16
TARGET = 1 / 5
NOTE = (
    f"{ITEMS} activities in pages of {LIMIT}, from a server on this event loop that waits {LATENCY * 1000:.0f} ms "
    "before each answer."
)


async def measure(*, quick: bool) -> list[Findings]:
    """Every activity of a large catalogue."""
    items = 3 * LIMIT if quick else ITEMS
    async with _server(await _pages(items)) as origin:
        token = Token(access_token="a" * 86, expires_in=3600)
        client = MusementClient(ClientCredentials("benchmark", "secret"), token=token, base_url=origin)
        async with client:
            cases = [
                Case("async for", _reading(client, 0)),
                *(
                    Case(
                        f"prefetch={pages}", _reading(client, pages), "async for", TARGET if pages == PREFETCH else None
                    )
                    for pages in (2, 4, 8, PREFETCH)
                ),
            ]
            found = await compare("Iterating a long list", cases, rounds=2 if quick else 9)
    return [Findings(found.title, found.columns, found.rows, NOTE)]


def _reading(client: MusementClient, prefetch: int) -> Measured:
    async def measured() -> float:
        started = perf_counter()
        async for _ in client.activities.search(limit=LIMIT).items(prefetch=prefetch):
            pass
        return perf_counter() - started

    return measured


async def _pages(items: int) -> list[bytes]:
    """The answers of a local Musement, and the empty one that ends the list."""
    local = LocalMusement(activities=items)
    async with local.client() as client:
        offsets = range(0, items + LIMIT, LIMIT)
        return [
            (await client.http.get("/activities", params={"limit": LIMIT, "offset": offset})).content
            for offset in offsets
        ]


@asynccontextmanager
async def _server(pages: list[bytes]) -> AsyncGenerator[str, None]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.read(65536):
            query = parse_qs(urlsplit(head.split(b" ", 2)[1].decode()).query)
            page = int(query.get("offset", ["0"])[0]) // LIMIT
            await asyncio.sleep(LATENCY)
            writer.write(message(pages[page]))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
