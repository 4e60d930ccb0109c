"""What becomes of a cart: its order, and the payment of that."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar
from uuid import UUID

import anyio

from musement_async.checkout.results import OrderOptions
from musement_async.errors import ArgumentError, ConflictError, LockedError, MusementError, OutcomeUnknownError
from musement_async.models._base import NIL
from musement_async.models.carts import Cart, CartItemStatus
from musement_async.models.orders import Order
from musement_async.models.payments import CardPayment, PaypalPaymentRedirect
from musement_async.resources.areas import Areas

T = TypeVar("T")

Payment: TypeAlias = Callable[[Order], Awaitable[object]]

# Seconds between looks for what a request did whose answer never came: it may still be on its way.
LOOKS = (0.0, 0.5, 1.0, 2.0)


class Purchase:
    """Orders a cart and pays for it, each no more than once.

    Attributes:
        cart_uuid: The cart; None until there is one.
        order_uuid: The order; None until there is one that is known of.
        order: The order as it was last seen.
    """

    def __init__(self, areas: Areas, cart_uuid: UUID | None, cid: str | None) -> None:
        self.cart_uuid = cart_uuid
        self.order_uuid: UUID | None = None
        self.order: Order | None = None
        self._areas = areas
        self._cid = cid
        # Whether the API may know of an order that is not known of here.
        self._may_be_ordered = cart_uuid is not None
        self._is_paid = False

    def cart(self) -> UUID:
        """The cart, which must have been made.

        Raises:
            ArgumentError: It was not.
        """
        if self.cart_uuid is None:
            raise ArgumentError("cart_uuid", "there is no cart yet: add() something first")
        return self.cart_uuid

    def keep(self, order: Order) -> Order:
        """Take note of an order that was read."""
        self.order = order
        self.order_uuid = order.uuid if order.uuid != NIL else self.order_uuid
        return order

    async def find(self) -> Order | None:
        """The order, if there is one; the API is asked only if it may know more."""
        if self.order is None and self._may_be_ordered:
            info = await self._areas.carts.order_info(self.cart())
            if info is not None:
                self.order_uuid = info.order_uuid
                self.keep(await self._areas.orders.get(self.order_uuid))
        return self.order

    async def ordered(self) -> UUID:
        """The order, which must have been placed.

        Raises:
            ArgumentError: It was not.
        """
        if await self.find() is None or self.order_uuid is None:
            raise ArgumentError("order_uuid", "there is no order yet: call order() first")
        return self.order_uuid

    async def read(self) -> Order:
        """The order as it is now."""
        return self.keep(await self._areas.orders.get(await self.ordered()))

    async def place(self, options: OrderOptions) -> Order:
        """Order the cart, unless that has been done."""
        found = await self.find()
        if found is not None:
            return found
        cart_uuid = self.cart()
        _check_cart(await self._areas.carts.get(cart_uuid))
        self._may_be_ordered = True
        try:
            return self.keep(await self._areas.orders.create(cart_uuid, cid=self._cid, **options))
        except OutcomeUnknownError:
            found = await _look_for(self.find)
            if found is None:
                raise
        except (ConflictError, LockedError):
            # Somebody else may have ordered this cart in the meantime.
            found = await self.find()
            if found is None:
                raise
        return found

    async def pay(self, payment: Payment | None) -> Order:
        """Pay for the order, unless that has been done."""
        order_uuid = await self.ordered()
        order = await self.read()
        if order.is_paid or self._is_paid:
            return order
        try:
            result = await (self._areas.payments.no_payment(order_uuid) if payment is None else payment(order))
        except OutcomeUnknownError:
            paid = await _look_for(self._find_paid)
            if paid is None:
                raise
            return paid
        except LockedError:
            # Somebody else may have paid for it in the meantime.
            paid = await self._find_paid()
            if paid is None:
                raise
            return paid
        order = await self.read()
        if _is_unfinished(result) and not order.is_paid:
            raise MusementError("the payment is not complete: the customer still has to confirm it")
        self._is_paid = True
        return order

    async def _find_paid(self) -> Order | None:
        order = await self.read()
        return order if order.is_paid else None


def _is_unfinished(result: object) -> bool:
    if isinstance(result, CardPayment):
        return not result.is_complete
    return isinstance(result, PaypalPaymentRedirect) and result.redirect_url is not None


def _check_cart(cart: Cart) -> None:
    if not cart.items:
        raise ArgumentError("cart_uuid", "nothing is in the cart: add() something first")
    lost = [str(item.uuid) for item in cart.items if item.status == CartItemStatus.PREBOOK_KO]
    if lost:
        raise ArgumentError("cart_uuid", f"these items cannot be had any more, remove them: {', '.join(lost)}")


async def _look_for(find: Callable[[], Awaitable[T | None]]) -> T | None:
    """What a request did whose answer never came; None if that cannot be found out now."""
    for pause in LOOKS:
        await anyio.sleep(pause)
        try:
            found = await find()
        except MusementError:
            # The caller has to hear of what is being looked into, not of this.
            continue
        if found is not None:
            return found
    return None
