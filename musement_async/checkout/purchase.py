"""The order of a cart, and the payment of that order."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar
from uuid import UUID

import anyio

from musement_async.auth import MusementAuth
from musement_async.checkout.errors import PaymentPendingError, PriceChangedError
from musement_async.checkout.lease import cart_lease
from musement_async.checkout.money import Money, money_of
from musement_async.checkout.payment import (
    UNDER_WAY,
    Invoice,
    Payment,
    check_before_order,
    check_invoice,
    is_free,
    is_unfinished,
)
from musement_async.checkout.results import OrderOptions
from musement_async.errors import (
    ArgumentError,
    ConflictError,
    LockedError,
    MusementError,
    OutcomeUnknownError,
    RateLimitError,
)
from musement_async.models._base import NIL
from musement_async.models.carts import Cart, CartItemStatus, CartOrderPayment
from musement_async.models.orders import Order
from musement_async.models.payments import CardPayment
from musement_async.resources.namespaces import Namespaces

T = TypeVar("T")

# Seconds between looks for what a request did whose answer never came: it may still be on its way.
LOOKS = (0.0, 0.5, 1.0, 2.0)
# Refusals behind which somebody else may have done the same in the meantime, or the API itself before it refused.
_LOOK_AFTER = (ConflictError, LockedError, RateLimitError)


class Purchase:
    """Orders a cart and pays for it, each no more than once, at the total that was agreed to.

    Attributes:
        cart_uuid: The cart; None until there is one.
        order_uuid: The order; None until there is one that is known of.
        order: The order as it was last seen.
        agreed: The total that the customer agreed to, or else saw; None if neither is known.
    """

    def __init__(self, areas: Namespaces, auth: MusementAuth, cart_uuid: UUID | None, cid: str | None) -> None:
        self.cart_uuid = cart_uuid
        self.order_uuid: UUID | None = None
        self.order: Order | None = None
        self.agreed: Money | None = None
        self._seen: Money | None = None
        self._areas = areas
        self._auth = auth
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

    def agree(self, expected: Money | None) -> None:
        """Take note of the total that the customer agreed to, if it is said."""
        self.agreed = expected or self.agreed

    def show(self, cart: Cart) -> None:
        """Take note of a cart that the caller is shown; an empty one has no total to agree to."""
        self._seen = self.agreed = _total_of(cart)

    def see(self, cart: Cart) -> None:
        """Take note of a cart that was read; its total counts where none is agreed to."""
        self._seen = _total_of(cart)
        self.agreed = self.agreed or self._seen

    def check_seen(self, payment: Payment | None) -> None:
        """Check the total and the payment against the cart that was seen last, before anything is sent.

        Raises:
            PriceChangedError: The total is another one than agreed.
            ArgumentError: The cart cannot be paid for in this way.
        """
        check_before_order(payment, self._check_total(self._seen), self._auth)

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

    async def place(self, options: OrderOptions, payment: Payment | None) -> Order:
        """Order the cart, unless that has been done."""
        async with self._lease():
            return await self._place(options, payment)

    async def pay(self, payment: Payment | None) -> Order:
        """Pay for the order, unless that has been done."""
        await self.ordered()
        async with self._lease():
            return await self._pay(payment)

    def _lease(self) -> AbstractAsyncContextManager[None]:
        store = self._auth.token_store
        # Another process may have ordered the cart, even one that was made here.
        self._may_be_ordered = self._may_be_ordered or store is not None
        return cart_lease(store, self.cart())

    async def _place(self, options: OrderOptions, payment: Payment | None) -> Order:
        found = await self.find()
        if found is not None:
            return found
        cart_uuid = self.cart()
        cart = await self._areas.carts.get(cart_uuid)
        _check_items(cart)
        check_invoice(payment, self._check_total(_total_of(cart)), self._auth)
        self._may_be_ordered = True
        try:
            return self.keep(await self._areas.orders.create(cart_uuid, cid=self._cid, **options))
        except OutcomeUnknownError:
            found = await _look_for(self.find)
            if found is None:
                raise
        except _LOOK_AFTER:
            found = await self.find()
            if found is None:
                raise
        return found

    async def _pay(self, payment: Payment | None) -> Order:
        order, progress = await self._look()
        if self._is_paid or _is_paid(order, progress):
            return order
        self._check_payable(payment, order, progress)
        try:
            result = await self._send(payment, order)
        except OutcomeUnknownError:
            paid = await _look_for(self._find_paid)
            if paid is None:
                raise
            return paid
        except _LOOK_AFTER:
            paid = await self._find_paid()
            if paid is None:
                raise
            return paid
        order = await self.read()
        if is_unfinished(result) and not order.is_paid:
            raise PaymentPendingError(
                "the payment is not complete: the customer still has to confirm it",
                order=order,
                confirmation=result.confirmation if isinstance(result, CardPayment) else None,
            )
        self._is_paid = True
        return order

    def _check_payable(self, payment: Payment | None, order: Order, progress: CartOrderPayment | None) -> None:
        total = self._check_total(money_of(order.total_price))
        status = None if progress is None else progress.status
        if status in UNDER_WAY:
            raise PaymentPendingError(f"a payment is under way: its status is {status}", order=order, status=status)
        if payment is None and not is_free(total):
            raise PaymentPendingError(
                f"the order is not paid, {total or 'an unknown total'} is due: pass payment=..., unless the customer "
                "still has to confirm a payment (3-D Secure)",
                order=order,
                status=status,
            )
        check_invoice(payment, total, self._auth)

    async def _send(self, payment: Payment | None, order: Order) -> object:
        if payment is None or isinstance(payment, Invoice):
            return await self._areas.payments.no_payment(await self.ordered())
        return await payment(order)

    def _check_total(self, total: Money | None) -> Money | None:
        if self.agreed is not None and total != self.agreed:
            raise PriceChangedError(self.agreed, total, cart_uuid=self.cart_uuid, order_uuid=self.order_uuid)
        self.agreed = total
        return total

    async def _look(self) -> tuple[Order, CartOrderPayment | None]:
        """The order as it is now, and the progress of its payment; None for that if the order says that it is paid."""
        order = await self.read()
        info = None if order.is_paid else await self._areas.carts.order_info(self.cart())
        return order, None if info is None else info.payment

    async def _find_paid(self) -> Order | None:
        order, progress = await self._look()
        return order if _is_paid(order, progress) else None


def _is_paid(order: Order, progress: CartOrderPayment | None) -> bool:
    return bool(order.is_paid or (progress is not None and progress.paid))


def _total_of(cart: Cart) -> Money | None:
    return money_of(cart.customer_price) if cart.items else None


def _check_items(cart: Cart) -> None:
    if not cart.items:
        raise ArgumentError("cart_uuid", "nothing is in the cart: add() something first")
    lost = [str(item.uuid) for item in cart.items if item.status == CartItemStatus.PREBOOK_KO]
    if lost:
        raise ArgumentError("cart_uuid", f"these items cannot be had any more, remove them: {', '.join(lost)}")


async def _look_for(find: Callable[[], Awaitable[T | None]]) -> T | None:
    """The result of a request whose answer never came; None if that cannot be found out now."""
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
