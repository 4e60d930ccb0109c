"""The tables of the check, in typed form."""

from collections.abc import Mapping

import attrs

from tests.contract.methods import Hint


@attrs.frozen
class Bare:
    """A success answer that the description leaves without a schema.

    Attributes:
        returns: The name of the result's type.
        reason: The reason.
        body: The body that the check answers with; None if ``differences`` has a schema for it.
        content_type: The media type of that body.
    """

    returns: str
    reason: str
    body: bytes | None = None
    content_type: str = "application/json"


@attrs.frozen
class Composed:
    """A method that calls more than one operation.

    Attributes:
        answer: The operation whose answer contains the result.
        part: The property of that answer.
        echo: The property that each item shares with one of the items that were sent.
        reason: The reason.
    """

    answer: str
    part: str
    echo: str
    reason: str


@attrs.frozen
class Known:
    """All tables of the check."""

    narrowed: Mapping[str, tuple[Hint, str]]
    hidden: Mapping[str, str]
    not_sent: Mapping[str, str]
    left_out: Mapping[str, str]
    without_schema: Mapping[str, Bare]
    one_of_a_list: Mapping[str, str]
    composed: Mapping[str, Composed]
    no_operation: Mapping[str, str]
    nothing_local: Mapping[str, str]
