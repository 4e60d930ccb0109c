"""When a call that failed is made again."""

import attrs

from musement_async.errors import ArgumentError
from musement_async.values import is_seconds

RETRIED_STATUSES = frozenset({429, 502, 503, 504})
# What says that the API has not even begun.
NOT_CARRIED_OUT = frozenset({429})
# Carried out twice, these do what they do once.
REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})


def _whole(_instance: object, attribute: "attrs.Attribute[int]", value: object) -> None:
    if type(value) is not int or value < 0:
        raise ArgumentError(attribute.name, "must be a whole number, 0 or more")


def _seconds(_instance: object, attribute: "attrs.Attribute[float]", value: object) -> None:
    if not is_seconds(value, or_zero=True):
        raise ArgumentError(attribute.name, "must be a number of seconds, 0 or more")


@attrs.frozen(kw_only=True)
class Retries:
    """When a call that failed is made again.

    ``GET``, ``HEAD``, ``PUT`` and ``DELETE`` are made again when the connection failed or was too slow, and on 429,
    502, 503 and 504. ``POST`` and ``PATCH`` are made again only where it is certain that nothing was done: the request
    was never sent, or was refused with 429. Orders and payments are made again only if they were never sent, logins
    never.

    Pauses grow from one retry to the next and are random, so that many callers do not return at once. Where the
    server says how long to wait (``Retry-After``), that is the least. Asked to wait for longer than ``max_backoff``,
    the call fails at once, and ``retry_after`` of its error says when to try again.

    Args:
        times: How often a call is made again at the most; 0 for never.
        initial_backoff: Seconds that the first pause lasts at the most, by our own account. Each further one may last
            twice as long.
        max_backoff: Seconds that no pause exceeds.
        budget: Seconds from the beginning of the call after which it is not made again. A deadline cuts it further.

    Raises:
        ArgumentError: A number that is none, or negative.
    """

    times: int = attrs.field(default=2, validator=_whole)
    initial_backoff: float = attrs.field(default=0.5, validator=_seconds)
    max_backoff: float = attrs.field(default=20.0, validator=_seconds)
    budget: float = attrs.field(default=60.0, validator=_seconds)


def as_retries(retries: object) -> Retries:
    """Retries as they may be given: how often, all that can be said of them, or None for never.

    Raises:
        ArgumentError: Something else.
    """
    if isinstance(retries, Retries):
        return retries
    if retries is None:
        return Retries(times=0)
    if type(retries) is int and retries >= 0:
        return Retries(times=retries)
    raise ArgumentError("retries", "must be Retries, a whole number, 0 or more, or None")
