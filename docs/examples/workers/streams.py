"""A queue that loses no task of a worker that died."""

import asyncio
from collections.abc import AsyncGenerator
from functools import partial
from typing import Any

from redis.asyncio import Redis
from taskiq import AckableMessage
from taskiq_redis import RedisStreamBroker

Entries = list[tuple[bytes, dict[bytes, bytes]]]


class SafeStreamBroker(RedisStreamBroker):
    """The stream broker of taskiq-redis, with another way to take tasks out of its stream.

    The original looks for the tasks of dead workers only after new ones have arrived, so the last tasks of a night
    would lie there until the next one. It takes up to a hundred tasks at a time, which grow old while they wait in its
    memory, and are then given to others. And it leaves tasks that are done in the stream.

    This one looks for them before each task, takes one at a time, and removes it when it is done.
    """

    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        """Tasks to carry out, those of dead workers first."""
        place = b"0-0"
        async with Redis(connection_pool=self.connection_pool) as redis:
            while True:
                place, overdue = await self._take_over(redis, place)
                for name, fields in overdue or await self._take_new(redis):
                    yield AckableMessage(data=fields[b"data"], ack=partial(self._remove, name))
                # On Python 3.11 redis-py loses a cancellation that comes together with an answer: the worker would not
                # stop.
                if (task := asyncio.current_task()) is not None and task.cancelling():
                    raise asyncio.CancelledError

    async def _take_over(self, redis: Redis, place: bytes) -> tuple[bytes, Entries]:
        # One call looks at a few entries only, and says where the next one has to go on.
        place, entries, *_ = await redis.xautoclaim(
            self.queue_name,
            self.consumer_group_name,
            self.consumer_name,
            min_idle_time=self.idle_timeout,
            start_id=place,
            count=1,
        )
        return place, entries

    async def _take_new(self, redis: Redis) -> Entries:
        found: Any = await redis.xreadgroup(
            self.consumer_group_name, self.consumer_name, {self.queue_name: ">"}, count=1, block=self.block
        )
        return [entry for _, entries in found for entry in entries]

    async def _remove(self, name: bytes) -> None:
        async with Redis(connection_pool=self.connection_pool) as redis, redis.pipeline(transaction=True) as both:
            both.xack(self.queue_name, self.consumer_group_name, name)
            both.xdel(self.queue_name, name)
            await both.execute()
