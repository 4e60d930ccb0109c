"""Logins."""

from collections.abc import Mapping

from starlette.responses import JSONResponse

from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.server.bodies import json_object
from musement_async.testing.server.errors import bad_login
from musement_async.testing.server.request import LOGIN, Request


def login_by_query(state: ServerState, request: Request) -> object:
    """``GET /login``."""
    items = request.query.parameters.multi_items()
    parameters = dict(items)
    if len(parameters) < len(items):
        raise bad_login("invalid_request", "A parameter is given twice.")
    return _token(state, parameters)


def login_by_json(state: ServerState, request: Request) -> object:
    """``POST /login``."""
    if request.query.parameters:
        raise bad_login("invalid_request", "A POST login has its parameters only in the body.")
    parameters = json_object(request.body)
    if parameters is None or not all(isinstance(value, str) for value in parameters.values()):
        raise bad_login("invalid_request", "The body must be a JSON object of strings.")
    return _token(state, parameters)


def _token(state: ServerState, parameters: Mapping[str, str]) -> object:
    return JSONResponse(state.oauth.login(parameters), headers={"Cache-Control": "no-store"})


OPERATIONS: Operations = {LOGIN: {"GET": login_by_query, "POST": login_by_json}}
