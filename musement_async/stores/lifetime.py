"""The time for which a store keeps a session."""

from datetime import UTC, datetime, timedelta
from math import inf

import attrs

from musement_async.auth.token import Token
from musement_async.errors import ArgumentError

MAX_IDLE = timedelta(days=90)
MAX_AGE = timedelta(days=365)
_SHORTEST = 0.001


@attrs.frozen
class Lifetime:
    """The two bounds of a stored session, in seconds.

    Attributes:
        max_idle: The time since the token was saved last.
        max_age: The time since the session began, however often its token was refreshed.
    """

    max_idle: float
    max_age: float

    def seconds_left(self, token: Token, idle: float = 0.0) -> float:
        """The remaining time for which a token is kept.

        A token that cannot be refreshed is kept until it expires; other tokens are kept at least until then.

        Args:
            token: The token.
            idle: Seconds since it was saved.
        """
        started_at = token.started_at
        age = idle if started_at is None else (datetime.now(UTC) - started_at).total_seconds()
        remaining = token.remaining
        kept = self.max_idle - idle
        if remaining < inf:
            kept = remaining if token.refresh_token is None else max(kept, remaining)
        return min(kept, self.max_age - age)


def check_lifetime(max_idle: float | timedelta, max_age: float | timedelta) -> Lifetime:
    """The bounds from a user's arguments.

    Raises:
        ArgumentError: A bound is not a positive number of seconds; the error names it.
    """
    seconds = {
        name: value.total_seconds() if isinstance(value, timedelta) else value
        for name, value in (("max_idle", max_idle), ("max_age", max_age))
    }
    check_seconds(**seconds)
    return Lifetime(**seconds)


def check_seconds(**arguments: float) -> None:
    """Refuse values that are not positive numbers of seconds.

    Raises:
        ArgumentError: A value is not a positive number of seconds; the error names it.
    """
    for name, value in arguments.items():
        if not _SHORTEST <= value < inf:
            raise ArgumentError(name, "must be a positive number of seconds")
