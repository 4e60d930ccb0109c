"""The calls of every method at a local Musement with ids that exist there, and its answers."""

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs
import httpx

from musement_async import APIError, ArgumentError, BundleConfiguration, MusementClient, MusementError
from musement_async.testing import LocalMusement
from tests.contract.bookings import Bookings, stage_of
from tests.contract.methods import Method, call
from tests.contract.validation import PREFIX, SERVER, Validator

CONTEXTS = 6
ACTIVITIES = 60
TODAY = date(2026, 6, 1)


@attrs.frozen(eq=False)
class Exchange:
    """One answer of the local Musement."""

    method: Method
    request: httpx.Request
    response: httpx.Response

    def __str__(self) -> str:
        return f"{self.request.method} {self.request.url.raw_path.decode().removeprefix(PREFIX)}"

    def problems(self, validator: Validator) -> Iterator[str]:
        """The problems of the answer by a description."""
        operation = validator.operation_of(self.request)
        described = operation is not None and self.response.status_code in operation.statuses
        if described or self.response.is_success or self.response.is_redirect:
            yield from validator.response(self.request, self.response)
        elif not _is_error(self.response):
            yield f"{self.response.status_code} without code and message"


def _itself(value: Any) -> object:
    return value


@attrs.frozen
class Source:
    """The source of an argument's values at the local Musement: a method's result, and the path to a part of it.

    Attributes:
        argument: The name of the argument.
        method: The method, such as ``cities.list``.
        way: The fields that lead from an item of the result to the value.
        read: Makes the argument from the part.
    """

    argument: str
    method: str
    way: tuple[str, ...]
    read: Callable[[Any], object] = _itself


# In an order in which each source finds its own arguments.
SOURCES = (
    Source("activity_uuid", "activities.search", ("uuid",)),
    Source("city_id", "cities.list", ("id",)),
    Source("country_id", "countries.list", ("id",)),
    Source("venue_id", "venues.list", ("id",)),
    Source("category_id", "categories.list", ("id",)),
    Source("vertical_id", "verticals.list", ("id",)),
    Source("list_id", "lists.list", ("id",)),
    Source("pickup_uuid", "pickups.list", ("uuid",)),
    Source("pickup", "activities.pickups", ("uuid",)),
    Source("day", "dates.list", ("day",)),
    Source("time", "dates.get", ("groups", "slots", "time")),
    Source("price_tag_feature", "dates.get", ("groups", "feature_code")),
    Source("price_tag_holder", "dates.get", ("groups", "slots", "products", "holder_code")),
    Source(
        "pricetag_code",
        "dates.get",
        ("groups",),
        lambda group: f"{group.slots[0].products[0].holder_code}|{group.feature_code}",
    ),
    Source("comment_uuid", "comments.list", ("uuid",)),
    Source("external_link_id", "external_links.list", ("id",)),
    Source("giftbox_type_code", "giftbox_types.list", ("code",)),
    Source("giftbox_type_item_id", "giftbox_types.items", ("id",)),
    Source("widget_code", "widgets.list", ("code",)),
    Source("affiliate_code", "affiliates.me", ("code",)),
    Source("supplier_uuid", "affiliates.me", ("uuid",)),
    Source("affiliates.update_my_widget widget_code", "affiliates.my_widgets", ("code",)),
    Source("affiliates.update_widget widget_code", "affiliates.my_widgets", ("code",)),
    # The number of an activity is only at the end of its page's URL.
    Source("event_id", "gifts.get", ("url",), lambda url: int(url.strip("/").rpartition("-")[2])),
)
_WIDGET_WRITERS = ("create_my_widget", "create_widget", "update_my_widget", "update_widget")
# Errors that other credentials may not get: "not found" and "no permission".
_NOT_FOR_ALL = frozenset({401, 403, 404})
# Sources that need an optional argument.
_WITH_PICKUP = frozenset({"dates.list", "dates.get"})


