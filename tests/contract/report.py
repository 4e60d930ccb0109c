"""The report: all parts of the check, and their findings."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from time import perf_counter

from api_operations import methods as documented_methods
from musement_async import MusementClient, Token
from tests.contract.check import Check
from tests.contract.description import METHODS, Description, Difference, Json, Operation
from tests.contract.known import Known
from tests.contract.local import Exchange, Local
from tests.contract.methods import Method, methods
from tests.contract.properties import properties
from tests.contract.validation import Validator

_WHERE = re.compile(rf" \((?:{'|'.join(METHODS).upper()}) ")
_NUMBER = re.compile(r"\d+")
_INDEX = re.compile(r"\[\d+\]")
# The most problems that are printed for one subject.
_SHOWN = 40


class Report:
    """Runs the check and keeps its findings.

    Args:
        document: The OpenAPI description.
        differences: The known differences.
        known: The other tables of the check.

    Attributes:
        problems: The findings, by subject.
    """

    def __init__(self, document: Json, differences: Iterable[Difference], known: Known) -> None:
        self._document = document
        self._differences = tuple(differences)
        self._known = known
        self._description = Description(document, self._differences)
        self._validator = Validator(self._description)
        self._callers: dict[Operation, list[Method]] = defaultdict(list)
        self._exchanges: list[Exchange] = []
        self._notes: list[str] = []
        self.problems: dict[str, list[str]] = defaultdict(list)

    async def make(self) -> None:
        """Run every part."""
        client = MusementClient(token=Token(access_token="A"))
        found = [method for method in methods(client) if method.path not in self._known.no_operation]
        await client.aclose()
        await self._calls(found)
        await self._local(found)
        await self._stale()
        self._schemaless()
        self._properties()

    def lines(self) -> Iterator[str]:
        """The lines of the report."""
        for subject, problems in sorted((subject, found) for subject, found in self.problems.items() if found):
            yield subject
            # Only the first of problems that differ only in their place.
            unlike = {_NUMBER.sub("", _WHERE.split(problem)[0]): problem for problem in reversed(problems)}
            yield from (f"    {problem}" for problem in [*reversed(unlike.values())][:_SHOWN])
            if len(unlike) > _SHOWN:
                yield f"    and {len(unlike) - _SHOWN} more"
        yield from self._notes
        yield f"{'area':<24}{'operations':>12}{'with a method':>15}{'validated answers of LocalMusement':>36}"
        scope = self._scope()
        answers = Counter(
            operation.area
            for exchange in self._exchanges
            if (operation := self._validator.operation_of(exchange.request)) is not None
        )
        areas = sorted({operation.area for operation in scope})
        for area in areas:
            inside = [operation for operation in scope if operation.area == area]
            covered = sum(operation in self._callers for operation in inside)
            yield f"{area:<24}{len(inside):>12}{covered:>15}{answers[area]:>36}"
        covered = sum(operation in self._callers for operation in scope)
        yield f"{'all':<24}{len(scope):>12}{covered:>15}{answers.total():>36}"
        yield f"{sum(map(len, self.problems.values()))} problems, {len(self._differences)} known differences"

    def _scope(self) -> list[Operation]:
        return [
            operation
            for operation in self._description.operations.values()
            if str(operation) not in self._known.left_out
        ]

    async def _calls(self, found: list[Method]) -> None:
        check = Check(self._description, self._known)
        documented = {str(method): set(method.operations) for method in documented_methods()}
        for method in found:
            operations, problems = await check.problems(method)
            if documented[str(method)] != {str(operation) for operation in operations}:
                problems.append("its docstring names other operations, or none")
            for operation in operations:
                self._callers[operation].append(method)
            if problems:
                self.problems[str(method)] += problems
        for operation in self._scope():
            if operation not in self._callers:
                self.problems["no method for"].append(str(operation))
        known, called = ({str(one) for one in some} for some in (self._description.operations.values(), self._callers))
        wrong = self._known.left_out.keys() - (known - called)
        self.problems["left out, but called or not in the description"] += sorted(wrong)

    async def _local(self, found: list[Method]) -> None:
        local = Local(found)
        await local.call()
        self._exchanges = local.exchanges
        for name, problems in local.problems.items():
            if name not in self._known.nothing_local:
                self.problems[f"LocalMusement: client.{name}"] += problems
        for name in self._known.nothing_local.keys() - local.problems.keys():
            self.problems[f"LocalMusement: client.{name}"].append("is listed as what it has nothing for, but has")
        for exchange in local.exchanges:
            found_here = list(exchange.problems(self._validator))
            if found_here:
                self.problems[f"LocalMusement: {exchange.method}"] += [
                    f"{_INDEX.sub('[*]', problem)} ({exchange})" for problem in found_here
                ]

    async def _stale(self) -> None:
        """Leave out each known difference in turn: without it, the check must find a problem."""
        for difference in self._differences:
            rest = Description(self._document, [other for other in self._differences if other is not difference])
            if not await self._matters(difference, rest):
                self.problems["known differences that no longer are"].append(str(difference))

    async def _matters(self, difference: Difference, rest: Description) -> bool:
        if difference.adds(rest):
            return True
        touched = [operation for operation in self._callers if difference.touches(self._description, operation)]
        validator = Validator(rest)
        callers = {method for operation in touched for method in self._callers[operation]}
        if any(any(exchange.problems(validator)) for exchange in self._exchanges if exchange.method in callers):
            return True
        check = Check(rest, self._known)
        for method in callers:
            _, problems = await check.problems(method)
            if set(problems) - set(self.problems.get(str(method), ())):
                return True
        return False

    def _schemaless(self) -> None:
        """Check that the table lists exactly the success answers without a schema."""
        plain = Description(self._document)
        bare = {
            str(operation): operation
            for operation in self._scope()
            if (described := plain.operations.get((operation.method, operation.template)))
            and described.schema is None
            and described.status in {200, 201}
        }
        table, subject = self._known.without_schema, "answers without a schema"
        self._notes.append("success answers that the description leaves without a schema, and what arrives:")
        for name, entry in table.items():
            self._notes.append(f"    {name}: {entry.returns}: {entry.reason}")
            if name not in bare:
                self.problems[subject].append(f"{name}: has one, or is not in scope")
                continue
            for method in self._callers.get(bare[name], ()):
                if entry.returns not in str(method.result):
                    self.problems[subject].append(f"{name}: {method.result}, not {entry.returns}")
        self.problems[subject] += [f"{name}: not listed" for name in sorted(bare.keys() - table)]

    def _properties(self) -> None:
        started = perf_counter()
        kinds = [
            (operation, method)
            for operation, called in self._callers.items()
            for method in called
            if operation.schema is not None and method.path not in self._known.composed
        ]
        for subject, problem in properties(self._description, kinds, self._known):
            self.problems[subject].append(problem)
        self._notes.append(f"property-based tests: {len(kinds)} methods, {perf_counter() - started:.0f} s")
