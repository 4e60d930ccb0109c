"""Bodies made from schemas, with every property filled.

The libraries that make JSON from a schema (jsf, polyfactory, hypothesis-jsonschema) either leave optional properties
out at random, or fail on recursive schemas such as an activity's.
"""

from itertools import count
from typing import Any

from tests.contract.description import Description, Json, Schema

UUID_TEXT = "6f1c1b0e-8a55-4c1b-9f0e-5a9d0f7c2b10"


class Bodies:
    """Makes bodies. No two strings or numbers in one body are equal, so that a value in a wrong place is noticed.

    Args:
        description: The description with the schemas.
        texts: An example for each property whose strings have a format that the description does not name.
    """

    def __init__(self, description: Description, texts: dict[str, str]) -> None:
        self._description = description
        self._texts = texts

    def example(self, schema: Schema, choice: int = 0) -> Json:
        """A value that fits a schema. ``choice`` selects among enum words, ``oneOf`` branches, booleans and null."""
        return self._value(schema, "", (), choice, count(1))

    def _value(self, schema: Schema, name: str, above: tuple[str, ...], choice: int, numbers: "count[int]") -> Json:
        reference = self._description.name(schema, choice)
        flat = self._description.flat(schema, choice)
        if flat.get("nullable") and choice % 3 == 1 and above:
            return None
        if "enum" in flat:
            return flat["enum"][choice % len(flat["enum"])]
        if flat.get("type") == "object":
            if reference and reference in above:
                flat = {**flat, "properties": self._scalars(flat)}
            return self._object(flat, (*above, reference), choice, numbers)
        if flat.get("type") == "array":
            items = flat["items"]
            kinds = max(2, self._description.branches(items), len(self._description.flat(items).get("enum", ())))
            return [self._value(items, name, (*above, ""), choice + step, numbers) for step in range(kinds)]
        return self._scalar(flat, name, choice, next(numbers))

    def _scalar(self, flat: Schema, name: str, choice: int, number: int) -> Json:
        match flat.get("type"):
            case "boolean":
                return choice % 2 == 0
            case "integer" | "number" as kind:
                return _number(flat, kind, number)
            case "string":
                return self._text(flat, name, number)
        return {}

    def _object(self, flat: Schema, above: tuple[str, ...], choice: int, numbers: "count[int]") -> dict[str, Any]:
        known = {
            name: self._value(part, name, above, choice, numbers) for name, part in flat.get("properties", {}).items()
        }
        further = flat.get("additionalProperties")
        if isinstance(further, dict):
            known |= {f"key {next(numbers)}": self._value(further, "", (*above, ""), choice, numbers) for _ in range(2)}
        return known

    def _scalars(self, flat: Schema) -> dict[str, Schema]:
        """The scalar properties of an object inside another of its type; they end the recursion."""
        return {
            name: part
            for name, part in flat.get("properties", {}).items()
            if self._description.flat(part).get("type") not in {"object", "array"}
        }

    def _text(self, flat: Schema, name: str, number: int) -> str:
        match flat.get("format"):
            case "date":
                return "2026-12-01"
            case "date-time":
                return f"2026-12-01T10:{number % 60:02}:00+0000"
            case "uuid":
                return UUID_TEXT
        return self._texts.get(name) or f"{name or 'text'} {number}"


def _number(flat: Schema, kind: str, number: int) -> float:
    least: int = flat.get("minimum", 0)
    most: int | None = flat.get("maximum")
    value = max(number, least)
    if most is not None and value > most:
        value = least + value % (most - least + 1)
    return value if kind == "integer" or most is not None else value + 0.5
