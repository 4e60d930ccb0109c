"""The choices for a cart, and the limits on how many tickets can be booked at once."""

from collections.abc import Iterable

import attrs

from musement_async.errors import ArgumentError
from musement_async.models.carts import CartItem
from musement_async.models.dates import ScheduleProduct, ScheduleSlot
from musement_async.models.products import Quantities
from musement_async.values import NewCartItem


@attrs.frozen
class Choice:
    """A number of tickets of one product, in a slot where that is known, in one of its languages."""

    product: ScheduleProduct
    quantity: int
    slot: ScheduleSlot | None = None
    language: str | None = None

    def in_slot_of(self, other: "Choice") -> bool:
        """Whether both are in one slot, even if that was read twice and places were sold in between."""
        return self.slot is not None and other.slot is not None and _ids(self.slot) == _ids(other.slot)


class Choices:
    """The products of a cart that were chosen here, each once."""

    def __init__(self) -> None:
        self._chosen: dict[str | None, Choice] = {}

    def check(self, choice: Choice) -> None:
        """Refuse a choice that the product or, with the others, the slot does not allow.

        Raises:
            ArgumentError: It does not, or the product is not one of the slot's.
        """
        _check_product(choice)
        slot = choice.slot
        if slot is None:
            return
        if choice.product.product_id not in _ids(slot):
            raise ArgumentError("slot", "must be the one that has the product")
        if slot.active is False or slot.cap == 0:
            raise ArgumentError("slot", "is closed: nothing can be booked")
        spoken = [language.code for language in slot.languages if language.code]
        if spoken and choice.language not in spoken:
            raise ArgumentError("language", f"must be one of {', '.join(spoken)}")
        total = sum(one.quantity for one in self._with(choice))
        if slot.cap is not None and total > slot.cap:
            raise ArgumentError("quantity", f"the slot takes {slot.cap} at most, over all products; this makes {total}")

    def take(self, choice: Choice) -> None:
        """Note a choice; it replaces an earlier one of the same product."""
        self._chosen[choice.product.product_id] = choice

    def check_least(self) -> None:
        """Refuse to go on while a slot has fewer than it needs.

        Raises:
            ArgumentError: One has.
        """
        for choice in self._chosen.values():
            total = sum(one.quantity for one in self._with(choice))
            if choice.slot is not None and total < choice.slot.least:
                least = choice.slot.least
                raise ArgumentError(
                    "quantity", f"the slot takes {least} at least, over all products; there are {total}"
                )

    def _with(self, choice: Choice) -> Iterable[Choice]:
        """A choice and the others in its slot."""
        product = choice.product.product_id
        others = (other for known, other in self._chosen.items() if known != product and other.in_slot_of(choice))
        return [choice, *others]


def is_same(held: CartItem, item: NewCartItem) -> bool:
    """Whether an item of the cart is the wanted one; a value that the cart does not tell counts as equal."""
    product = held.product
    spoken = held.language or (product.language.code if product and product.language else None)
    pickup = product.pickup.uuid if product and product.pickup else None
    alike = ((spoken, item.language), (pickup, item.pickup))
    return held.quantity == item.quantity and all(None in pair or str(pair[0]) == str(pair[1]) for pair in alike)


def _ids(slot: ScheduleSlot) -> frozenset[str | None]:
    return frozenset(product.product_id for product in slot.products)


def _check_product(choice: Choice) -> None:
    product, quantity = choice.product, choice.quantity
    if not product.accepts(quantity):
        raise ArgumentError("quantity", f"must be {_span(product)} for this product")


def _span(limits: Quantities) -> str:
    if not limits.is_open:
        return "0, as nothing can be booked,"
    return f"{limits.least} at least" if limits.cap is None else f"from {limits.least} to {limits.cap}"
