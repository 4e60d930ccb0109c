import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import httpx
import msgspec
import pytest
from fastapi import Body, FastAPI
from openapi_spec_validator import validate
from pydantic import BaseModel, TypeAdapter, ValidationError

from musement_async import Page, models, to_builtins, to_json
from musement_async.integrations.fastapi import MusementResponse
from musement_async.models import (
    Activity,
    ActivityStatus,
    Category,
    City,
    Country,
    FormSchema,
    Order,
    OrderItemStatus,
    Price,
    Schedule,
)
from musement_async.models._base import Model
from musement_async.testing import LocalMusement

ALL_MODELS = sorted(
    (kind for name in models.__all__ if isinstance(kind := getattr(models, name), type) and issubclass(kind, Model)),
    key=lambda kind: kind.__name__,
)
ROME = City(id=2, name="Rome", country=Country(id=82, name="Italy"))


async def ask(app: FastAPI, method: str, path: str, **arguments: Any) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client:
        return await client.request(method, path, **arguments)


def schemas_of(app: FastAPI) -> dict[str, Any]:
    description = app.openapi()
    validate(description)
    schemas: dict[str, Any] = description["components"]["schemas"]
    return schemas


@pytest.mark.asyncio
async def test_a_model_is_answered_as_the_library_writes_it() -> None:
    app = FastAPI()

    @app.get("/")
    async def read() -> City:
        return ROME

    assert (await ask(app, "GET", "/")).content == to_json(ROME)


@pytest.mark.asyncio
async def test_money_is_a_number_and_an_unknown_word_stays() -> None:
    app = FastAPI()
    activity = Activity(
        uuid=UUID(int=1), retail_price=Price(value=Decimal("35.90")), status=ActivityStatus("BRAND_NEW")
    )

    @app.get("/")
    async def read() -> Activity:
        return activity

    body = (await ask(app, "GET", "/")).json()
    assert (body["retail_price"]["value"], body["status"]) == (35.9, "BRAND_NEW")


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", [list[City], tuple[City, ...], City | None, dict[str, City]], ids=str)
async def test_collections_of_models_are_answered_too(kind: Any) -> None:
    app = FastAPI()
    value = {"list": [ROME], "tuple": (ROME,), "dict": {"a": ROME}}.get(getattr(kind, "__name__", ""), ROME)

    @app.get("/", response_model=kind)
    async def read() -> Any:
        return value

    assert (await ask(app, "GET", "/")).json() == json.loads(to_json(value))
    assert "City" in schemas_of(app)


@pytest.mark.asyncio
async def test_a_page_is_answered_whole_or_as_a_list(local_musement: LocalMusement) -> None:
    app = FastAPI()
    async with local_musement.client() as client:
        page = await client.activities.search(limit=3, text="museum")

    @app.get("/page")
    async def whole() -> Page[Activity]:
        return page

    @app.get("/list", response_model=list[Activity])
    async def items() -> Page[Activity]:
        return page

    @app.get("/fast-page", response_model=Page[Activity])
    async def fast() -> MusementResponse:
        return MusementResponse(page)

    answer = (await ask(app, "GET", "/page")).json()
    assert (await ask(app, "GET", "/fast-page")).json() == answer
    assert answer["items"] == json.loads(to_json(page))
    assert answer["total"] == page.total
    assert (await ask(app, "GET", "/list")).json() == json.loads(to_json(page))
    schema = schemas_of(app)["Page_Activity_"]
    assert schema["properties"]["items"]["items"] == {"$ref": "#/components/schemas/Activity"}
    assert schema["title"] == "Page[Activity]"


@pytest.mark.asyncio
async def test_nulls_can_be_left_out() -> None:
    app = FastAPI()

    @app.get("/", response_model_exclude_none=True)
    async def read() -> Category:
        return Category(id=1, children=(Category(id=2),))

    assert (await ask(app, "GET", "/")).json() == {"id": 1, "children": [{"id": 2}]}


@pytest.mark.asyncio
async def test_a_response_of_ours_has_money_as_it_came() -> None:
    app = FastAPI()
    activities = [Activity(uuid=UUID(int=1), retail_price=Price(value=Decimal("35.90")))]

    @app.get("/", response_model=list[Activity])
    async def read() -> MusementResponse:
        return MusementResponse(activities)

    answer = await ask(app, "GET", "/")
    assert answer.content == to_json(activities)
    assert b"35.90" in answer.content
    assert answer.headers["content-type"] == "application/json"
    assert "Activity" in schemas_of(app)


@pytest.mark.asyncio
async def test_a_model_is_a_request_body_too() -> None:
    app = FastAPI()
    seen: list[City] = []

    @app.post("/")
    async def write(city: Annotated[City, Body()]) -> None:
        seen.append(city)

    answer = await ask(app, "POST", "/", json={"id": "2", "name": "Rome", "country": {"id": 82, "name": "Italy"}})
    assert (answer.status_code, seen) == (200, [ROME])


@pytest.mark.asyncio
async def test_a_body_that_does_not_fit_is_refused_with_the_place_and_without_the_value() -> None:
    app = FastAPI()

    @app.post("/")
    async def write(form: Annotated[FormSchema, Body()]) -> None:
        raise AssertionError(form)

    answer = await ask(app, "POST", "/", json={"fields": [{}, {"maxLength": "secret"}], "name": "x"})
    (problem,) = answer.json()["detail"]
    assert answer.status_code == 422
    assert problem["loc"] == ["body", "fields", 1, "maxLength"]
    assert problem["msg"] == "Expected `int | null`, got `str`"
    assert "secret" not in answer.text


