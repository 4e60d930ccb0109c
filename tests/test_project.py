"""Rules for the project as a whole."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import musement_async
from musement_async import errors

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"


def is_coroutine_test(item: pytest.Function) -> bool:
    generated_from = getattr(item.obj, "hypothesis", None)
    return inspect.iscoroutinefunction(generated_from.inner_test if generated_from else item.obj)


def test_every_public_name_loads() -> None:
    assert [name for name in musement_async.__all__ if getattr(musement_async, name, None) is None] == []


def test_every_error_is_public() -> None:
    classes = inspect.getmembers(errors, inspect.isclass)
    family = {name for name, member in classes if issubclass(member, errors.MusementError)}
    assert family - set(musement_async.__all__) == set()


def test_every_public_name_is_in_the_reference() -> None:
    reference = "\n".join(page.read_text("utf-8") for page in REFERENCE.glob("*.md"))
    names = [name for name in musement_async.__all__ if name not in {"__version__", "models"}]
    assert [name for name in names if not re.search(rf":: (musement_async\.)?{name}$", reference, re.MULTILINE)] == []


def test_public_names_are_listed_by_dir() -> None:
    assert set(musement_async.__all__) - set(dir(musement_async)) == set()


@pytest.mark.parametrize("package", [musement_async, musement_async.models])
def test_every_import_of_a_stub_is_a_public_name(package: ModuleType) -> None:
    stub = ast.parse(Path(str(package.__file__)).with_suffix(".pyi").read_text("utf-8"))
    imports = [node for node in ast.walk(stub) if isinstance(node, ast.ImportFrom)]
    assert package.__all__ == sorted(alias.asname or "?" for node in imports for alias in node.names)


def test_importing_the_package_imports_no_other_module_of_it() -> None:
    script = "import sys, musement_async\nprint(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    ours = {name for name in result.stdout.split() if name.startswith("musement_async")}
    assert ours == {"musement_async", "musement_async._exports"}


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        importlib.import_module("musement_async").no_such_name  # noqa: B018


def test_importing_the_package_imports_none_of_its_dependencies() -> None:
    code = "import sys, musement_async; print(*{name.partition('.')[0] for name in sys.modules})"
    # -P keeps the working directory, the checkout, off the path.
    listed = subprocess.run([sys.executable, "-P", "-c", code], check=True, capture_output=True, text=True).stdout
    assert set(listed.split()) & {"anyio", "attr", "attrs", "httpcore", "httpx", "msgspec", "ssl"} == set()


def test_importing_the_client_imports_httpx_and_little_else() -> None:
    code = "import httpx, sys; before = {*sys.modules}; from musement_async import MusementClient; "
    code += "print(*{*sys.modules} - before)"
    listed = subprocess.run([sys.executable, "-P", "-c", code], check=True, capture_output=True, text=True).stdout
    assert set(listed.split()) == {
        "musement_async",
        *(
            f"musement_async.{name}"
            for name in (
                "_exports",
                "_types",
                "_version",
                "client",
                "defaults",
                "misspelt",
                "resources",
                "resources.namespaces",
                "views",
            )
        ),
    }


def test_every_test_coroutine_says_by_hand_which_loop_it_runs_on(request: pytest.FixtureRequest) -> None:
    tests = [item for item in request.session.items if isinstance(item, pytest.Function) and is_coroutine_test(item)]
    marks = {test.nodeid: {mark.name for mark in test.iter_markers()} & {"anyio", "asyncio"} for test in tests}
    assert {test: found for test, found in marks.items() if len(found) != 1} == {}


def test_the_models_are_loaded_on_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(musement_async, "models", raising=False)
    assert musement_async.models is sys.modules["musement_async.models"]
