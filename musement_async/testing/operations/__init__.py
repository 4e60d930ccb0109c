"""The operations of the local Musement: for each area a table of path templates, and what answers them.

A handler is a plain function, so that nothing else of a client's happens between its beginning and its end.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from musement_async.testing.operations import orders
from musement_async.testing.operations.handlers import Handler, Operations


def _tables() -> list[Operations]:
    """The table of each module here that has one; the others are what these share."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return [module.OPERATIONS for module in modules if hasattr(module, "OPERATIONS")]


DOCUMENTS: Mapping[str, Mapping[str, Handler]] = orders.DOCUMENTS
OPERATIONS: Mapping[str, Mapping[str, Handler]] = {
    template: handlers for table in _tables() for template, handlers in table.items()
}
