"""A mirror in Redis, for workers on many machines. Needs the extra ``redis``, and asyncio."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec

from musement_async.codec import to_json
from musement_async.mirror.parts import MirrorPart, MirrorProgress, MirrorRecord, MirrorRun, RecordKind

try:
    from redis.asyncio import Redis
except ModuleNotFoundError as _missing:
    message = 'RedisMirrorStore needs the extra "redis" of musement-async'
    raise ImportError(message, name=_missing.name) from _missing

# The API allows content to be kept for so long: where no run renews it, it goes.
_KEPT = timedelta(days=7)


class RedisMirrorStore:
    """Keeps a mirror in Redis, as hashes ``<prefix><kind>:<language>:<currency>`` with a JSON text for each key.

    Each activity is replaced at once. A hash that no run has copied for seven days is gone.

    Args:
        redis: A client of ``redis.asyncio``, which stays yours to close.
        prefix: How its keys begin.
    """

    def __init__(self, redis: "Redis", *, prefix: str = "musement:mirror:") -> None:
        self._redis: Any = redis
        self._prefix = prefix

    def __repr__(self) -> str:
        return f"RedisMirrorStore(prefix={self._prefix!r})"

    async def items(self, kind: RecordKind, language: str, currency: str) -> AsyncIterator[tuple[str, bytes]]:
        """What has been copied: each key with its JSON, of a model or of a list of models."""
        async for key, text in self._redis.hscan_iter(self._key(kind, language, currency)):
            yield key.decode(), text

    async def runs(self) -> Sequence[MirrorRun]:
        """The runs that are known, oldest first."""
        known = await self._redis.hgetall(self._key("runs"))
        runs = [msgspec.json.decode(text, type=MirrorRun) for text in known.values()]
        return sorted(runs, key=lambda run: (run.day, run.name))

    async def plan(self, run: MirrorRun, parts: Iterable[MirrorPart]) -> None:
        """Begin a run of these parts. A full one drops the copies of languages, currencies and cities not in it."""
        planned = {str(part): part.weight for part in parts}
        copied: set[str] = {name.decode() for name in await self._redis.smembers(self._key("copied"))}
        for name in copied - planned.keys() if run.is_full else ():
            stale = await self._redis.smembers(self._key("keys", name))
            await self._run(partial(self._drop, MirrorPart.parse(name), stale))

        def begin(steps: Any) -> None:  # noqa: ANN401 - a pipeline, which has no types
            steps.hset(self._key("runs"), run.name, msgspec.json.encode(run))
            steps.hset(self._key("parts", run.name), mapping=planned)
            for key in (self._key("runs"), self._key("parts", run.name)):
                steps.expire(key, _KEPT)

        await self._run(begin)

    async def resume(self, run: str) -> Sequence[MirrorPart]:
        """The parts of a run that are not done, whose failures are forgotten."""
        _, parts, done = await self._run(
            lambda steps: (
                steps.delete(self._key("failed", run)),
                steps.hgetall(self._key("parts", run)),
                steps.smembers(self._key("done", run)),
            )
        )
        return [MirrorPart.parse(name.decode(), int(weight)) for name, weight in parts.items() if name not in done]

    async def saved(self, run: str, part: MirrorPart) -> set[str] | None:
        """The keys of what a part has saved; None if the part is done."""
        is_done, names = await self._run(
            lambda steps: (
                steps.sismember(self._key("done", run), str(part)),
                steps.smembers(self._key("saved", run, str(part))),
            )
        )
        return None if is_done else {key for _, key in map(_split, names)}

    async def save(self, run: str, part: MirrorPart, records: Sequence[MirrorRecord]) -> None:
        """Put records in the place of older ones, all at once."""
        saved = self._key("saved", run, str(part))

        def replace(steps: Any) -> None:  # noqa: ANN401 - the same
            for record in records:
                copies = self._copies(record.kind, part)
                steps.sadd(saved, f"{record.kind} {record.key}")
                if record.value is None:
                    steps.hdel(copies, record.key)
                else:
                    steps.hset(copies, record.key, to_json(record.value))
                    if part.kind != "changes":  # which leaves the rest as old as it is
                        steps.expire(copies, _KEPT)
            steps.expire(saved, _KEPT)

        await self._run(replace)

    async def finish(self, run: str, part: MirrorPart) -> None:
        """Drop what earlier runs saved for a part and this one did not; the part is done."""
        name = str(part)
        saved, keys, done = self._key("saved", run, name), self._key("keys", name), self._key("done", run)
        renews = part.kind != "changes" and await self.saved(run, part) is not None  # else another worker was faster
        stale = await self._redis.sdiff([keys, saved]) if renews else set[bytes]()

        def end(steps: Any) -> None:  # noqa: ANN401 - the same
            if renews:
                self._drop(part, stale, steps)
                steps.sunionstore(keys, [saved])
                steps.sadd(self._key("copied"), name)
                steps.expire(keys, _KEPT)
            steps.delete(saved)
            steps.sadd(done, name)
            steps.expire(done, _KEPT)
            steps.hdel(self._key("failed", run), name)

        await self._run(end)

    async def fail(self, run: str, name: str, reason: str) -> None:
        """Note why a part, or the plan, has failed."""
        failed = self._key("failed", run)
        await self._run(lambda steps: (steps.hset(failed, name, reason), steps.expire(failed, _KEPT)))

    async def progress(self, run: str) -> MirrorProgress:
        """The progress of a run."""
        parts, done, failed = await self._run(
            lambda steps: (
                steps.hgetall(self._key("parts", run)),
                steps.smembers(self._key("done", run)),
                steps.hgetall(self._key("failed", run)),
            )
        )
        # A part that was carried out twice may have failed once.
        reasons = {name.decode(): reason.decode() for name, reason in sorted(failed.items()) if name not in done}
        items = sum(int(weight) for name, weight in parts.items() if name in done)
        return MirrorProgress(len(parts), len(done), reasons, items, sum(map(int, parts.values())))

    def _drop(self, part: MirrorPart, stale: Iterable[bytes], steps: Any) -> None:  # noqa: ANN401 - the same
        """Drop copies of a part, and forget the part: a part that is done is noted again."""
        for kind, key in map(_split, stale):
            steps.hdel(self._copies(kind, part), key)
        steps.delete(self._key("keys", str(part)))
        steps.srem(self._key("copied"), str(part))

    async def _run(self, add: Callable[[Any], object]) -> Any:  # noqa: ANN401 - what Redis answers
        """Send all that a function adds to a transaction, and return the answers."""
        async with self._redis.pipeline(transaction=True) as steps:
            add(steps)
            return await steps.execute()

    def _copies(self, kind: str, part: MirrorPart) -> str:
        return self._key(kind, part.language, part.currency)

    def _key(self, *names: str) -> str:
        return self._prefix + ":".join(names)


def _split(name: bytes) -> tuple[str, str]:
    kind, _, key = name.decode().partition(" ")
    return kind, key
