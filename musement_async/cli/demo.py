"""``musement demo``: the library at work, and a token that dies under load."""

import asyncio
from collections.abc import Iterable
from contextlib import ExitStack
from itertools import cycle, islice
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import anyio
import attrs
from cyclopts import Parameter, validators

from musement_async.cli.availability import DATE_COLUMNS, OFFER_COLUMNS, Offer
from musement_async.cli.catalogue import ACTIVITY_COLUMNS, CITY_COLUMNS
from musement_async.cli.errors import CommandError
from musement_async.cli.output import Column, print_table, say
from musement_async.cli.waiting import LINE, waiting_for, working
from musement_async.client import MusementClient
from musement_async.defaults import DEFAULT_CONCURRENCY
from musement_async.errors import MusementError
from musement_async.models.activities import Activity

if TYPE_CHECKING:
    from musement_async.testing import LocalMusement

_SHOWN = 5
_WORD = "museum"
_ONE_CITY = "/cities/{cityId}"
_TIMEOUT = 30.0
_CONNECTIONS = DEFAULT_CONCURRENCY


@attrs.frozen
class Check:
    """Something that was counted, what it should have come to, whether it did, and a hint why not."""

    what: str
    counted: object
    wanted: object = None
    holds: bool = True
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.counted} instead of {self.wanted}{self.hint}"


def exactly(what: str, counted: int, wanted: int, hint: str = "") -> Check:
    """A check for one number."""
    return Check(what, counted, wanted, counted == wanted, hint)


_CHECK_COLUMNS = (
    Column[Check]("What happened", lambda check: check.what),
    Column[Check]("Counted", lambda check: check.counted, is_number=True),
    Column[Check]("Should be", lambda check: check.wanted, is_number=True),
)


@attrs.define
class Burst:
    """The results of concurrent requests, as the client saw them."""

    answered: int = 0
    failures: list[MusementError] = attrs.field(factory=list[MusementError])
    seconds: float = 0.0


def demo(
    *,
    requests: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=5000))] = 200,
    quiet: Annotated[bool, Parameter(show_default=False)] = False,
) -> None:
    """See the library at work on a local Musement.

    Args:
        requests: How many requests are under way when the token dies.
        quiet: Do not tell what is waited for.
    """
    with ExitStack() as stack:
        with working("starting a local Musement", quiet=quiet):
            from musement_async.testing import LocalMusement

            local = LocalMusement()
            base_url = stack.enter_context(local.running())
        say(f"A local Musement answers at {base_url}")
        _judge(asyncio.run(_show(local, base_url, requests, quiet=quiet)))


def _judge(checks: Iterable[Check]) -> None:
    wrong = [str(check) for check in checks if not check.holds]
    if wrong:
        raise CommandError(f"the demo went wrong: {', '.join(wrong)}")
    say("All of it is as it should be.")


async def _show(local: "LocalMusement", base_url: str, requests: int, *, quiet: bool) -> list[Check]:
    async with (
        waiting_for(lambda: "waiting for the local Musement", quiet=quiet),
        MusementClient(
            local.customer,
            base_url=base_url,
            application=local.application,
            currency="EUR",
            timeout=_TIMEOUT,
            trust_env=False,  # a proxy does not know the way to this machine
        ) as client,
    ):
        say()
        say("Log in as a customer and list cities", style="bold")
        cities = await client.cities.list(limit=_SHOWN)
        print_table(cities, CITY_COLUMNS)
        say()
        say(f"Search activities for {_WORD!r}", style="bold")
        activities = await client.activities.search(text=_WORD, limit=_SHOWN)
        print_table(activities, ACTIVITY_COLUMNS[:-1])
        checks = [
            exactly("cities", len(cities), _SHOWN),
            exactly("activities with a price", sum(bool(activity.retail_price) for activity in activities), _SHOWN),
            *await _show_availability(client, activities),
            exactly("logins to begin with", local.logins(status=None), 1),
        ]
        say()
        say(f"Let the token die under {requests} concurrent requests", style="bold")
        local.reset()
        burst = await _make_burst(client, local, [city.id for city in cities], requests)
    counted = _count(local, requests, burst)
    print_table(counted, _CHECK_COLUMNS)
    return checks + counted


async def _show_availability(client: MusementClient, found: Iterable[Activity]) -> list[Check]:
    """Go on from a search: when can the first that wants no pickup point be booked, and for how much?"""
    for uuid in [activity.uuid for activity in found]:
        activity = await client.activities.get(uuid)
        dates = () if activity.needs_pickup else await client.dates.list(uuid)
        free = [(date, date.day) for date in dates if date.day is not None and not date.sold_out]
        if free:
            say()
            say("Ask for the days of", style="bold")
            say(activity.title or "")
            print_table([date for date, _ in free[:_SHOWN]], DATE_COLUMNS)
            day = free[0][1]
            say()
            say(f"Ask for the prices on {day:%A, %d %B %Y}", style="bold")
            offers = [Offer(*parts) for parts in (await client.dates.get(uuid, day)).offers()]
            print_table(offers, OFFER_COLUMNS)
            priced = sum(bool(offer.product.customer_price) for offer in offers)
            return [exactly("tickets with a price", priced, len(offers)), Check("tickets", len(offers))]
    return [exactly("activities that can be booked", 0, 1)]


async def _make_burst(client: MusementClient, local: "LocalMusement", cities: Iterable[int], requests: int) -> Burst:
    """Ask for cities, all at once, and let the token die on the way.

    It dies when so many are answered that more are left than the pool has under way: the rest is sure to meet a 401.
    """
    burst = Burst()
    dies_after = max(0, requests // 2 - _CONNECTIONS)

    async def ask(city: int) -> None:
        try:
            await client.cities.get(city)
        except MusementError as failure:
            burst.failures.append(failure)
        else:
            burst.answered += 1
            LINE.progress = f"{burst.answered:,} of {requests:,}"
            if burst.answered == dies_after:
                local.expire_tokens()

    if not dies_after:
        local.expire_tokens()
    started = perf_counter()
    async with anyio.create_task_group() as tasks:
        for city in islice(cycle(cities), requests):
            tasks.start_soon(ask, city)
    burst.seconds = perf_counter() - started
    return burst


def _count(local: "LocalMusement", requests: int, burst: Burst) -> list[Check]:
    """The results of the burst, by the server's counters where it has them."""
    arrived = local.count(_ONE_CITY)
    refused = local.count(_ONE_CITY, status=401)
    renewals = local.logins("refresh_token", status=None)
    return [
        Check("requests", requests),
        Check("answered with 401", refused, "1 or more", refused >= 1),
        exactly("renewals of the token", renewals, 1),
        exactly("other logins", local.logins(status=None) - renewals, 0),
        exactly("refresh tokens used twice", local.reused_refresh_tokens, 0),
        exactly("sent again with the new token", arrived - requests, refused),
        exactly("answered with 200", local.count(_ONE_CITY, status=200), requests),
        exactly("calls that returned a city", burst.answered, requests),
        exactly(
            "calls that failed", len(burst.failures), 0, hint="".join(f" ({first})" for first in burst.failures[:1])
        ),
        Check("seconds", f"{burst.seconds:.2f}"),
    ]
