"""Property-based tests from the description: fitting bodies decode, and damaged bodies degrade.

No library makes such strategies: hypothesis-jsonschema fails on recursive schemas.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Verbosity, given, settings
from hypothesis import strategies as st

from musement_async import to_builtins
from musement_async.codec import decode
from musement_async.envelopes import Envelope
from musement_async.models._base import Time
from tests.contract.description import Description, Json, Operation, Schema
from tests.contract.known import Known
from tests.contract.methods import Hint, Method, item_type, without_none
from tests.contract.results import lost

Place = tuple[Any, ...]  # keys and indexes

EXAMPLES = 25
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    verbosity=Verbosity.quiet,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)

_DEPTH = 4
_PROPERTIES = 6
# Properties that some models require: they are always present, and never damaged.
_IDS = ("code", "id", "order_uuid", "uuid")
_DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(str)
_TIMES = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda at: f"{at[0]:02}:{at[1]:02}")
_KINDS: Mapping[Hint, st.SearchStrategy[str]] = {
    UUID: st.uuids().map(str),
    date: _DAYS,
    Time: _TIMES,
    int: st.integers().map(str),
    float: st.floats(allow_nan=False, allow_infinity=False).map(str),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False).map(str),
}
_FORMATS: Mapping[str, st.SearchStrategy[str]] = {
    "date": _DAYS,
    "date-time": st.builds("{}T{}:00{}".format, _DAYS, _TIMES, st.sampled_from(["", "Z", "+0000", "-03:30"])),
    "uuid": _KINDS[UUID],
}
# Inserted into a body unchanged: texts that json.dumps() does not write, and one value of each kind.
CORRUPTIONS = (
    b"NaN",
    b"-Infinity",
    b"1e400",
    b"-1e99999999999999999999",
    b"1" * 400,
    b'"\\ud800"',
    b'"\\udc00 and on"',
    b'"\xff\xfe"',
    b'"\xed\xa0\x80"',
    b'"nan"',
    b'""',
    b'"text"',
    b"null",
    b"true",
    b"-7",
    b"0.5",
    b"[]",
    b"{}",
    b"[[[]]]",
    b'[{"a": null}]',
    b'{"a": {"b": [1]}}',
)
_MARK = "{{here}}"


def properties(
    description: Description, pairs: Iterable[tuple[Operation, Method]], known: Known
) -> Iterator[tuple[str, str]]:
    """The properties that do not hold, by subject; each pair of a schema and a type is checked once."""
    seen: set[tuple[str, str]] = set()
    fitting = Fitting(description, {name: kind for name, (kind, _) in known.narrowed.items()})
    logger = logging.getLogger("musement_async.codec")
    logger.disabled = True
    for operation, method in pairs:
        model = _model(description, operation.schema or {}, method.result)
        key = (json.dumps(operation.schema), str(model))
        if operation.schema is None or key in seen:
            continue
        seen.add(key)
        bodies = fitting.values(operation.schema)
        for test in (_decodes(bodies, model), _degrades(bodies, model)):
            try:
                test()
            except Exception as error:  # noqa: BLE001 (every error of a test is a finding)
                notes = " ".join(getattr(error, "__notes__", ()))
                yield str(method), f"{type(error).__name__}: {error} {notes}".replace("\n", " ")[:900]
    logger.disabled = False


def _decodes(bodies: st.SearchStrategy[Json], model: Hint) -> Callable[[], None]:
    @SETTINGS
    @given(body=bodies)
    def fits(body: Json) -> None:
        text = json.dumps(body).encode()
        kept = to_builtins(decode(text, model, strict=True))
        missing = list(lost(json.loads(text, parse_float=Decimal), kept))
        assert not missing, missing

    return fits


def _degrades(bodies: st.SearchStrategy[Json], model: Hint) -> Callable[[], None]:
    @SETTINGS
    @given(data=st.data(), corruption=st.sampled_from(CORRUPTIONS))
    def degrades(data: st.DataObject, corruption: bytes) -> None:
        body = data.draw(bodies)
        if not body:
            return
        damageable = [place for place in places(body) if place[-1] not in _IDS]
        if not damageable:
            return
        place = data.draw(st.sampled_from(damageable))
        expected = to_builtins(decode(json.dumps(body).encode(), model, strict=True))
        parent(body, place)[place[-1]] = _MARK
        damaged = json.dumps(body).encode().replace(json.dumps(_MARK).encode(), corruption)
        found = to_builtins(decode(damaged, model))
        whole = parent(expected, place)
        try:
            kept = parent(found, place)
        except KeyError:
            # Forms leave out empty lists.
            assert isinstance(whole, list), place
            assert len(whole) == 1, place
            return
        if isinstance(whole, dict):
            kept.pop(place[-1], None)
            whole.pop(place[-1], None)
        else:
            # Items that cannot be repaired are missing in a list.
            kept[place[-1] : place[-1] + len(kept) - len(whole) + 1] = []
            del whole[place[-1]]
        assert found == expected, f"{corruption!r} at {place}: {found!r:.200} instead of {expected!r:.200}"

    return degrades


def places(tree: Json, path: Place = ()) -> Iterator[Place]:
    """The paths to all values inside a value."""
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield (*path, key)
            yield from places(value, (*path, key))


def parent(tree: Json, place: Place) -> Json:
    """The container of a value."""
    for key in place[:-1]:
        tree = tree[key]
    return tree


def _model(description: Description, schema: Schema, hint: Hint) -> Hint:
    """The type to decode a body as; the library uses the same for lists in envelopes."""
    (kind, *_) = without_none(hint)
    item = item_type(kind)
    if item is None:
        item = kind
    if description.flat(schema).get("type") == "array":
        return tuple[item, ...]  # type: ignore[valid-type]
    return item if item is kind else Envelope[item]  # type: ignore[valid-type]


class Fitting:
    """Strategies for values that fit a schema.

    Args:
        description: The description with the schemas.
        narrowed: The type of each property whose plain strings have one.
    """

    def __init__(self, description: Description, narrowed: Mapping[str, Hint]) -> None:
        self._description = description
        self._narrowed = narrowed

    def values(self, schema: Schema, name: str = "", depth: int = _DEPTH) -> st.SearchStrategy[Json]:
        """Values that fit a schema, of limited size and depth."""
        branches = [self._flat(schema, choice, name, depth) for choice in range(self._description.branches(schema))]
        return st.one_of(branches)

    def _flat(self, schema: Schema, choice: int, name: str, depth: int) -> st.SearchStrategy[Json]:
        flat = self._description.flat(schema, choice)
        values = self._kind(flat, name, depth)
        return values | st.none() if flat.get("nullable") and depth < _DEPTH else values

    def _kind(self, flat: Schema, name: str, depth: int) -> st.SearchStrategy[Json]:
        if "enum" in flat:
            return st.sampled_from(flat["enum"])
        if flat.get("type") == "object":
            return self._object(flat, depth)
        if flat.get("type") == "array":
            items = st.deferred(lambda: self.values(flat["items"], name, depth - 1))
            unique = str if flat.get("uniqueItems") else None
            return st.lists(items, max_size=3, unique_by=unique) if depth else st.just([])
        return self._scalar(flat, name)

    def _scalar(self, flat: Schema, name: str) -> st.SearchStrategy[Json]:
        bounds = (flat.get("minimum"), flat.get("maximum"))
        match flat.get("type"):
            case "boolean":
                return st.booleans()
            case "integer":
                return st.integers(*bounds)
            case "number":
                # Whole numbers that a float represents exactly.
                return st.floats(*bounds, allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
            case "string":
                plain = _KINDS.get(self._narrowed.get(name), st.text())
                return _FORMATS.get(flat.get("format", ""), plain)
        return st.just({})

    def _object(self, flat: Schema, depth: int) -> st.SearchStrategy[Json]:
        parts = flat.get("properties", {})
        further = flat.get("additionalProperties")
        if isinstance(further, dict) and not parts:
            return st.dictionaries(st.text(), st.deferred(lambda: self.values(further, "", depth - 1)), max_size=3)

        @st.composite
        def objects(draw: st.DrawFn) -> dict[str, Any]:
            names = draw(st.lists(st.sampled_from(sorted(parts)), max_size=_PROPERTIES, unique=True)) if parts else []
            required = [name for name in (*flat.get("required", ()), *_IDS) if name in parts]
            chosen = dict.fromkeys([*required, *names] if depth else required)
            return {name: draw(self.values(parts[name], name, max(depth - 1, 0))) for name in chosen}

        return objects()
