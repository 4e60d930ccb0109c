"""Runs, their parts, their progress, and the protocol of the stores that hold them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, Protocol, Self, cast

import attrs

PartKind = Literal["places", "city", "prices", "days", "changes"]
RecordKind = Literal["cities", "categories", "venues", "activities", "prices", "media", "days"]


@attrs.frozen
class MirrorPart:
    """A part of a run; ``str()`` writes its name, and ``parse()`` reads it.

    Attributes:
        kind: ``places`` is all cities, categories and venues, ``city`` the activities of a city, ``prices`` their
            prices in a further currency, ``days`` their next days, ``changes`` the activities that changed.
        key: The id of the city, or the first and the last day of the changes.
        language: The language of texts.
        currency: The currency of prices.
        weight: About how many records it has.
    """

    kind: PartKind
    key: str
    language: str
    currency: str
    weight: int = attrs.field(default=1, eq=False)

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}:{self.language}:{self.currency}"

    @classmethod
    def parse(cls, name: str, weight: int = 1) -> Self:
        """The part of a name."""
        kind, key, language, currency = name.split(":")
        return cls(cast("PartKind", kind), key, language, currency, weight)


@attrs.frozen
class MirrorRecord:
    """A record to save.

    Attributes:
        kind: The kind of the record; ``prices`` are those of an activity whose texts are not to be saved.
        key: The id of the city, category or venue, or the UUID of the activity.
        value: The model, or the models; None if there is no such activity any more.
    """

    kind: RecordKind
    key: str
    value: object


@attrs.frozen
class MirrorRun:
    """A run.

    Attributes:
        name: Its name; a run that is not complete goes on under it.
        source: The base URL of the API that it copies; ``local`` for a server on this machine, whatever its port.
        scope: The settings of the mirror. A run with other settings does not go on with this one.
        is_full: Whether it copies everything, or what has changed.
        day: The day (UTC) on which it was planned.
    """

    name: str
    source: str
    scope: str
    is_full: bool
    day: date


@attrs.frozen
class MirrorProgress:
    """The progress of a run.

    Attributes:
        total: The number of its parts; 0 before it is planned.
        done: The number of finished parts.
        failed: Why parts, or the plan, have failed, by their names. The next start repeats them.
        items: About how many records are copied.
        expected: About how many there are in all.
    """

    total: int
    done: int
    failed: Mapping[str, str]
    items: int = 0
    expected: int = 0

    @property
    def left(self) -> int:
        """The number of parts that are neither finished nor failed."""
        return self.total - self.done - len(self.failed.keys() - {"plan"})

    @property
    def is_complete(self) -> bool:
        """Whether all parts are finished."""
        return self.done == self.total > 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens until the next start."""
        return bool(self.total or self.failed) and not self.left

    def __str__(self) -> str:
        return f"{self.done} of {self.total} done, {len(self.failed)} failed, {self.left} to go"


class MirrorStore(Protocol):
    """Keeps a mirror, and the ledger of its runs. Whatever a method raises ends the run, which can be continued."""

    async def runs(self) -> Sequence[MirrorRun]:
        """The runs that are known, oldest first."""
        ...

    async def plan(self, run: MirrorRun, parts: Iterable[MirrorPart]) -> None:
        """Begin a run of these parts. A full one drops the copies of languages, currencies and cities not in it."""
        ...

    async def resume(self, run: str) -> Sequence[MirrorPart]:
        """The parts of a run that are not done, whose failures are forgotten."""
        ...

    async def saved(self, run: str, part: MirrorPart) -> set[str] | None:
        """The keys of what a part has saved; None if the part is done."""
        ...

    async def save(self, run: str, part: MirrorPart, records: Sequence[MirrorRecord]) -> None:
        """Put records in the place of older ones, all at once."""
        ...

    async def finish(self, run: str, part: MirrorPart) -> None:
        """Drop what earlier runs saved for a part and this one did not; the part is done."""
        ...

    async def fail(self, run: str, name: str, reason: str) -> None:
        """Note why a part, or the plan, has failed."""
        ...

    async def progress(self, run: str) -> MirrorProgress:
        """The progress of a run."""
        ...
