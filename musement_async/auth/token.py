"""The token a login brings."""

from datetime import UTC, datetime, timedelta

import attrs

from musement_async.errors import ArgumentError

_LONGEST = 1e10  # some three hundred years: what is longer leaves the calendar


def is_visible_ascii(value: object) -> bool:
    """Whether something can travel in a header as it is, and cannot end it to begin another."""
    return isinstance(value, str) and value != "" and all("!" <= character <= "~" for character in value)


def _visible_ascii(_instance: object, attribute: "attrs.Attribute[str]", value: object) -> None:
    if not is_visible_ascii(value):
        raise ArgumentError(attribute.name, "must be a non-empty string of visible ASCII characters")


def _aware(_instance: object, attribute: "attrs.Attribute[datetime | None]", value: object) -> None:
    if value is not None and (not isinstance(value, datetime) or value.tzinfo is None):
        raise ArgumentError(attribute.name, "must be an aware datetime, such as datetime(..., tzinfo=UTC)")


def _positive(_instance: object, attribute: "attrs.Attribute[float | None]", value: float | None) -> None:
    number: object = value
    if number is not None and (
        isinstance(number, bool) or not isinstance(number, int | float) or not 0 < number < float("inf")
    ):
        raise ArgumentError(attribute.name, "must be a positive number of seconds")


def _text(_instance: object, attribute: "attrs.Attribute[str | None]", value: object) -> None:
    if not isinstance(value, str | None):
        raise ArgumentError(attribute.name, "must be a string")


@attrs.frozen(kw_only=True)
class Token:
    """An access token, and what is needed to replace it. Neither token is ever shown.

    Args:
        access_token: What goes into the Authorization header.
        refresh_token: Good for one renewal; None where the grant gives none.
        expires_in: The lifetime the login announced, in seconds; None if unknown.
        expires_at: When it ends, by the wall clock, as an aware datetime; None if unknown. It follows from
            ``expires_in`` where only that is given, counting from now.
        scope: What the token allows, as the API words it.
    """

    access_token: str = attrs.field(validator=_visible_ascii, repr=False)
    refresh_token: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(_visible_ascii), repr=False
    )
    expires_in: float | None = attrs.field(default=None, validator=_positive)
    expires_at: datetime | None = attrs.field(default=None, validator=_aware)
    scope: str | None = attrs.field(default=None, validator=_text)

    def __attrs_post_init__(self) -> None:
        """Fix the end of the lifetime while it is known when it began."""
        if self.expires_at is None and self.expires_in is not None:
            end = datetime.now(UTC) + timedelta(seconds=min(self.expires_in, _LONGEST))
            object.__setattr__(self, "expires_at", end)

    @property
    def remaining(self) -> float:
        """Seconds until it expires, negative if it has; infinite if unknown."""
        if self.expires_at is None:
            return float("inf")
        return (self.expires_at - datetime.now(UTC)).total_seconds()
