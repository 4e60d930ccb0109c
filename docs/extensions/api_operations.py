"""The operations of the API: which method calls which, as the docstrings of the methods say, and which are left out."""

import inspect
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs

from musement_async import MusementClient, Token

LEFT_OUT = Path(__file__).parents[1] / "left_out.toml"

_OPERATION = re.compile(r"``((?:DELETE|GET|PATCH|POST|PUT) /\S*)``")


@attrs.frozen
class Method:
    """A method of an area of the API.

    Attributes:
        area: What the client calls its area.
        name: Its own name.
        home: The area's class.
        function: The method itself.
    """

    area: str
    name: str
    home: type
    function: Callable[..., Any]

    def __str__(self) -> str:
        return f"client.{self.area}.{self.name}"

    @property
    def reference(self) -> str:
        """Its full name, as the reference has it."""
        return f"{self.home.__module__}.{self.home.__qualname__}.{self.name}"

    @property
    def file(self) -> str:
        """Where its code is."""
        return f"{self.function.__module__.replace('.', '/')}.py"

    @property
    def operations(self) -> list[str]:
        """The operations that the first paragraph of its docstring names, such as ``GET /cities/{cityId}``."""
        summary, _, _ = (inspect.getdoc(self.function) or "").partition("\n\n")
        return _OPERATION.findall(summary)


def areas() -> dict[str, type]:
    """The areas of a client, and the class of each."""
    client = MusementClient(token=Token(access_token="A"))  # noqa: S106 - nothing is sent
    names = [name for name, member in inspect.getmembers_static(MusementClient) if isinstance(member, cached_property)]
    found = {name: type(getattr(client, name)) for name in sorted(names)}
    return {name: kind for name, kind in found.items() if kind.__module__.startswith("musement_async.resources.")}


def methods() -> Iterator[Method]:
    """The public methods of all areas."""
    for area, home in areas().items():
        for name, function in inspect.getmembers(home, inspect.isfunction):
            if not name.startswith("_"):
                yield Method(area, name, home, function)


def left_out() -> dict[str, str]:
    """The operations without a method, and the reason for each."""
    groups = tomllib.loads(LEFT_OUT.read_text("utf-8"))["left_out"]
    return {operation: group["reason"] for group in groups for operation in group["operations"]}
