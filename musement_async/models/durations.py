"""Durations, which the API writes as ISO 8601 text such as ``PT1H30M``."""

import re
from datetime import timedelta

import msgspec

from musement_async.models._base import Model

_WEEKS = re.compile(r"P(\d{1,9})W", re.ASCII)


def parse_duration(text: str) -> timedelta:
    """Read an ISO 8601 duration of weeks, or of days, hours, minutes and seconds.

    Args:
        text: Such as ``"P3D"``, ``"P2W"``, ``"PT1H30M"`` or, for nothing at all, ``"P0D"``.

    Returns:
        The same length of time; zero for ``"P0D"``.

    Raises:
        ValueError: The text is not such a duration, or is one in months or years, which have no fixed length.
    """
    weeks = _WEEKS.fullmatch(text)
    try:
        return timedelta(weeks=int(weeks[1])) if weeks else msgspec.convert(text, timedelta)
    except (msgspec.ValidationError, OverflowError) as error:
        raise ValueError(f"not a duration in weeks, days, hours, minutes and seconds: {text!r}") from error


def as_timedelta(text: str | None) -> timedelta | None:
    """The duration; None if it is absent or unreadable, because properties of models do not raise."""
    if text is None:
        return None
    try:
        return parse_duration(text)
    except ValueError:
        return None


class DurationRange(Model, frozen=True, kw_only=True):
    """The duration of an activity.

    Attributes:
        min: The least it takes, ISO 8601; often absent.
        max: The most it takes, ISO 8601; ``P0D`` where nobody stated it.
    """

    min: str | None = None
    max: str | None = None

    @property
    def shortest(self) -> timedelta | None:
        """``min`` as a timedelta; None where it is absent, ``P0D`` or unreadable."""
        return as_timedelta(self.min) or None

    @property
    def longest(self) -> timedelta | None:
        """``max`` as a timedelta; None where it is absent, ``P0D`` or unreadable."""
        return as_timedelta(self.max) or None
