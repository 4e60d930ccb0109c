"""The operations of the local Musement: for each area a table from path templates to handlers.

A handler is a plain function, so it runs without interruption by other tasks.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from musement_async.testing.operations import orders
from musement_async.testing.operations.handlers import Handler, Operations


def _tables() -> list[Operations]:
    """The tables of the modules of this package that have one; the others hold shared helpers."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return [module.OPERATIONS for module in modules if hasattr(module, "OPERATIONS")]


DOCUMENTS: Mapping[str, Mapping[str, Handler]] = orders.DOCUMENTS
OPERATIONS: Mapping[str, Mapping[str, Handler]] = {
    template: handlers for table in _tables() for template, handlers in table.items()
}
