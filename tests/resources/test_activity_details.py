"""The details of one activity: the requests, refusals and results of each method."""

from typing import Any

import pytest

from musement_async import ArgumentError, Coordinates, MusementClient, NotFoundError, PermissionDeniedError
from musement_async.models import Activity, RefundType
from musement_async.testing import LocalMusement

UUID_TEXT = "b36ba13e-cd53-44dc-8741-b200ada5549a"

# The method, the rest of its path, and a body with its result.
PARTS: dict[str, tuple[str, Any]] = {
    "bundles": ("bundles", [{"rule_id": "r1", "activities": [{"uuid": UUID_TEXT, "title": "Walk"}]}]),
    "children": ("child-activities", [{"uuid": UUID_TEXT, "title": "Walk"}]),
    "contact_form": ("contact-form", [{"id": 13, "level": "1"}]),
    "country": ("country", {"id": 82, "iso3char": "ITA"}),
    "destinations": ("destinations", [{"id": 2, "default": True}]),
    "extra_customer_data_schema": ("extra-customer-data/schema", {"title": "form"}),
    "flavours": ("flavours", [{"id": 5, "slug": "show"}]),
    "languages": ("languages", [{"code": "it"}]),
    "media": ("media", [{"id": 7, "is_cover": True}]),
    "offered_languages": ("metadata/languages", [{"code": "it"}]),
    "participants_schema": ("participants-info/schema", {"title": "participant"}),
    "pickups": ("pickups", [{"uuid": UUID_TEXT, "name": "Station", "tags": [{"id": "5"}]}]),
    "refund_policies": ("refund-policies", [{"period": "P2W", "value": 50.5}]),
    "regions": ("regions", [{"code": "us"}]),
    "taxonomies": ("taxonomies", [{"type": "INCLUSION", "category": "NO-STANDARD"}]),
}
NOTHING_THERE = {"extra_customer_data_schema": None, "participants_schema": None, "refund_policies": ()}


@pytest.mark.anyio
@pytest.mark.parametrize("name", PARTS)
async def test_a_part_is_read_below_its_activity(answering: Any, name: str) -> None:
    path, body = PARTS[name]
    client, requests = answering(json=body)
    found = await getattr(client.activities, name)(UUID_TEXT.upper())
    assert [str(request.url) for request in requests] == [f"http://127.0.0.1/activities/{UUID_TEXT}/{path}"]
    assert "()" not in repr(found)
    assert (len(found) if isinstance(body, list) else 1) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("name", PARTS)
async def test_what_is_no_uuid_is_refused(answering: Any, name: str) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError, match=r"^activity_uuid: must be a UUID"):
        await getattr(client.activities, name)("../login")
    assert not requests


@pytest.mark.anyio
@pytest.mark.parametrize("name", PARTS)
async def test_only_where_the_api_says_so_a_404_is_nothing_there(answering: Any, name: str) -> None:
    client, _ = answering(404, json={"code": "1400", "message": "nothing"})
    if name in NOTHING_THERE:
        assert await getattr(client.activities, name)(UUID_TEXT) == NOTHING_THERE[name]
    else:
        with pytest.raises(NotFoundError):
            await getattr(client.activities, name)(UUID_TEXT)


@pytest.mark.anyio
async def test_no_languages_at_all_are_an_answer_without_content(answering: Any) -> None:
    client, _ = answering(204)
    assert await client.activities.offered_languages(UUID_TEXT) == ()


@pytest.mark.anyio
async def test_a_single_phrase_without_a_list_around_it_is_read_too(answering: Any) -> None:
    client, _ = answering(json={"name": "Tips", "type": "EXCLUSION"})
    (phrase,) = await client.activities.taxonomies(UUID_TEXT)
    assert phrase.name == "Tips"


@pytest.mark.anyio
async def test_texts_are_read_by_language(answering: Any) -> None:
    client, requests = answering(json={"locale": "it", "title": "Colosseo"})
    assert (await client.activities.contents(UUID_TEXT, "it")).title == "Colosseo"
    assert requests[0].url.path == f"/activities/{UUID_TEXT}/contents/it"
    with pytest.raises(ArgumentError, match=r"^locale_code: "):
        await client.activities.contents(UUID_TEXT, "")


