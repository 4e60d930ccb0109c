"""Operations of a cart's customer and its participants."""

from collections.abc import Iterable, Mapping

from musement_async.models.carts import Cart, CartItem
from musement_async.models.customers import Customer
from musement_async.models.forms import FormSchema
from musement_async.models.participants import Participant
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, require
from musement_async.resources.parameters import Uuid
from musement_async.resources.readers import WholeListCall, fetch_all, fetch_optional


class CartCustomers(Resource):
    """The customer and the participants of a cart."""

    async def customer_schema(self, cart_uuid: Uuid[Cart]) -> FormSchema | None:
        """The form for the customer: ``GET /carts/{cartUuid}/customer/schema``.

        Args:
            cart_uuid: The cart's UUID.

        Returns:
            A JSON Schema, see ``musement_async.Form``; None if nothing is asked.
        """
        return await fetch_optional(
            self._core, path("/carts/{cartUuid}/customer/schema", cart_uuid=cart_uuid), FormSchema
        )

    async def set_customer(self, cart_uuid: Uuid[Cart], customer: Mapping[str, object]) -> Customer:
        """Set the customer who books: ``PUT /carts/{cartUuid}/customer``.

        Args:
            cart_uuid: The cart's UUID.
            customer: The answers to :meth:`customer_schema`; ``extra_customer_data`` may come alone.

        Returns:
            The customer as the API has it.

        Raises:
            BadRequestError: An answer is missing or wrong.
            NotFoundError: The cart does not exist.
            LockedError: The cart has been ordered.
        """
        where = path("/carts/{cartUuid}/customer", cart_uuid=cart_uuid)
        body = require(customer=parameters.fields(customer))
        return await self._core.fetch(Customer, where, method="PUT", json=body)

    async def participants_schema(self, cart_uuid: Uuid[Cart], cart_item_uuid: Uuid[CartItem]) -> FormSchema | None:
        """The form for participants: ``GET /carts/{cartUuid}/items/{cartItemUuid}/participants/schema``.

        Args:
            cart_uuid: The cart's UUID.
            cart_item_uuid: The item's UUID.

        Returns:
            A JSON Schema, see ``musement_async.Form``; None if nothing is asked.
        """
        where = path(
            "/carts/{cartUuid}/items/{cartItemUuid}/participants/schema",
            cart_uuid=cart_uuid,
            cart_item_uuid=cart_item_uuid,
        )
        return await fetch_optional(self._core, where, FormSchema)

    def participants(self, cart_uuid: Uuid[Cart], cart_item_uuid: Uuid[CartItem]) -> WholeListCall[Participant]:
        """The participants of an item: ``GET /carts/{cartUuid}/items/{cartItemUuid}/participants``.

        Args:
            cart_uuid: The cart's UUID.
            cart_item_uuid: The item's UUID.

        Raises:
            NotFoundError: The cart or the item does not exist.
        """
        return WholeListCall(
            fetch_all,
            self._core,
            path(
                "/carts/{cartUuid}/items/{cartItemUuid}/participants",
                cart_uuid=cart_uuid,
                cart_item_uuid=cart_item_uuid,
            ),
            Participant,
        )

    async def set_participants(
        self, cart_uuid: Uuid[Cart], cart_item_uuid: Uuid[CartItem], participants: Iterable[Mapping[str, object]]
    ) -> tuple[Participant, ...]:
        """Set the participants of an item: ``PUT /carts/{cartUuid}/items/{cartItemUuid}/participants``.

        Args:
            cart_uuid: The cart's UUID.
            cart_item_uuid: The item's UUID.
            participants: The answers to :meth:`participants_schema`, one mapping for each participant.

        Returns:
            The participants as the API has them.

        Raises:
            BadRequestError: An answer is missing or wrong, or there are too many or too few.
            LockedError: The cart has been ordered.
        """
        where = path(
            "/carts/{cartUuid}/items/{cartItemUuid}/participants", cart_uuid=cart_uuid, cart_item_uuid=cart_item_uuid
        )
        body = require(participants=parameters.each(participants, parameters.fields))
        return await self._core.fetch(tuple[Participant, ...], where, method="PUT", json=body)
