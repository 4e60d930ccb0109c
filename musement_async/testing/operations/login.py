"""Logins."""

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from musement_async.testing.operations.handling import Operations, World
from musement_async.testing.server.bodies import json_object
from musement_async.testing.server.errors import bad_login
from musement_async.testing.server.request import LOGIN, Asked


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


OPERATIONS: Operations = {LOGIN: {"GET": login_by_query, "POST": login_by_json}}
