"""Fixtures of the booking tests: a buyer at a local Musement, over plain HTTP."""

from collections.abc import Callable
from datetime import date
from typing import Any

import attrs
import httpx
import pytest

from musement_async.testing import LocalMusement
from musement_async.testing.catalogue.activities import Activity

Send = Callable[..., httpx.Response]
Json = dict[str, Any]

CUSTOMER = {
    "firstname": "TEST",
    "lastname": "TEST",
    "email": "test@example.com",
    **dict.fromkeys(
        ("musement_newsletter", "thirdparty_newsletter", "events_related_newsletter", "allow_profiling"), "NO"
    ),
}
LATER = "2026-07-01"
ANSWERS = {
    "date": "2026-05-01",
    "email": "test@example.com",
    "number": 70,
    "string": "+3901234",
    "integer": 1,
}


@attrs.frozen
class Offer:
    """A product to buy: the entry for a cart, and its place in the schedule."""

    activity: Activity
    day: str
    slot: Json
    product: Json
    entry: Json

    def times(self, quantity: int) -> Json:
        return {**self.entry, "quantity": quantity}


class Buyer:
    """A client with a token; ``ask`` makes requests as :mod:`httpx` does."""

    def __init__(self, local: LocalMusement, send: Send, login: Json) -> None:
        self.local = local
        self._send = send
        token = send(local, "/login", params=login).json()["access_token"]
        self.headers = {"Authorization": f"Bearer {token}", "X-Musement-Currency": "EUR"}

    def ask(self, path: str, method: str = "GET", **options: Any) -> httpx.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        return self._send(self.local, path, method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        response = self.ask(path, **options)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path: str, body: Any, method: str = "POST", **options: Any) -> Any:
        response = self.ask(path, method, json=body, **options)
        assert response.status_code == 200, response.text
        return response.json()

    def offer(self, test: Callable[[Activity], object] = lambda _: True, places: int = 1) -> Offer:
        """The first offer with so many places, of an activity that fulfils a condition."""
        for activity in self.local._catalogue.online:
            if test(activity):
                offer = self._offer(activity, places)
                if offer is not None:
                    return offer
        raise AssertionError("no such activity on sale")

    def plain(self, places: int = 4) -> Offer:
        """An offer with limited places, of an activity with instant confirmation and without forms."""
        return self.offer(is_plain, places)

    def schedule(self, offer: Offer) -> Json:
        """The current slot of an offer."""
        pickup = {"pickup": offer.entry["pickup"]} if "pickup" in offer.entry else {}
        (schedule,) = self.get(f"/activities/{offer.activity.uuid}/dates/{offer.day}", params=pickup)
        return next(slot for slot in schedule["groups"][0]["slots"] if slot["time"] == offer.slot["time"])

    def cart(self, *entries: Json, **more: Any) -> str:
        """A cart with items, with all questions answered."""
        uuid: str = self.post("/carts", more)["uuid"]
        if entries:
            self.post(f"/carts/{uuid}/items", list(entries))
        schema = self.get(f"/carts/{uuid}/customer/schema")["properties"].get("extra_customer_data", {})
        extra = {name: answered(form) for name, form in schema.get("properties", {}).items()}
        self.post(f"/carts/{uuid}/customer", CUSTOMER | ({"extra_customer_data": extra} if extra else {}), "PUT")
        for item in self.get(f"/carts/{uuid}")["items"]:
            path = f"/carts/{uuid}/items/{item['uuid']}/participants"
            form = self.ask(f"{path}/schema")
            if form.status_code == 200:
                one = form.json()["properties"]["participants"]["items"]
                self.post(path, [answered(one)] * item["quantity"], "PUT")
        return uuid

    def order(self, *entries: Json, **more: Any) -> Json:
        """An unpaid order."""
        order: Json = self.post("/orders", {"cart_uuid": self.cart(*entries), **more})
        return order

    def paid(self, *entries: Json) -> Json:
        """An order that counts as paid, by ``POST /payments/no/payment``."""
        order: Json = self.post("/payments/no/payment", {"uuid": self.order(*entries)["uuid"]})
        return order

    def _offer(self, activity: Activity, places: int) -> Offer | None:
        pickup = {"pickup": activity.pickups[0]} if activity.pickups else {}
        path = f"/activities/{activity.uuid}/dates"
        for day in self.get(path, params={"date_from": LATER, **pickup})[:20]:
            (schedule,) = self.get(f"{path}/{day['day']}", params=pickup)
            for slot in schedule["groups"][0]["slots"]:
                product = slot["products"][0]
                if slot["availability"] >= places:
                    entry = {
                        "type": product["type"],
                        "product_identifier": product["product_id"],
                        "quantity": product["min_buy"],
                        **pickup,
                        **({"language": "en"} if slot["languages"] else {}),
                    }
                    return Offer(activity, day["day"], slot, product, entry)
        return None


def is_plain(activity: Activity) -> bool:
    asks = activity.flags["has_passenger_info"] or activity.flags["has_extra_customer_data"]
    return (
        activity.confirmation == "P0D"
        and not asks
        and not activity.pickups
        and activity.variant.group_size != ("private",)
        and activity.flags["free_cancellation"]
        and activity.number % 3 == 0
    )


def answered(form: Json) -> Json:
    """Answers that fit a form."""
    answers = {name: ANSWERS[field.get("format", field["type"])] for name, field in form["properties"].items()}
    choices = {name: field["enum"][0] for name, field in form["properties"].items() if "enum" in field}
    return {**answers, **choices}


@pytest.fixture
def local(clock: Any) -> LocalMusement:
    return LocalMusement(clock=clock, today=date(2026, 6, 1), activities=120, token_lifetime=1e9)


@pytest.fixture
def buyer(local: LocalMusement, send_to: Send, client_login: dict[str, str]) -> Buyer:
    return Buyer(local, send_to, client_login)


@pytest.fixture
def customer(local: LocalMusement, send_to: Send, customer_login: dict[str, str]) -> Buyer:
    """A customer with an account."""
    return Buyer(local, send_to, customer_login)
