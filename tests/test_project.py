"""What holds for the project as a whole."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path

import pytest

import musement_async
from musement_async import errors
from musement_async.resources.areas import Areas

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "musement_async"
MODULES = sorted(PACKAGE.rglob("*.py"))
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MAX_LINES = 450

# From the top of the house to its cellar: a room imports what is below it, never what is above it.
ROOMS = (
    "__init__",
    "cli",
    "testing",
    "integrations",
    "client",
    "views",
    "checkout",
    "forms",
    "webhooks",
    "mapping",
    "resources",
    "pagination",
    "core",
    "paths",
    "options",
    "exchanges",
    "retries",
    "auth",
    "transports",
    "models",
    "codec",
    "values",
    "errors",
    "_version",
)

# Put together here, or this file would be the first to hold them.
FOREIGN = [
    *(f"/{folder}/" for folder in ("home", "root", "tmp", "work")),
    *("pypi" + end for end in (".org", ".python.org")),
    "files.python" + "hosted",
    *("TO" + "DO", "FIX" + "ME"),
]


def is_coroutine_test(item: pytest.Function) -> bool:
    generated_from = getattr(item.obj, "hypothesis", None)
    return inspect.iscoroutinefunction(generated_from.inner_test if generated_from else item.obj)


def room_of(name: str) -> str | None:
    """The room that an absolute name leads into; None for names outside the package."""
    package, _, inside = name.partition(".")
    if package != PACKAGE.name:
        return None
    room = inside.partition(".")[0]
    return room if (PACKAGE / room).is_dir() or (PACKAGE / f"{room}.py").is_file() else "__init__"


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every import in a module, as its line and an absolute name."""
    folder = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = folder[: len(folder) + 1 - node.level] if node.level else ()
            module = ".".join((*above, node.module or "")).strip(".")
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_what_is_below_it(path: Path) -> None:
    above = ROOMS[: ROOMS.index(path.relative_to(PACKAGE).with_suffix("").parts[0])]
    upward = [f"{path.name}:{line} imports {name}" for line, name in imports(path) if room_of(name) in above]
    assert upward == []


def test_no_module_is_too_long_to_read() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {path: lines for path, lines in lengths.items() if lines > MAX_LINES} == {}


def test_public_names_are_sorted() -> None:
    names = list(musement_async.__all__)
    constants_then_classes = sorted(names, key=lambda name: (not name.isupper(), name.islower(), name))
    assert names == constants_then_classes


def test_every_public_name_loads() -> None:
    assert [name for name in musement_async.__all__ if getattr(musement_async, name, None) is None] == []


def test_every_error_is_public() -> None:
    classes = inspect.getmembers(errors, inspect.isclass)
    family = {name for name, member in classes if issubclass(member, errors.MusementError)}
    assert family - set(musement_async.__all__) == set()


def test_every_public_name_is_in_the_reference() -> None:
    reference = (ROOT / "docs" / "api.md").read_text("utf-8")
    names = [name for name in musement_async.__all__ if name != "__version__"]
    assert [name for name in names if not re.search(rf":: (musement_async\.)?{name}$", reference, re.MULTILINE)] == []


def test_every_area_of_the_client_is_in_the_reference() -> None:
    reference = (ROOT / "docs" / "api.md").read_text("utf-8")
    areas = [name for name, member in vars(Areas).items() if isinstance(member, cached_property)]
    assert [area for area in areas if f"### client.{area}\n" not in reference] == []


def test_public_names_are_listed_by_dir() -> None:
    assert set(musement_async.__all__) - set(dir(musement_async)) == set()


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        importlib.import_module("musement_async").no_such_name  # noqa: B018


def test_importing_the_package_imports_none_of_its_dependencies() -> None:
    code = "import sys, musement_async; print(*{name.partition('.')[0] for name in sys.modules})"
    # -P keeps the working directory, which is the checkout, off the path.
    listed = subprocess.run([sys.executable, "-P", "-c", code], check=True, capture_output=True, text=True).stdout
    assert set(listed.split()) & {"anyio", "attr", "attrs", "httpcore", "httpx", "msgspec", "ssl"} == set()


def test_every_test_coroutine_says_by_hand_which_loop_it_runs_on(request: pytest.FixtureRequest) -> None:
    tests = [item for item in request.session.items if isinstance(item, pytest.Function) and is_coroutine_test(item)]
    marks = {test.nodeid: {mark.name for mark in test.iter_markers()} & {"anyio", "asyncio"} for test in tests}
    assert {test: found for test, found in marks.items() if len(found) != 1} == {}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_code_block_is_python_under_another_name(document: Path) -> None:
    languages = set(re.findall(r"^[ \t]*(?:```+|~~~+)\{?([\w+-]+)", document.read_text("utf-8"), re.MULTILINE))
    assert languages & {"py", "py3", "pycon", "python3", "code", "code-cell", "sourcecode"} == set()


def test_continuous_integration_runs_the_readme_s_test_command() -> None:
    (command,) = re.findall(r"^ *(python3 -m venv .*)$", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    assert f"$ {command}" in (ROOT / "README.md").read_text("utf-8").splitlines()


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    folders = [PACKAGE, ROOT / ".ci", ROOT / "benchmarks", ROOT / "docs", ROOT / "tests"]
    files = chain(ROOT.glob("*.*"), *(folder.rglob("*") for folder in folders))
    texts = {path: path.read_text("utf-8") for path in files if is_source(path)}
    found = [(str(path.relative_to(ROOT)), word) for path, text in texts.items() for word in FOREIGN if word in text]
    assert found == []


def is_source(path: Path) -> bool:
    generated = {"__pycache__", "_build"}.intersection(path.parts)
    return path.is_file() and not generated and not path.name.startswith(".coverage")


def test_the_models_are_loaded_on_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(musement_async, "models", raising=False)
    assert musement_async.models is sys.modules["musement_async.models"]
