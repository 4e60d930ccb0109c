"""The record of an exchange with the API."""

from collections.abc import Callable, Mapping
from typing import Literal

import attrs

Served = Literal["hit", "stale", "shared"]


@attrs.frozen
class Exchange:
    """One exchange with the API: a request and its result. A call with retries has one exchange for each attempt.

    Attributes:
        method: The HTTP method.
        path: The path, without the query.
        template: The path as the API describes it, such as ``/cities/{cityId}``, the same for all calls of an
            operation.
        status: The HTTP status; None if no answer arrived.
        headers: The answer's headers, by lower-case name.
        request_id: The server's id of the exchange; None if it sent none. Control characters are escaped.
        elapsed: Seconds until the end of the answer, including logins, replays and the wait for a connection.
        attempt: 1 for the first attempt of a call, 2 for its first retry.
        error: The name of an error such as ``NetworkError``, or ``cancelled``; None if an answer arrived.
        started_at: The start of the exchange, in seconds since 1970 (UTC).
        served: How a cache answered: ``"hit"``, with a kept answer; ``"stale"``, with an outdated answer, because the
            API failed or a new answer is being fetched; ``"shared"``, with the answer to another call. None if the API
            answered.
    """

    method: str
    path: str
    template: str
    status: int | None
    headers: Mapping[str, str] = attrs.field(repr=False)
    request_id: str | None
    elapsed: float
    attempt: int = 1
    error: str | None = None
    started_at: float = attrs.field(default=0.0, repr=False)
    served: Served | None = None


Hook = Callable[[Exchange], object]
