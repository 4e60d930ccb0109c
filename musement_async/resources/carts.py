"""Operations of carts."""

import datetime as dt
from collections.abc import Mapping
from datetime import date
from typing import cast

from musement_async.errors import ArgumentError, DecodeError
from musement_async.models.activities import Activity
from musement_async.models.bundles import Bundle
from musement_async.models.carts import Cart, CartItem, CartOrderInfo
from musement_async.models.item_details import MusementProductGeneralDetails
from musement_async.models.messages import ResponseWithMessage
from musement_async.paths import Path
from musement_async.resources import parameters
from musement_async.resources.cart_customers import CartCustomers
from musement_async.resources.operation import check, drop_none, path, query, require
from musement_async.resources.parameters import Invalid, OneOrMore, Uuid, required
from musement_async.resources.readers import WholeListCall, fetch_all, fetch_only, fetch_optional
from musement_async.values import NewCartItem

_MOST_ITEMS = 100


class Carts(CartCustomers):
    """Products that somebody is about to buy. The API deletes a cart without an order after three months."""

    async def create(
        self,
        *,
        discount_code: str | None = None,
        customer: Mapping[str, object] | None = None,
        cid: str | None = None,
    ) -> Cart:
        """A new cart: ``POST /carts``.

        Args:
            discount_code: A promo code.
            customer: The answers to :meth:`customer_schema`; :meth:`set_customer` can send them later.
            cid: The channel that the sale is attributed to.

        Raises:
            BadRequestError: The API does not accept an argument.
        """
        body = drop_none(
            discount_code=parameters.text(discount_code),
            customer=parameters.fields(customer),
        )
        params = query(cid=parameters.text(cid))
        return await self._core.fetch(Cart, path("/carts"), method="POST", json=body, params=params)

    async def get(self, cart_uuid: Uuid[Cart]) -> Cart:
        """One cart with its items: ``GET /carts/{cartUuid}``.

        Args:
            cart_uuid: The cart's UUID.

        Raises:
            NotFoundError: The cart does not exist.
        """
        return await self._core.fetch(Cart, path("/carts/{cartUuid}", cart_uuid=cart_uuid))

    async def delete(self, cart_uuid: Uuid[Cart]) -> None:
        """Delete a cart: ``DELETE /carts/{cartUuid}``.

        Args:
            cart_uuid: The cart's UUID.

        Raises:
            NotFoundError: The cart does not exist.
            APIError: The cart has been ordered.
        """
        await self._core.send("DELETE", path("/carts/{cartUuid}", cart_uuid=cart_uuid))

    async def add_items(self, cart_uuid: Uuid[Cart], items: OneOrMore[NewCartItem]) -> tuple[CartItem, ...]:
        """Put products into a cart: ``POST /carts/{cartUuid}/items``, and then ``GET /carts/{cartUuid}``.

        The API answers with the first item only, so the cart is read for the others.

        Args:
            cart_uuid: The cart's UUID.
            items: The products to put into the cart, 100 at most.

        Returns:
            The cart's items, in the same order. Unavailable products are returned too; check ``is_ok``.

        Raises:
            BadRequestError: A product, a language or a pickup point is wrong (code 1578), or the quantity is too large.
            ConflictError: No places are left. The API may answer with an UnprocessableError for the same reason.
            LockedError: The cart has been ordered.
            DecodeError: The cart that was read does not have the items.
        """
        new = _new_items(items)
        where = path("/carts/{cartUuid}/items", cart_uuid=cart_uuid)
        await self._core.send("POST", where, json=[_as_body(item) for item in new])
        cart = await self.get(cart_uuid)
        return _find(cart, new, where)

    async def remove_item(self, cart_uuid: Uuid[Cart], cart_item_uuid: Uuid[CartItem]) -> None:
        """Remove an item from a cart: ``DELETE /carts/{cartUuid}/items/{cartItemUuid}``.

        Args:
            cart_uuid: The cart's UUID.
            cart_item_uuid: The item's UUID.

        Raises:
            NotFoundError: The cart or the item does not exist.
            PermissionDeniedError: The cart can no longer be changed. The API may answer with a LockedError for the same
                reason.
        """
        await self._core.send(
            "DELETE", path("/carts/{cartUuid}/items/{cartItemUuid}", cart_uuid=cart_uuid, cart_item_uuid=cart_item_uuid)
        )

    def bundles(self, cart_uuid: Uuid[Cart]) -> WholeListCall[Bundle]:
        """Activities to recommend with those in a cart: ``GET /carts/{cartUuid}/bundles``.

        Args:
            cart_uuid: The cart's UUID.

        Raises:
            NotFoundError: The cart does not exist.
        """
        return WholeListCall(fetch_all, self._core, path("/carts/{cartUuid}/bundles", cart_uuid=cart_uuid), Bundle)

    async def order_info(self, cart_uuid: Uuid[Cart]) -> CartOrderInfo | None:
        """The order of a cart: ``GET /carts/{cartUuid}/order-info``.

        Args:
            cart_uuid: The cart's UUID.

        Returns:
            The order's id and payment. None if the cart has no order or does not exist: the API answers the same.
        """
        return await fetch_optional(
            self._core, path("/carts/{cartUuid}/order-info", cart_uuid=cart_uuid), CartOrderInfo
        )

    async def product_details(
        self, cart_uuid: Uuid[Cart], cart_item_uuid: Uuid[CartItem]
    ) -> MusementProductGeneralDetails:
        """The product of a cart's item: ``GET /carts/{cartUuid}/items/{cartItemUuid}/product-general-details``.

        Args:
            cart_uuid: The cart's UUID.
            cart_item_uuid: The item's UUID.

        Raises:
            NotFoundError: The cart or the item does not exist.
        """
        where = path(
            "/carts/{cartUuid}/items/{cartItemUuid}/product-general-details",
            cart_uuid=cart_uuid,
            cart_item_uuid=cart_item_uuid,
        )
        return await fetch_only(self._core, where, MusementProductGeneralDetails)

    async def apply_promo(
        self,
        cart_uuid: Uuid[Cart],
        promo: str,
        *,
        triggering_product: Uuid[Activity] | None = None,
        target_product: Uuid[Activity] | None = None,
    ) -> None:
        """Apply a promotion to a cart: ``POST /carts/{cartUuid}/promo-intent``.

        Args:
            cart_uuid: The cart's UUID.
            promo: A promo code, or the rule of a bundle.
            triggering_product: For a bundle, the UUID of the activity that it was recommended with.
            target_product: For a bundle, the UUID of the activity that was recommended.

        Raises:
            NotFoundError: The cart or the promotion does not exist.
        """
        body = drop_none(
            promo=required(parameters.code(promo)),
            triggering_product=parameters.uuid(triggering_product, of="Activity"),
            target_product=parameters.uuid(target_product, of="Activity"),
        )
        await self._core.send("POST", path("/carts/{cartUuid}/promo-intent", cart_uuid=cart_uuid), json=body)

    async def add_gift(
        self,
        cart_uuid: Uuid[Cart],
        event_id: str,
        feature_code: str,
        holders: Mapping[str, int],
        *,
        donor_name: str | None = None,
        recipient_name: str | None = None,
        recipient_email: str | None = None,
        message: str | None = None,
        picture_url: str | None = None,
        to_print: bool | None = None,
    ) -> ResponseWithMessage:
        """Put an activity that is a gift into a cart: ``POST /carts/{cartUuid}/gifts``.

        Args:
            cart_uuid: The cart's UUID.
            event_id: The activity's UUID.
            feature_code: The code of the activity's variant, from ``client.gifts.options``.
            holders: How many tickets for each kind of participant, by its code.
            donor_name: The name of the giver.
            recipient_name: The name of the receiver.
            recipient_email: The receiver's e-mail address; not needed if the gift is printed.
            message: The giver's message to the receiver.
            picture_url: The URL of a picture for the gift.
            to_print: Whether the gift is printed; otherwise it is sent.

        Raises:
            NotFoundError: The cart or the product does not exist.
        """
        body = drop_none(
            event_id=required(parameters.code(event_id)),
            feature_code=required(parameters.code(feature_code)),
            products_with_quantities=_holders(holders),
            donor_name=parameters.text(donor_name),
            recipient_name=parameters.text(recipient_name),
            recipient_email=parameters.email(recipient_email),
            message=parameters.text(message),
            picture_url=parameters.text(picture_url),
            print=check(to_print=parameters.boolean(to_print)),
        )
        where = path("/carts/{cartUuid}/gifts", cart_uuid=cart_uuid)
        return await self._core.fetch(ResponseWithMessage, where, method="POST", json=body)

    async def redeem_gift(
        self,
        cart_uuid: Uuid[Cart],
        gift_code: str,
        *,
        day: date | None = None,
        time: dt.time | None = None,
        language: str | None = None,
    ) -> ResponseWithMessage:
        """Put the product of a gift into a cart: ``PUT /carts/{cartUuid}/gifts/{giftCode}``.

        Args:
            cart_uuid: The cart's UUID.
            gift_code: The gift's code.
            day: The day; None for tickets without a date.
            time: The beginning, in local time, to the minute.
            language: The code of one of the slot's languages.

        Raises:
            NotFoundError: The cart or the gift does not exist.
        """
        body = drop_none(
            date=check(day=parameters.day(day)),
            time=parameters.clock(time),
            language=parameters.text(language),
        )
        where = path("/carts/{cartUuid}/gifts/{giftCode}", cart_uuid=cart_uuid, gift_code=gift_code)
        return await self._core.fetch(ResponseWithMessage, where, method="PUT", json=body)