RELATED: dict[str, Any] = {
    "text": "rome",
    "text_operator": "OR",
    "extend_other_languages": "YES",
    "extend_content_fields": "NO",
    "fuzziness_level": "LEVEL-2",
    "zero_terms_query": "ALL",
    "sort_by": ["-relevance", "name"],
    "coordinates": Coordinates(41.9, 12.5),
    "minimum_events": 2,
    "city_limit": 1,
    "city_offset": 0,
    "list_limit": 3,
    "list_offset": 4,
    "venue_limit": 5,
    "venue_offset": 6,
}


@pytest.mark.anyio
async def test_related_things_are_asked_for_with_every_filter(answering: Any) -> None:
    client, requests = answering(json=[{"type": "cities", "matched": True, "items": [{"id": "2", "events_count": 9}]}])
    (group,) = await client.activities.related(**RELATED)
    assert (group.type, group.matched, group.items[0].events_count) == ("cities", True, 9)
    assert requests[0].url.path == "/activities-related"
    written = {"sort_by": "-relevance,name", "coordinates": "41.900000,12.500000"}
    assert dict(requests[0].url.params) == {name: str(value) for name, value in (RELATED | written).items()}


@pytest.mark.anyio
async def test_related_things_are_asked_for_without_filters_and_with_one_order(answering: Any) -> None:
    client, requests = answering(json=[])
    assert await client.activities.related() == ()
    await client.activities.related(sort_by="relevance")
    assert [str(request.url.params) for request in requests] == ["", "sort_by=relevance"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("text", 5),
        ("text_operator", "XOR"),
        ("extend_other_languages", "yes"),
        ("extend_content_fields", True),
        ("fuzziness_level", "LEVEL-9"),
        ("zero_terms_query", "SOME"),
        ("sort_by", [""]),
        ("coordinates", (41.9, 12.5)),
        *((name, -1) for name in RELATED if name.endswith(("_limit", "_offset", "_events"))),
    ],
)
async def test_a_search_for_related_things_refuses_what_the_api_could_not_read(
    answering: Any, argument: str, value: Any
) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError) as raised:
        await client.activities.related(**{argument: value})
    assert raised.value.argument == argument
    assert not requests


async def some(client: MusementClient, count: int = 40) -> list[Activity]:
    """Activities that a search found, with the fields of single answers."""
    page = await client.activities.search(limit=count)
    return [await client.activities.get(found.uuid) for found in page]


@pytest.mark.asyncio
async def test_locally_the_parts_agree_with_the_activity(musement_client: MusementClient) -> None:
    activities = musement_client.activities
    seen: set[str] = set()
    for activity in await some(musement_client):
        uuid, city = activity.uuid, activity.city
        assert city
        cover, *others = await activities.media(uuid)
        assert (cover.url, cover.is_cover) == (activity.cover_image_url, True)
        assert others
        assert not any(other.is_cover for other in others)
        phrases = [(phrase.type, phrase.name) for phrase in await activities.taxonomies(uuid)]
        texts = {"HIGHLIGHT": activity.highlights, "INCLUSION": activity.included, "EXCLUSION": activity.not_included}
        assert phrases == [(kind, text) for kind, names in texts.items() for text in names]
        assert await activities.languages(uuid) == activity.languages
        assert await activities.offered_languages(uuid) == (() if activity.open else activity.languages)
        assert await activities.flavours(uuid) == activity.flavours
        assert await activities.contact_form(uuid) == activity.categories
        policies = await activities.refund_policies(uuid)
        assert bool(policies) is activity.free_cancellation
        seen |= {policy.type for policy in policies if policy.type}
        pickups = await activities.pickups(uuid)
        assert bool(pickups) is activity.needs_pickup
        for pickup in pickups:
            assert abs((pickup.latitude or 0) - (city.latitude or 0)) < 0.03
            assert await musement_client.pickups.get(pickup.uuid) == pickup
        country = await activities.country(uuid)
        assert country.iso3char
        assert country.id == (city.country.id if city.country else None)
        assert [place.id for place in await activities.destinations(uuid) if place.default] == [city.id]
        assert activity.url in [region.url for region in await activities.regions(uuid)]
        assert (await activities.contents(uuid, "en-US")).title == activity.title
    assert seen == set(RefundType)


