"""What is known of an exchange with the API."""

from collections.abc import Callable, Mapping
from typing import Literal

import attrs

Served = Literal["hit", "stale", "shared"]


@attrs.frozen
class Exchange:
    """One exchange with the API: a request, and what came of it. A call that is made again has one for each attempt.

    Attributes:
        method: The HTTP method.
        path: The path, without the query.
        template: The path as the API describes it, such as ``/cities/{cityId}``, the same for all calls of an
            operation.
        status: The HTTP status; None if no answer arrived.
        headers: The answer's headers, by lower-case name.
        request_id: The id the server gave the exchange, where it sent one.
        elapsed: Seconds from sending to the end of the answer, logins, replays and the wait for a connection included.
        attempt: 1 for the first attempt of a call, 2 for its first retry.
        error: What became of it instead of an answer: the name of an error such as ``NetworkError``, or ``cancelled``.
        started_at: When it began, in seconds since 1970 (UTC).
        served: Where a cache was the source: ``"hit"``, an answer that was kept; ``"stale"``, one that was too old, as
            the API failed or is being asked; ``"shared"``, the answer to another call that was under way. None for an
            answer of the API to this call.
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
