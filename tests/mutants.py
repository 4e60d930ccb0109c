"""Mutation tests: deliberate defects, one at a time, which the tests must notice: ``nox -s mutants``.

A fixed seed chooses the defects, spread evenly over the places below. Each is put into a copy of the package, which the
tests of that place in the quick suite import. A defect that no test notices is printed, and the exit status is 1.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "musement_async"
# The places, each with its tests.
PLACES = {
    "auth": ["tests/auth"],
    "stores": ["tests/stores", "tests/auth"],
    "transports": ["tests/transports", "tests/auth", "tests/faults"],
    "core": ["tests/core", "tests/cache", "tests/test_client.py", "tests/faults"],
    "lenient.py": ["tests/test_codec.py", "tests/test_codec_damage.py", "tests/models"],
    "codec.py": ["tests/test_codec.py", "tests/test_codec_damage.py", "tests/models", "tests/test_pagination.py"],
    "pagination.py": ["tests/test_pagination.py", "tests/resources"],
    "checkout": ["tests/checkout"],
    "forms": ["tests/test_forms.py", "tests/checkout"],
    "integrations": ["tests/integrations"],
    "cache": ["tests/cache"],
    "mirror": ["tests/mirror"],
}
_SWAPPED: dict[type[ast.AST], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}


class Mutant(NamedTuple):
    """A defect: a part of a file's text, and its replacement."""

    place: str
    path: Path
    line: int
    start: int
    end: int
    was: str
    becomes: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.was!r} becomes {self.becomes!r}"

    def mutate(self, text: bytes) -> bytes:
        """The text of its file with the defect in it."""
        return text[: self.start] + self.becomes.encode() + text[self.end :]


def mutants_of(place: str, path: Path) -> Iterator[Mutant]:
    """Every defect that can be put into a file."""
    text = path.read_bytes()
    offsets = [0]
    for line in text.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    for node in ast.walk(ast.parse(text)):
        for part, becomes in _changes(node):
            start = offsets[part.lineno - 1] + part.col_offset
            end = offsets[(part.end_lineno or 0) - 1] + (part.end_col_offset or 0)
            yield Mutant(place, path, part.lineno, start, end, text[start:end].decode(), becomes)


def _changes(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """The possible changes of a node: a part of it, and the replacement text."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
        yield node, f"{left} {_SWAPPED[type(node.ops[0])]} {right}"
    elif isinstance(node, ast.BoolOp):
        word = " or " if isinstance(node.op, ast.And) else " and "
        yield node, "(" + word.join(f"({ast.unparse(value)})" for value in node.values) + ")"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, f"bool({ast.unparse(node.operand)})"
    elif isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(node.test, ast.Compare | ast.BoolOp):
        yield node.test, f"(not ({ast.unparse(node.test)}))"
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await):
        yield node.value, "None"
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
        value = node.value.value
        if isinstance(value, int):
            yield node.value, repr(not value if isinstance(value, bool) else value + 1)
    elif isinstance(node, ast.Return) and not isinstance(node.value, ast.Constant | None):
        yield node.value, "None"


def choose(number: int, seed: int) -> list[Mutant]:
    """A number of defects, spread evenly over the places."""
    rng = random.Random(seed)
    chosen: list[Mutant] = []
    for position, place in enumerate(PLACES):
        found = PACKAGE / place
        paths = [found] if found.is_file() else sorted(found.rglob("*.py"))
        share = number // len(PLACES) + (position < number % len(PLACES))
        chosen += rng.sample([mutant for path in paths for mutant in mutants_of(place, path)], share)
    return chosen


def is_noticed(mutant: Mutant, arguments: list[str], seconds: float) -> bool:
    """Whether a test fails or does not end with the defect."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, PACKAGE.name)
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        target = copy / mutant.path.relative_to(PACKAGE)
        target.write_bytes(mutant.mutate(mutant.path.read_bytes()))
        command = [sys.executable, "-P", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *arguments]
        # The copy is found before the installed package; PYTHONPATH also applies to the processes that tests start.
        environ = {**os.environ, "PYTHONPATH": folder}
        try:
            done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            return True
        return done.returncode != 0


def main() -> int:
    """Try the defects, and print those that no test noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=60)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--seconds", type=float, default=900, help="how long the tests of one defect may take")
    options = parser.parse_args()
    chosen = choose(options.number, options.seed)
    missed = 0
    for mutant in chosen:
        noticed = is_noticed(mutant, ["-n", "logical", "--dist", "loadfile", *PLACES[mutant.place]], options.seconds)
        missed += not noticed
        print("noticed" if noticed else "MISSED ", mutant, flush=True)  # noqa: T201 - what it is for
    print(f"{len(chosen) - missed} of {len(chosen)} defects were noticed")  # noqa: T201 - the same
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
