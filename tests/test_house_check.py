"""A tree that breaks every house rule."""

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

PLACE = Path(__file__).with_name("house_check.py")
PROJECT = """
[project]
name = "it"
dependencies = ["httpx>=0.28"]
optional-dependencies = { all = ["it[fast]"], fast = ["aiohttp>=3"] }
[[tool.importlinter.contracts]]
containers = ["musement_async"]
layers = ["b", "a"]

[[tool.importlinter.contracts]]
containers = ["musement_async.b"]
layers = ["c"]
"""
GOOD = {
    ".ci/run": "{\n    python3 -m venv .venv && nox\n}\n",
    "README.md": "$ python3 -m venv .venv && nox\n\n```python\n```\n",
    "docs/architecture.md": "| `b/` | |\n| `a.py` | see `tests/test_a.py` |\n| `httpx` | |\n| `fast` | `aiohttp` | |\n",
    "docs/evidence.md": "* It holds: `tests/test_a.py::test_it`\n",
    "musement_async/a.py": "A = 1\n",
    "musement_async/b/c.py": "",
    "pyproject.toml": PROJECT,
    "tests/test_a.py": "async def test_it(): ...\n",
}
BAD = {
    ".ci/run": "python3 -m venv .venv && nox -s lint\n",
    "README.md": "$ python3 -m venv .venv && nox\n\n```pycon\n```\n",
    "docs/architecture.md": "| `a.py` | |\n| `b/` | see `b/d.py` |\n| `httpx` | |\n",
    "docs/evidence.md": "* 1: `tests/test_a.py::test_gone`\n* 2\n* 3: `tests/test_b.py::test_it`\n",
    "musement_async/a.py": "A = 1\n" * 451,
    "musement_async/b/c.py": "",
    "pyproject.toml": PROJECT,
    "tests/test_a.py": "PLACE = '/ho" + "me/me'\n",
}


@pytest.fixture(scope="module")
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("house_check", PLACE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, "utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    return root


def test_a_tree_that_keeps_the_rules_passes(check: ModuleType, tmp_path: Path) -> None:
    assert check.main(tree(tmp_path, GOOD)) == 0


def test_each_broken_rule_is_told_with_its_place(
    check: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.main(tree(tmp_path, BAD)) == 1
    places = [line.split(": ")[0] for line in capsys.readouterr().out.splitlines()]
    promises = [f"docs/evidence.md:{number}" for number in (1, 2, 3)]
    architecture = ["docs/architecture.md", "docs/architecture.md", "docs/architecture.md:2"]
    assert places == ["musement_async/a.py", "tests/test_a.py:1", "README.md:3", ".ci/run", *promises, *architecture]
