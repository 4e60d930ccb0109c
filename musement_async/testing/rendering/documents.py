"""Documents, rendered as PDF or HTML."""

from html import escape

from starlette.responses import Response

from musement_async.testing.rendering.pdf import pdf_document


def render_document(title: str, *lines: str, language: str, pdf: bool) -> Response:
    """A document as PDF or as HTML."""
    if pdf:
        return Response(pdf_document(title, lines), media_type="application/pdf")
    heading = escape(title)
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    page = (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{heading}</title></head>'
        f"<body><h1>{heading}</h1>{body}</body></html>"
    )
    return Response(page, media_type="text/html")
