"""A process of its own with one client: ``python benchmarks/worker.py OPTIONS``, its options as JSON.

For each line ``TASKS`` that it reads it makes so many calls at once, and writes how they went as a line of JSON.
"""

import asyncio
import json
import sys
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

# At the end, so that the installed library is measured and not the checkout's.
sys.path.append(str(Path(__file__).parents[1]))

from musement_async import (
    FileTokenStore,
    MemoryTokenStore,
    MusementClient,
    MusementError,
    PasswordCredentials,
    TokenStore,
)


async def open_store(options: dict[str, Any], stack: AsyncExitStack) -> TokenStore:
    """The store that the options name."""
    if "directory" in options:
        return FileTokenStore(options["directory"])
    if "redis" in options:
        from musement_async.stores.redis import RedisTokenStore

        store = RedisTokenStore(options["redis"], prefix=options["prefix"], lease=options["lease"], timeout=20)
        return await stack.enter_async_context(store)
    return MemoryTokenStore()


async def work(options: dict[str, Any]) -> None:
    """Make calls until there are no more lines."""
    credentials = PasswordCredentials(*options["credentials"])
    base_url, application = options["base_url"], options["application"]
    async with AsyncExitStack() as stack:
        store = await open_store(options, stack)
        client = MusementClient(
            credentials, token_store=store, trusted=True, base_url=base_url, application=application
        )
        await stack.enter_async_context(client)
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            failed: Counter[str] = Counter()

            async def call(failed: Counter[str] = failed) -> None:
                try:
                    await client.cities.get(2)
                except MusementError as error:
                    failed[f"{type(error).__name__}: {error}"] += 1

            started = perf_counter()
            async with asyncio.TaskGroup() as group:
                for _ in range(int(line)):
                    group.create_task(call())
            print(json.dumps({"seconds": perf_counter() - started, "failed": failed}), flush=True)


if __name__ == "__main__":
    asyncio.run(work(json.loads(sys.argv[1])))
