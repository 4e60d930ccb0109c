"""``musement book``."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import attrs
import httpx
from cyclopts import Parameter, validators

from musement_async.checkout import Checkout
from musement_async.cli.catalogue import money
from musement_async.cli.choosing import BookingOptions, Chooser, Selection, moment
from musement_async.cli.detail import span
from musement_async.cli.dialogue import BackError, Dialogue, report
from musement_async.cli.form_filling import Answers, Filling, read_answers
from musement_async.cli.ordering import Progress, carry_out, told_if_interrupted
from musement_async.cli.output import shown
from musement_async.cli.target import Target
from musement_async.cli.tickets import amount_like
from musement_async.client import MusementClient
from musement_async.defaults import SANDBOX
from musement_async.errors import ArgumentError
from musement_async.models.carts import Cart
from musement_async.models.prices import Price
from musement_async.models.refund_policies import RefundPolicy
from musement_async.transports.setup import is_loopback

_EVERYWHERE = Target()
_NO_OPTIONS = BookingOptions()
_LABEL = 14
_Step: TypeAlias = tuple[str, str, Filling, Callable[[Any], Awaitable[None]]]


async def book(
    uuid: Annotated[str, Parameter(help="The activity, as musement activities shows it.")],
    /,
    *,
    options: BookingOptions = _NO_OPTIONS,
    answers: Annotated[Path | None, Parameter(help="A JSON file with what the forms ask for.")] = None,
    yes: Annotated[bool, Parameter(show_default=False, help="Ask nothing, and order.")] = False,
    timeout: Annotated[  # noqa: ASYNC109 - it ends in an error of its own
        float, Parameter(help="Seconds to wait for the booking.", validator=validators.Number(gte=0, lte=30 * 86400))
    ] = 150,
    vouchers: Annotated[
        Path | None, Parameter(help="A folder to save the vouchers in.", validator=validators.Path(file_okay=False))
    ] = None,
    target: Target = _EVERYWHERE,
) -> None:
    """Book an activity in the sandbox or at a local Musement."""
    dialogue = Dialogue(asks=not yes)
    known = await read_answers(answers)
    progress = Progress(is_local=target.local)
    async with target.client() as client:
        _refuse_production(client.http.base_url)
        with told_if_interrupted(progress):
            checkout = await _agree(client, uuid, options, known, dialogue, progress=progress)
            if checkout is None:
                report("Nothing was ordered.")
                return
            await carry_out(checkout, progress, timeout, vouchers, as_json=target.json)


def _refuse_production(base_url: httpx.URL) -> None:
    if base_url.host != httpx.URL(SANDBOX).host and not is_loopback(base_url.host):
        place = str(base_url).rstrip("/")
        raise ArgumentError("--sandbox", f"or --local is needed: this command orders nothing at {place}")


async def _agree(
    client: MusementClient,
    uuid: str,
    options: BookingOptions,
    known: Answers,
    dialogue: Dialogue,
    *,
    progress: Progress,
) -> Checkout | None:
    """Do all that comes before the order; None if the order is not wanted."""
    activity = await client.activities.get(uuid)
    dialogue.tell(shown(activity.title), style="bold")
    chooser = Chooser(client, activity, options, dialogue)
    while True:
        selection = await chooser.choose()
        progress.checkout = checkout = client.checkout()
        forms = await _fill_cart(checkout, selection, known, dialogue)
        with suppress(BackError):
            return checkout if await _is_wanted(client, checkout, selection, forms, chooser) else None


async def _is_wanted(
    client: MusementClient, checkout: Checkout, selection: Selection, forms: "_Forms", chooser: Chooser
) -> bool:
    """Whether the order of the cart is wanted, once its forms are filled in.

    Raises:
        BackError: Something else is to be chosen.
    """
    policies = await client.activities.refund_policies(selection.activity.uuid)
    while True:
        try:
            await forms.fill_in()
            for label, value in _summary(selection, forms, await checkout.cart(), policies):
                report(f"  {label:<{_LABEL}}{shown(value)}", indent=2 + _LABEL)
            return not forms.dialogue.asks or forms.dialogue.agree("--yes", "Order this?")
        except BackError:
            if not forms.go_back() and chooser.go_back():
                raise


@attrs.define
class _Forms:
    """The forms of a cart, each with a label, whose it is, and where its answers go; one can go back."""

    dialogue: Dialogue
    steps: list[_Step] = attrs.field(factory=list[_Step], init=False)
    place: int = attrs.field(default=0, init=False)

    async def fill_in(self) -> None:
        """Ask what is not known, and send the answers."""
        for _, _, filling, send in self.steps[self.place :]:
            await send(filling.complete())
            self.place += 1

    def go_back(self) -> bool:
        """Have the last question asked again, and those after it; whether there is one."""
        for place, (_, _, filling, _) in reversed([*enumerate(self.steps)]):
            if filling.go_back():
                self.place = place
                return True
        return False


async def _fill_cart(checkout: Checkout, selection: Selection, known: Answers, dialogue: Dialogue) -> _Forms:
    """Fill a cart; the forms that come with it."""
    pickup, language = selection.pickup, selection.language
    items = [
        await checkout.add(
            ticket.product,
            ticket.quantity,
            slot=selection.slot,
            language=language.code if language else None,
            pickup=pickup.uuid if pickup else None,
        )
        for ticket in selection.tickets
    ]
    found, forms = await checkout.forms(), _Forms(dialogue)
    if found.customer is not None:
        filling = Filling(found.customer, known.customer, "--answers customer", "Who books?", dialogue)
        forms.steps.append(("Who", "", filling, checkout.set_customer))
    taking_part = list(known.participants)
    for ticket, item in zip(selection.tickets, items, strict=True):
        mine, taking_part = taking_part[: ticket.quantity], taking_part[ticket.quantity :]
        form = found.participants.get(item.uuid)
        if form is not None:
            if not dialogue.asks and len(mine) < ticket.quantity:
                problem = f"needs an entry in participants for each of {ticket}, and has {len(mine)}"
                raise ArgumentError("--answers", problem)
            name = f"--answers participants, {ticket.product.name}"
            filling = Filling(form, mine, name, f"Who takes part? {ticket}", dialogue)
            send = partial(checkout.set_participants, item.uuid)
            forms.steps.append(("Takes part", f"{ticket.product.name}: ", filling, send))
    return forms


def _summary(
    selection: Selection, forms: _Forms, cart: Cart, policies: Iterable[RefundPolicy]
) -> list[tuple[str, str]]:
    kinds, price = len(selection.tickets), cart.customer_price
    first, *others = [_policy(policy, selection.start, price, kinds) for policy in policies] or ["not possible"]
    said: list[tuple[str, str | None]] = [
        ("What", selection.activity.title),
        ("Option", selection.group.name),
        ("When", selection.when),
        ("Language", selection.spoken),
        ("Pickup", selection.pickup.name if selection.pickup else None),
        ("Tickets", ", ".join(map(str, selection.tickets))),
        ("Price", money(price)),
        *[(label, f"{who}{person}") for label, who, filling, _ in forms.steps for person in filling.people()],
        ("Cancellation", first),
        *[("", other) for other in others],
    ]
    return [(label, value) for label, value in said if value]


def _policy(policy: RefundPolicy, start: datetime | None, price: Price | None, kinds: int = 1) -> str:
    if policy.is_full:
        refund = "free"
    elif policy.currency_code is None or policy.value is None:
        refund = f"{policy.value} % back"
    else:
        known = price if price and price.currency == policy.currency_code else Price(currency=policy.currency_code)
        refund = f"{amount_like(known, policy.value)} back{' for each kind of ticket' if kinds > 1 else ''}"
    notice = policy.notice
    if notice is None:
        return refund
    if not notice:
        return f"{refund} up to the start"
    if start is None or notice.days >= start.toordinal() - 1:  # before the year 1
        return f"{refund} up to {span(notice)} before the start"
    end = start - notice
    return f"{refund} until {moment(end)}{', which is over' if end.tzinfo and end < _now() else ''}"


def _now() -> datetime:
    return datetime.now(UTC)
