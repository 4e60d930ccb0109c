"""Extras: the advice for a user who lacks one. The library is not published: its release changes this module alone."""


def install(extra: str) -> str:
    """How to get what an extra brings."""
    return f"install the extra {extra!r}, from a checkout with pip install '.[{extra}]'"
