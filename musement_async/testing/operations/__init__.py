"""The operations of the local Musement: for each area a table of path templates, and what answers them.

A handler is a plain function, so that nothing else of a client's happens between its beginning and its end.
"""

from collections.abc import Mapping
from types import ModuleType

from musement_async.testing.operations import (
    account,
    activities,
    autocomplete,
    cart_forms,
    cart_gifts,
    carts,
    catalog,
    categories,
    cities,
    comments,
    content,
    countries,
    dates,
    external_links,
    feedback_requests,
    generic_events,
    giftbox_types,
    giftboxes,
    gifts,
    lists,
    login,
    metadata,
    orders,
    payments,
    pickups,
    reviews,
    taxonomies,
    venues,
    verticals,
    widgets,
    wishes,
)
from musement_async.testing.operations.handling import Handler

_AREAS: tuple[ModuleType, ...] = (
    account,
    activities,
    autocomplete,
    cart_forms,
    cart_gifts,
    carts,
    catalog,
    categories,
    cities,
    comments,
    content,
    countries,
    dates,
    external_links,
    feedback_requests,
    generic_events,
    giftbox_types,
    giftboxes,
    gifts,
    lists,
    login,
    metadata,
    orders,
    payments,
    pickups,
    reviews,
    taxonomies,
    venues,
    verticals,
    widgets,
    wishes,
)

DOCUMENTS: Mapping[str, Mapping[str, Handler]] = orders.DOCUMENTS
OPERATIONS: Mapping[str, Mapping[str, Handler]] = {
    template: handlers for area in _AREAS for template, handlers in area.OPERATIONS.items()
}
