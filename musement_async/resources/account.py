"""The customer who is logged in."""

from datetime import date
from typing import Literal

from musement_async.models.account import CustomerPreferences
from musement_async.models.comments import Comment
from musement_async.models.customers import Customer
from musement_async.models.orders import Order, OrderItem
from musement_async.pagination import ListCall
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, drop_none, path, require
from musement_async.resources.parameters import OneOrMore, Uuid, required
from musement_async.resources.readers import fetch_one_or_more

Gender = Literal["MALE", "FEMALE", "OTHER"]
Frequency = Literal["3-TIMES-A-WEEK", "WEEKLY", "MONTHLY", "NEVER"]
#: One of the API's words is misspelt, and has to be.
Interest = Literal["ARTS-CULTURE", "SIGHTSEEING", "FOOD-WINE", "ENTERTAIMENT", "SPORTS", "ADVENTURE", "NIGHTLIFE"]
TravelWith = Literal["ALONE", "PARTNER", "FAMILY", "FRIENDS", "GROUP"]


class Account(Resource):
    """The customer whom the client is logged in as.

    All of it but :meth:`reset_password` takes a client with ``PasswordCredentials``: those of a partner have no
    customer.
    """

    async def get(self) -> Customer:
        """What the customer told about themselves: ``GET /customers/me``.

        Raises:
            AuthenticationError: The client is not logged in as a customer; a PermissionDeniedError may say so too.
        """
        return await self._core.fetch(Customer, path("/customers/me"))

    async def replace(
        self,
        *,
        firstname: str,
        lastname: str,
        city: str,
        address: str,
        birthdate: date,
        gender: Gender,
        mobile: str | None = None,
    ) -> Customer:
        """Replace all data of the customer: ``PUT /customers/me``. What is not given is emptied.

        Args:
            firstname: The first name.
            lastname: The last name.
            city: The city, in any words.
            address: Street and number.
            birthdate: The day of birth.
            gender: The gender.
            mobile: The number of a mobile telephone, with the country's prefix.

        Returns:
            The customer from now on.

        Raises:
            BadRequestError: The API does not accept a value.
            AuthenticationError: As for :meth:`get`.
        """
        names = {"firstname": firstname, "lastname": lastname, "city": city, "address": address}
        body = drop_none(
            **{name: required(parameters.code(value)) for name, value in names.items()},
            birthdate=required(parameters.day(birthdate)),
            gender=required(parameters.one_of(gender, Gender)),
            mobile=parameters.text(mobile),
        )
        return await self._core.fetch(Customer, path("/customers/me"), method="PUT", json=body)

    async def update(
        self,
        *,
        firstname: str | None = None,
        lastname: str | None = None,
        city: str | None = None,
        address: str | None = None,
        birthdate: date | None = None,
        gender: Gender | None = None,
        mobile: str | None = None,
    ) -> Customer:
        """Change what is given and nothing else: ``PATCH /customers/me``.

        Args:
            firstname: The first name.
            lastname: The last name.
            city: The city, in any words.
            address: Street and number.
            birthdate: The day of birth.
            gender: The gender.
            mobile: The number of a mobile telephone, with the country's prefix.

        Returns:
            The customer from now on.

        Raises:
            BadRequestError: The API does not accept a value.
            AuthenticationError: As for :meth:`get`.
        """
        texts = {"firstname": firstname, "lastname": lastname, "city": city, "address": address, "mobile": mobile}
        body = drop_none(
            **{name: parameters.text(value) for name, value in texts.items()},
            birthdate=parameters.day(birthdate),
            gender=parameters.one_of(gender, Gender),
        )
        return await self._core.fetch(Customer, path("/customers/me"), method="PATCH", json=body)

    async def preferences(self) -> CustomerPreferences:
        """What the customer prefers to be sent and shown: ``GET /customers/me/preferences``.

        Raises:
            AuthenticationError: As for :meth:`get`.
        """
        return await self._core.fetch(CustomerPreferences, path("/customers/me/preferences"))

    async def update_preferences(
        self,
        *,
        newsletter_frequency: Frequency | None = None,
        newsletter_from_thirdparty: bool | None = None,
        interests: OneOrMore[Interest] | None = None,
        travel_with: TravelWith | None = None,
    ) -> CustomerPreferences:
        """Change the preferences that are given and no others: ``PATCH /customers/me/preferences``.

        Args:
            newsletter_frequency: How often to send a newsletter.
            newsletter_from_thirdparty: Whether to send those of Musement's partners.
            interests: All the interests from now on.
            travel_with: In whose company the customer likes to travel.

        Returns:
            The preferences from now on.

        Raises:
            BadRequestError: The API does not accept a value.
            AuthenticationError: As for :meth:`get`.
        """
        body = drop_none(
            newsletter_frequency=parameters.one_of(newsletter_frequency, Frequency),
            newsletter_from_thirdparty=parameters.yes_or_no(newsletter_from_thirdparty),
            interests=parameters.words(interests, Interest),
            travel_with=parameters.one_of(travel_with, TravelWith),
        )
        return await self._core.fetch(CustomerPreferences, path("/customers/me/preferences"), method="PATCH", json=body)

    def orders(self, *, limit: int | None = None, offset: int = 0) -> ListCall[Order]:
        """The customer's orders: ``GET /customers/me/orders``.

        The operation's own description has neither ``limit`` nor ``offset``, which the API's guide has for all lists.

        Args:
            limit: Orders on a page, from 1 to 100; the API's default is not documented.
            offset: How many orders to skip.

        Returns:
            A call to await for one page, or to iterate for all. Both raise AuthenticationError as :meth:`get` does.
        """
        return ListCall(self._core, path("/customers/me/orders"), Order, {}, limit=limit, offset=offset)

    async def order_item(self, order_uuid: Uuid[Order], order_item_uuid: Uuid[OrderItem]) -> OrderItem:
        """One thing that the customer ordered: ``GET /customers/me/orders/{orderUuid}/items/{orderItemUuid}``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.

        Raises:
            NotFoundError: The customer has no such order, or it no such item.
            AuthenticationError: As for :meth:`get`.
        """
        where = path(
            "/customers/me/orders/{orderUuid}/items/{orderItemUuid}",
            order_uuid=order_uuid,
            order_item_uuid=order_item_uuid,
        )
        return await self._core.fetch(OrderItem, where)

    async def comments(self) -> tuple[Comment, ...]:
        """What the customer wrote about activities: ``GET /customers/me/comments``.

        The API's description has one comment as the answer, and the operation for all of them; either is read.

        Raises:
            AuthenticationError: As for :meth:`get`.
        """
        return await fetch_one_or_more(self._core, path("/customers/me/comments"), Comment)

    async def reset_password(self, email: str) -> None:
        """Have a mail sent to a customer who forgot their password: ``POST /reset_password``.

        The API tells nobody whether there is such a customer.

        Args:
            email: The customer's e-mail address.

        Raises:
            APIError: With status 406, the API does not accept it.
        """
        body = {"email": require(email=parameters.email(email))}
        await self._core.send("POST", path("/reset_password"), json=body)
