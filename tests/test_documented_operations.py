"""The tables from which the documentation's list of operations is made."""

import re
from pathlib import Path

import api_operations

OPERATION = re.compile(r"(DELETE|GET|PATCH|POST|PUT) (/([\w-]+|\{\w+\}))+")
ROOT = Path(__file__).parents[1]


def test_every_method_names_its_operation_but_the_one_that_calls_none_of_its_own() -> None:
    nameless = [str(method) for method in api_operations.methods() if not method.operations]
    assert nameless == ["client.orders.download"]


def test_every_named_operation_is_a_method_and_a_path_as_the_description_writes_them() -> None:
    named = [operation for method in api_operations.methods() for operation in method.operations]
    assert [operation for operation in [*named, *api_operations.left_out()] if not OPERATION.fullmatch(operation)] == []


def test_no_operation_that_is_left_out_has_a_method() -> None:
    named = {operation for method in api_operations.methods() for operation in method.operations}
    assert named & api_operations.left_out().keys() == set()


def test_a_reason_names_methods_that_exist() -> None:
    known = {str(method) for method in api_operations.methods()}
    named = {name for reason in api_operations.left_out().values() for name in re.findall(r"`(client\.[^`]+)`", reason)}
    assert named - known == set()


def test_every_method_has_its_code_in_the_file_that_is_shown() -> None:
    missing = [str(method) for method in api_operations.methods() if f"def {method.name}(" not in code_of(method)]
    assert missing == []


def code_of(method: api_operations.Method) -> str:
    return (ROOT / method.file).read_text("utf-8")
