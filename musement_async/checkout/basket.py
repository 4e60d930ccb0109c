"""The contents of a cart, and the forms that they need."""

from uuid import UUID

from musement_async.checkout.choices import Choice, Choices, is_same
from musement_async.checkout.filling import read_forms
from musement_async.checkout.purchase import Purchase
from musement_async.checkout.results import CheckoutForms
from musement_async.checkout.steps import Steps
from musement_async.errors import ArgumentError
from musement_async.models.carts import Cart, CartItem
from musement_async.resources.namespaces import Namespaces
from musement_async.values import NewCartItem


class Basket:
    """The contents of a cart, which is made when it is first needed.

    Args:
        areas: The resources of the client.
        purchase: The order of the cart, and its payment.
        steps: The steps of the checkout.
        discount_code: The discount code of a new cart.
        cid: The campaign of a new cart.
    """

    def __init__(
        self, areas: Namespaces, purchase: Purchase, steps: Steps, *, discount_code: str | None, cid: str | None
    ) -> None:
        self._areas = areas
        self._purchase = purchase
        self._steps = steps
        self._discount_code = discount_code
        self._cid = cid
        self._choices = Choices()
        self._forms: CheckoutForms | None = None
        # Products that were taken out of the cart for another number of them, which then failed.
        self._lost: set[str] = set()

    async def read(self) -> Cart:
        """The cart as it is, made if there is none."""
        return await self._areas.carts.get(await self._make())

    async def add(self, item: NewCartItem, choice: Choice) -> CartItem:
        """Put tickets of a product into the cart, in place of those there, unless the cart has the same ones."""
        self._choices.check(choice)
        cart = await self.read()
        cart_uuid = self._purchase.cart()
        for held in (held for held in cart.items if held.product_id == item.product_identifier):
            if is_same(held, item):
                self._choices.take(choice)
                return held
            await self._areas.carts.remove_item(cart_uuid, held.uuid)
            self._lost.add(item.product_identifier)
        self._forms = self._purchase.agreed = None
        added = await self._areas.carts.add_items(cart_uuid, [item])
        self._lost.discard(item.product_identifier)
        self._choices.take(choice)
        return added[0]

    async def read_forms(self) -> CheckoutForms:
        """The forms as they are now."""
        cart, self._forms = await read_forms(self._areas.carts, self._purchase.cart())
        self._purchase.see(cart)
        return self._forms

    async def known_forms(self) -> CheckoutForms:
        """The forms as they were read since the cart was changed last."""
        return self._forms or await self.read_forms()

    def check(self) -> None:
        """Refuse to order a cart that differs from the choices.

        Raises:
            ArgumentError: Something fell out of the cart, or a slot has fewer tickets than it takes.
        """
        if self._lost:
            raise ArgumentError("product", f"{', '.join(sorted(self._lost))} fell out of the cart: add() it again")
        self._choices.check_least()

    async def _make(self) -> UUID:
        if self._purchase.cart_uuid is None:
            cart = await self._areas.carts.create(discount_code=self._discount_code, cid=self._cid)
            self._purchase.cart_uuid = cart.uuid
            self._steps.are_about(self._purchase.cart_uuid)
        return self._purchase.cart_uuid
