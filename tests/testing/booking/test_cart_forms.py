from typing import Any

import pytest

Buyer = Any
Json = dict[str, Any]
CONSENTS = ("musement_newsletter", "allow_profiling", "thirdparty_newsletter", "events_related_newsletter")
CUSTOMER = {"firstname": "TEST", "lastname": "TEST", "email": "test@example.com", **dict.fromkeys(CONSENTS, "NO")}


def test_the_customer_schema_asks_for_the_consents(buyer: Buyer) -> None:
    schema = buyer.get(f"/carts/{buyer.post('/carts', {})['uuid']}/customer/schema")
    assert schema["title"] == "cart_customer_guest"
    assert set(schema["required"]) == set(CUSTOMER)
    assert schema["properties"]["allow_profiling"]["enum"] == ["YES", "NO"]


def test_the_customer_is_kept(buyer: Buyer) -> None:
    uuid = buyer.post("/carts", {})["uuid"]
    given = {**CUSTOMER, "city": "Rome"}
    assert buyer.post(f"/carts/{uuid}/customer", given, "PUT") == given
    assert buyer.get(f"/carts/{uuid}")["customer"] == given


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"firstname": " "}, "firstname"),
        ({"lastname": 7}, "lastname"),
        ({"allow_profiling": "MAYBE"}, "allow_profiling"),
        ({"extra_customer_data": []}, None),
    ],
)
def test_a_customer_that_does_not_fit_is_refused_by_field(buyer: Buyer, change: Json, field: str | None) -> None:
    offer = buyer.offer(lambda activity: activity.flags["has_extra_customer_data"])
    uuid = buyer.post("/carts", {})["uuid"]
    buyer.post(f"/carts/{uuid}/items", [offer.entry])
    refused = buyer.ask(f"/carts/{uuid}/customer", "PUT", json={**CUSTOMER, **change})
    body = refused.json()
    assert (refused.status_code, body["code"]) == (400, "0")
    assert body["message"] == body["global_error_message"]
    assert [error["field_name"] for error in body["errors"]] == [field or "extra_customer_data"]


@pytest.mark.parametrize("consent", CONSENTS)
def test_every_consent_is_mandatory(buyer: Buyer, consent: str) -> None:
    uuid = buyer.post("/carts", {})["uuid"]
    given = {name: value for name, value in CUSTOMER.items() if name != consent}
    refused = buyer.ask(f"/carts/{uuid}/customer", "PUT", json=given).json()
    assert refused["errors"] == [{"field_name": consent, "field_error_message": "is needed"}]


def test_what_activities_ask_can_be_answered_alone(buyer: Buyer) -> None:
    offer = buyer.offer(lambda activity: activity.flags["has_extra_customer_data"] and activity.kind.code != "transfer")
    uuid, activity = buyer.post("/carts", {})["uuid"], offer.activity.uuid
    buyer.post(f"/carts/{uuid}/items", [offer.entry])
    form = buyer.get(f"/carts/{uuid}/customer/schema")["properties"]["extra_customer_data"]
    assert form["required"] == [activity]
    refused = buyer.ask(f"/carts/{uuid}/customer", "PUT", json={"extra_customer_data": {activity: {}}}).json()
    assert refused["errors"][0]["field_name"] == f"extra_customer_data.{activity}.hotel"
    extra = {"extra_customer_data": {activity: {"hotel": "Europa"}}}
    (told,) = buyer.post(f"/carts/{uuid}/customer", extra, "PUT")["extra_customer_data"]
    assert told["event"] == {"id": activity}
    assert {field["name"]: field.get("value") for field in told["fields"]} == {"hotel": "Europa", "diet": None}


def test_participants_are_asked_for_as_often_as_there_are(buyer: Buyer) -> None:
    path, form = _participants(buyer, 2)
    listed = form["properties"]["participants"]
    assert (form["title"], listed["items"]["title"]) == ("cart_item_participants_info", "prototype")
    assert (listed["minItems"], listed["maxItems"]) == (2, 2)
    assert buyer.get(path) == []


