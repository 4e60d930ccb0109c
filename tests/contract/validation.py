"""The validation of requests and answers by openapi-core."""

import json
import warnings
from collections.abc import Iterator

import attrs
import httpx
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from openapi_core.validation.request.exceptions import ParameterValidationError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from musement_async.codec import Undecodable, decode
from musement_async.models._base import DateTime
from tests.contract.description import Description, Operation

_LONGEST = 200
_MOST = 3

SERVER = "https://sandbox.musement.com"
PREFIX = "/api/v3"


# The warning concerns the login methods, which this check ignores.
warnings.filterwarnings("ignore", "Unsupported scheme type", UserWarning)


class Validator:
    """Validates requests and answers by a description."""

    def __init__(self, description: Description) -> None:
        self.description = description
        config = Config(
            # The description itself is not validated: two of its defaults are not among the allowed values.
            spec_validator_cls=None,  # type: ignore[arg-type]  # its documentation allows None
            # The API also uses formats outside of RFC 3339: offsets as +0000, local times as 2026-12-01 10:30.
            extra_format_validators={"date-time": _is_date_time},
        )
        self._openapi = OpenAPI.from_dict(description.document, config=config)

    def operation_of(self, request: httpx.Request) -> Operation | None:
        """The operation that a request is for."""
        return self.description.at(request.method, request.url.path.removeprefix(PREFIX))

    def request(self, request: httpx.Request) -> Iterator[str]:
        """The problems of a request."""
        try:
            self._openapi.validate_request(_Request.of(request))
        except OpenAPIError as error:
            yield _reason(error)
            return
        operation = self.operation_of(request)
        if operation is not None:
            for name in sorted(set(request.url.params) - set(operation.parameters)):
                yield f"sends the parameter {name}, which is not documented"

    def response(self, request: httpx.Request, response: httpx.Response) -> Iterator[str]:
        """The problems of an answer whose body was read."""
        try:
            self._openapi.validate_response(_Request.of(request), _Response.of(response))
        except OpenAPIError as error:
            yield _reason(error)


def _is_date_time(value: object) -> bool:
    try:
        decode(json.dumps(value).encode(), DateTime if isinstance(value, str) else object, strict=True)
    except Undecodable:
        return False
    return True


def _reason(error: BaseException) -> str:
    causes: list[BaseException] = [error]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    details = [
        f"${''.join(f'[{key}]' if isinstance(key, int) else f'.{key}' for key in found.absolute_path)}:"
        f" {found.message[-_LONGEST:]}"
        for cause in causes
        for found in getattr(cause, "schema_errors", ())
    ]
    if not isinstance(error, ParameterValidationError) and details:
        return "; ".join(details[:_MOST])
    return f"{error}: {'; '.join(details[:_MOST]) or causes[-1]}"[:_LONGEST]


@attrs.define
class _Request:
    """A request in the form that openapi-core needs."""

    path: str
    method: str
    parameters: RequestParameters
    content_type: str
    body: bytes | None
    host_url: str = SERVER

    @classmethod
    def of(cls, request: httpx.Request) -> "_Request":
        query = ImmutableMultiDict(request.url.params.multi_items())
        return cls(
            request.url.path,
            request.method.lower(),
            RequestParameters(query=query, header=Headers(request.headers.items())),
            request.headers.get("content-type", ""),
            request.content or None,
        )


@attrs.frozen
class _Response:
    """An answer in the form that openapi-core needs."""

    status_code: int
    content_type: str
    headers: Headers
    data: bytes

    @classmethod
    def of(cls, response: httpx.Response) -> "_Response":
        headers = Headers(response.headers.items())
        return cls(response.status_code, response.headers.get("content-type", ""), headers, response.content)
