"""Rules that ruff and import-linter cannot check: ``python tests/house_check.py``, a part of ``nox -s lint``.

Each function checks one rule and yields a line for each violation: the place, the problem and the remedy.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MAX_LINES = 400

# Composed, so that this file does not contain the words itself.
FOREIGN = {
    **{f"/{folder}/": "name no path of a machine" for folder in ("home", "root", "tmp", "work")},
    **{"pypi" + end: "name no host of a package registry" for end in (".org", ".python.org")},
    "files.python" + "hosted": "name no host of a package registry",
    "TO" + "DO": "do it, or delete it",
    "FIX" + "ME": "do it, or delete it",
}
NOT_RUN = {"py", "py3", "pycon", "python3", "code", "code-cell", "sourcecode"}

_FENCE = re.compile(r"[ \t]*(?:```+|~~~+)\{?([\w+-]+)")
_TEST_COMMAND = re.compile(r"^ *(python3 -m venv .*)$", re.MULTILINE)
_NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_PACKAGE_ROW = re.compile(r"^\| `([\w]+)(?:\.py|/)` \|", re.MULTILINE)
_NAMED_PATH = re.compile(r"`((?:\w+/)*\w+\.(?:md|py|toml)|(?:\w+/)+)`")


def long_modules(root: Path) -> Iterator[str]:
    """Modules that are too long to read."""
    for path in sorted((root / "musement_async").rglob("*.py")):
        lines = len(_lines(path))
        if lines > MAX_LINES:
            yield f"{path.relative_to(root)}: {lines} lines, {MAX_LINES} are allowed; split it into two modules"


def foreign_words(root: Path) -> Iterator[str]:
    """Words that must not be in the tree; git lists its files."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0")
    for path in (root / name for name in names if name):
        if path.is_file():
            for number, line in enumerate(_lines(path), 1):
                found = [word for word in FOREIGN if word in line]
                yield from (f"{path.relative_to(root)}:{number}: {word!r}; {FOREIGN[word]}" for word in found)


def hidden_python(root: Path) -> Iterator[str]:
    """Python code blocks of the documentation that do not run as tests, because of the language that they name."""
    for path in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
        for number, line in enumerate(_lines(path), 1):
            fence = _FENCE.match(line)
            if fence and fence[1] in NOT_RUN:
                yield f"{path.relative_to(root)}:{number}: a block of {fence[1]!r} is not tested; write 'python'"


def test_command(root: Path) -> Iterator[str]:
    """Continuous integration that runs something other than the README's test command."""
    commands = _TEST_COMMAND.findall((root / ".ci" / "run").read_text("utf-8"))
    if len(commands) != 1 or f"$ {commands[0]}" not in _lines(root / "README.md"):
        yield ".ci/run: its line 'python3 -m venv …' and the README's test command differ; write the same in both"


def promises(root: Path) -> Iterator[str]:
    """Promises of docs/evidence.md without a test, or with a test that does not exist."""
    for number, line in enumerate(_lines(root / "docs" / "evidence.md"), 1):
        place = f"docs/evidence.md:{number}"
        for path, name in _NAMED_TEST.findall(line):
            if name not in _tests_in(root / path):
                yield f"{place}: {path} has no test {name}; name one that shows the promise"
        if line.startswith("* ") and "::" not in line:
            yield f"{place}: the promise names no test; add one as `tests/….py::test_…`"


def packages(root: Path) -> Iterator[str]:
    """Differences between the packages of docs/architecture.md and of import-linter's contract, order included."""
    contracts = _project(root)["tool"]["importlinter"]["contracts"]
    whole = (contract for contract in contracts if contract.get("containers") == ["musement_async"])
    enforced = [layer for contract in whole for layer in contract["layers"]]
    if _PACKAGE_ROW.findall(_architecture(root)) != enforced:
        yield (
            "docs/architecture.md: its table of packages is not the list of layers of [tool.importlinter] in "
            "pyproject.toml; write the same in both"
        )


def dependencies(root: Path) -> Iterator[str]:
    """Dependencies without a reason in docs/architecture.md."""
    project = _project(root)["project"]
    extras = project.get("optional-dependencies", {})
    rows = [line for line in _architecture(root).splitlines() if line.startswith("| `")]
    for requirement in [*project["dependencies"], *(one for extra in extras.values() for one in extra)]:
        name = requirement.split(">=")[0]
        if not name.startswith(project["name"]) and not any(f"`{name}`" in row for row in rows):
            yield f"docs/architecture.md: no reason for {name}; add a row to its tables of dependencies"


def named_paths(root: Path) -> Iterator[str]:
    """Files and folders that docs/architecture.md names and that do not exist."""
    for number, line in enumerate(_lines(root / "docs" / "architecture.md"), 1):
        for path in _NAMED_PATH.findall(line):
            if not (root / path).exists() and not (root / "musement_async" / path).exists():
                yield f"docs/architecture.md:{number}: there is no {path}; name what has taken its place"


def _project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


def _architecture(root: Path) -> str:
    return (root / "docs" / "architecture.md").read_text("utf-8")


def _tests_in(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8", errors="replace").splitlines()


RULES = (long_modules, foreign_words, hidden_python, test_command, promises, packages, dependencies, named_paths)


def main(root: Path = ROOT) -> int:
    """Check every rule, print the violations, and return the exit status."""
    problems = [problem for rule in RULES for problem in rule(root)]
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
