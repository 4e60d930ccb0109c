"""Answers that are only a message."""

from musement_async.models._base import Model


class ResponseWithMessage(Model, frozen=True, kw_only=True):
    """A confirmation that a request was carried out.

    Attributes:
        message: The API's message, if it sends one; its description names no field.
    """

    message: str | None = None
