"""The steps of a booking, and all of them in a row."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from os import PathLike
from typing import TypeVar, Unpack
from uuid import UUID

from musement_async.checkout.basket import Basket
from musement_async.checkout.choices import Choice
from musement_async.checkout.documents import vouchers_of
from musement_async.checkout.filling import Answers, check_answers
from musement_async.checkout.money import Money, as_money
from musement_async.checkout.payment import Payment, check_payment
from musement_async.checkout.purchase import Purchase
from musement_async.checkout.results import Booking, CheckoutForms, OrderOptions, Polling, SavedVoucher
from musement_async.checkout.steps import Steps, naming
from musement_async.core import Core
from musement_async.errors import ArgumentError, CheckoutError, LockedError
from musement_async.models.carts import Cart, CartItem
from musement_async.models.dates import ScheduleProduct, ScheduleSlot
from musement_async.models.orders import Order
from musement_async.models.pickups import Pickup
from musement_async.models.prices import Price
from musement_async.resources import parameters
from musement_async.resources.namespaces import Namespaces
from musement_async.resources.operation import check, require
from musement_async.resources.parameters import Uuid
from musement_async.resources.polling import check_polling
from musement_async.values import NewCartItem, check_kind

T = TypeVar("T")


class Checkout:
    """One booking, step by step or in one go; ``client.checkout()`` makes it.

    Every step can be repeated, and does nothing twice. Those that change something are carried out in a task of their
    own, which goes on when the caller is cancelled: to call the step again is to wait for it. What such a step did
    can also be found out later and elsewhere: ``client.checkout(cart_uuid)`` goes on with a cart of another process,
    and looks whether it has been ordered and paid before it orders or pays.

    A step that fails raises a ``CheckoutError`` with the step, the cart and the order. An ``ArgumentError`` and a
    ``PriceChangedError`` come as they are: nothing was sent.

    The total is guarded. What the caller says that the customer agreed to (``expected_total``), or else what the
    checkout showed last, is compared with the cart before it is ordered and with the order before it is paid.
    """

    def __init__(
        self,
        areas: Namespaces,
        core: Core,
        cart_uuid: UUID | str | None = None,
        *,
        discount_code: str | None = None,
        cid: str | None = None,
    ) -> None:
        adopted = check(cart_uuid=parameters.uuid(cart_uuid, of="Cart"))
        if adopted is not None and discount_code is not None:
            raise ArgumentError("discount_code", "is for a new cart")
        self._areas = areas
        code, cid = check(discount_code=parameters.text(discount_code)), check(cid=parameters.text(cid))
        self._steps = Steps(core.shared.tasks, adopted)
        self._purchase = Purchase(areas, core.session.auth, adopted, cid)
        self._basket = Basket(areas, self._purchase, self._steps, discount_code=code, cid=cid)

    @property
    def cart_uuid(self) -> UUID | None:
        """The cart; None until there is one."""
        return self._purchase.cart_uuid

    @property
    def order_uuid(self) -> UUID | None:
        """The order; None until there is one, or until it was found."""
        return self._purchase.order_uuid

    @property
    def total(self) -> Money | None:
        """The total that the customer agreed to, or else that the checkout showed last; None before."""
        return self._purchase.agreed

    def __repr__(self) -> str:
        if self.cart_uuid is None:
            return "<Checkout without a cart: await run(), or add() and the steps after it>"
        if self.order_uuid is None:
            return f"<Checkout of cart {self.cart_uuid}: await order() once its forms are filled in>"
        return f"<Checkout of cart {self.cart_uuid}, order {self.order_uuid}: await pay(), wait() and vouchers()>"

    async def cart(self) -> Cart:
        """The cart as it is, made if there is none. Its ``customer_price`` is the total that counts from now on.

        Raises:
            CheckoutError: It could not be made or read.
        """
        cart = await self._change("cart", self._basket.read)
        self._purchase.show(cart)
        return cart

    async def add(
        self,
        product: ScheduleProduct,
        quantity: int,
        *,
        slot: ScheduleSlot | None = None,
        language: str | None = None,
        pickup: Uuid[Pickup] | None = None,
    ) -> CartItem:
        """Put tickets of a product into the cart. A second call for the product replaces the number of the first.

        Args:
            product: One of ``client.dates.get``.
            quantity: How many.
            slot: The slot that has the product. Its limits hold for all its products together: the most is checked
                here, the least when the cart is ordered.
            language: The code of one of the slot's languages, if it has some.
            pickup: A pickup point, for activities with such.

        Raises:
            ArgumentError: The product or the slot does not allow so many, or the slot not this language.
            CheckoutError: The cart could not be made or changed.
        """
        check_kind("product", product, ScheduleProduct, "a product of client.dates.get")
        check_kind("slot", slot, ScheduleSlot | None, "a slot of client.dates.get")
        point = check(pickup=parameters.uuid(pickup, of="Pickup"))
        item = NewCartItem.of(product, quantity, language=language, pickup=point)
        return await self._change(
            "add", partial(self._basket.add, item, Choice(product, quantity, slot, language)), item
        )

    async def forms(self) -> CheckoutForms:
        """The forms to fill in for this cart.

        Raises:
            CheckoutError: The forms could not be read.
        """
        with self._naming("forms"):
            return await self._basket.read_forms()

    async def set_customer(self, answers: Answers) -> None:
        """Send the data of the customer who books.

        Args:
            answers: As the form of :meth:`forms` asks for them; ``extra_customer_data`` is part of it.

        Raises:
            FormError: Some answers are wrong; nothing was sent.
            CheckoutError: The API did not take them.
        """
        with self._naming("set_customer"):
            form = (await self._basket.known_forms()).customer
            if form is not None:
                form.check(answers, argument="customer")
            await self._areas.carts.set_customer(self._purchase.cart(), answers)

    async def set_participants(self, item_uuid: Uuid[CartItem], answers: Iterable[Answers]) -> None:
        """Send the data of those who take part in one of the cart's items.

        Args:
            item_uuid: The item.
            answers: One mapping for each participant, as the form of :meth:`forms` asks for them.

        Raises:
            FormError: Some answers are wrong; nothing was sent.
            CheckoutError: The API did not take them.
        """
        item = require(item_uuid=parameters.uuid(item_uuid, of="CartItem"))
        listed = check(answers=parameters.as_list(require(answers=answers)))
        if not all(isinstance(each, Mapping) for each in listed):
            raise ArgumentError("answers", "must be a list with one mapping for each participant")
        with self._naming("set_participants"):
            form = (await self._basket.known_forms()).participants.get(item)
            if form is not None:
                form.check(listed, argument="participants")
            await self._areas.carts.set_participants(self._purchase.cart(), item, listed)

    async def find_order(self) -> Order | None:
        """The order of the cart, if there is one.

        Raises:
            CheckoutError: That could not be found out.
        """
        return await self._change("find_order", self._purchase.find)

    async def order(
        self,
        *,
        payment: Payment | None = None,
        expected_total: Money | Price | None = None,
        **options: Unpack[OrderOptions],
    ) -> Order:
        """Order what is in the cart, unless that has been done.

        If no answer comes, it looks whether there is an order all the same.

        Args:
            payment: What :meth:`pay` will be called with, if that is known: one by invoice that the session may not
                make is refused before the order is made. Nothing is paid here.
            expected_total: What the customer agreed to pay; by default the total that the checkout showed last.
            **options: Those of ``client.orders.create``.

        Raises:
            ArgumentError: The cart was not made, a slot has fewer tickets than it takes, something fell out of the
                cart because :meth:`add` failed, or the session may not pay by invoice.
            PriceChangedError: The cart's total is another one.
            CheckoutError: The API refused, or nobody knows: then ``cause`` is an ``OutcomeUnknownError``.
        """
        check_payment(payment)
        expected = as_money("expected_total", expected_total)
        return await self._change("order", partial(self._place, options, payment, expected), expected)

    async def pay(self, payment: Payment | None = None, *, expected_total: Money | Price | None = None) -> Order:
        """Pay for the order, unless that has been done.

        If no answer comes, it looks whether the order is paid all the same.

        Args:
            payment: ``Invoice()``, or a function that pays for an order by means of ``client.payments``; whatever else
                the payment needs, such as a 3-D Secure step, is that function's business. An order that costs nothing
                needs none.
            expected_total: What the customer agreed to pay; by default the total that the checkout showed last.

        Raises:
            ArgumentError: There is no order yet, or the session may not pay by invoice.
            PriceChangedError: The order's total is another one.
            CheckoutError: The API refused. ``cause`` is a ``PaymentPendingError`` if the customer still has to confirm
                the payment, or if there is something to pay and no payment was passed. It is an
                ``OutcomeUnknownError`` if nobody knows what became of the payment.
        """
        check_payment(payment)
        expected = as_money("expected_total", expected_total)
        return await self._change("pay", partial(self._pay, payment, expected), expected)

    async def wait(self, **polling: Unpack[Polling]) -> Order:
        """Wait until every item of the order is confirmed or refused.

        Args:
            **polling: The options of ``client.orders.wait``.

        Raises:
            ArgumentError: There is no order yet.
            CheckoutError: It took too long (``cause`` is an ``OrderPendingError``), or the order could not be read.
        """
        with self._naming("wait"):
            order_uuid = await self._purchase.ordered()
            return self._purchase.keep(await self._areas.orders.wait(order_uuid, **polling))

    async def vouchers(self, folder: str | PathLike[str] | None = None) -> tuple[SavedVoucher, ...]:
        """The vouchers that the order has by now.

        Args:
            folder: Where to save them, made if need be; files there of the same names are replaced. None saves nothing.

        Raises:
            ArgumentError: There is no order yet.
            CheckoutError: The order or a voucher could not be read.
            OSError: A file could not be written.
        """
        check_kind("folder", folder, str | PathLike | None, "the path of a folder")
        with self._naming("vouchers"):
            order = await self._purchase.read()
            return await vouchers_of(self._areas.orders, order, folder)

    async def run(
        self,
        *,
        customer: Answers | None = None,
        participants: Mapping[UUID, Iterable[Answers]] | Mapping[str, Iterable[Answers]] | None = None,
        order: OrderOptions | None = None,
        payment: Payment | None = None,
        expected_total: Money | Price | None = None,
        polling: Polling | None = None,
        folder: str | PathLike[str] | None = None,
    ) -> Booking:
        """Do all that is left to do: fill in, order, pay, wait, fetch the vouchers.

        Args:
            customer: As for :meth:`set_customer`; None leaves the cart's customer as it is.
            participants: As for :meth:`set_participants`, by the id of the cart's item; None leaves them as they are.
            order: The options of :meth:`order`.
            payment: As for :meth:`pay`. One that is missing although there is something to pay, and one by invoice
                that the session may not make, are refused before the order is made.
            expected_total: As for :meth:`order` and :meth:`pay`.
            polling: The options of :meth:`wait`.
            folder: As for :meth:`vouchers`.

        Raises:
            FormError: Some answers are wrong. All of them are checked first, and one error names all that are wrong.
            ArgumentError: As for the steps.
            PriceChangedError: As for the steps.
            CheckoutError: A step failed; it says which.
            OSError: A file could not be written.
        """
        if participants is not None and not isinstance(participants, Mapping):
            raise ArgumentError("participants", "must be a mapping, by the ids of the cart's items")
        check_payment(payment)
        expected = as_money("expected_total", expected_total)
        check_kind("folder", folder, str | PathLike | None, "the path of a folder")
        _check_names("order", order or {}, OrderOptions)
        _check_names("polling", polling or {}, Polling)
        check_polling(**(polling or {}))
        listed = {
            require(participants=parameters.uuid(item)): check(participants=parameters.as_list(answers))
            for item, answers in (participants or {}).items()
        }
        if await self.find_order() is None:
            self._purchase.agree(expected)
            forms = await self.forms()
            with self._naming("run"):
                check_answers(forms, customer, listed)
                self._purchase.check_seen(payment)
            await self._fill(customer, listed)
        await self.order(payment=payment, expected_total=expected, **(order or {}))
        await self.pay(payment, expected_total=expected)
        settled = await self.wait(**(polling or {}))
        vouchers = await self.vouchers(folder)
        return Booking(self._purchase.order or settled, vouchers)

    def _naming(self, step: str) -> AbstractContextManager[None]:
        return naming(step, lambda: (self.cart_uuid, self.order_uuid))

    async def _change(self, step: str, work: Callable[[], Awaitable[T]], *key: NewCartItem | Money | None) -> T:
        with self._naming(step):
            return await self._steps.share((step, *key), work)

    async def _place(self, options: OrderOptions, payment: Payment | None, expected: Money | None) -> Order:
        self._purchase.agree(expected)
        if await self._purchase.find() is None:
            self._basket.check()
        return await self._purchase.place(options, payment)

    async def _pay(self, payment: Payment | None, expected: Money | None) -> Order:
        self._purchase.agree(expected)
        return await self._purchase.pay(payment)

    async def _fill(self, customer: Answers | None, participants: Mapping[UUID, list[Answers]]) -> None:
        try:
            if customer is not None:
                await self.set_customer(customer)
            for item, answers in participants.items():
                await self.set_participants(item, answers)
        except CheckoutError as failure:
            # Another process may have ordered the cart in the meantime, as somebody else filled it in.
            if not isinstance(failure.cause, LockedError) or await self.find_order() is None:
                raise


def _check_names(argument: str, options: Mapping[str, object], known: type) -> None:
    check_kind(argument, options, Mapping, "a mapping")
    unknown = sorted(set(options) - set(known.__annotations__))
    if unknown:
        raise ArgumentError(argument, f"has no {', '.join(unknown)}")
