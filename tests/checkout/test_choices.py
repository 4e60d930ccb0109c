"""Limits on how many tickets can be booked at once."""

import pytest

from musement_async import ArgumentError
from musement_async.checkout.choices import Choice, Choices
from musement_async.models import ScheduleProduct, ScheduleSlot, TranslatedMetadata

ADULT = ScheduleProduct(product_id="1", min_buy=1, max_buy=4)
CHILD = ScheduleProduct(product_id="2", min_buy=2, max_buy=-1)
SLOT = ScheduleSlot(min_buy=3, max_buy=6, products=(ADULT, CHILD))


def chosen(*taken: Choice) -> Choices:
    choices = Choices()
    for choice in taken:
        choices.take(choice)
    return choices


@pytest.mark.parametrize(
    ("product", "quantity", "problem"),
    [
        (ADULT, 5, "must be from 1 to 4 for this product"),
        (ADULT, 0, "must be from 1 to 4 for this product"),
        (CHILD, 1, "must be 2 at least for this product"),
        (ScheduleProduct(max_buy=0), 1, "must be 0, as nothing can be booked, for this product"),
        (ScheduleProduct(availability=2), 3, "must be from 1 to 2 for this product"),
    ],
)
def test_a_product_has_limits(product: ScheduleProduct, quantity: int, problem: str) -> None:
    with pytest.raises(ArgumentError, match=f"^quantity: {problem}$"):
        chosen().check(Choice(product, quantity))


def test_the_most_of_a_slot_holds_for_its_products_together() -> None:
    choices = chosen(Choice(ADULT, 4, SLOT))
    choices.check(Choice(CHILD, 2, SLOT))
    with pytest.raises(ArgumentError, match="quantity: the slot takes 6 at most, over all products; this makes 7"):
        choices.check(Choice(CHILD, 3, SLOT))


def test_the_same_product_again_replaces_what_was_chosen() -> None:
    choices = chosen(Choice(ADULT, 3, SLOT), Choice(CHILD, 2, SLOT))
    choices.check(Choice(ADULT, 4, SLOT))


def test_a_slot_that_was_read_again_is_the_same_slot() -> None:
    later = ScheduleSlot(min_buy=3, max_buy=6, availability=5, products=(ADULT, CHILD))
    with pytest.raises(ArgumentError, match="takes 5 at most"):
        chosen(Choice(ADULT, 4, SLOT)).check(Choice(CHILD, 2, later))


def test_the_products_of_other_slots_do_not_count() -> None:
    other = ScheduleSlot(max_buy=6, products=(ScheduleProduct(product_id="3"),))
    chosen(Choice(ADULT, 4, SLOT), Choice(CHILD, 2)).check(Choice(other.products[0], 6, other))


def test_the_least_of_a_slot_is_a_matter_of_the_end() -> None:
    choices = chosen()
    choices.check(Choice(ADULT, 2, SLOT))
    choices.take(Choice(ADULT, 2, SLOT))
    with pytest.raises(ArgumentError, match="quantity: the slot takes 3 at least, over all products; there are 2"):
        choices.check_least()
    choices.take(Choice(CHILD, 2, SLOT))
    choices.check_least()


def test_what_has_no_slot_needs_no_least() -> None:
    choices = chosen(Choice(ADULT, 1))
    choices.check(Choice(ADULT, 2))
    choices.check_least()


@pytest.mark.parametrize(
    ("slot", "problem"),
    [
        (ScheduleSlot(products=(CHILD,)), "must be the one that has the product"),
        (ScheduleSlot(products=(ADULT,), max_buy=0), "is closed"),
        (ScheduleSlot(products=(ADULT,), active=False), "is closed"),
    ],
)
def test_a_slot_has_to_have_the_product_and_to_be_open(slot: ScheduleSlot, problem: str) -> None:
    with pytest.raises(ArgumentError, match=f"^slot: {problem}"):
        chosen().check(Choice(ADULT, 1, slot))


def test_a_slot_that_offers_languages_needs_one_of_them() -> None:
    languages = (TranslatedMetadata(code="en"), TranslatedMetadata(name="Esperanto"), TranslatedMetadata(code="sv"))
    slot = ScheduleSlot(products=(ADULT,), languages=languages)
    chosen().check(Choice(ADULT, 1, slot, "sv"))
    for wrong in (None, "it", "EN"):
        with pytest.raises(ArgumentError, match=r"^language: must be one of en, sv$"):
            chosen().check(Choice(ADULT, 1, slot, wrong))


def test_a_slot_without_languages_leaves_them_to_the_api() -> None:
    for language in (None, "it"):
        chosen().check(Choice(ADULT, 1, SLOT, language))
