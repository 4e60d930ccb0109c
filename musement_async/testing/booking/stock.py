"""The places that orders hold."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, time

from attrs import evolve

from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.catalogue.schedules import Product, Slot

_Key = tuple[str, date, time]


class Stock:
    """The number of taken places of each slot. A slot without a number of places never sells out."""

    def __init__(self) -> None:
        self._taken: Counter[_Key] = Counter()

    def left(self, activity: Activity, day: date, slots: Iterable[Slot]) -> list[Slot]:
        """The slots of a day, each with the places left after the orders."""
        return [self._left(slot, self._taken[activity.uuid, day, slot.time]) for slot in slots]

    def current(self, product: Product) -> Product:
        """A product whose slot has the places left after the orders."""
        (slot,) = self.left(product.activity, product.day, [product.slot])
        return evolve(product, slot=slot)

    def take(self, product: Product, quantity: int) -> None:
        """Hold places of a slot."""
        self._taken[_key(product)] += quantity

    def give_back(self, product: Product, quantity: int) -> None:
        """Release places of a slot."""
        self._taken[_key(product)] -= quantity

    def clear(self) -> None:
        """Release all places."""
        self._taken.clear()

    @staticmethod
    def _left(slot: Slot, taken: int) -> Slot:
        return evolve(slot, places=max(0, slot.places - taken)) if taken and slot.places >= 0 else slot


def _key(product: Product) -> _Key:
    return product.activity.uuid, product.day, product.slot.time
