"""Operations of the customer who is logged in."""

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
from musement_async.resources.readers import WholeListCall, fetch_one_or_more

Gender = Literal["MALE", "FEMALE", "OTHER"]
Frequency = Literal["3-TIMES-A-WEEK", "WEEKLY", "MONTHLY", "NEVER"]
#: One of these words is misspelt in the API, and must be sent so.
Interest = Literal["ARTS-CULTURE", "SIGHTSEEING", "FOOD-WINE", "ENTERTAIMENT", "SPORTS", "ADVENTURE", "NIGHTLIFE"]
TravelWith = Literal["ALONE", "PARTNER", "FAMILY", "FRIENDS", "GROUP"]


class Account(Resource):
    """The customer whom the client is logged in as.

    All methods except :meth:`reset_password` need a client with ``PasswordCredentials``: a partner's credentials have
    no customer.
    """

    async def get(self) -> Customer:
        """The customer's profile: ``GET /customers/me``.

        Raises:
            AuthenticationError: The client is not logged in as a customer. The API may answer with a
                PermissionDeniedError for the same reason.
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
        """Replace all data of the customer: ``PUT /customers/me``. Fields that are not given become empty.

        Args:
            firstname: The first name.
            lastname: The last name.
            city: The city, in any words.
            address: Street and number.
            birthdate: The day of birth.
            gender: The gender.
            mobile: The number of a mobile telephone, with the country's prefix.

        Returns:
            The customer after the change.

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
        """Change the fields that are given, and no others: ``PATCH /customers/me``.

        Args:
            firstname: The first name.
            lastname: The last name.
            city: The city, in any words.
            address: Street and number.
            birthdate: The day of birth.
            gender: The gender.
            mobile: The number of a mobile telephone, with the country's prefix.

        Returns:
            The customer after the change.

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
        """The customer's preferences: ``GET /customers/me/preferences``.

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
            newsletter_from_thirdparty: Whether to send the newsletters of Musement's partners.
            interests: All interests; they replace those that the customer had.
            travel_with: In whose company the customer likes to travel.

        Returns:
            The preferences after the change.

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

        The operation's description has neither ``limit`` nor ``offset``; the API's guide says that all lists take them.

        Args:
            limit: Orders on a page, from 1 to 100; the API's default is not documented.
            offset: How many orders to skip.

        Returns:
            A call to await for one page, or to iterate for all. Both raise AuthenticationError as :meth:`get` does.
        """
        return ListCall(self._core, path("/customers/me/orders"), Order, {}, limit=limit, offset=offset)

    async def order_item(self, order_uuid: Uuid[Order], order_item_uuid: Uuid[OrderItem]) -> OrderItem:
        """One item of the customer's orders: ``GET /customers/me/orders/{orderUuid}/items/{orderItemUuid}``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.

        Raises:
            NotFoundError: The customer has no such order, or the order has no such item.
            AuthenticationError: As for :meth:`get`.
        """
        where = path(
            "/customers/me/orders/{orderUuid}/items/{orderItemUuid}",
            order_uuid=order_uuid,
            order_item_uuid=order_item_uuid,
        )
        return await self._core.fetch(OrderItem, where)

    def comments(self) -> WholeListCall[Comment]:
        """The customer's comments on activities: ``GET /customers/me/comments``.

        The API's description says both that the answer is one comment and that it is all of them. Both forms are read.

        Raises:
            AuthenticationError: As for :meth:`get`.
        """
        return WholeListCall(fetch_one_or_more, self._core, path("/customers/me/comments"), Comment)

    async def reset_password(self, email: str) -> None:
        """Have a mail sent to a customer who forgot their password: ``POST /reset_password``.

        The answer does not tell whether a customer has this address.

        Args:
            email: The customer's e-mail address.

        Raises:
            APIError: With status 406: the API does not accept the address.
        """
        body = {"email": require(email=parameters.email(email))}
        await self._core.send("POST", path("/reset_password"), json=body)
