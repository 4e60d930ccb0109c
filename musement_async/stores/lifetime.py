"""The time for which a store keeps a session."""

from datetime import UTC, datetime, timedelta
from math import inf

import attrs

from musement_async.auth.token import Token
from musement_async.errors import ArgumentError

MAX_IDLE = timedelta(days=90)
MAX_AGE = timedelta(days=365)
_SHORTEST = 0.001


def check_seconds(**arguments: float) -> None:
    """Refuse values that are not positive numbers of seconds.

    Raises:
        ArgumentError: A value is not a positive number of seconds; the error names it.
    """
    for name, value in arguments.items():
        if not _SHORTEST <= value < inf:
            raise ArgumentError(name, "must be a positive number of seconds")


def _seconds(value: float | timedelta) -> float:
    return value.total_seconds() if isinstance(value, timedelta) else value


def _check(_instance: object, attribute: "attrs.Attribute[float]", value: float) -> None:
    check_seconds(**{attribute.name: value})


@attrs.frozen
class Lifetime:
    """The two bounds of a stored session.

    Attributes:
        max_idle: The time since the token was saved last, in seconds.
        max_age: The time since the session began, however often its token was refreshed, in seconds.
    """

    max_idle: float = attrs.field(converter=_seconds, validator=_check)
    max_age: float = attrs.field(converter=_seconds, validator=_check)

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
