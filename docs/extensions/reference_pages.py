"""A Sphinx extension: the list of operations, and the pages of the reference that follow the code.

For each area of the API there is a page with its methods and models, and for each other module of models one page. They
are written before Sphinx looks for documents, into folders that git ignores.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_type_hints

from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import restify

import api_operations
from musement_async import models

_PLACEHOLDER = re.compile(r"\{[a-z]\w*(Code|Id|Uuid)\}")


class Operations(SphinxDirective):
    """The list of operations that have a method: the operation, the method and its file, and what comes back."""

    def run(self) -> list[Any]:  # of docutils, which has no types
        """Parse the list, which is reStructuredText."""
        return self.parse_text_to_nodes("\n".join(_operations()), allow_section_headings=True)


class LeftOut(SphinxDirective):
    """The list of operations that have no method, by the reason."""

    def run(self) -> list[Any]:  # of docutils, which has no types
        """Parse the list, which is reStructuredText."""
        return self.parse_text_to_nodes("\n".join(_left_out()))


def _operations() -> Iterator[str]:
    callers: dict[str, list[api_operations.Method]] = defaultdict(list)
    for method in api_operations.methods():
        for operation in method.operations:
            callers[operation].append(method)
    by_area: dict[str, list[str]] = defaultdict(list)
    for operation in sorted(callers, key=_place):
        by_area[operation.split("/")[1]].append(operation)
    for area, operations in by_area.items():
        yield from _heading(f"/{area}", "-")
        yield from _table("operation", "method, and its file", "what comes back")
        for operation in operations:
            names = [f":py:meth:`{one} <{one.reference}>`, ``{one.file}``" for one in callers[operation]]
            results = [restify(get_type_hints(one.function)["return"], "smart") for one in callers[operation]]
            yield from _row(_indexed(operation), "\n\n".join(names), "\n\n".join(results))


def _left_out() -> Iterator[str]:
    by_reason: dict[str, list[str]] = defaultdict(list)
    for operation, reason in api_operations.left_out().items():
        by_reason[reason].append(operation)
    yield from _table("operations", "reason")
    for reason, operations in by_reason.items():
        yield from _row("\n\n".join(map(_indexed, operations)), reason.replace("`", "``"))


def _indexed(operation: str) -> str:
    """An operation that the search and the index find, also with ``{uuid}`` for ``{activityUuid}``."""
    names = {operation, _PLACEHOLDER.sub(lambda found: f"{{{found[1].lower()}}}", operation)}
    # The exclamation mark puts an entry above the pages that a search finds.
    entries = "\n".join(f"   ! single: {name}" for name in sorted(names))
    return f".. index::\n{entries}\n\n``{operation}``"


def _place(operation: str) -> tuple[str, str]:
    method, path = operation.split()
    return path, method


def _heading(text: str, rule: str) -> Iterator[str]:
    yield from ("", text, rule * len(text), "")


def _table(*titles: str) -> Iterator[str]:
    yield from (".. list-table::", "   :header-rows: 1", "")
    yield from _row(*titles)


def _row(*cells: str) -> Iterator[str]:
    for number, cell in enumerate(cells):
        first, *rest = cell.splitlines()
        yield f"   {' ' if number else '*'} - {first}"
        yield from (f"       {line}" if line else "" for line in rest)


def write_pages(app: Sphinx) -> None:
    """Write the page of each area, and of each module of models that is not of an area."""
    public = _models()
    areas = api_operations.areas()
    pages: dict[Path, Iterable[str]]
    pages = {Path("areas", f"{area}.rst"): _area_page(area, home, public) for area, home in areas.items()}
    for module in sorted(public.keys() - areas.keys()):
        pages[Path("models", f"{module}.rst")] = [*_heading(module.strip("_"), "="), *_classes(public[module])]
    folder = Path(app.srcdir, "reference")
    for stale in {*folder.glob("*/*.rst")} - {folder / page for page in pages}:
        stale.unlink()
    for page, lines in pages.items():
        (folder / page).parent.mkdir(parents=True, exist_ok=True)
        (folder / page).write_text("\n".join([*lines, ""]), "utf-8")


def _models() -> dict[str, list[str]]:
    """The public names of the models, by the module that they are from."""
    by_module: dict[str, list[str]] = defaultdict(list)
    for name in models.__all__:
        by_module[getattr(models, name).__module__.rpartition(".")[2]].append(name)
    return by_module


def _area_page(area: str, home: type, public: dict[str, list[str]]) -> Iterator[str]:
    yield from _heading(f"client.{area}", "=")
    yield from (f".. autoclass:: {home.__module__}.{home.__qualname__}", "   :inherited-members:")
    if area in public:
        yield from _heading("Models", "-")
        yield from _classes(public[area])


def _classes(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from (f".. autoclass:: musement_async.models.{name}", "   :undoc-members:", "")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives, and the writer of the pages."""
    app.add_directive("operations", Operations)
    app.add_directive("left-out-operations", LeftOut)
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True}