def _new_items(items: OneOrMore[NewCartItem]) -> list[NewCartItem]:
    new = require(items=parameters.each(items, _new_item))
    if not 0 < len(new) <= _MOST_ITEMS:
        raise ArgumentError("items", f"must be from 1 to {_MOST_ITEMS}")
    return new


def _new_item(item: object) -> NewCartItem | Invalid:
    return item if isinstance(item, NewCartItem) else Invalid("must be NewCartItems")


def _as_body(item: NewCartItem) -> dict[str, object]:
    return drop_none(
        type=item.type,
        product_identifier=item.product_identifier,
        quantity=item.quantity,
        language=item.language,
        pickup=None if item.pickup is None else str(item.pickup),
    )


def _find(cart: Cart, new: list[NewCartItem], path: Path) -> tuple[CartItem, ...]:
    found: list[CartItem] = []
    for item in reversed(new):
        # The latest item first: the cart may have had the same product before. One item may stand for two that were
        # added.
        same = [held for held in reversed(cart.items) if held.product_id == item.product_identifier]
        fresh = [held for held in same if held not in found]
        if not same:
            message = f"POST {path}: the cart does not have the items that were added"
            raise DecodeError(message, method="POST", path=path.text, status=None)
        found.append((fresh or same)[0])
    return (*reversed(found),)


def _holders(holders: Mapping[str, int]) -> list[dict[str, object]]:
    given = require(holders=parameters.fields(holders))
    return [
        {
            "holder_code": require(holders=parameters.code(code)),
            "quantity": check(holders=required(parameters.positive(cast("int", quantity)))),
        }
        for code, quantity in given.items()
    ]
