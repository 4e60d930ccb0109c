"""Patterns of forms, which come from a server: matched in a time that is linear in the answer, or not at all.

Python's own engine can take for ever, and nothing can stop it. RE2 cannot. What RE2 does not read, such as a look-ahead
or a repetition above 1,000, is not checked here; the API checks it.
"""

from functools import lru_cache
from importlib import import_module
from typing import Any

_LONGEST_PATTERN = 1_000
_LONGEST_ANSWER = 100_000
_MEMORY = 1 << 20  # bytes for a pattern once it is compiled


@lru_cache(maxsize=256)
def as_pattern(pattern: str | None) -> Any | None:  # noqa: ANN401 (RE2 has no types)
    """A pattern that can be matched; None for one that RE2 does not read, and without the extra ``forms``."""
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
    """Whether an answer has what the pattern says. One that is too long to be looked at counts as fitting."""
    compiled = as_pattern(pattern)
    if compiled is None or len(answer) > _LONGEST_ANSWER:
        return True
    return compiled.search(answer) is not None