@pytest.mark.asyncio
async def test_locally_schemas_exist_for_activities_that_need_answers(musement_client: MusementClient) -> None:
    found = [activity async for activity in musement_client.activities.search().items(max_items=60)]
    kinds = {"participant": 0, "form": 0}
    for activity in found:
        participants = await musement_client.activities.participants_schema(activity.uuid)
        extra = await musement_client.activities.extra_customer_data_schema(activity.uuid)
        assert (participants is not None) is activity.has_passenger_info
        assert (extra is not None) is activity.has_extra_customer_data
        for schema in filter(None, (participants, extra)):
            assert schema.required_names
            kinds[str(schema.title)] += 1
    assert all(kinds.values())


@pytest.mark.anyio
async def test_locally_labels_are_in_the_language_asked_for(musement_client: MusementClient) -> None:
    page = await musement_client.activities.search(limit=100)
    uuid = next(activity.uuid for activity in page if activity.has_passenger_info)
    titles: list[str | None] = []
    for language in ("en", "it"):
        schema = await musement_client.with_options(language=language).activities.participants_schema(uuid)
        assert schema
        titles.append(schema.ordered["firstname"].title)
    assert titles == ["First name", "Nome"]


@pytest.mark.asyncio
async def test_locally_bundles_hold_other_activities_of_the_city(musement_client: MusementClient) -> None:
    cities = {2, 205, 7035}
    for activity in [one async for one in musement_client.activities.search(city_in=cities)]:
        bundles = await musement_client.activities.bundles(activity.uuid)
        others = [other for bundle in bundles for other in bundle.activities]
        assert activity.uuid not in [other.uuid for other in others]
        assert {other.city for other in others} <= {activity.city}
        for other in others:
            assert other.bundled_price
            assert other.retail_price
            assert (other.bundled_price.value or 0) < (other.retail_price.value or 0)


@pytest.mark.asyncio
async def test_locally_only_parents_have_children_of_their_kind(musement_client: MusementClient) -> None:
    children = 0
    for activity in await some(musement_client, 60):
        found = await musement_client.activities.children(activity.uuid)
        is_parent = activity.seller_gateway is not None and activity.seller_gateway.code == "parent_event_seller"
        assert is_parent or not found
        assert {child.flavours for child in found} <= {activity.flavours}
        children += len(found)
    assert children


@pytest.mark.anyio
async def test_locally_a_single_activity_in_its_city_has_no_bundle() -> None:
    client = LocalMusement(activities=1).client()
    (activity,) = await client.activities.search()
    assert await client.activities.bundles(activity.uuid) == ()


@pytest.mark.anyio
async def test_locally_there_are_no_texts_in_other_languages(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    uuid = local_musement.activity_uuids()[0]
    assert (await musement_client.activities.contents(uuid, "it")).is_default is False
    with pytest.raises(NotFoundError):
        await musement_client.activities.contents(uuid, "fr")


@pytest.mark.anyio
async def test_locally_the_parts_of_a_draft_are_hidden(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    with pytest.raises(PermissionDeniedError):
        await musement_client.activities.media(local_musement.activity_uuids("DRAFT")[0])


@pytest.mark.anyio
async def test_locally_related_things_can_be_read(musement_client: MusementClient) -> None:
    cities, venues = await musement_client.activities.related(text="Rome", venue_limit=2, venue_offset=1)
    assert (cities.type, cities.matched, venues.matched) == ("cities", True, False)
    (rome,) = cities.items
    city = await musement_client.cities.get(int(rome.id or 0))
    assert (city.name, city.activities_count) == (rome.title, rome.events_count)
    assert len(venues.items) == 2


@pytest.mark.anyio
async def test_locally_the_nearest_related_things_go_first(musement_client: MusementClient) -> None:
    cities, _ = await musement_client.activities.related(coordinates=Coordinates(43.7, 11.2), city_limit=1)
    assert [city.title for city in cities.items] == ["Florence"]
    cities, _ = await musement_client.activities.related(minimum_events=100_000)
    assert cities.items == ()


@pytest.mark.anyio
@pytest.mark.parametrize("body", [{"title": "participant"}, [{"title": "participant"}]])
async def test_the_form_of_participants_is_read_from_a_list_of_one_too(answering: Any, body: Any) -> None:
    client, _ = answering(json=body)
    schema = await client.activities.participants_schema(UUID_TEXT)
    assert schema.title == "participant"
