"""Escapes for what servers send and people see: a terminal or a log must not obey it."""

import re

# Controls of C0 and C1, separators of lines, invisible and bidirectional controls, halves of characters, tags. The
# joiners U+200C and U+200D are left: languages and emoji need them.
CONTROLS: re.Pattern[str] = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def escape_controls(text: str) -> str:
    """The text on one line: each control character becomes its escape in Python."""
    return CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
