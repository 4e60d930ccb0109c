import asyncio
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from openapi_spec_validator import validate

import openapi_picture
from musement_async import Form, FormField, WebhookCredentials, from_json, to_json
from musement_async.models import FormSchema
from musement_async.testing import LocalMusement
from tour_shop.updates import follow_catalogue

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def answered(field: FormField) -> object:
    if not field.required:
        return None
    if field.choices:
        return list(field.choices)[-1]
    known = {"email": "test@test.com", "date": "1990-12-10", "number": 60, "integer": 1}
    return known.get(field.format or "") or known.get(field.type or "", "TEST")


def filled_in(schema: object) -> Any:
    return Form(from_json(json.dumps(schema).encode(), FormSchema)).fill(answered)


async def log_in(visitor: httpx.AsyncClient, local: LocalMusement) -> None:
    body = {"username": local.username, "password": local.password}
    answer = await visitor.post("/login", json=body)
    assert answer.status_code == 201, answer.text
    visitor.cookies.clear()
    visitor.headers["Authorization"] = f"Bearer {answer.json()['session']}"


async def choose(visitor: httpx.AsyncClient) -> dict[str, object]:
    """An activity with instant confirmation from a page of the shop's search results."""
    found = (await visitor.get("/activities", params={"text": "skip-the-line", "limit": 50})).json()["items"]
    for activity in found:
        if activity["max_confirmation_time"] != "P0D" or "PICKUP" in json.dumps(activity["order_box_elements"]).upper():
            continue
        days = (await visitor.get(f"/activities/{activity['uuid']}/dates")).json()
        day = next(day["day"] for day in days if not day["sold_out"])
        schedule = (await visitor.get(f"/activities/{activity['uuid']}/dates/{day}")).json()
        for group in schedule["groups"]:
            for slot in group["slots"]:
                for product in slot["products"]:
                    if (product["min_buy"] or 1) <= 2 and (product["max_buy"] or 2) >= 2:
                        language = slot["languages"][0]["code"] if slot["languages"] else None
                        return {
                            "activity": activity["uuid"],
                            "day": day,
                            "product": product["product_id"],
                            "quantity": 2,
                            "language": language,
                        }
    raise LookupError("nothing to book")


@pytest.mark.asyncio
async def test_a_tour_is_found_booked_paid_and_confirmed_by_webhook(
    visitor: httpx.AsyncClient,
    shop: httpx.ASGITransport,
    local_musement: LocalMusement,
    webhook_credentials: WebhookCredentials,
) -> None:
    local_musement.send_webhooks_to(
        "http://shop/webhooks/musement", (webhook_credentials.username, webhook_credentials.password)
    )
    choice = await choose(visitor)
    await log_in(visitor, local_musement)
    basket = await visitor.post("/bookings", json=choice)
    assert basket.status_code == 201, basket.text
    forms = basket.json()
    assert (await visitor.get(f"/bookings/{forms['cart']}")).json() == forms

    total = forms["total"]
    answers = {
        "total": total,
        "customer": filled_in(forms["customer"]),
        "participants": {item: filled_in(form) for item, form in forms["participants"].items()},
    }
    ordered = await visitor.post(f"/bookings/{forms['cart']}/order", json=answers)
    assert ordered.status_code == 201, ordered.text
    again = await visitor.post(f"/bookings/{forms['cart']}/order", json=answers)
    assert again.json()["uuid"] == ordered.json()["uuid"]
    assert local_musement.orders == [ordered.json()["uuid"]]

    paying = f"/bookings/{forms['cart']}/payment"
    refused = await visitor.post(paying, json={"total": total, "token": local_musement.refused_card})
    assert (refused.status_code, refused.json()["step"]) == (422, "pay")
    waiting = await visitor.post(paying, json={"total": total, "token": local_musement.secured_card})
    assert waiting.json()["secret"]
    local_musement.fail_next(1, status=503, path="/payments/stripe/complete_3d_secure", after=True)
    confirm = partial(visitor.post, f"/bookings/{forms['cart']}/confirmation")
    for paid in (*await asyncio.gather(confirm(), confirm()), await confirm()):
        assert paid.json()["order"]["uuid"] == ordered.json()["uuid"], paid.text
    assert local_musement.count("/payments/stripe/complete_3d_secure") == 1
    paid_already = await visitor.post(paying, json={"total": total, "token": local_musement.refused_card})
    assert paid_already.status_code == 200

    assert await local_musement.deliver_webhooks(shop)
    order = (await visitor.get(f"/orders/{ordered.json()['uuid']}")).json()
    assert [item["status"] for item in order["order"]["items"]] == ["OK"]
    assert list(order["updates"].values()) == ["OK"]
    assert [each["uuid"] for each in (await visitor.get("/me/orders")).json()] == [ordered.json()["uuid"]]


