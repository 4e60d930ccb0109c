"""The tables of the check, read."""

from collections.abc import Mapping

import attrs

from tests.contract.methods import Hint


@attrs.frozen
class Bare:
    """A success answer that the description leaves without a schema.

    Attributes:
        returns: What arrives, by the name of its type.
        reason: Why.
        body: What the API is answered with in its place; None where ``differences`` has a schema for it.
        content_type: Of that body.
    """

    returns: str
    reason: str
    body: bytes | None = None
    content_type: str = "application/json"


@attrs.frozen
class Composed:
    """A method that calls more than one operation.

    Attributes:
        answer: The operation whose answer the result is a part of.
        part: The property of that answer.
        echo: What each item there has in common with one of those that were sent.
        reason: Why.
    """

    answer: str
    part: str
    echo: str
    reason: str


@attrs.frozen
class Known:
    """What the tables of ``differences`` say."""

    narrowed: Mapping[str, tuple[Hint, str]]
    hidden: Mapping[str, str]
    not_sent: Mapping[str, str]
    left_out: Mapping[str, str]
    without_schema: Mapping[str, Bare]
    one_of_a_list: Mapping[str, str]
    composed: Mapping[str, Composed]
    no_operation: Mapping[str, str]
    nothing_local: Mapping[str, str]
