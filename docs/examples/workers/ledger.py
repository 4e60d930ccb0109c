"""The ledger of a run, in Redis: open tasks, finished tasks, and the copies."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Self

import attrs
from redis.asyncio import Redis

from musement_async import from_json
from musement_async.models import Activity

# The API wants content to be kept for no longer than this. What is refreshed nightly does not get so old; a city that
# is gone does, and its copy with it.
KEPT = timedelta(days=7)


@attrs.frozen
class Part:
    """A part of a run: the activities of a city in a language."""

    city: int
    language: str

    def __str__(self) -> str:
        return f"{self.city}:{self.language}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The part that ``str()`` wrote."""
        city, _, language = text.partition(":")
        return cls(int(city), language)


@attrs.frozen
class Progress:
    """The progress of a run.

    Attributes:
        total: The number of its parts; 0 before it is planned.
        done: The number of finished parts.
        failed: Why parts, or the plan, have failed, by their names. Starting the run again repeats them.
    """

    total: int
    done: int
    failed: Mapping[str, str]

    @property
    def left(self) -> int:
        """The number of parts that are neither finished nor failed."""
        return self.total - self.done - len(self.failed.keys() - {"plan"})

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return bool(self.total or self.failed) and not self.left

    def __str__(self) -> str:
        return f"{self.done} of {self.total} done, {len(self.failed)} failed, {self.left} to go"


@attrs.frozen
class Ledger:
    """The ledger of all runs.

    Args:
        redis: A client of ``redis.asyncio``.
        prefix: How its keys begin.
    """

    redis: Redis
    prefix: str

    async def plan(self, run: str, parts: Iterable[Part]) -> list[Part]:
        """Add parts to a run, if it does not have them yet. Returns those of the run that are not done."""
        names = [str(part) for part in parts]
        async with self.redis.pipeline(transaction=True) as steps:
            if names:
                steps.sadd(self._parts(run), *names)
            steps.hdel(self._failed(run), "plan", *names)
            steps.expire(self._parts(run), KEPT)
            steps.sdiff([self._parts(run), self._done(run)])
            *_, left = await steps.execute()
        return sorted((Part.parse(name.decode()) for name in left), key=str)

    async def is_done(self, run: str, part: Part) -> bool:
        """Whether a part is done."""
        return bool(await self.redis.sismember(self._done(run), str(part)))

    async def finish(self, run: str, part: Part, activities: Mapping[str, bytes]) -> None:
        """Put new activities, as JSON by UUID, in the place of the old ones, and the part is done: all in one step."""
        copy = self._copy(part)
        async with self.redis.pipeline(transaction=True) as steps:
            steps.delete(copy)
            if activities:
                steps.hset(copy, mapping=dict[Any, Any](activities))
                steps.expire(copy, KEPT)
            steps.sadd(self._done(run), str(part))
            steps.expire(self._done(run), KEPT)
            steps.hdel(self._failed(run), str(part))
            await steps.execute()

    async def fail(self, run: str, name: str, reason: str) -> None:
        """Write down why a part, or the plan, has failed."""
        async with self.redis.pipeline(transaction=True) as steps:
            steps.hset(self._failed(run), name, reason)
            steps.expire(self._failed(run), KEPT)
            await steps.execute()

    async def progress(self, run: str) -> Progress:
        """The progress of a run."""
        async with self.redis.pipeline(transaction=True) as steps:
            steps.scard(self._parts(run))
            steps.smembers(self._done(run))
            steps.hgetall(self._failed(run))
            total, done, failed = await steps.execute()
        # A part that was carried out twice may have failed once.
        reasons = {name.decode(): reason.decode() for name, reason in failed.items() if name not in done}
        return Progress(total, len(done), reasons)

    async def activities(self, part: Part) -> dict[str, Activity]:
        """The copy of a city's activities in a language, by UUID."""
        copy: Any = await self.redis.hgetall(self._copy(part))
        return {uuid.decode(): from_json(text, Activity) for uuid, text in copy.items()}

    def _parts(self, run: str) -> str:
        return f"{self.prefix}run:{run}:parts"

    def _done(self, run: str) -> str:
        return f"{self.prefix}run:{run}:done"

    def _failed(self, run: str) -> str:
        return f"{self.prefix}run:{run}:failed"

    def _copy(self, part: Part) -> str:
        return f"{self.prefix}activities:{part}"
