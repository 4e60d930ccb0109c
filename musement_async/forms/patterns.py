"""Patterns of forms, which a server sends: they are matched in linear time, or not at all.

Python's own engine can run for ever on some patterns, and nothing can stop it. RE2 runs in linear time. Patterns that
RE2 does not read, such as a look-ahead or a repetition above 1,000, are not checked here; the API checks them.
"""

from functools import lru_cache
from importlib import import_module
from typing import Any

_LONGEST_PATTERN = 1_000
_LONGEST_ANSWER = 100_000
_MEMORY = 1 << 20  # bytes of a compiled pattern


@lru_cache(maxsize=256)
def as_pattern(pattern: str | None) -> Any | None:  # noqa: ANN401 (RE2 has no types)
    """A compiled pattern; None if RE2 does not read it, or without the extra ``forms``."""
    if not pattern or len(pattern) > _LONGEST_PATTERN:
        return None
    try:
        re2: Any = import_module("re2")
    except ImportError:
        return None
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError):
        return None


def is_match(pattern: str, answer: str) -> bool:
    """Whether an answer matches a pattern. An answer that is too long to check counts as a match."""
    compiled = as_pattern(pattern)
    if compiled is None or len(answer) > _LONGEST_ANSWER:
        return True
    return compiled.search(answer) is not None