class Local:
    """The calls of methods to a local Musement.

    Args:
        found: The client's methods.

    Attributes:
        exchanges: The answers.
        problems: Methods that never succeeded, by their names, with the failure.
    """

    def __init__(self, found: Sequence[Method]) -> None:
        self._methods = {method.path: method for method in found}
        self._local = LocalMusement(today=TODAY, activities=ACTIVITIES, settle_after=math.inf, settle_instantly=False)
        self._local.send_webhooks_to("https://partner.example.com/")
        self._bookings = Bookings(self._local, TODAY)
        self.exchanges: list[Exchange] = []
        self.problems: dict[str, list[str]] = defaultdict(list)

    async def call(self) -> None:
        """Call every method, with several activities, cities and so on."""
        transport = _Keeping(self._local.transport())
        # The first client that the operation accepts: content managers and customers may see more than partners.
        async with (
            self._local.client(transport=transport, strict=True) as partner,
            self._local.client(self._local.manager, transport=transport, strict=True) as manager,
            self._local.client(self._local.customer, transport=transport, strict=True) as customer,
        ):
            clients = (partner, manager, customer)
            contexts = [await self._context(partner, number) for number in range(CONTEXTS)]
            written = [await self._write(customer, number) for number in range(CONTEXTS)]
            contexts = [{**context, **more} for context, more in zip(contexts, written, strict=True)]
            for name, method in self._methods.items():
                before = len(self.exchanges)
                for context in contexts:
                    await self._call(clients, transport, method, context)
                answers = [exchange.response for exchange in self.exchanges[before:]]
                if not any(answer.is_success or answer.is_redirect for answer in answers):
                    seen = ", ".join(sorted({answer.text for answer in answers}))
                    self.problems[name].append(f"never answers with success: {seen or 'nothing is sent'}")

    async def _call(
        self, clients: Sequence[MusementClient], transport: "_Keeping", method: Method, context: Mapping[str, object]
    ) -> None:
        try:
            more_arguments = [{}, *method.single_arguments()]
            required = next(method.argument_sets())
        except (ArgumentError, TypeError) as error:
            self.problems[method.path].append(str(error))
            return
        needs_booking = stage_of(method) is not None
        # A separate booking for each call takes time.
        for more in more_arguments[: 1 if needs_booking and context["number"] else None]:
            for client in clients:
                known = {**context, **_named_for(method, context)}
                if needs_booking:
                    known |= await self._bookings.values(client, method, context) or {}
                values = {name: known.get(name, value) for name, value in {**required, **more}.items()}
                transport.kept.clear()
                try:
                    await call(method, client, method.ordered(values))
                except (APIError, ArgumentError):
                    pass  # answers are checked later; an ArgumentError means that an argument needs another one
                except (MusementError, TypeError) as error:
                    self.problems[method.path].append(f"{type(error).__name__}: {error}")
                self.exchanges += [Exchange(method, request, response) for request, response in transport.kept]
                if not any(response.status_code in _NOT_FOR_ALL for _, response in transport.kept):
                    break

    async def _context(self, client: MusementClient, number: int) -> dict[str, object]:
        context = self._fixed(number)
        for source in SOURCES:
            method = self._methods.get(source.method)
            if method is None or _required(method) - context.keys():
                continue
            arguments = {name: context[name] for name in _required(method)}
            if source.method in _WITH_PICKUP and "pickup" in context:
                arguments["pickup"] = context["pickup"]
            try:
                result = await call(method, client, method.ordered(arguments))
            except APIError:
                continue  # a method that never gets its argument is a finding
            values = list(_parts(result, source.way))
            if values:
                context[source.argument] = source.read(values[number % len(values)])
        return context

    async def _write(self, client: MusementClient, number: int) -> dict[str, object]:
        """Write a review or comment, which only its author can change."""
        comment = await client.comments.create(self._local.activity_uuids()[-1 - number], rating=4)
        return {"comments.update comment_uuid": comment.uuid} if comment else {}

    def _fixed(self, number: int) -> dict[str, object]:
        local = self._local
        return {
            "number": number,
            "configurations": [BundleConfiguration(self._local.activity_uuids()[-1], 10, apply_discount_percent=True)],
            "day": TODAY,
            "locale_code": "it",
            "happening": ("today", "tomorrow")[number % 2],
            "kind": ("highlights", "inclusions", "exclusions")[number % 3],
            "nonce": f"feedback-{number + 1}",
            "pricetag_id": number + 1,
            "code": local.gift_code,
            "wishes.get code": f"{number + 1}-activity",
            "email": f"customer-{number}@example.com",
            "fields": {"email": f"somebody-{number}@example.com"},
            **{f"affiliates.{name} fields": {"locale": "it-IT"} for name in _WIDGET_WRITERS},
            "signup.soft fields": {"email": f"softly-{number}@example.com"},
            "birthdate": date(1990, 12, 10),
            "gift_code": local.gift_code,
            "gift_hash": local.gift_hash,
            "item_id": local.gift_item_id,
            "giftbox_code": local.giftbox_code,
        }


def _named_for(method: Method, context: Mapping[str, object]) -> dict[str, object]:
    """Values for arguments whose name has another meaning in this method."""
    names = (name.split() for name in context)
    return {name[1]: context[" ".join(name)] for name in names if name[0] == method.path}


def _required(method: Method) -> set[str]:
    return set(method.required)


def _parts(value: Any, way: Sequence[str]) -> Iterator[object]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from _parts(item, way)
    elif not way:
        if value is not None:
            yield value
    else:
        yield from _parts(getattr(value, way[0]), way[1:])


def _is_error(response: httpx.Response) -> bool:
    try:
        body = json.loads(response.content)
    except ValueError:
        return False
    return isinstance(body, dict) and all(isinstance(body.get(name), str) for name in ("code", "message"))


class _Keeping(httpx.AsyncBaseTransport):
    """Records the exchanges, with the URL of the description's server."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport
        self.kept: list[tuple[httpx.Request, httpx.Response]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        content = await answer.aread()
        headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
        if not request.url.path.endswith("/login"):
            url = SERVER + request.url.raw_path.decode()
            known = httpx.Request(request.method, url, headers=request.headers, content=request.content)
            self.kept.append((known, httpx.Response(answer.status_code, headers=headers, content=content)))
        return httpx.Response(answer.status_code, headers=headers, content=content)
