"""A run of the mirror as tasks: a plan, and then its parts."""

from datetime import UTC, datetime

from taskiq import Context, TaskiqDepends

from musement_async import Mirror, MirrorPart
from workers.broker import broker, settings


def its_mirror(context: Context = TaskiqDepends()) -> Mirror:
    """The mirror that the worker process has opened."""
    mirror: Mirror = context.state.mirror
    return mirror


def run_of_today() -> str:
    """The name of a run: its day, so that starting it twice makes no second one."""
    return datetime.now(tz=UTC).date().isoformat()


@broker.task(schedule=[{"cron": settings.cron}])
async def nightly() -> None:
    """Start the run of the day."""
    await plan.kiq(run=run_of_today())


@broker.task(timeout=settings.task_timeout)
async def plan(run: str, mirror: Mirror = TaskiqDepends(its_mirror)) -> None:
    """Cut a run into parts, and queue each that is not done."""
    for part in await mirror.plan(run):
        await copy.kiq(run=run, part=str(part))


@broker.task(timeout=settings.task_timeout)
async def copy(run: str, part: str, mirror: Mirror = TaskiqDepends(its_mirror)) -> None:
    """Copy a part, unless this run has done so."""
    await mirror.copy(run, MirrorPart.parse(part))
