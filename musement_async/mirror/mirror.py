"""The mirror: plans a run, and copies its parts."""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import takewhile
from time import monotonic

import attrs

from musement_async.errors import ArgumentError, AuthenticationError, ClientClosedError, LoggedOutError, MusementError
from musement_async.mapping import MapCall
from musement_async.mirror.copying import MOST_FAILURES, PartCopy, changed_activities, sizes_of_cities, today
from musement_async.mirror.parts import MirrorPart, MirrorProgress, MirrorRecord, MirrorRun, MirrorStore
from musement_async.mirror.scope import Scope
from musement_async.resources.namespaces import Namespaces

# The API allows content to be kept for seven days: everything is copied again before the oldest part gets so old.
_FULL_EVERY = timedelta(days=6)
# The record of changes has days of a time zone that the API does not tell.
_OVERLAP = timedelta(days=1)
# A run that has nothing left but failures is repeated for so long; then a new one begins.
_REPEATED_FOR = timedelta(days=1)
_ENDS_A_RUN = (AuthenticationError, ClientClosedError, LoggedOutError)
# Nobody knows beforehand how many there are.
_NOT_COUNTED = ("categories", "venues")
_REPLACES = (
    "the store has a copy with other settings (%s); "
    "this run (%s) copies everything again, and drops what its settings leave out"
)
_METHODS = ("runs", "plan", "resume", "saved", "save", "finish", "fail", "progress")

_log = logging.getLogger("musement_async.mirror")

OpenView = Callable[[str, str], Namespaces]
OnSaved = Callable[[int], object]


@attrs.frozen
class MirrorReport:
    """The end of a run.

    Attributes:
        run: The run.
        progress: How far it has come: what is missing is in ``progress.failed`` and ``progress.left``.
        seconds: How long it took, since this start.
    """

    run: MirrorRun
    progress: MirrorProgress
    seconds: float

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return self.progress.is_complete

    def __str__(self) -> str:
        end = "complete" if self.is_complete else "not complete"
        return f"{end} after {self.seconds:.0f} s, about {self.progress.items} records; {self.progress}"


