"""The operations of the local Musement: for each area a table of path templates, and what answers them.

A handler is a plain function, so that nothing else of a client's happens between its beginning and its end.
"""

from collections.abc import Mapping
from types import ModuleType

from musement_async.testing.operations import activities, cities, login
from musement_async.testing.operations.handling import Handler

_AREAS: tuple[ModuleType, ...] = (activities, cities, login)

OPERATIONS: Mapping[str, Mapping[str, Handler]] = {
    template: handlers for area in _AREAS for template, handlers in area.OPERATIONS.items()
}
