"""The OpenAPI description with the known differences applied."""

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any, TypeAlias

import attrs

Json: TypeAlias = Any  # a part of the description: any JSON
Schema: TypeAlias = dict[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")


@attrs.frozen
class Difference:
    """A place where the description is known to be wrong or behind the API.

    Attributes:
        where: The keys that lead to the place from the top of the description; a parameter is found by its name.
        becomes: The right value; None if the place should be absent.
        reason: The reason.
    """

    where: tuple[str, ...]
    becomes: Json = attrs.field(repr=False)
    reason: str = attrs.field(repr=False)

    def __str__(self) -> str:
        return " > ".join(self.where)

    def adds(self, description: "Description") -> bool:
        """Whether it adds properties, components or words of an enum that a description lacks."""
        if self.becomes is None or "parameters" in self.where:
            return False
        known = description.document
        for key in self.where:
            known = known.get(key, {})
        is_new = self.where[-2] == "properties" and not known
        return is_new or bool(_vocabulary(self.becomes) - _vocabulary(known))

    def touches(self, description: "Description", operation: "Operation") -> bool:
        """Whether it changes an operation, or a component that the operation's description refers to."""
        if self.where[0] == "paths":
            return self.where[1] == operation.template
        return self.where[2] in description.references(operation)


@attrs.frozen(eq=False)
class Operation:
    """One operation of the API, as described.

    Attributes:
        method: The HTTP method in lower case.
        template: The path, such as ``/cities/{cityId}``.
        parameters: The parameters of the query, by name, resolved.
        status: The lowest status of success; without one, the status of a redirect.
        statuses: All described statuses.
        schema: The schema of the answer's body; None if the description has none.
        content_type: The media type of the answer's body.
        deprecated: Whether the operation is marked as deprecated.
        body: The schema of the request's body; None if the description has none.
    """

    method: str
    template: str
    parameters: Mapping[str, Schema] = attrs.field(repr=False)
    status: int
    statuses: frozenset[int]
    schema: Schema | None = attrs.field(repr=False)
    content_type: str
    deprecated: bool
    body: Schema | None = attrs.field(repr=False)

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.template}"

    @property
    def area(self) -> str:
        """The first part of its path."""
        return self.template.split("/")[1]


