"""The check of methods: a transport validates each request, and answers by the description."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import attrs
import httpx

from musement_async import ArgumentError, MusementClient, MusementError, Token
from tests.contract.bodies import Bodies
from tests.contract.description import Description, Json, Operation, Schema
from tests.contract.known import Known
from tests.contract.methods import Method, call, item_type
from tests.contract.results import LISTS, Comparison, as_sent, envelope, lost
from tests.contract.validation import PREFIX, SERVER, Validator

_REDIRECTS = range(300, 400)


@attrs.frozen
class Sent:
    """The data that all calls of one operation sent.

    Attributes:
        query: The values of each parameter.
        bodies: The bodies.
    """

    query: dict[str, set[str]] = attrs.Factory(lambda: defaultdict(set))
    bodies: list[Json] = attrs.Factory(list)

    def add(self, request: httpx.Request) -> None:
        """Remember a request."""
        for name in request.url.params:
            self.query[name].update(request.url.params.get_list(name))
        if request.content:
            self.bodies.append(json.loads(request.content))


@attrs.define
class Call:
    """The record of one call.

    Attributes:
        exchanges: The requests, each with its operation.
        body: The body of the last answer.
        problems: The problems that were found.
    """

    exchanges: list[tuple[httpx.Request, Operation | None]] = attrs.Factory(list)
    body: Json = None
    problems: list[str] = attrs.Factory(list)


class Check:
    """The calls of methods, compared with one description."""

    def __init__(self, description: Description, known: Known) -> None:
        self._description = description
        self._known = known
        self._validator = Validator(description)
        self._bodies = Bodies(description, {name: text for name, (_, text) in known.narrowed.items()})

    async def problems(self, method: Method) -> tuple[set[Operation], list[str]]:
        """The operations that a method calls, and its problems."""
        sent: dict[Operation, Sent] = defaultdict(Sent)
        problems: list[str] = []
        try:
            sets = list(method.argument_sets())
        except (ArgumentError, TypeError) as error:
            return set(), [str(error)]
        # The last call has only required arguments, and an answer in the other form of a list.
        for number, arguments in enumerate([*sets, sets[0]]):
            done = await self._call(method, arguments, number, wrap=number == len(sets))
            problems += done.problems
            for request, operation in done.exchanges:
                if operation is not None:
                    sent[operation].add(request)
        for operation, all_sent in sent.items():
            problems += self._unsent(operation, all_sent.query)
            if operation.body is not None:
                problems += self._unsent_parts(operation, operation.body, all_sent.bodies)
            schema = self._schema(method, operation)
            if schema is not None:
                narrowed = {name: kind for name, (kind, _) in self._known.narrowed.items()}
                problems += Comparison(self._description, narrowed).problems(schema, method.result, "$")
        return set(sent), list(dict.fromkeys(problems))

    def _schema(self, method: Method, operation: Operation) -> Schema | None:
        """The schema of the result; None if this operation does not give the result."""
        composed = self._known.composed.get(method.path)
        if operation.schema is None or (composed and str(operation) != composed.answer):
            return None
        if composed:
            return self._description.properties(operation.schema)[composed.part]
        if str(operation) in self._known.one_of_a_list:
            items: Schema = self._description.flat(operation.schema)["items"]
            return items
        return operation.schema

    def _unsent(self, operation: Operation, sent: Mapping[str, set[str]]) -> Iterator[str]:
        for name, parameter in operation.parameters.items():
            if name not in sent:
                if name not in self._known.hidden:
                    yield f"has no argument for {name}"
                continue
            schema = self._description.flat(parameter["schema"])
            items = self._description.flat(schema["items"]) if "items" in schema else schema
            values = {part for value in sent[name] for part in (value.split(",") if "items" in schema else [value])}
            yield from _missing(items, name, values)

    def _unsent_parts(
        self, operation: Operation, schema: Schema, values: Sequence[Json], path: str = "$"
    ) -> Iterator[str]:
        flat = self._description.flat(schema)
        if "items" in flat:
            inside = [item for value in values if isinstance(value, list) for item in value]
            yield from self._unsent_parts(operation, flat["items"], inside, f"{path}[]")
            return
        yield from _missing(flat, path, {str(value) for value in values})
        parts = self._description.properties(schema)
        objects = [value for value in values if isinstance(value, dict)]
        for name, part in parts.items():
            found = [value[name] for value in objects if name in value]
            if found:
                yield from self._unsent_parts(operation, part, found, f"{path}.{name}")
            elif f"{operation} {path}.{name}" not in self._known.not_sent:
                yield f"has no argument for {path}.{name}"
        if parts:
            unknown = {name for value in objects for name in value} - parts.keys()
            yield from (f"sends {path}.{name}, which is not documented" for name in sorted(unknown))

    async def _call(self, method: Method, arguments: dict[str, object], number: int, *, wrap: bool) -> Call:
        done = Call()
        transport = httpx.MockTransport(lambda request: self._answer(done, request, number, method, wrap=wrap))
        token = Token(access_token="A")
        async with MusementClient(
            token=token, base_url=SERVER + PREFIX, transport=transport, strict=True, application="check"
        ) as client:
            try:
                result = await call(method, client, arguments)
            except (MusementError, TypeError) as error:
                done.problems.append(f"{type(error).__name__}: {error}")
                return done
        _, operation = done.exchanges[-1]
        if operation is not None and operation.schema is not None:
            body = done.body[0] if str(operation) in self._known.one_of_a_list else done.body
            if method.path in self._known.composed:
                body = body[self._known.composed[method.path].part]
            done.problems += _lost(body, result)
        return done

    def _answer(self, done: Call, request: httpx.Request, number: int, method: Method, *, wrap: bool) -> httpx.Response:
        done.problems += self._validator.request(request)
        operation = self._validator.operation_of(request)
        done.exchanges.append((request, operation))
        if operation is None:
            return httpx.Response(404, json={"code": "0", "message": "not documented"})
        if operation.schema is None:
            bare = self._known.without_schema.get(str(operation))
            content, kind = (bare.body, bare.content_type) if bare else (None, operation.content_type)
            if request.headers["accept"].startswith("text/html"):
                content, kind = b"<!doctype html>", "text/html"
            headers = {"Content-Type": kind, **({"Location": SERVER} if operation.status in _REDIRECTS else {})}
            return httpx.Response(operation.status, content=content, headers=headers)
        body = self._bodies.example(operation.schema, number)
        if str(operation) in self._known.one_of_a_list:
            body = body[:1]
        if wrap and operation.method == "get" and isinstance(body, list) and item_type(method.result):
            body = {"meta": {"count": len(body)}, "data": body}
        composed = self._known.composed.get(method.path)
        if composed and str(operation) == composed.answer:
            first, _ = done.exchanges[0]
            example = body[composed.part][0]
            body[composed.part] = [
                {**example, composed.echo: item[composed.echo]} for item in json.loads(first.content)
            ]
        done.body = body
        return httpx.Response(operation.status, json=body)


def _missing(schema: Schema, name: str, values: set[str]) -> Iterator[str]:
    missing = [str(value) for value in schema.get("enum", ()) if str(value) not in values]
    if missing:
        yield f"cannot send {name}={', '.join(missing)}"


def _lost(body: Json, result: object) -> Iterator[str]:
    kept = as_sent(result)
    if isinstance(body, dict) and isinstance(kept, list):
        kept = {"meta": body.get("meta"), **dict.fromkeys(LISTS, kept), **envelope(result)}
    yield from lost(json.loads(json.dumps(body), parse_float=Decimal), kept)
