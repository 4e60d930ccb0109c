"""One call: from a method and a path to a model or an error."""

from musement_async.core.answers import Answer, request_id, too_long, undecodable
from musement_async.core.calls import CODE_OF_NOTHING, PDF, PDF_MARK_WITHIN, Core, Seat, Wire, is_pdf
from musement_async.core.observing import capture
from musement_async.core.requests import Parameters, encode

__all__ = [
    "CODE_OF_NOTHING",
    "PDF",
    "PDF_MARK_WITHIN",
    "Answer",
    "Core",
    "Parameters",
    "Seat",
    "Wire",
    "capture",
    "encode",
    "is_pdf",
    "request_id",
    "too_long",
    "undecodable",
]
