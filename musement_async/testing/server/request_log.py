"""The log of the requests that the local Musement answered."""

import threading
from collections import Counter, deque
from collections.abc import Mapping

from attrs import frozen
from starlette.requests import Request

from musement_async.testing.server.oauth import SECRET_PARAMETERS

_HIDDEN = "***"
_KEPT_CALLS = 10_000
_HEADERS = frozenset({"accept-language", "authorization", "content-length", "content-type", "host", "user-agent"})


@frozen
class Call:
    """One answered request. Secrets in it are replaced by ``***``.

    Attributes:
        method: The HTTP method.
        template: The operation's path, such as ``/cities/{cityId}``; the path itself if there is no such operation.
        path: The requested path, without the base URL.
        query: The query parameters.
        status: The HTTP status of the answer.
        headers: The request headers that the API reads, by lower-case name.
        request_id: The ``X-Request-Id`` of the answer.
        grant: The grant type of a login, None for other calls.
    """

    method: str
    template: str
    path: str
    query: dict[str, list[str]]
    status: int
    headers: dict[str, str]
    request_id: str
    grant: str | None


class RequestLog:
    """The calls so far: all are counted, the latest are kept. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Call] = deque(maxlen=_KEPT_CALLS)
        self._counts: Counter[tuple[str, str, int, str | None]] = Counter()

    def add(self, call: Call) -> None:
        """Log a call."""
        with self._lock:
            self._calls.append(call)
            self._counts[call.template, call.method, call.status, call.grant] += 1

    @property
    def calls(self) -> list[Call]:
        """The latest calls, oldest first."""
        with self._lock:
            return list(self._calls)

    def count(self, template: str | None, method: str | None, status: int | None, grant: str | None) -> int:
        """How many calls there were; None matches everything."""
        wanted = (template, method, status, grant)
        with self._lock:
            return sum(
                number
                for key, number in self._counts.items()
                if all(want is None or want == got for want, got in zip(wanted, key, strict=True))
            )

    def clear(self) -> None:
        """Forget every call."""
        with self._lock:
            self._calls.clear()
            self._counts.clear()


def query_of(request: Request) -> dict[str, list[str]]:
    """The query parameters of a request, without secrets."""
    query: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        query.setdefault(name, []).append(_HIDDEN if name in SECRET_PARAMETERS else value)
    return query


def headers_of(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers to log, without secrets."""
    kept = {name: value for name, value in headers.items() if name in _HEADERS or name.startswith("x-musement-")}
    if "authorization" in kept:
        kept["authorization"] = f"{kept['authorization'].partition(' ')[0]} {_HIDDEN}"
    return kept
