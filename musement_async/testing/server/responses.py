"""Responses with a JSON body."""

import json

from starlette.responses import Response


def encoded(value: object) -> bytes:
    """A value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def json_response(value: object) -> Response:
    """A response with a JSON body."""
    return Response(encoded(value), media_type="application/json")
