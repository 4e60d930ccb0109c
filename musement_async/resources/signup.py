"""New customers."""

from collections.abc import Mapping

from musement_async.core import Core
from musement_async.models.customers import Customer
from musement_async.paths import build_path
from musement_async.resources import bodies


class Signup:
    """The ways in which somebody becomes a customer."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def begin(self, email: str) -> None:
        """Begin with an e-mail address; Musement writes to it: ``POST /signup``.

        Args:
            email: The new customer's e-mail address.

        Raises:
            ArgumentError: It is no e-mail address.
            BadRequestError: The API does not accept it.
        """
        await self._core.send("POST", build_path("/signup"), json={"email": bodies.email("email", email)})

    async def soft(self, fields: Mapping[str, object]) -> None:
        """Register a customer with a password to begin with: ``POST /signup/soft``.

        Args:
            fields: What to send. The API's description does not list the fields.

        Raises:
            ArgumentError: They are no mapping from names.
            BadRequestError: The API does not accept them.
        """
        await self._core.send("POST", build_path("/signup/soft"), json=bodies.fields("fields", fields))

    async def external_provider(self, fields: Mapping[str, object]) -> Customer:
        """Register a customer whom another service vouches for: ``POST /signup/external_provider``.

        Args:
            fields: What that service told. The API's description does not list the fields.

        Returns:
            The new customer.

        Raises:
            ArgumentError: They are no mapping from names.
            BadRequestError: The API does not accept them.
        """
        path = build_path("/signup/external_provider")
        return await self._core.fetch(Customer, path, method="POST", json=bodies.fields("fields", fields))