def test_every_model_has_a_schema_and_goes_through_pydantic_unchanged() -> None:
    assert [(model.__name__, wrong) for model in ALL_MODELS for wrong in wrongs_of(model)] == []


EXAMPLES: dict[object, object] = {int: 1, str: "GIFT", UUID: str(UUID(int=1)), OrderItemStatus: "OK"}


def wrongs_of(model: type[Model]) -> Iterator[str]:
    adapter: TypeAdapter[Any] = TypeAdapter(model)
    schema = adapter.json_schema(mode="serialization")
    schema = schema["$defs"][model.__name__] if "$ref" in schema else schema
    properties = schema["properties"]
    required = [field for field in msgspec.structs.fields(model) if field.required]
    if schema.get("required", []) != [field.encode_name for field in required]:
        yield "its schema does not require what it requires"
    value = adapter.validate_python({field.encode_name: EXAMPLES[field.type] for field in required})
    stated = list(to_builtins(value))
    # Forms leave out what is not set.
    if stated != (list(properties) if stated else []):
        yield f"its schema has {list(properties)}, it has {stated}"
    if (written := adapter.dump_json(value)) != to_json(value):
        yield f"is {written!r} as JSON"
    if (built := adapter.dump_python(value)) != to_builtins(value):
        yield f"is {built}"


def test_an_enum_is_open_and_lists_the_words_that_are_known() -> None:
    adapter: TypeAdapter[ActivityStatus] = TypeAdapter(ActivityStatus)
    schema = adapter.json_schema()
    assert schema["title"] == "ActivityStatus"
    assert schema["anyOf"] == [
        {"type": "string", "enum": [status.value for status in ActivityStatus]},
        {"type": "string"},
    ]
    assert adapter.validate_python("ONLINE") is ActivityStatus.ONLINE
    assert adapter.validate_python("NEW") == ActivityStatus("NEW")
    assert adapter.dump_json(ActivityStatus("NEW")) == b'"NEW"'
    with pytest.raises(ValidationError):
        adapter.validate_python(1)


@pytest.mark.asyncio
async def test_an_enum_can_be_a_parameter() -> None:
    app = FastAPI()

    @app.get("/")
    async def read(status: ActivityStatus) -> str:
        return repr(type(status))

    assert "ActivityStatus" in (await ask(app, "GET", "/", params={"status": "NEW"})).text


def test_models_are_components_under_their_own_names_with_descriptions_of_their_fields() -> None:
    app = FastAPI()

    @app.get("/order")
    async def order() -> Order:
        raise NotImplementedError

    @app.get("/schedule")
    async def schedule() -> list[Schedule]:
        raise NotImplementedError

    schemas = schemas_of(app)
    assert {"Order", "OrderItem", "Customer", "Schedule", "ScheduleProduct", "Price"} <= set(schemas)
    assert not [name for name in schemas if "__" in name or "-" in name]
    assert schemas["Price"]["properties"]["value"]["anyOf"] == [{"type": "number"}, {"type": "null"}]
    product = schemas["ScheduleProduct"]
    assert product["description"] == "A ticket for one kind of participant in one slot; a cart takes it."
    # One of the class itself, one of the class that it builds on.
    assert product["properties"]["age_range"]["description"] == "The ages it is for, such as `0-99`."
    assert product["properties"]["max_buy"]["description"].startswith("The most: 0 where")


def test_models_that_lead_to_themselves_have_a_schema() -> None:
    app = FastAPI()

    @app.get("/")
    async def read() -> Category:
        raise NotImplementedError

    children = schemas_of(app)["Category"]["properties"]["children"]["anyOf"][0]
    assert children["items"] == {"$ref": "#/components/schemas/Category"}


def test_a_class_of_the_same_name_does_not_clash() -> None:
    class City(BaseModel):
        mayor: str

    app = FastAPI()

    @app.get("/theirs", response_model=City)
    async def theirs() -> None: ...

    @app.get("/ours", response_model=models.City)
    async def ours() -> None: ...

    schemas = schemas_of(app)
    kinds = [next(iter(schema["properties"])) for name, schema in schemas.items() if name.endswith("City")]
    assert sorted(kinds) == ["id", "mayor"]


def test_a_model_can_be_a_field_of_a_pydantic_model() -> None:
    class Trip(BaseModel):
        city: City
        activities: list[Activity] = []

    trip = Trip.model_validate_json('{"city": {"id": "2", "name": "Rome", "country": {"id": 82, "name": "Italy"}}}')
    assert trip.city == ROME
    assert trip.model_dump()["city"] == to_builtins(ROME)


def test_a_page_can_be_read_by_pydantic() -> None:
    page: Page[City] = TypeAdapter(Page[City]).validate_json('{"items": [{"id": "2"}], "total": 7}')
    assert (page.items, page.total) == ((City(id=2),), 7)
    with pytest.raises(ValidationError, match="Expected"):
        TypeAdapter(Page[City]).validate_json('{"items": [{"id": "two"}]}')


def test_a_page_of_anything_has_a_schema() -> None:
    assert TypeAdapter(Page).json_schema()["title"] == "Page[Any]"
    assert TypeAdapter(Page[list[City]]).json_schema()["title"].startswith("Page[")
