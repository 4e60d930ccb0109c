"""Small PDF files: one page of plain text, which any reader opens."""

from collections.abc import Iterable, Iterator

_PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>"
_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
_TITLE_SIZE, _TEXT_SIZE, _LEADING = 18, 11, 20
_LEFT, _TOP = 56, 770


def pdf_document(title: str, lines: Iterable[str] = ()) -> bytes:
    """A page with a title and lines of text; letters that Western European fonts lack become question marks."""
    content = "\n".join(_drawing(title, lines)).encode("cp1252", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        _PAGE.encode(),
        _FONT.encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Title <%b> >>" % f"\ufeff{title}".encode("utf-16-be").hex().encode(),
    )
    return _file(objects)


def _drawing(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"BT /F1 {_TITLE_SIZE} Tf {_LEADING} TL {_LEFT} {_TOP} Td {_string(title)} Tj"
    yield f"/F1 {_TEXT_SIZE} Tf"
    for line in lines:
        yield f"T* {_string(line)} Tj"
    yield "ET"


def _string(text: str) -> str:
    escaped = "".join(f"\\{mark}" if mark in "\\()" else mark for mark in text)
    return f"({escaped})"


def _file(objects: tuple[bytes, ...]) -> bytes:
    # The second line tells file-transfer programs that this file is not plain text.
    body = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    offsets: list[int] = []
    for number, held in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, held)
    # Entries of this table have exactly 20 bytes, including the line's end.
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size, end = len(objects) + 1, len(body)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, size - 1, end)
    return b"%bxref\n0 %d\n0000000000 65535 f \n%b%b" % (body, size, table, trailer)
