"""The policy of retries."""

import attrs

from musement_async.defaults import DEFAULT_RETRIES
from musement_async.errors import ArgumentError
from musement_async.values import is_seconds

RETRIED_STATUSES = frozenset({429, 502, 503, 504})
# With these statuses, the API has not begun to carry out the request.
NOT_CARRIED_OUT = frozenset({429})
# Methods that may be carried out twice.
REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})


def _whole(_instance: object, attribute: "attrs.Attribute[int]", value: object) -> None:
    if type(value) is not int or value < 0:
        raise ArgumentError(attribute.name, "must be a whole number, 0 or more")


def _seconds(_instance: object, attribute: "attrs.Attribute[float]", value: object) -> None:
    if not is_seconds(value, or_zero=True):
        raise ArgumentError(attribute.name, "must be a number of seconds, 0 or more")


@attrs.frozen(kw_only=True)
class Retries:
    """The policy of retries: which failed calls are made again, how often, and after which pause.

    ``GET``, ``HEAD``, ``PUT`` and ``DELETE`` are made again when the connection failed or was too slow, and on 429,
    502, 503 and 504. ``POST`` and ``PATCH`` are made again only if it is certain that nothing was done: the request was
    not sent, or was refused with 429. Orders and payments are made again only if they were not sent. A call that waits
    for a login is made again if no connection for the login could be made; a login that was sent is never made again.

    The pause before a retry is random and grows from one retry to the next, so that many callers do not return at
    once. The pause is at least as long as the server's ``Retry-After``. If that is longer than ``max_backoff``, the
    call fails at once, and ``retry_after`` of its error tells when to try again.

    Args:
        times: The most retries of a call; 0 for none.
        initial_backoff: The upper bound of the first random pause, in seconds, when there is no ``Retry-After``. The
            bound doubles with each further retry.
        max_backoff: The longest pause, in seconds.
        budget: Seconds after the beginning of the call in which a retry may begin. A shorter deadline replaces it.

    Raises:
        ArgumentError: A value is not a number, or is negative.
    """

    times: int = attrs.field(default=DEFAULT_RETRIES, validator=_whole)
    initial_backoff: float = attrs.field(default=0.5, validator=_seconds)
    max_backoff: float = attrs.field(default=20.0, validator=_seconds)
    budget: float = attrs.field(default=60.0, validator=_seconds)


def as_retries(retries: object) -> Retries:
    """The policy from a user's argument: a policy, a number of retries, or None for none.

    Raises:
        ArgumentError: The value is something else.
    """
    if isinstance(retries, Retries):
        return retries
    if retries is None:
        return Retries(times=0)
    if type(retries) is int and retries >= 0:
        return Retries(times=retries)
    raise ArgumentError("retries", "must be Retries, a whole number, 0 or more, or None")
