"""The customer who is logged in."""

from collections.abc import Iterable
from datetime import date
from typing import Literal
from uuid import UUID

from musement_async.core import Core
from musement_async.models.account import CustomerPreferences
from musement_async.models.comments import Comment
from musement_async.models.customers import Customer
from musement_async.models.orders import Order, OrderItem
from musement_async.pagination import ListCall, fetch_one_or_more
from musement_async.paths import build_path
from musement_async.resources import bodies, parameters

Gender = Literal["MALE", "FEMALE", "OTHER"]
Frequency = Literal["3-TIMES-A-WEEK", "WEEKLY", "MONTHLY", "NEVER"]
#: One of the API's words is misspelt, and has to be.
Interest = Literal["ARTS-CULTURE", "SIGHTSEEING", "FOOD-WINE", "ENTERTAIMENT", "SPORTS", "ADVENTURE", "NIGHTLIFE"]
TravelWith = Literal["ALONE", "PARTNER", "FAMILY", "FRIENDS", "GROUP"]

_ME = "/customers/me"
_PREFERENCES = "/customers/me/preferences"


class Account:
    """The customer whom the client is logged in as.

    All of it but :meth:`reset_password` takes a client with ``PasswordCredentials``: those of a partner have no
    customer.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    async def get(self) -> Customer:
        """What the customer told about themselves: ``GET /customers/me``.

        Raises:
            AuthenticationError: The client is not logged in as a customer; a PermissionDeniedError may say so too.
        """
        return await self._core.fetch(Customer, build_path(_ME))

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
        """Tell everything anew: ``PUT /customers/me``. What is not given is emptied.

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
            ArgumentError: An argument the API could not read.
            BadRequestError: The API does not accept a value.
            AuthenticationError: As for :meth:`get`.
        """
        names = {"firstname": firstname, "lastname": lastname, "city": city, "address": address}
        body = bodies.filled(
            **{name: parameters.code(name, value) for name, value in names.items()},
            birthdate=parameters.some_day("birthdate", birthdate),
            gender=parameters.one_of("gender", parameters.code("gender", gender), Gender),
            mobile=parameters.text("mobile", mobile),
        )
        return await self._core.fetch(Customer, build_path(_ME), method="PUT", json=body)

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
            ArgumentError: An argument the API could not read.
            BadRequestError: The API does not accept a value.
            AuthenticationError: As for :meth:`get`.
        """
        texts = {"firstname": firstname, "lastname": lastname, "city": city, "address": address, "mobile": mobile}
        body = bodies.filled(
            **{name: parameters.text(name, value) for name, value in texts.items()},
            birthdate=parameters.day("birthdate", birthdate),
            gender=parameters.one_of("gender", gender, Gender),
        )
        return await self._core.fetch(Customer, build_path(_ME), method="PATCH", json=body)

    async def preferences(self) -> CustomerPreferences:
        """What the customer prefers to be sent and shown: ``GET /customers/me/preferences``.

        Raises:
            AuthenticationError: As for :meth:`get`.
        """
        return await self._core.fetch(CustomerPreferences, build_path(_PREFERENCES))

    async def update_preferences(
        self,
        *,
        newsletter_frequency: Frequency | None = None,
        newsletter_from_thirdparty: bool | None = None,
        interests: Iterable[Interest] | None = None,
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
            ArgumentError: An argument the API could not read.
            BadRequestError: The API does not accept a value.
            AuthenticationError: As for :meth:`get`.
        """
        body = bodies.filled(
            newsletter_frequency=parameters.one_of("newsletter_frequency", newsletter_frequency, Frequency),
            newsletter_from_thirdparty=parameters.yes_or_no("newsletter_from_thirdparty", newsletter_from_thirdparty),
            interests=bodies.each_of("interests", interests, Interest),
            travel_with=parameters.one_of("travel_with", travel_with, TravelWith),
        )
        return await self._core.fetch(CustomerPreferences, build_path(_PREFERENCES), method="PATCH", json=body)

    def orders(self, *, limit: int | None = None, offset: int = 0) -> ListCall[Order]:
        """The customer's orders: ``GET /customers/me/orders``.

        The operation's own description has neither ``limit`` nor ``offset``, which the API's guide has for all lists.

        Args:
            limit: Orders on a page, from 1 to 100; the API's default is not documented.
            offset: How many orders to skip.

        Returns:
            A call to await for one page, or to iterate for all. Both raise AuthenticationError as :meth:`get` does.

        Raises:
            ArgumentError: An argument the API could not read.
        """
        return ListCall(self._core, build_path("/customers/me/orders"), Order, {}, limit=limit, offset=offset)

    async def order_item(self, order_uuid: UUID | str, order_item_uuid: UUID | str) -> OrderItem:
        """One thing that the customer ordered: ``GET /customers/me/orders/{orderUuid}/items/{orderItemUuid}``.

        Args:
            order_uuid: The order's UUID.
            order_item_uuid: The item's UUID.

        Raises:
            ArgumentError: One of them is not a UUID.
            NotFoundError: The customer has no such order, or it no such item.
            AuthenticationError: As for :meth:`get`.
        """
        path = build_path(
            "/customers/me/orders/{orderUuid}/items/{orderItemUuid}",
            orderUuid=parameters.uuid("order_uuid", order_uuid),
            orderItemUuid=parameters.uuid("order_item_uuid", order_item_uuid),
        )
        return await self._core.fetch(OrderItem, path)

    async def comments(self) -> tuple[Comment, ...]:
        """What the customer wrote about activities: ``GET /customers/me/comments``.

        The API's description has one comment as the answer, and the operation for all of them; either is read.

        Raises:
            AuthenticationError: As for :meth:`get`.
        """
        return await fetch_one_or_more(self._core, build_path("/customers/me/comments"), Comment)

    async def reset_password(self, email: str) -> None:
        """Have a mail sent to a customer who forgot their password: ``POST /reset_password``.

        The API tells nobody whether there is such a customer.

        Args:
            email: The customer's e-mail address.

        Raises:
            ArgumentError: It is no e-mail address.
            APIError: With status 406, the API does not accept it.
        """
        body = {"email": bodies.email("email", email)}
        await self._core.send("POST", build_path("/reset_password"), json=body)
