"""Requests: from a method and a path to an ``httpx.Request``."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import cast

import attrs
import httpx

from musement_async.core.responses import Response
from musement_async.errors import ArgumentError
from musement_async.exchanges import Served
from musement_async.options import Options
from musement_async.paths import Path, argument_of
from musement_async.transports.context import RequestContext, with_context
from musement_async.values import is_finite, sendable

Scalar = str | int | float | bool
Parameters = Mapping[str, Scalar | Sequence[Scalar] | None]


@attrs.define
class ApiCall:
    """A call with all its attempts.

    Attributes:
        method: The HTTP method.
        path: The path.
        params: The query.
        content: The body.
        accept: The ``Accept`` header; None for JSON.
        expected: Statuses that count as success although they are not 2xx.
        url: The URL to use instead of the path.
        redirects: Whether redirects are followed.
        at_most_once: Whether the call moves money, so that it is repeated only if it was certainly not sent.
        attempt: The number of attempts so far, the current one included.
        request: The request of the current or the last attempt.
        response: The response to the last attempt; None without one.
        served: How a cache answered the call; None without one.
    """

    method: str
    path: Path
    params: dict[str, Scalar | Sequence[Scalar]] | None = None
    content: bytes | None = attrs.field(default=None, repr=False)
    accept: str | None = None
    expected: Collection[int] = ()
    url: httpx.URL | None = None
    at_most_once: bool = False
    redirects: bool = False
    attempt: int = 0
    request: httpx.Request | None = None
    response: Response | None = None
    served: Served | None = None


def as_call(
    method: str,
    path: Path,
    params: Parameters | None = None,
    json: object = None,
    *,
    media_type: str | None = None,
    expected: Collection[int] = (),
    url: httpx.URL | None = None,
    at_most_once: bool = False,
) -> ApiCall:
    """A call whose arguments have been checked.

    Raises:
        ArgumentError: An argument cannot be sent.
    """
    return ApiCall(
        method,
        path,
        None if params is None else _query(params),
        None if json is None else encode("json", json),
        # Errors are JSON whatever was asked for.
        None if media_type is None else f"{media_type}, application/json;q=0.5",
        expected,
        url,
        at_most_once,
    )


def build_request(http: httpx.AsyncClient, options: Options, call: ApiCall) -> httpx.Request:
    """The request of a call's next attempt.

    ``httpx.AsyncClient.build_request`` would parse each URL twice and copy all headers four times.

    Raises:
        ArgumentError: The path or the query is too long for a URL, or cannot be part of one.
    """
    headers = http.headers.copy()
    for name, value in options.headers.items():
        if value is None:
            headers.pop(name, None)
        else:
            headers[name] = value
    if call.content is not None:
        headers["Content-Type"] = "application/json"
    if call.accept is not None:
        headers["Accept"] = call.accept
    if call.url is not None and call.url.netloc != http.base_url.netloc:
        for name in [name for name in headers if name.startswith("x-musement-")]:
            del headers[name]
    try:
        return httpx.Request(
            call.method,
            str(http.base_url).rstrip("/") + call.path.text if call.url is None else call.url,
            params=call.params,
            content=call.content,
            headers=headers,
            extensions={
                "timeout": (http.timeout if options.timeout is None else options.timeout).as_dict(),
                **with_context(RequestContext(public_only=call.redirects and not options.allow_private_hosts)),
            },
        )
    except httpx.InvalidURL as problem:
        query = call.params
        longest = max(query, key=lambda name: len(str(query[name]))) if query else "path"
        raise ArgumentError(argument_of(longest), f"cannot be sent: {problem}") from problem


def encode(argument: str, json: object) -> bytes:
    """A body as JSON bytes.

    Raises:
        ArgumentError: The body holds something that JSON cannot express.
    """
    from musement_async.codec import to_json

    try:
        _check_finite(json)
        return to_json(json)
    except (TypeError, ValueError, OverflowError, RecursionError) as problem:
        # The problem's own text may repeat a value.
        raise ArgumentError(argument, f"cannot be sent as JSON ({type(problem).__name__})") from problem


def _check_finite(json: object) -> None:
    # NaN and infinity would be encoded as null or as a string.
    if isinstance(json, float | Decimal):
        if not is_finite(json):
            message = "not a number"
            raise ValueError(message)
    elif isinstance(json, Mapping):
        for value in cast("Mapping[object, object]", json).values():
            _check_finite(value)
    elif isinstance(json, list | tuple):
        for value in cast("Sequence[object]", json):
            _check_finite(value)


def _query(params: Parameters) -> dict[str, Scalar | Sequence[Scalar]]:
    given: object = params
    if not isinstance(given, Mapping) or not all(
        isinstance(name, str) for name in cast("Mapping[object, object]", given)
    ):
        raise ArgumentError("params", "must be a mapping with a string for each name")
    query = {name: value for name, value in params.items() if value is not None}
    for name, value in query.items():
        sendable("params", name)
        values: object = [value] if isinstance(value, Scalar) else value
        if not isinstance(values, list | tuple) or not all(map(_is_scalar, values)):
            raise ArgumentError(name, "must be a string, a finite number, True or False, or a list of such")
        sendable(name, "".join(map(str, values)))
    return query


def _is_scalar(value: object) -> bool:
    return isinstance(value, Scalar) and (not isinstance(value, float) or is_finite(value))
