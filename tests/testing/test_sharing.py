from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, tzinfo
from threading import Barrier
from typing import Any

import httpx
import pytest

from musement_async.testing import LocalMusement
from musement_async.testing.catalogue.activities import Catalogue
from musement_async.testing.rendering import json_cache
from musement_async.testing.server import asgi

Ask = Callable[..., httpx.Response]
TODAY = date(2026, 6, 1)
REVIEW = {
    "order_item_uuid": "6ecd1a4c-4ba6-4b5c-a1b0-6d8e0c0c9a11",
    "provider": "a-partner",
    "provider_id": "1",
    "rating_value": 5,
    "rating_scale": "1..5",
    "date": "2026-05-01T10:00:00",
}
PROFILE = {
    "firstname": "Grace",
    "lastname": "Hopper",
    "city": "New York",
    "address": "1 Broadway",
    "birthdate": "1906-12-09",
    "gender": "FEMALE",
}


@pytest.fixture(autouse=True)
def _nothing_is_shared_yet() -> None:
    json_cache._generated.cache_clear()


def catalogue_of(local: LocalMusement) -> Catalogue:
    return local._catalogue


def fingerprint(catalogue: Catalogue) -> str:
    """The whole catalogue as text."""
    texts = [activity.texts for activity in catalogue.activities]
    uuids = [activity.uuid for activity in catalogue.online]
    return repr((catalogue.activities, texts, uuids, dict(catalogue.counts), catalogue.today, catalogue.seed))


def test_a_second_server_shares_the_catalogue_of_the_first() -> None:
    first, second = LocalMusement(today=TODAY), LocalMusement(today=TODAY, token_lifetime=1)
    assert first._cache.get() is second._cache.get()


@pytest.mark.parametrize("other", [{"seed": 1}, {"seed": 2026.0}, {"activities": 499}, {"today": date(2026, 6, 2)}])
def test_another_seed_size_or_day_has_a_catalogue_of_its_own(other: dict[str, Any]) -> None:
    local = LocalMusement(**{"today": TODAY, **other})
    assert catalogue_of(local) is not catalogue_of(LocalMusement(today=TODAY))


def test_few_catalogues_are_kept() -> None:
    for seed in range(20):
        catalogue_of(LocalMusement(seed=seed, activities=1))
    assert json_cache._generated.cache_info().currsize <= 4


def test_a_server_keeps_its_catalogue_when_others_are_made() -> None:
    local = LocalMusement(activities=1)
    before = catalogue_of(local)
    for seed in range(20):
        catalogue_of(LocalMusement(seed=seed, activities=1))
    assert catalogue_of(local) is before


def test_threads_that_ask_at_once_get_one_catalogue() -> None:
    barrier = Barrier(8)

    def ask() -> Catalogue:
        local = LocalMusement(today=TODAY)
        barrier.wait(10)
        return catalogue_of(local)

    with ThreadPoolExecutor(8) as pool:
        found = [future.result(30) for future in [pool.submit(ask) for _ in range(8)]]
    assert len({id(catalogue) for catalogue in found}) == 1
    assert json_cache._generated.cache_info().misses == 1


def test_a_further_server_makes_no_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("a route was made")

    for name in ("Route", "Router"):
        monkeypatch.setattr(asgi, name, fail)
    LocalMusement()


