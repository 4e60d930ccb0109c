"""Starts a run, and shows how far it has come."""

import argparse
import asyncio
import sys

from redis.asyncio import Redis

from musement_async.mirror.redis import RedisMirrorStore
from workers.broker import broker, settings
from workers.tasks import plan, run_of_today

PAUSE = 1.0


async def start(run: str) -> None:
    """Queue the plan of a run; one that was started before goes on with what is not done."""
    await broker.startup()
    try:
        await plan.kiq(run=run)
    finally:
        await broker.shutdown()
    print(f"{run}: queued")


async def show(run: str, *, follow: bool) -> bool:
    """Print how far a run has come, and whatever has failed. Returns whether it is over and nothing has."""
    async with Redis.from_url(settings.redis_url) as redis:
        store = RedisMirrorStore(redis, prefix=settings.prefix)
        progress = await store.progress(run)
        print(f"{run}: {progress}")
        while follow and not progress.is_over:
            await asyncio.sleep(PAUSE)
            progress = await store.progress(run)
            print(f"{run}: {progress}")
    for name, reason in sorted(progress.failed.items()):
        print(f"{name}: {reason}")
    return progress.is_over and not progress.failed


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m workers", description=__doc__)
    parser.add_argument("command", choices=["start", "progress"])
    parser.add_argument("run", nargs="?", default=run_of_today(), help="the name of the run; today by default")
    parser.add_argument("--follow", action="store_true", help="go on until the run is over")
    given = parser.parse_args()
    if given.command == "start":
        asyncio.run(start(given.run))
        return 0
    return 0 if asyncio.run(show(given.run, follow=given.follow)) else 1


if __name__ == "__main__":
    sys.exit(main())
