"""Responses with models as their bodies."""

from typing import cast

import attrs
from starlette.responses import Response

from musement_async.codec import to_json
from musement_async.pagination import Page


class MusementResponse(Response):
    """Models, or a collection of them, as JSON that msgspec writes: in a third of the time, and money as it came.

    An endpoint that returns one says with ``response_model=`` what is in it.

    Args:
        content: The model, or ``list[City]``, or whatever else ``to_json`` takes. A page becomes an object with its
            ``items`` and its ``total``.
    """

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """The body."""
        if isinstance(content, Page):
            content = attrs.asdict(cast("Page[object]", content), recurse=False)
        return to_json(content)
