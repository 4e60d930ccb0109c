"""A request, as far as the handlers of operations need it."""

from collections.abc import Mapping

from attrs import frozen

from musement_async.testing.server.headers import Locale
from musement_async.testing.server.oauth import CUSTOMER_SCOPE, Identity
from musement_async.testing.server.query import Query

PREFIX = "/api/v3"
LOGIN = "/login"


@frozen
class Request:
    """A request, as far as handlers need it.

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
        """The scope of its token; None if that has none, or there is no token."""
        return self.identity.scope if self.identity else None

    @property
    def customer(self) -> str | None:
        """The username of the customer whose token it shows; None if it is nobody's, or not a customer's."""
        return self.identity.username if self.identity and self.scope == CUSTOMER_SCOPE else None
