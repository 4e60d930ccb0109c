"""Widgets."""

from musement_async.models._base import DateTime, Model


class Widget(Model, frozen=True, kw_only=True):
    """The settings of a widget, a part of Musement's shop on an affiliate's site.

    Attributes:
        locale: The language it shows, such as ``it-IT``.
        currency: ISO 4217 code of the currency it shows.
        code: The code with which affiliates embed it.
        created_at: When it was set up.
        updated_at: When it was last changed.
    """

    locale: str | None = None
    currency: str | None = None
    code: str | None = None
    created_at: DateTime | None = None
    updated_at: DateTime | None = None
