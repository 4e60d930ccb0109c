"""Operations that register new customers."""

from collections.abc import Mapping

from musement_async.models.customers import Customer
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, require


class Signup(Resource):
    """The registration of new customers."""

    async def begin(self, email: str) -> None:
        """Begin a registration with an e-mail address, which Musement writes to: ``POST /signup``.

        Args:
            email: The new customer's e-mail address.

        Raises:
            BadRequestError: The API does not accept the address.
        """
        await self._core.send("POST", path("/signup"), json={"email": require(email=parameters.email(email))})

    async def soft(self, fields: Mapping[str, object]) -> None:
        """Register a customer with a first password: ``POST /signup/soft``.

        Args:
            fields: The fields to send. The API's description does not list the fields.

        Raises:
            BadRequestError: The API does not accept the fields.
        """
        await self._core.send("POST", path("/signup/soft"), json=require(fields=parameters.fields(fields)))

    async def external_provider(self, fields: Mapping[str, object]) -> Customer:
        """Register a customer who logged in at another service: ``POST /signup/external_provider``.

        Args:
            fields: The data from that service. The API's description does not list the fields.

        Returns:
            The new customer.

        Raises:
            BadRequestError: The API does not accept the fields.
        """
        where = path("/signup/external_provider")
        return await self._core.fetch(Customer, where, method="POST", json=require(fields=parameters.fields(fields)))
