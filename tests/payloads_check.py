"""A check that models keep all values of responses captured from the API for which they have fields.

``nox -s payloads -- FOLDER`` runs the check. It is not a test, because captured responses are not part of the project.
A file's name tells the kind of its content.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from musement_async import to_builtins
from musement_async.codec import decode
from musement_async.models import Activity, ActivitySearchResult, City

MODELS: dict[str, type] = {
    "activity.json": Activity,
    "cities.json": list[City],
    "city-activities-envelope.json": ActivitySearchResult,
    "venue-activities-array.json": list[Activity],
}


def values(sent: object, kept: object, path: str = "$") -> Iterator[tuple[str, object, object]]:
    """Each value that has a field: its path, the value sent, and the value kept."""
    if isinstance(sent, dict) and isinstance(kept, dict):
        for key in sorted(sent.keys() & kept.keys()):
            yield from values(sent[key], kept[key], f"{path}.{key}")
    elif isinstance(sent, list) and isinstance(kept, list) and len(sent) == len(kept):
        for index, (one, other) in enumerate(zip(sent, kept, strict=True)):
            yield from values(one, other, f"{path}[{index}]")
    else:
        yield path, sent, kept


def same(sent: object, kept: object) -> bool:
    """Whether two values are equal in different forms: ``"3"`` and ``3``, or two formats of a time."""
    if type(sent) is type(kept):
        return sent == kept
    if {type(sent), type(kept)} & {bool, type(None), dict, list}:
        return False
    for read in (Decimal, datetime.fromisoformat):
        with suppress(InvalidOperation, ValueError):
            return read(str(sent)) == read(str(kept))
    return False


def leaves(value: object) -> int:
    """The number of values at all depths."""
    if isinstance(value, dict | list):
        return sum(map(leaves, value.values() if isinstance(value, dict) else value))
    return 1


def main() -> None:
    """Check every file of a folder."""
    files = sorted(Path(sys.argv[1]).glob("*.json"))
    problems: list[str] = [] if files else [f"{sys.argv[1]} holds no captured response"]
    for path in files:
        body = path.read_bytes()
        sent = json.loads(body, parse_float=Decimal)
        known = list(values(sent, to_builtins(decode(body, MODELS[path.name], strict=True))))
        lost = [(place, one, other) for place, one, other in known if not same(one, other)]
        sys.stdout.write(f"{path.name}: {leaves(sent)} values, {len(known)} with a field, {len(lost)} lost\n")
        problems += [f"{path.name} {place}: {one!r:.80} became {other!r:.80}" for place, one, other in lost]
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
