"""The request that handlers of operations get."""

from collections.abc import Mapping

from attrs import frozen

from musement_async.testing.server.headers import Locale
from musement_async.testing.server.oauth import CUSTOMER_SCOPE, Identity
from musement_async.testing.server.query import Query

PREFIX = "/api/v3"
LOGIN = "/login"


@frozen
class Request:
    """A request, reduced to the parts that handlers need.

    Attributes:
        identity: The owner of its token.
        origin: The scheme, host and port that it was sent to.
    """

    query: Query
    path: Mapping[str, str]
    body: bytes
    locale: Locale
    identity: Identity | None
    origin: str = ""

    @property
    def scope(self) -> str | None:
        """The scope of the token; None without a token or without a scope."""
        return self.identity.scope if self.identity else None

    @property
    def customer(self) -> str | None:
        """The username of the customer who owns the token; None without a token or if it is not a customer's."""
        return self.identity.username if self.identity and self.scope == CUSTOMER_SCOPE else None
