"""Documents, PDF or HTML: the checks that one is what was asked for, and complete."""

from collections.abc import Mapping

from musement_async.core.responses import Response, undecodable
from musement_async.paths import Path

PDF, HTML = "application/pdf", "text/html"
# Readers of PDF accept the marks within this many bytes of the beginning and of the end.
MARK_WITHIN = 1024
_PDF_BEGINS, _PDF_ENDS = b"%PDF-", b"%%EOF"
# Other statuses of success are for parts of documents, or for none.
_STATUSES = frozenset({200, 203})
_SERVED_AS: Mapping[str, frozenset[str]] = {
    # Some servers do not know the type of a PDF.
    PDF: frozenset({PDF, "application/octet-stream", "binary/octet-stream", ""}),
    HTML: frozenset({HTML, "application/xhtml+xml", ""}),
}


def check_beginning(status: int, headers: Mapping[str, str], media_type: str, beginning: bytes) -> str | None:
    """The reason why a body with this beginning is not the document that was asked for; None if it may be."""
    served_as = headers.get("content-type", "").partition(";")[0].strip().lower()
    if status not in _STATUSES:
        return f"a document does not come with the status {status}"
    if media_type == PDF and (served_as not in _SERVED_AS[PDF] or _PDF_BEGINS not in beginning[:MARK_WITHIN]):
        return f"it is not a PDF, but {served_as or 'something else'}"
    if served_as not in _SERVED_AS[media_type]:
        return f"it is not {media_type}, but {served_as}"
    return None if beginning else "it is empty"


def check_end(media_type: str, end: bytes) -> str | None:
    """The reason why a document with this end is not complete; None if it may be. HTML has no mark at its end."""
    if media_type == PDF and _PDF_ENDS not in end[-MARK_WITHIN:]:
        return "the end of the PDF is missing"
    return None


def check_document(response: Response, path: Path, media_type: str) -> bytes:
    """The document in a response that was read to its end.

    Raises:
        DecodeError: The body is not such a document, or is not complete.
    """
    content = response.content
    problem = check_beginning(response.status, response.headers, media_type, content) or check_end(media_type, content)
    if problem:
        raise undecodable(response, "GET", path, problem)
    return content
