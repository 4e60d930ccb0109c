"""The queue, and what a worker process opens once: a client with the login that all share, and the mirror."""

from contextlib import AsyncExitStack
from typing import Any

from redis.asyncio import Redis
from taskiq import SmartRetryMiddleware, TaskiqEvents, TaskiqMessage, TaskiqMiddleware, TaskiqResult, TaskiqScheduler
from taskiq.exceptions import NoResultError
from taskiq.schedule_sources import LabelScheduleSource
from taskiq.state import TaskiqState

from musement_async import Mirror, MusementClient, RateLimitError, ServerError, TokenStoreError, TransportError
from musement_async.mirror.redis import RedisMirrorStore
from musement_async.stores.redis import RedisTokenStore
from workers.settings import read_settings
from workers.streams import SafeStreamBroker

ATTEMPTS = 3

settings = read_settings()


class NoteFailures(TaskiqMiddleware):
    """Notes tasks that have failed for good, which are not tried again."""

    async def post_execute(self, message: TaskiqMessage, result: TaskiqResult[Any]) -> None:
        """Look at how a task has ended."""
        if result.error is None or isinstance(result.error, NoResultError):
            return
        run, part = message.kwargs.get("run"), message.kwargs.get("part", "plan")
        if run is not None:
            mirror: Mirror = self.broker.state.mirror
            await mirror.store.fail(run, part, f"{type(result.error).__name__}: {result.error}")


broker = SafeStreamBroker(
    settings.redis_url,
    queue_name=f"{settings.prefix}tasks",
    consumer_id="0",  # tasks that were sent before the first worker was ever started are carried out, too
    idle_timeout=round(1000 * settings.redeliver_after),
).with_middlewares(
    NoteFailures(),
    # The client has made each call again already, with pauses. This puts the whole task at the end of the queue.
    SmartRetryMiddleware(
        default_retry_count=ATTEMPTS,
        default_retry_label=True,
        types_of_exceptions=(TransportError, ServerError, RateLimitError, TokenStoreError, TimeoutError),
    ),
)
scheduler = TaskiqScheduler(broker, [LabelScheduleSource(broker)])


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def open_resources(state: TaskiqState) -> None:
    """Open what the tasks of a worker process use."""
    async with AsyncExitStack() as stack:
        redis = await stack.enter_async_context(Redis.from_url(settings.redis_url))
        login = await stack.enter_async_context(RedisTokenStore(settings.redis_url, prefix=f"{settings.prefix}login:"))
        client = MusementClient.from_env(token_store=login, rate_limit=settings.rate)
        await stack.enter_async_context(client)
        store = RedisMirrorStore(redis, prefix=settings.prefix)
        state.mirror = client.mirror(store, languages=settings.languages, currencies=settings.currencies)
        state.opened = stack.pop_all()


@broker.on_event(TaskiqEvents.WORKER_SHUTDOWN)
async def close_resources(state: TaskiqState) -> None:
    """Close it, when the last task has ended."""
    if "opened" in state:
        await state.opened.aclose()
