"""Annotations, which users, frameworks and this documentation evaluate."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from functools import cached_property
from types import ModuleType
from typing import Any, get_overloads, get_type_hints

import pytest

from musement_async.resources.namespaces import Namespaces

PACKAGES = (
    "musement_async",
    "musement_async.checkout",
    "musement_async.integrations.fastapi",
    "musement_async.integrations.opentelemetry",
    "musement_async.models",
    "musement_async.testing",
)


def _functions(kind: type) -> Iterator[Callable[..., Any]]:
    for name, member in inspect.getmembers_static(kind):
        if name.startswith("_") and name != "__init__":
            continue
        match member:
            case classmethod() | staticmethod():
                found: Any = member.__func__
            case property():
                found = member.fget
            case cached_property():
                found = member.func
            case _:
                found = member
        if inspect.isfunction(found) and found.__module__.startswith("musement_async"):
            yield found
            yield from get_overloads(found)


def _annotated(module: ModuleType) -> Iterator[Any]:
    for name in getattr(module, "__all__", vars(module)):
        exported = getattr(module, name)
        if not getattr(exported, "__module__", "").startswith("musement_async"):
            continue
        if inspect.isclass(exported):
            yield exported
            yield from _functions(exported)
        elif inspect.isfunction(exported):
            yield exported


def _unknown(annotated: Iterator[Any]) -> dict[str, str]:
    unknown: dict[str, str] = {}
    for thing in annotated:
        try:
            get_type_hints(thing, include_extras=True)
        except NameError as error:
            unknown[f"{thing.__module__}.{thing.__qualname__}"] = str(error)
    return unknown


@pytest.mark.parametrize("package", PACKAGES)
def test_whatever_a_package_exports_tells_its_types(package: str) -> None:
    assert _unknown(_annotated(importlib.import_module(package))) == {}


@pytest.mark.parametrize("area", [name for name in vars(Namespaces) if not name.startswith("_")])
def test_every_method_of_an_area_tells_its_types(area: str) -> None:
    kind = get_type_hints(vars(Namespaces)[area].func)["return"]
    assert _unknown(_functions(kind)) == {}
