"""Answers that are a message only."""

from musement_async.models._base import Model


class ResponseWithMessage(Model, frozen=True, kw_only=True):
    """That something was done.

    Attributes:
        message: What the API says about it, where it says anything: its description names no field.
    """

    message: str | None = None