@pytest.mark.asyncio
async def test_answers_that_a_form_refuses_are_named_and_nothing_is_ordered(
    visitor: httpx.AsyncClient, local_musement: LocalMusement
) -> None:
    choice = await choose(visitor)
    await log_in(visitor, local_musement)
    basket = (await visitor.post("/bookings", json=choice)).json()
    body = {"total": basket["total"], "customer": {"email": "nowhere"}}
    answer = await visitor.post(f"/bookings/{basket['cart']}/order", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["fields"]["email"] == "must be an e-mail address"
    assert local_musement.orders == []


@pytest.mark.asyncio
async def test_a_total_that_the_customer_did_not_see_is_not_ordered_until_they_agree(
    visitor: httpx.AsyncClient, local_musement: LocalMusement
) -> None:
    choice = await choose(visitor)
    await log_in(visitor, local_musement)
    basket = (await visitor.post("/bookings", json=choice)).json()
    body = {
        "total": {**basket["total"], "value": 0.01},
        "customer": filled_in(basket["customer"]),
        "participants": {item: filled_in(form) for item, form in basket["participants"].items()},
    }
    answer = await visitor.post(f"/bookings/{basket['cart']}/order", json=body)
    assert (answer.status_code, answer.json()["error"], local_musement.orders) == (409, "PriceChangedError", [])
    agreed = await visitor.post(f"/bookings/{basket['cart']}/order", json={**body, "total": answer.json()["actual"]})
    assert agreed.status_code == 201, agreed.text


@pytest.mark.asyncio
async def test_a_cart_without_an_order_has_no_payment_to_confirm(
    visitor: httpx.AsyncClient, local_musement: LocalMusement
) -> None:
    choice = await choose(visitor)
    await log_in(visitor, local_musement)
    cart = (await visitor.post("/bookings", json=choice)).json()["cart"]
    assert (await visitor.post(f"/bookings/{cart}/confirmation")).status_code == 404


@pytest.mark.asyncio
async def test_a_product_of_another_day_cannot_be_booked(
    visitor: httpx.AsyncClient, local_musement: LocalMusement
) -> None:
    choice = await choose(visitor)
    await log_in(visitor, local_musement)
    answer = await visitor.post("/bookings", json={**choice, "product": "none such"})
    assert answer.status_code == 404


@pytest.mark.asyncio
async def test_who_has_not_logged_in_sees_no_profile(visitor: httpx.AsyncClient, local_musement: LocalMusement) -> None:
    assert (await visitor.get("/me")).status_code == 401
    assert (await visitor.get("/me", headers={"Authorization": "Bearer made-up"})).status_code == 401
    refused = await visitor.post("/login", json={"username": local_musement.username, "password": "wrong"})
    assert refused.status_code == 401
    assert "wrong" not in refused.text


@pytest.mark.asyncio
async def test_who_logs_out_is_out_and_others_stay_in(
    visitor: httpx.AsyncClient, local_musement: LocalMusement
) -> None:
    await log_in(visitor, local_musement)
    first = visitor.headers["Authorization"]
    await log_in(visitor, local_musement)
    assert (await visitor.post("/logout")).status_code == 204
    assert (await visitor.get("/me")).status_code == 401
    visitor.headers["Authorization"] = first
    assert (await visitor.get("/me")).json()["email"] == local_musement.username
    assert local_musement.logins("password") == 2


@pytest.mark.asyncio
async def test_only_the_owner_of_a_cart_can_see_or_order_it(
    visitor: httpx.AsyncClient, local_musement: LocalMusement
) -> None:
    choice = await choose(visitor)
    await log_in(visitor, local_musement)
    begun = (await visitor.post("/bookings", json=choice)).json()
    cart = begun["cart"]
    async with local_musement.client() as client:
        await client.signup.begin("other@example.com")
    body = {"username": "other@example.com", "password": local_musement.password}
    visitor.headers["Authorization"] = f"Bearer {(await visitor.post('/login', json=body)).json()['session']}"
    assert (await visitor.get(f"/bookings/{cart}")).status_code == 404
    ordered = await visitor.post(f"/bookings/{cart}/order", json={"total": begun["total"]})
    assert (ordered.status_code, local_musement.orders) == (404, [])
    assert (await visitor.get(f"/orders/{cart}")).status_code == 404


@pytest.mark.asyncio
async def test_a_browser_is_logged_in_by_its_cookie_and_ends_the_other_sessions(
    visitor: httpx.AsyncClient, local_musement: LocalMusement
) -> None:
    await log_in(visitor, local_musement)
    stolen = visitor.headers.pop("Authorization")
    await visitor.post("/login", json={"username": local_musement.username, "password": local_musement.password})
    assert len((await visitor.get("/me/sessions")).json()) > 1  # with those of other tests
    assert (await visitor.delete("/me/sessions")).status_code == 204
    assert [each["is_this_one"] for each in (await visitor.get("/me/sessions")).json()] == [True]
    assert (await visitor.get("/me")).json()["email"] == local_musement.username
    assert (await visitor.get("/me", headers={"Authorization": stolen})).status_code == 401


@pytest.mark.asyncio
async def test_one_activity_and_the_cities_are_what_the_library_reads(
    visitor: httpx.AsyncClient, local_musement: LocalMusement
) -> None:
    (uuid, *_) = local_musement.activity_uuids()
    async with local_musement.client(currency="EUR") as client:
        expected = await client.activities.get(uuid)
        cities = await client.cities.list(limit=2)
    assert (await visitor.get(f"/activities/{uuid}")).json() == json.loads(to_json(expected))
    assert (await visitor.get("/cities?limit=2")).json()["items"] == json.loads(to_json(cities.items))


async def shown(visitor: httpx.AsyncClient, uuid: str) -> str | None:
    title: str | None = (await visitor.get(f"/activities/{uuid}")).json()["title"]
    return title


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tour_shop.updates.FOLLOW_EVERY", 0.01)


@pytest.mark.asyncio
async def test_what_visitors_look_at_is_asked_for_once_but_for_days(
    visitor: httpx.AsyncClient, local_musement: LocalMusement
) -> None:
    (uuid, *_) = local_musement.activity_uuids()
    for path in 2 * ["/cities", "/activities?text=museum", f"/activities/{uuid}", f"/activities/{uuid}/dates"]:
        assert (await visitor.get(path)).status_code == 200
    asked = [local_musement.count(path) for path in ("/cities", "/activities", "/activities/{activityUuid}")]
    assert (asked, local_musement.count("/activities/{activityUuid}/dates")) == ([1, 1, 1], 2)


@pytest.mark.asyncio
async def test_a_change_of_the_catalogue_is_shown_once_the_record_of_changes_names_it(
    short_pauses: None, visitor: httpx.AsyncClient, local_musement: LocalMusement, edits: dict[bytes, bytes]
) -> None:
    async with local_musement.client() as client:
        changed = str((await client.catalog.updates(datetime.now(UTC).date()))[0].uuid)
        title = (await client.activities.get(changed)).title
    assert title is not None
    assert await shown(visitor, changed) == title
    edits[title.encode()] = b"A new name"
    with anyio.fail_after(60):
        while await shown(visitor, changed) != "A new name":  # noqa: ASYNC110 - the shop reads the record by itself
            await anyio.sleep(0.01)


@pytest.mark.asyncio
async def test_a_record_of_changes_that_cannot_be_read_is_read_again(
    short_pauses: None, local_musement: LocalMusement, caplog: pytest.LogCaptureFixture
) -> None:
    local_musement.fail_next(1, status=403, path="/catalog/updates/{day}")
    async with local_musement.client(cache=True) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(follow_catalogue, client)
        with anyio.fail_after(60):
            while not local_musement.count("/activities/archived/{day}"):  # noqa: ASYNC110 - a background task asks
                await anyio.sleep(0.01)
        tasks.cancel_scope.cancel()
    assert "the record of changes could not be read: " in caplog.text


@pytest.mark.asyncio
async def test_the_shop_describes_its_models_under_their_own_names(visitor: httpx.AsyncClient) -> None:
    description = (await visitor.get("/openapi.json")).json()
    names = set(description["components"]["schemas"])
    assert {"Activity", "City", "Order", "Page_Activity_", "Schedule", "MusementProblem"} <= names
    assert not [name for name in names if name.endswith(("-Input", "-Output")) or "__" in name]


@pytest.mark.asyncio
async def test_the_picture_of_the_openapi_page_shows_the_description(visitor: httpx.AsyncClient) -> None:
    drawn = openapi_picture.draw((await visitor.get("/openapi.json")).json())
    assert openapi_picture.PICTURE.read_text("utf-8") == drawn, "draw it again: docs/extensions/openapi_picture.py"


@pytest.mark.stress
@pytest.mark.asyncio
async def test_the_description_of_the_shop_is_valid(visitor: httpx.AsyncClient) -> None:
    validate((await visitor.get("/openapi.json")).json())


def test_one_command_runs_the_shop_with_a_local_musement_behind_it() -> None:
    command = [sys.executable, "-m", "tour_shop", "--port", "0"]
    with subprocess.Popen(command, cwd=EXAMPLES, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            (shop,) = re.findall(r"http://\S+(?=/docs)", process.stdout.readline())
            with httpx.Client(base_url=shop, timeout=30) as browser:
                assert browser.get("/activities", params={"text": "museum"}).json()["items"]
                credentials = re.fullmatch(r"Its customer: (\S+) with the password (\S+)\n", process.stdout.readline())
                assert re.fullmatch(r"What pays, as a token: (\S+)\n", process.stdout.readline())
                assert credentials
                body = {"username": credentials[1], "password": credentials[2]}
                session = browser.post("/login", json=body).json()["session"]
                me = browser.get("/me", headers={"Authorization": f"Bearer {session}"}).json()
                assert me["email"] == credentials[1]
        finally:
            process.terminate()
