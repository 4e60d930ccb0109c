"""The suggestion for a misspelt option of the client."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., object])


def suggests_options(function: F) -> F:
    """Decorate a function whose ``TypeError`` for an unknown option is to have the name that users know, and a hint."""
    code = function.__code__
    known = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    # A class is known by its own name; a method by its, as the class that has it may be an inner one.
    name = function.__qualname__.removesuffix(".__init__").rpartition(".")[2]

    @wraps(function)
    def checked(*args: Any, **options: Any) -> object:  # noqa: ANN401 - those of the function
        for option in options:
            if option not in known:
                raise TypeError(f"{name}() got an unexpected keyword argument {option!r}{_suggestion(option, known)}")
        return function(*args, **options)

    return cast("F", checked)


def _suggestion(option: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    return "".join(f"; did you mean {near!r}?" for near in get_close_matches(option, known[1:], n=1))