def test_participants_are_kept(buyer: Buyer) -> None:
    uuid = buyer.cart(buyer.offer(lambda activity: activity.flags["has_passenger_info"], 2).times(2))
    (item,) = buyer.get(f"/carts/{uuid}")["items"]
    kept = buyer.get(f"/carts/{uuid}/items/{item['uuid']}/participants")
    assert len(kept) == 2
    assert set(kept[0]) >= {"firstname", "lastname"}


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_participants_must_be_right(buyer: Buyer, count: int) -> None:
    path, _ = _participants(buyer, 2)
    kept = {"firstname": "A", "lastname": "B"}
    refused = buyer.ask(path, "PUT", json=[kept] * count)
    assert refused.status_code == 400
    assert "" in {error["field_name"] for error in refused.json()["errors"]}


def test_a_wrong_answer_of_a_participant_is_named(buyer: Buyer) -> None:
    path, form = _participants(buyer, 2)
    fields = form["properties"]["participants"]["items"]["required"]
    errors = buyer.ask(path, "PUT", json=[{}, {}]).json()["errors"]
    assert {error["field_name"] for error in errors} == {f"[{place}].{name}" for place in (0, 1) for name in fields}
    assert buyer.ask(path, "PUT", json={}).status_code == 400


@pytest.mark.parametrize("day", ["2026-02-30", "20260228", "soon"])
def test_a_day_must_be_one(buyer: Buyer, day: str) -> None:
    offer = buyer.offer(lambda activity: activity.flags["has_extra_customer_data"] and activity.kind.code == "transfer")
    uuid, activity = buyer.post("/carts", {})["uuid"], offer.activity.uuid
    buyer.post(f"/carts/{uuid}/items", [offer.entry])
    answers = {"flight_number": "AZ 1", "arrival_date": day, "luggage": 1}
    refused = buyer.ask(f"/carts/{uuid}/customer", "PUT", json={"extra_customer_data": {activity: answers}}).json()
    assert [error["field_name"] for error in refused["errors"]] == [f"extra_customer_data.{activity}.arrival_date"]


def test_where_nothing_is_asked_there_is_no_form(buyer: Buyer) -> None:
    uuid = buyer.cart(buyer.plain().entry)
    (item,) = buyer.get(f"/carts/{uuid}")["items"]
    path = f"/carts/{uuid}/items/{item['uuid']}/participants"
    assert buyer.ask(f"{path}/schema").json()["code"] == "1400"
    assert buyer.ask(path, "PUT", json=[{"firstname": "A"}]).status_code == 400


def test_the_older_form_lists_all_fields(buyer: Buyer) -> None:
    offer = buyer.offer(lambda activity: activity.flags["has_passenger_info"], 2)
    uuid = buyer.cart(offer.times(2))
    form = buyer.get(f"/carts/{uuid}/form")
    assert {field["name"]: field.get("value") for field in form["customer"]}["firstname"] == "TEST"
    assert form["tickets"][0]["product"] == {"id": offer.product["product_id"]}
    assert {field["type"] for field in form["tickets"][0]["passengers_info"]} <= {"text", "date", "number"}
    (ticket,) = buyer.get(f"/carts/{buyer.cart(buyer.plain().entry)}/form")["tickets"]
    assert ticket["passengers_info"] == []


def test_forms_speak_the_language_asked_for(buyer: Buyer) -> None:
    uuid = buyer.post("/carts", {})["uuid"]
    schema = buyer.get(f"/carts/{uuid}/customer/schema", headers={"Accept-Language": "it-IT"})
    assert schema["properties"]["lastname"]["title"] == "Cognome"


def _participants(buyer: Buyer, quantity: int) -> tuple[str, Json]:
    offer = buyer.offer(
        lambda activity: activity.flags["has_passenger_info"] and not activity.flags["has_extra_customer_data"],
        quantity,
    )
    uuid = buyer.post("/carts", {})["uuid"]
    item = buyer.post(f"/carts/{uuid}/items", [offer.times(quantity)])
    path = f"/carts/{uuid}/items/{item['uuid']}/participants"
    return path, buyer.get(f"{path}/schema")
