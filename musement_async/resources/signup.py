"""New customers."""

from collections.abc import Mapping

from musement_async.models.customers import Customer
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, require


class Signup(Resource):
    """The ways in which somebody becomes a customer."""

    async def begin(self, email: str) -> None:
        """Begin with an e-mail address; Musement writes to it: ``POST /signup``.

        Args:
            email: The new customer's e-mail address.

        Raises:
            BadRequestError: The API does not accept it.
        """
        await self._core.send("POST", path("/signup"), json={"email": require(email=parameters.email(email))})

    async def soft(self, fields: Mapping[str, object]) -> None:
        """Register a customer with a password to begin with: ``POST /signup/soft``.

        Args:
            fields: What to send. The API's description does not list the fields.

        Raises:
            BadRequestError: The API does not accept them.
        """
        await self._core.send("POST", path("/signup/soft"), json=require(fields=parameters.fields(fields)))

    async def external_provider(self, fields: Mapping[str, object]) -> Customer:
        """Register a customer whom another service vouches for: ``POST /signup/external_provider``.

        Args:
            fields: What that service told. The API's description does not list the fields.

        Returns:
            The new customer.

        Raises:
            BadRequestError: The API does not accept them.
        """
        where = path("/signup/external_provider")
        return await self._core.fetch(Customer, where, method="POST", json=require(fields=parameters.fields(fields)))
