"""Logins."""

import json
from collections.abc import Mapping
from typing import Any, cast

from starlette.responses import JSONResponse, Response

from musement_async.testing.errors import bad_login
from musement_async.testing.operations.handling import Asked, Operations, World

LOGIN = "/login"


def login_by_query(world: World, asked: Asked) -> Response:
    """``GET /login``."""
    items = asked.query.parameters.multi_items()
    parameters = dict(items)
    if len(parameters) < len(items):
        raise bad_login("invalid_request", "A parameter is given twice.")
    return _token(world, parameters)


def login_by_json(world: World, asked: Asked) -> Response:
    """``POST /login``."""
    if asked.query.parameters:
        raise bad_login("invalid_request", "A POST login has its parameters in the body alone.")
    parameters = json_object(asked.body)
    if parameters is None or not all(isinstance(value, str) for value in parameters.values()):
        raise bad_login("invalid_request", "The body must be a JSON object of strings.")
    return _token(world, parameters)


def _token(world: World, parameters: Mapping[str, str]) -> Response:
    return JSONResponse(world.oauth.login(parameters), headers={"Cache-Control": "no-store"})


def json_object(body: bytes) -> dict[str, Any] | None:
    """A request body that is a JSON object; None if it is anything else."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return None
    return cast("dict[str, Any]", parsed) if isinstance(parsed, dict) else None


OPERATIONS: Operations = {LOGIN: {"GET": login_by_query, "POST": login_by_json}}
