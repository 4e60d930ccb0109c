"""Escapes for texts from servers, so that terminals and logs do not obey their control characters."""

import re

# Controls of C0 and C1, line separators, invisible and bidirectional controls, surrogates, tags. The joiners U+200C and
# U+200D are not escaped: languages and emoji need them.
CONTROLS: re.Pattern[str] = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def escape_controls(text: str) -> str:
    """The text on one line, with each control character as its Python escape."""
    return CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
