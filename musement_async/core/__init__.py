"""The core: sends one call, and turns its response into a model or an error."""

from musement_async.core.calls import (
    CODE_OF_NOTHING,
    PDF,
    PDF_MARK_WITHIN,
    Core,
    SessionContext,
    SharedResources,
    is_pdf,
)
from musement_async.core.observing import capture
from musement_async.core.requests import Parameters, encode
from musement_async.core.responses import Response, request_id, too_long, undecodable

__all__ = [
    "CODE_OF_NOTHING",
    "PDF",
    "PDF_MARK_WITHIN",
    "Core",
    "Parameters",
    "Response",
    "SessionContext",
    "SharedResources",
    "capture",
    "encode",
    "is_pdf",
    "request_id",
    "too_long",
    "undecodable",
]