class Description:
    """A description with some differences in place.

    Args:
        document: The parsed OpenAPI document; it is not changed.
        differences: The changes to apply.
    """

    def __init__(self, document: Json, differences: Iterable[Difference] = ()) -> None:
        self.document = copy.deepcopy(document)
        for difference in differences:
            _put(self.document, difference.where, copy.deepcopy(difference.becomes))
        for array in _query_arrays(self.document):
            # The description has this for two lists only; the API's guide shows other lists as "13,193".
            array.setdefault("explode", False)

    @cached_property
    def operations(self) -> dict[tuple[str, str], Operation]:
        """All operations, by method and template."""
        return {
            (method, template): self._operation(method, template, item[method])
            for template, item in self.document["paths"].items()
            for method in METHODS
            if method in item
        }

    def at(self, method: str, path: str) -> Operation | None:
        """The operation that a request is for; the one with the fewest parameters in its path if several match."""
        found = [
            operation
            for operation in self.operations.values()
            if operation.method == method.lower() and _pattern(operation.template).fullmatch(path)
        ]
        return min(found, key=lambda operation: operation.template.count("{"), default=None)

    def resolve(self, node: Json) -> Json:
        """The target of a reference; other values unchanged."""
        while isinstance(node, dict) and "$ref" in node:
            target: Json = self.document
            for key in node["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            node = target
        return node

    def flat(self, schema: Schema, choice: int = 0) -> Schema:
        """A schema without references, ``allOf`` and ``oneOf`` at its top; ``choice`` selects the branch."""
        schema = self.resolve(schema)
        flat = {key: value for key, value in schema.items() if key not in {"allOf", "oneOf", "anyOf"}}
        branches = [*schema.get("allOf", ())]
        branches += [schema[word][choice % len(schema[word])] for word in ("oneOf", "anyOf") if word in schema]
        # The last branch first: it specialises the others.
        for branch in reversed(branches):
            part = self.flat(branch, choice)
            properties: Schema = {**part.get("properties", {}), **flat.get("properties", {})}
            flat = {**part, **flat} | ({"properties": properties} if properties else {})
        if "items" in flat:
            flat.setdefault("type", "array")
        if "properties" in flat:
            flat.setdefault("type", "object")
        return flat

    def name(self, schema: Schema, choice: int = 0) -> str:
        """The reference of a schema or of its chosen branch; empty if there is none."""
        reference: str = schema.get("$ref", "")
        schema = self.resolve(schema)
        branches = schema.get("oneOf", schema.get("anyOf"))
        return self.name(branches[choice % len(branches)], choice) or reference if branches else reference

    def branches(self, schema: Schema) -> int:
        """The number of branches at the top of a schema."""
        schema = self.resolve(schema)
        return max((len(schema[word]) for word in ("oneOf", "anyOf") if word in schema), default=1)

    def properties(self, schema: Schema) -> dict[str, Schema]:
        """The properties of all its branches."""
        flats = [self.flat(schema, choice) for choice in range(self.branches(schema))]
        return {name: part for flat in reversed(flats) for name, part in flat.get("properties", {}).items()}

    def references(self, operation: Operation) -> frozenset[str]:
        """The names of all components that the description of an operation uses."""
        found: set[str] = set()
        left = {*_references(self.document["paths"][operation.template][operation.method])}
        while left:
            found |= left
            left = {inner for reference in left for inner in _references(self.resolve({"$ref": reference}))} - found
        return frozenset(reference.rpartition("/")[2] for reference in found)

    def _operation(self, method: str, template: str, spec: Json) -> Operation:
        parameters = [self.resolve(parameter) for parameter in spec.get("parameters", ())]
        status = min((code for code in spec["responses"] if code.startswith(("2", "3"))), default="200")
        content = self.resolve(spec["responses"].get(status, {})).get("content", {})
        none: tuple[str, Schema] = ("application/json", {})
        content_type, media = next(iter(content.items()), none)
        sent = self.resolve(spec.get("requestBody", {})).get("content", {})
        return Operation(
            method,
            template,
            {parameter["name"]: parameter for parameter in parameters if parameter["in"] == "query"},
            int(status),
            frozenset(int(code) for code in spec["responses"] if code.isdigit()),
            media.get("schema"),
            content_type,
            spec.get("deprecated", False),
            sent.get("application/json", {}).get("schema"),
        )


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(map(re.escape, re.split(r"\{\w+\}", template))))


def _references(node: Json) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _vocabulary(node: Json) -> set[str]:
    return {*_references(node), *node.get("properties", {}), *node.get("enum", ())}


def _query_arrays(node: Json) -> Iterator[Json]:
    if isinstance(node, dict):
        schema = node.get("schema")
        if node.get("in") == "query" and isinstance(schema, dict) and "items" in schema:
            yield node
        for value in node.values():
            yield from _query_arrays(value)
    elif isinstance(node, list):
        for value in node:
            yield from _query_arrays(value)


def _put(document: Json, where: tuple[str, ...], value: Json) -> None:
    *parents, last = where
    node = document
    for key in parents:
        node = node[_key(node, key)] if isinstance(node, list) else node.setdefault(key, {})
    if isinstance(node, dict):
        node[last] = value
        if value is None:
            del node[last]
        return
    place = _key(node, last)
    node[place : place + 1] = [] if value is None else [value]


def _key(nodes: list[Json], name: str) -> int:
    """The index of a parameter; the end of the list if there is none of that name."""
    names = [node.get("name") or node["$ref"].rpartition("/")[2] for node in nodes]
    return names.index(name) if name in names else len(names)
