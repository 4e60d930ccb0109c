"""The pictures of the command in the documentation, against the command."""

import re
from html import unescape

import terminal_pictures

ADVICE = "draw the pictures again: python docs/extensions/terminal_pictures.py"


def lines_of(svg: str) -> list[str]:
    """The lines that a picture shows; each is made of the texts at one height."""
    by_height: dict[str, str] = {}
    for height, text in re.findall(r'<text [^>]*y="([\d.]+)"[^>]*>(.*?)</text>', svg):
        by_height[height] = by_height.get(height, "") + unescape(text).replace("\xa0", " ")
    return list(by_height.values())


def counted(lines: list[str]) -> list[str]:
    """What the demo says that it counted, without the numbers."""
    begin = next(number for number, line in enumerate(lines) if line.startswith("What happened"))
    return [re.split(r"  |\d", line)[0] for line in lines[begin:]]


def test_the_picture_of_the_demo_shows_what_the_demo_counts() -> None:
    picture = (terminal_pictures.PICTURES / "demo.svg").read_text("utf-8")
    printed = terminal_pictures.printed_by(("demo", "--requests", "20"))
    drawn = terminal_pictures.draw("demo", ("demo",), printed)
    assert counted(lines_of(picture)) == counted(lines_of(drawn)), ADVICE


def test_a_picture_needs_nothing_from_elsewhere() -> None:
    for path in terminal_pictures.PICTURES.glob("*.svg"):
        assert not re.search(r"url\((?!#)|href=|src=", path.read_text("utf-8")), path.name
