"""Pictures of the command in a terminal: ``python docs/extensions/terminal_pictures.py`` draws them again.

Each command runs in a terminal of its own, and what it prints there becomes ``docs/pictures/NAME.svg``. Neither the
fonts nor anything else of a picture comes from elsewhere.
"""

import fcntl
import io
import os
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

from rich.console import Console
from rich.text import Text

COLUMNS = 100
PICTURES = Path(__file__).parents[1] / "pictures"
COMMANDS = {
    "demo": ("demo",),
    "dates": ("dates", "44f7b91d-023c-5531-b409-171e9dd641ef", "--local", "--currency", "EUR"),
}

_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def printed_by(arguments: tuple[str, ...]) -> str:
    """What the command prints in a terminal, with the codes of its colours."""
    ours, its = os.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 200, COLUMNS, 0, 0))
    here = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    command = (sys.executable, "-P", "-m", "musement_async", *arguments)
    with subprocess.Popen(command, stdout=its, stderr=subprocess.DEVNULL, env=here):  # noqa: S603 - ours
        os.close(its)
        said = bytearray()
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how a terminal of Linux ends
                piece = b""
            if not piece:
                break
            said += piece
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


def draw(name: str, arguments: tuple[str, ...], text: str) -> str:
    """The picture of the command and what it printed, as SVG."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text(f"$ musement {' '.join(arguments)}", "bold"))
    console.print(Text.from_ansi(text.rstrip()))
    svg = console.export_svg(title="", unique_id=name)
    return "\n".join(line.rstrip() for line in _FONTS.sub("", svg).splitlines()) + "\n"


def main() -> None:
    """Draw all pictures."""
    for name, arguments in COMMANDS.items():
        (PICTURES / f"{name}.svg").write_text(draw(name, arguments, printed_by(arguments)), "utf-8")


if __name__ == "__main__":
    main()
