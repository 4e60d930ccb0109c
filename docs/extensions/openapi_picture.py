"""The picture of the example shop's OpenAPI page: ``python docs/extensions/openapi_picture.py`` draws it again.

It is drawn from the shop's OpenAPI description, in the layout of the page that FastAPI serves at ``/docs``.
"""

import sys
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from musement_async import MusementClient, WebhookCredentials

DOCS = Path(__file__).parents[1]
PICTURE = DOCS / "pictures" / "openapi.svg"
WIDTH = 760
ROW = 30
COMPONENT = "ActivityDate"

_COLOURS = {"get": "#3b6ea5", "post": "#2f8f4e", "delete": "#c0392b"}
_STYLE = (
    "text { font: 13px sans-serif; fill: #1f2933 } .head { font-size: 17px; font-weight: bold }"
    " .path { font: 600 13px monospace } .verb { font-weight: bold; fill: #ffffff } .field { font: 11px monospace }"
    " .small { font-size: 12px; fill: #52606d }"
)


class Operation(NamedTuple):
    """An operation of the shop."""

    tag: str
    method: str
    path: str
    summary: str
    answer: str


def description() -> dict[str, Any]:
    """The shop's OpenAPI description."""
    sys.path.append(str(DOCS / "examples"))
    from tour_shop.app import create_app

    return create_app(MusementClient.from_env, WebhookCredentials("shop", "secret")).openapi()


def operations(api: dict[str, Any]) -> Iterator[Operation]:
    """The operations of a description, in its order."""
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            answers = (answer for status, answer in operation["responses"].items() if status.startswith("2"))
            schema = next(answers).get("content", {}).get("application/json", {}).get("schema", {})
            yield Operation(operation["tags"][0], method, path, operation["summary"], _name(schema))


def _name(schema: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        return f"{_name(schema['items'])}[]"
    name: str = schema.get("$ref", "").rpartition("/")[2] or schema.get("type", "")
    return f"Page[{name[5:-1]}]" if name.startswith("Page_") else name


def draw(api: dict[str, Any]) -> str:
    """The picture of a description, as SVG."""
    shapes: list[str] = []
    top = 12
    for tag, members in groupby(operations(api), key=lambda operation: operation.tag):
        shapes.append(_text(20, top + 22, tag, "head"))
        top += 34
        for operation in members:
            shapes += _row(operation, top)
            top += ROW
        top += 8
    fields = api["components"]["schemas"][COMPONENT]["properties"]
    shapes += [_text(20, top + 22, COMPONENT, "head"), _text(160, top + 22, "one of the components", "small")]
    top += 34
    for name, field in fields.items():
        shapes += [_text(20, top + 15, name, "field"), _text(300, top + 15, field.get("description", ""), "small")]
        top += 22
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + 12}" width="{WIDTH}" role="img">'
    title = f"<title>The OpenAPI page of {api['info']['title']}</title>"
    ground = f'<rect width="{WIDTH}" height="{top + 12}" rx="8" fill="#ffffff"/>'
    return "\n".join([head, title, f"<style>{_STYLE}</style>", ground, *shapes, "</svg>", ""])


def _row(operation: Operation, top: int) -> Iterator[str]:
    colour = _COLOURS[operation.method]
    box = f'x="20" y="{top}" width="{WIDTH - 40}" height="{ROW - 4}" rx="4"'
    yield f'<rect {box} fill="{colour}" fill-opacity="0.1" stroke="{colour}"/>'
    yield f'<rect x="24" y="{top + 3}" width="64" height="{ROW - 10}" rx="3" fill="{colour}"/>'
    yield _text(56, top + 18, operation.method.upper(), "verb", "middle")
    yield _text(100, top + 18, operation.path, "path")
    yield _text(390, top + 18, operation.summary, "small")
    yield _text(WIDTH - 30, top + 18, operation.answer, "path", "end")


def _text(x: int, y: int, text: str, style: str, anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


if __name__ == "__main__":
    PICTURE.write_text(draw(description()), "utf-8")
