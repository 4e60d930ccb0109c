"""The core: sends one call, and turns its response into a model or an error."""

from musement_async.core.calls import Core, SessionContext, SharedResources
from musement_async.core.documents import HTML, MARK_WITHIN, PDF, check_beginning, check_end
from musement_async.core.observing import capture
from musement_async.core.requests import Parameters, encode
from musement_async.core.responses import CODE_OF_NOTHING, Response, request_id, too_long, undecodable

__all__ = [
    "CODE_OF_NOTHING",
    "HTML",
    "MARK_WITHIN",
    "PDF",
    "Core",
    "Parameters",
    "Response",
    "SessionContext",
    "SharedResources",
    "capture",
    "check_beginning",
    "check_end",
    "encode",
    "request_id",
    "too_long",
    "undecodable",
]