class Mirror:
    """A copy of the catalogue, or of some cities; ``client.mirror()`` makes it, and explains the arguments.

    :meth:`run` does all. Workers that share a run call :meth:`plan` once, and :meth:`copy` for each part.
    """

    def __init__(self, open_view: OpenView, store: MirrorStore, scope: Scope, source: str) -> None:
        if not all(callable(getattr(store, name, None)) for name in _METHODS):
            raise ArgumentError("store", "must be a MirrorStore, such as SQLiteMirrorStore('catalogue.sqlite')")
        self.store: MirrorStore = store
        self._open_view = open_view
        self._scope = scope
        self._source = source

    def __repr__(self) -> str:
        return f"Mirror({self.store!r}, {self._scope})"

    async def run(
        self,
        *,
        full: bool = False,
        concurrency: int = 8,
        on_progress: Callable[[MirrorProgress], object] | None = None,
    ) -> MirrorReport:
        """Go on with a run that is not complete, or begin one. A part that fails is in the report, and raises nothing.

        A new run copies what has changed since the last complete one. It copies everything if there is none, or if the
        last one that copied everything is six days old.

        Args:
            full: Begin a run that copies everything, whatever there is.
            concurrency: How many parts are under way at once.
            on_progress: Called with the progress after each step.

        Raises:
            ArgumentError: An argument cannot work, or the store holds a copy of another API.
            MusementError: The run could not be planned, or the session has ended. A later call goes on.
            Exception: Whatever the store raises.
        """
        if type(concurrency) is not int or concurrency < 1:
            raise ArgumentError("concurrency", "must be a whole number above 0")
        started, copied, failures = monotonic(), 0, 0
        run = await self._choose(full=full)
        left = await self.store.resume(run.name)
        progress = await self.store.progress(run.name)

        def tell(records: int = 0) -> None:
            nonlocal copied
            copied += records
            if on_progress is not None:
                on_progress(attrs.evolve(progress, items=min(progress.items + copied, progress.expected)))

        tell()
        calls = MapCall(partial(self._copy, run.name, tell), left, concurrency=concurrency)
        async with aclosing(calls.outcomes()) as outcomes:
            async for outcome in outcomes:
                name = str(outcome.argument)
                if outcome.error is None:
                    failures = 0
                    progress = attrs.evolve(progress, done=progress.done + 1)
                elif not isinstance(outcome.error, MusementError) or isinstance(outcome.error, _ENDS_A_RUN):
                    raise outcome.error
                else:
                    failures += 1
                    reason = f"{type(outcome.error).__name__}: {outcome.error}"
                    await self.store.fail(run.name, name, reason)
                    progress = attrs.evolve(progress, failed={**progress.failed, name: reason})
                tell()
                if failures == MOST_FAILURES:
                    break
        return MirrorReport(run, await self.store.progress(run.name), monotonic() - started)

    async def plan(self, name: str) -> Sequence[MirrorPart]:
        """Begin a run, or go on with the run of that name. Returns its parts that are not done.

        Raises:
            ArgumentError: The store holds a copy of another API.
            MusementError: It could not be planned.
            Exception: Whatever the store raises.
        """
        if all((run.name, run.scope) != (name, str(self._scope)) for run in await self._known()):
            await self._begin(name)
        return await self.store.resume(name)

    async def copy(self, run: str, part: MirrorPart) -> None:
        """Copy a part of a run, unless it is done. An activity that an earlier attempt fetched is not fetched again.

        Args:
            run: The name of the run.
            part: One of the parts that :meth:`plan` returned.

        Raises:
            MusementError: A call failed.
            Exception: Whatever the store raises.
        """
        await self._copy(run, lambda _records: None, part)

    async def _copy(self, run: str, on_saved: OnSaved, part: MirrorPart) -> None:
        saved = await self.store.saved(run, part)
        if saved is None:
            return
        on_saved(len(saved))

        async def save(records: Sequence[MirrorRecord]) -> None:
            await self.store.save(run, part, records)
            on_saved(len({record.key for record in records if record.kind not in _NOT_COUNTED}))

        await PartCopy(self._open_view(part.language, part.currency), self._scope, part, saved, save).make()
        await self.store.finish(run, part)

    async def _choose(self, *, full: bool) -> MirrorRun:
        """The run to go on with, or a new one."""
        runs = await self._runs()
        if runs and not full:
            progress, age = await self.store.progress(runs[-1].name), today() - runs[-1].day
            if not progress.is_complete and age < _FULL_EVERY and (progress.left or age <= _REPEATED_FOR):
                return runs[-1]
        return await self._begin(datetime.now(UTC).isoformat(), full=full)

    async def _known(self) -> Sequence[MirrorRun]:
        """The runs that the store has."""
        known = await self.store.runs()
        for run in known:
            if run.source != self._source:
                problem = f"holds a copy of {run.source}, and this client asks {self._source}: use another store"
                raise ArgumentError("store", problem)
        return known

    async def _runs(self) -> list[MirrorRun]:
        """The runs since there were other settings, whose first run has dropped what earlier ones had copied."""
        newest = takewhile(lambda run: run.scope == str(self._scope), reversed(await self._known()))
        return [*newest][::-1]

    async def _begin(self, name: str, *, full: bool = False) -> MirrorRun:
        """A new run, planned."""
        complete = [run for run in await self._runs() if (await self.store.progress(run.name)).is_complete]
        full = full or all(not run.is_full or today() - run.day >= _FULL_EVERY for run in complete)
        run = MirrorRun(name, self._source, str(self._scope), full, today())
        areas = self._open_view(*self._scope.passes[0])
        sizes = await sizes_of_cities(areas, self._scope) if full or self._scope.days else {}
        parts: Iterable[MirrorPart] = self._scope.whole(sizes)
        if not full:
            first = max(known.day for known in complete) - _OVERLAP
            changed = await changed_activities(areas, first, run.day)
            parts = (*self._scope.changes(first, run.day, len(changed)), *self._scope.dates(sizes))
        for known in (await self._known())[-1:]:
            if known.scope != run.scope:
                _log.warning(_REPLACES, Scope.parse(known.scope).describe(), self._scope.describe())
        await self.store.plan(run, parts)
        return run
