"""The checks of the documentation: what they read, and what they tell."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import search_check

PLACE = Path(__file__).with_name("examples_check.py")


@pytest.fixture(scope="module")
def examples_check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("examples_check", PLACE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_code_of_a_page_is_joined_and_keeps_its_lines(examples_check: ModuleType, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A page\n\n```python\na = 1\n```\n\nText.\n\n```console\n$ ls\n```\n\n```python\nb = a\n```\n", "utf-8"
    )
    lines = examples_check.joined(page).splitlines()
    assert {number: line for number, line in enumerate(lines, 1) if line} == {4: "a = 1", 14: "b = a"}


def test_a_page_without_code_has_no_module(examples_check: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("```python\na = 1\n```\n", "utf-8")
    (tmp_path / "docs" / "words.md").write_text("# Words\n", "utf-8")
    assert examples_check.write(tmp_path, tmp_path) == {"page_readme": "README.md"}


def test_words_that_lead_elsewhere_are_told() -> None:
    entries = {words.lower(): [[0, "index-0", True]] for words in search_check.FIRST}
    problems = list(search_check.misplaced({"docnames": ["limits"], "indexentries": entries}))
    assert len(problems) == sum(page != "limits" for page in search_check.FIRST.values())
    assert problems[0] == "'409' should lead to docs/errors.md alone, not to ['limits']: see its index directive"


def test_entries_that_do_not_go_first_do_not_count() -> None:
    entries = {"rate limit": [[0, "index-0", False]]}
    problems = list(search_check.misplaced({"docnames": ["limits"], "indexentries": entries}))
    assert len(problems) == len(search_check.FIRST)