def test_a_server_that_lives_past_midnight_keeps_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 6, 1, 23, 59, tzinfo=UTC)

    class Calendar(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Calendar":
            moment = now.astimezone(tz)
            return cls(moment.year, moment.month, moment.day, moment.hour, tzinfo=moment.tzinfo)

    monkeypatch.setattr(json_cache, "datetime", Calendar)
    old, unasked = LocalMusement(activities=1), LocalMusement(activities=1)
    assert catalogue_of(old).today == date(2026, 6, 1)
    now = datetime(2026, 6, 2, tzinfo=UTC)
    assert catalogue_of(old).today == date(2026, 6, 1)
    assert catalogue_of(unasked).today == date(2026, 6, 2)
    assert catalogue_of(LocalMusement(activities=1)).today == date(2026, 6, 2)
    old.reset()
    assert catalogue_of(old).today == date(2026, 6, 1)
    old.reset(everything=True)
    assert catalogue_of(old) is catalogue_of(unasked)


class Visitor:
    """A client that uses every operation that changes a server, and reads the results."""

    def __init__(self, local: LocalMusement, send_to: Ask, login: dict[str, str], customer: dict[str, str]) -> None:
        self.local = local
        self._send = send_to
        self.client = self.log_in(login)
        self.customer = self.log_in(customer)
        self.uuid = local._catalogue.online[0].uuid

    def log_in(self, login: dict[str, str]) -> dict[str, str]:
        token = self._send(self.local, "/login", params=login).json()["access_token"]
        return {"Authorization": f"Bearer {token}"}

    def ask(self, path: str, method: str = "GET", *, customer: bool = False, **options: Any) -> httpx.Response:
        headers = self.customer if customer else self.client
        response = self._send(self.local, path, method, headers=headers, **options)
        assert response.status_code < 300, response.text
        return response

    def change_everything(self) -> None:
        local, activity = self.local, f"/activities/{self.uuid}"
        self.ask(f"{activity}/reviews", "POST", json=REVIEW)
        self.ask(f"{activity}/comments", "POST", customer=True, json={"rating": 4, "text": "Good"})
        self.ask("/customers/me", "PUT", customer=True, json=PROFILE)
        self.ask("/customers/me/preferences", "PATCH", customer=True, json={"interests": ["SPORTS"]})
        self.ask("/signup", "POST", json={"email": "other@example.com"})
        self.ask("/carts", "POST", json={})
        local.send_webhooks_to("http://127.0.0.1:9")
        local.refuse_payments(1)
        local.respond_slowly(0.001)
        local.fail_next(1, path="/cities")
        local.expire_tokens()

    def seen(self) -> list[Any]:
        """The answers of the server with its first tokens."""
        activity = f"/activities/{self.uuid}"
        paths = (activity, f"{activity}/reviews", f"{activity}/reviews/statistics", f"{activity}/dates", "/activities")
        own = ("/customers/me", "/customers/me/preferences", "/customers/me/comments", "/customers/me/orders")
        seen = [self.ask(path).json() for path in (*paths, "/cities", "/wishes/1-activity", "/autocomplete?text=ro")]
        return seen + [self.ask(path, customer=True).json() for path in own]


@pytest.fixture
def visit(send_to: Ask, client_login: dict[str, str], customer_login: dict[str, str]) -> Callable[..., Visitor]:
    return lambda local: Visitor(local, send_to, client_login, customer_login)


def test_servers_that_share_a_catalogue_do_not_feel_each_other(visit: Callable[..., Visitor]) -> None:
    one, other = LocalMusement(today=TODAY), LocalMusement(today=TODAY)
    before = visit(other).seen()
    watcher, made = visit(other), fingerprint(catalogue_of(other))
    visit(one).change_everything()
    assert watcher.seen() == before
    assert (other.orders, other.pending_webhooks()) == ([], [])
    assert (other.rotations, other.logins("client_credentials")) == (0, 2)
    assert other._oauth.register("other@example.com", None)
    assert fingerprint(catalogue_of(one)) == fingerprint(Catalogue(seed=2026, size=500, today=TODAY)) == made


def test_a_server_that_forgets_everything_is_as_new(visit: Callable[..., Visitor]) -> None:
    local = LocalMusement(today=TODAY)
    before = visit(LocalMusement(today=TODAY)).seen()
    visit(local).change_everything()
    local.reset(everything=True)
    assert (local.count(), local.calls, local.orders, local.expire_tokens()) == (0, [], [], 0)
    assert local._booking.outbox.receiver is None
    again = visit(local)
    assert again.seen() == before
    again.change_everything()


def test_a_usual_reset_forgets_no_customer_and_no_token(visit: Callable[..., Visitor]) -> None:
    local = LocalMusement(today=TODAY)
    visitor = visit(local)
    visitor.ask("/customers/me", "PATCH", customer=True, json={"firstname": "Grace"})
    local.reset()
    assert visitor.ask("/customers/me", customer=True).json()["firstname"] == "Grace"


def test_tokens_of_before_are_bad_when_everything_is_forgotten(send_to: Ask, customer_login: dict[str, str]) -> None:
    local = LocalMusement()
    old = send_to(local, "/login", params=customer_login).json()
    local.reset(everything=True)
    send_to(local, "/login", params=customer_login)
    login = {name: customer_login[name] for name in ("client_id", "client_secret")}
    refresh = {**login, "grant_type": "refresh_token", "refresh_token": old["refresh_token"]}
    assert send_to(local, "/login", params=refresh).json()["code"] == "invalid_grant"
    assert local.reused_refresh_tokens == 0
    headers = {"Authorization": f"Bearer {old['access_token']}"}
    assert send_to(local, "/cities", headers=headers).status_code == 401
