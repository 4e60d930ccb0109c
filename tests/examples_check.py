"""Types of the documentation's examples: ``python tests/examples_check.py``, a part of ``nox -s types``.

The Python blocks of a page are joined into one module, as the tests join them, each on the line that it has in the
page. mypy and pyright check these modules strictly; what they find is printed with the page's name and line.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sybil import Document, Sybil
from sybil.parsers.myst import PythonCodeBlockParser

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"

_MYPY = """
[mypy]
strict = true
python_version = 3.11
[mypy-django.*]
ignore_missing_imports = true
"""
_PYRIGHT = {
    "extraPaths": [str(EXAMPLES)],
    "pythonVersion": "3.11",
    "typeCheckingMode": "strict",
    # Django has no types, those of redis-py have gaps, and what JSON holds has none.
    "reportMissingTypeStubs": False,
    "reportUnknownArgumentType": False,
    "reportUnknownMemberType": False,
    "reportUnknownVariableType": False,
    # Each block of a page can be copied alone.
    "reportDuplicateImport": False,
}


def pages(root: Path) -> Iterator[Path]:
    """The README and the documents."""
    yield root / "README.md"
    yield from sorted((root / "docs").glob("*.md"))
    yield from sorted((root / "docs" / "reference").glob("*.md"))


def joined(page: Path) -> str:
    """The Python blocks of a page as one module, with empty lines in the place of everything else."""
    document: Document = Sybil(parsers=[PythonCodeBlockParser()]).parse(page)
    lines: list[str] = []
    for example in document.examples():
        code = example.parsed
        lines += [""] * (example.line + code.line_offset - len(lines))
        lines += code.splitlines()
    return "\n".join([*lines, ""]) if lines else ""


def write(root: Path, folder: Path) -> dict[str, str]:
    """Write the module of each page that has Python; return the page's name by the module's."""
    names: dict[str, str] = {}
    for page in pages(root):
        text = joined(page)
        if text:
            name = page.relative_to(root).as_posix()
            module = f"page_{re.sub(r'[^a-z]', '_', name.removesuffix('.md').lower())}"
            (folder / f"{module}.py").write_text(text, "utf-8")
            names[module] = name
    return names


def main(root: Path = ROOT) -> int:
    """Check the examples of all pages, print what is wrong, and return the exit status."""
    with TemporaryDirectory() as folder:
        names = write(root, Path(folder))
        Path(folder, "mypy.ini").write_text(_MYPY, "utf-8")
        Path(folder, "pyrightconfig.json").write_text(json.dumps(_PYRIGHT), "utf-8")
        here = {**os.environ, "MYPYPATH": str(EXAMPLES)}
        modules = [str(Path(folder, f"{module}.py")) for module in names]
        checks = [
            ("mypy", "--config-file", str(Path(folder, "mypy.ini")), "--no-error-summary", *modules),
            ("pyright", "--project", folder),
        ]
        results = [subprocess.run(check, env=here, capture_output=True, text=True, check=False) for check in checks]
    for result in results:
        for line in (result.stdout + result.stderr).splitlines():
            place, colon, problem = line.partition(".py:")
            # By its name alone: what mypy remembers has the folder of an earlier run.
            name = names.get(Path(place).name)
            sys.stdout.write(f"{name}:{problem}\n" if colon and name else f"{line}\n")
    return int(any(result.returncode for result in results))


if __name__ == "__main__":
    sys.exit(main())
