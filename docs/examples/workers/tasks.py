"""A run as tasks: a plan, and then the activities of each city in each language."""

from datetime import UTC, datetime

from taskiq import Context, TaskiqDepends

from musement_async import MusementClient, to_json
from workers.broker import broker, settings
from workers.ledger import Ledger, Part


def its_client(context: Context = TaskiqDepends()) -> MusementClient:
    """The client of the worker process."""
    client: MusementClient = context.state.client
    return client


def its_ledger(context: Context = TaskiqDepends()) -> Ledger:
    """The ledger that the worker process has opened."""
    ledger: Ledger = context.state.ledger
    return ledger


def run_of_today() -> str:
    """The name of a run: its day, so that starting it twice makes no second one."""
    return datetime.now(tz=UTC).date().isoformat()


@broker.task(schedule=[{"cron": settings.cron}])
async def nightly() -> None:
    """Start the run of the day."""
    await plan.kiq(run=run_of_today())


@broker.task(timeout=settings.task_timeout)
async def plan(
    run: str, client: MusementClient = TaskiqDepends(its_client), ledger: Ledger = TaskiqDepends(its_ledger)
) -> None:
    """Cut a run into parts, and queue each that is not done."""
    cities = [city.id async for city in client.cities.list(limit=100) if city.activities_count]
    for part in await ledger.plan(run, [Part(city, language) for city in cities for language in settings.languages]):
        await mirror.kiq(run=run, part=str(part))


@broker.task(timeout=settings.task_timeout)
async def mirror(
    run: str, part: str, client: MusementClient = TaskiqDepends(its_client), ledger: Ledger = TaskiqDepends(its_ledger)
) -> None:
    """Copy the activities of a city in a language, unless this run has done so."""
    what = Part.parse(part)
    if await ledger.is_done(run, what):
        return
    found = client.with_options(language=what.language).activities.search(city_in=[what.city], limit=100)
    copy = {str(activity.uuid): to_json(activity) async for activity in found}
    await ledger.finish(run, what, copy)
