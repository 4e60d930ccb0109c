"""A token as text, for stores that keep it outside the process."""

import json
from datetime import datetime
from typing import Any

from musement_async.auth.token import Token


def token_to_json(token: Token) -> str:
    """All of a token, secrets included."""
    end = token.expires_at
    return json.dumps(
        {
            "access_token": token.access_token,
            "refresh_token": token.refresh_token,
            "expires_in": token.expires_in,
            "expires_at": None if end is None else end.isoformat(),
            "scope": token.scope,
        }
    )


def token_from_json(text: str | bytes) -> Token | None:
    """The token in a text; None if there is none that makes sense."""
    try:
        members = json.loads(text)
        end, scope = members["expires_at"], members["scope"]
        return Token(
            access_token=members["access_token"],
            refresh_token=members["refresh_token"],
            expires_in=_number(members["expires_in"]),
            expires_at=None if end is None else datetime.fromisoformat(end),
            scope=None if scope is None else _text(scope),
        )
    except (KeyError, RecursionError, TypeError, ValueError):
        return None


def _number(value: Any) -> float | None:  # noqa: ANN401 - JSON
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        raise TypeError
    return value


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    if not isinstance(value, str):
        raise TypeError
    return value
