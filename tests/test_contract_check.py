"""The part of the contract check that reads an OpenAPI description; the rest needs the API's description."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PLACE = Path(__file__).parent / "contract" / "description.py"
CITY = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/cities/{cityId}": {
            "get": {
                "parameters": [{"$ref": "#/components/parameters/sort"}, {"name": "cityId", "in": "path"}],
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}}},
            }
        },
        "/cities/of-the-day": {"get": {"deprecated": True, "responses": {"404": {}, "302": {}, "default": {}}}},
        "/cities": {
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/City"}}}},
                "responses": {"201": {}, "400": {}},
            }
        },
    },
    "components": {
        "parameters": {"sort": {"name": "sort", "in": "query", "schema": {"items": {"type": "string"}}}},
        "schemas": {
            "City": CITY,
            "B": {"allOf": [{"$ref": "#/components/schemas/City"}, {"properties": {"id": {"type": "string"}}}]},
            "Thing": {"oneOf": [{"$ref": "#/components/schemas/City"}, {"type": "string"}]},
        },
    },
}


@pytest.fixture(scope="module")
def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("contract_description", PLACE)
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    # attrs looks up the module of a class.
    sys.modules[spec.name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture
def description(module: Any) -> Any:
    return module.Description(DOCUMENT)


def test_an_operation_is_found_by_a_path_and_the_one_without_parameters_goes_first(description: Any) -> None:
    assert str(description.at("GET", "/cities/7")) == "GET /cities/{cityId}"
    assert str(description.at("GET", "/cities/of-the-day")) == "GET /cities/of-the-day"
    assert description.at("DELETE", "/cities/7") is None
    assert description.at("GET", "/cities/7/lists") is None


def test_an_operation_has_its_query_its_statuses_its_answer_and_its_body(description: Any) -> None:
    read, redirected = description.at("GET", "/cities/7"), description.at("GET", "/cities/of-the-day")
    written = description.at("POST", "/cities")
    assert (list(read.parameters), read.status, read.area) == (["sort"], 200, "cities")
    assert (read.schema, read.body) == ({"$ref": "#/components/schemas/B"}, None)
    assert (redirected.status, redirected.statuses, redirected.deprecated) == (302, {302, 404}, True)
    assert (written.status, written.schema, written.body) == (201, None, {"$ref": "#/components/schemas/City"})


def test_lists_in_a_query_are_joined_by_commas(description: Any) -> None:
    assert description.at("GET", "/cities/7").parameters["sort"]["explode"] is False
    assert "explode" not in DOCUMENT["components"]["parameters"]["sort"]


@pytest.mark.parametrize(
    ("schema", "choice", "flat"),
    [
        ("City", 0, CITY),
        ("B", 0, {**CITY, "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}),
        ("Thing", 0, CITY),
        ("Thing", 1, {"type": "string"}),
    ],
)
def test_a_schema_is_flattened(description: Any, schema: str, choice: int, flat: dict[str, object]) -> None:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    assert description.flat(reference, choice) == flat
    assert description.branches(reference) == (2 if schema == "Thing" else 1)


def test_an_operation_refers_to_components_directly_and_through_others(description: Any) -> None:
    assert description.references(description.at("GET", "/cities/7")) == {"B", "City", "sort"}
    assert description.references(description.at("POST", "/cities")) == {"City"}


def test_properties_are_those_of_all_branches(description: Any) -> None:
    thing = {"anyOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "integer"}}}]}
    assert description.properties(thing) == {"a": {"type": "string"}, "b": {"type": "integer"}}


_NUMBER = {"type": "integer"}


@pytest.mark.parametrize(
    ("where", "becomes", "adds"),
    [
        (("components", "schemas", "City", "properties", "views"), _NUMBER, True),
        (("components", "schemas", "City", "properties", "name"), _NUMBER, False),
        (("components", "schemas", "City", "properties", "name"), {"type": "string", "enum": ["Roma"]}, True),
        (("components", "schemas", "City"), {"properties": {"id": _NUMBER}}, False),
        (("components", "schemas", "City"), {"properties": {"id": _NUMBER, "code": _NUMBER}}, True),
        (("components", "schemas", "B"), {"$ref": "#/components/schemas/Thing"}, True),
        (("components", "schemas", "Thing"), {"$ref": "#/components/schemas/City"}, False),
        (("components", "schemas", "City", "properties", "name"), None, False),
        (("paths", "/cities/{cityId}", "get", "parameters", "sort"), {"name": "sort", "in": "path"}, False),
    ],
)
def test_a_difference_says_whether_it_brings_something_to_look_at(
    module: Any, description: Any, where: tuple[str, ...], becomes: object, adds: object
) -> None:
    difference = module.Difference(where, becomes, "a reason")
    assert difference.adds(description) is adds


def test_a_difference_changes_a_copy_of_the_description(module: Any) -> None:
    city, sort = ("components", "schemas", "City", "properties"), ("paths", "/cities/{cityId}", "get", "parameters")
    query = {"name": "page", "in": "query", "schema": _NUMBER}
    changed = module.Description(
        DOCUMENT,
        [
            module.Difference((*city, "name"), None, "there is none"),
            module.Difference((*city, "views"), _NUMBER, "newer"),
            module.Difference((*sort, "sort"), query, "another"),
            module.Difference((*sort, "cityId"), None, "there is none"),
            module.Difference((*sort, "limit"), {**query, "name": "limit"}, "newer"),
            module.Difference(("paths", "/lists", "get"), {"responses": {}}, "newer"),
        ],
    )
    assert changed.flat({"$ref": "#/components/schemas/City"})["properties"] == {"id": _NUMBER, "views": _NUMBER}
    assert list(changed.at("GET", "/cities/7").parameters) == ["page", "limit"]
    assert changed.at("GET", "/lists").status == 200
    assert CITY["properties"] == {"id": {"type": "integer"}, "name": {"type": "string"}}


def test_a_difference_touches_the_operations_that_refer_to_its_place(module: Any, description: Any) -> None:
    read, written = description.at("GET", "/cities/7"), description.at("POST", "/cities")
    schema = module.Difference(("components", "schemas", "B", "properties", "id"), None, "a reason")
    path = module.Difference(("paths", "/cities", "post", "requestBody"), None, "a reason")
    assert [schema.touches(description, operation) for operation in (read, written)] == [True, False]
    assert [path.touches(description, operation) for operation in (read, written)] == [False, True]
    assert str(path) == "paths > /cities > post > requestBody"
