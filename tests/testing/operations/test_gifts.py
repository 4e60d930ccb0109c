"""Documents that the local Musement renders, and requests for gifts that it refuses."""

import re
from collections.abc import Callable

import httpx
import pytest

from musement_async.testing.rendering.pdf import pdf_document

OBJECT = re.compile(rb"(\d+) 0 obj\n")


def test_the_table_of_a_pdf_tells_where_its_objects_are() -> None:
    document = pdf_document("A tour", ["one line", "another"])

    start = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", document)[1])  # type: ignore[index]
    table = document[start:].split(b"trailer")[0].splitlines(keepends=True)
    assert document.startswith(b"%PDF-1.4\n")
    assert table[:2] == [b"xref\n", b"0 7\n"]
    assert {len(line) for line in table[2:]} == {20}
    offsets = [int(line[:10]) for line in table[3:]]
    assert offsets == [found.start() for found in OBJECT.finditer(document)]
    assert [OBJECT.match(document, offset)[1] for offset in offsets] == [b"1", b"2", b"3", b"4", b"5", b"6"]  # type: ignore[index]


def test_the_stream_of_a_pdf_has_the_length_that_it_states() -> None:
    document = pdf_document("Größe (XL) \\ 東京", ["one line"])

    found = re.search(rb"/Length (\d+) >>\nstream\n(.*)\nendstream", document, re.DOTALL)
    assert found is not None
    assert int(found[1]) == len(found[2])
    assert "(Größe \\(XL\\) \\\\ ??) Tj".encode("cp1252") in found[2]


def test_the_title_of_a_pdf_keeps_every_letter() -> None:
    title = re.search(rb"/Title <([0-9a-f]+)>", pdf_document("東京"))
    assert title is not None
    assert bytes.fromhex(title[1].decode()).decode("utf-16") == "東京"


GIFT = "/gifts/LOCAL-GIFT"
GIFTBOX = "/giftboxes/LOCAL-GIFTBOX"
HTML = "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "parameters", "media_type"),
    [
        (f"{GIFT}/render", {"item_id": 1}, HTML),
        (f"{GIFT}/render", {"item_id": 1, "pdf": 1}, "application/pdf"),
        (f"{GIFTBOX}/render", {}, "application/pdf"),
        (f"{GIFTBOX}/render", {"pdf": 0}, HTML),
    ],
)
def test_a_document_comes_in_the_form_asked_for_or_in_the_usual_one(
    browse: Callable[..., httpx.Response], path: str, parameters: dict[str, int], media_type: str
) -> None:
    response = browse(path, **parameters)
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        (GIFT, {}),
        (f"{GIFT}/render", {}),
        (f"{GIFT}/render", {"item_id": 1, "pdf": "yes"}),
        (f"{GIFTBOX}/render", {"pdf": 2}),
        ("/giftbox-types/good-taste/items", {"number_of_people": 0}),
        ("/catalog/updates/yesterday", {}),
        ("/activities/archived/20260601", {}),
    ],
)
def test_what_cannot_be_made_sense_of_is_refused(
    browse: Callable[..., httpx.Response], path: str, parameters: dict[str, int | str]
) -> None:
    assert browse(path, **parameters).status_code == 400
