"""The choice of tickets in ``musement book``."""

from collections.abc import Callable, Sequence
from datetime import time as clock
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from musement_async.cli.choosing import BookingOptions, _slot
from musement_async.cli.dialogue import Dialogue
from musement_async.cli.errors import CommandError
from musement_async.cli.tickets import ChosenTicket, choose_tickets, span_from_0, total_of
from musement_async.models import Activity, Price, ScheduleGroup, ScheduleProduct, ScheduleSlot

ADULT = ScheduleProduct(
    product_id="A",
    name="Adult",
    holder_code="ADULT",
    max_buy=9,
    retail_price=Price(value=Decimal("10.50"), currency="EUR", formatted_value="€ 10.50"),
)
CHILD = ScheduleProduct(product_id="C", name="Child", holder_code="CHILD", max_buy=0)
DEAR = ScheduleProduct(
    product_id="D", retail_price=Price(value=Decimal("1234.50"), currency="USD", formatted_value="$ 1,234.50")
)
INFANT = ScheduleProduct(
    product_id="I", name="Infant", min_buy=2, max_buy=4, retail_price=Price(value=Decimal(2), currency="EUR")
)


def test_what_is_sold_out_is_said_to_be() -> None:
    slot = ScheduleSlot(time=clock(9, 30), products=(CHILD, ADULT))
    with pytest.raises(CommandError, match=r"^--quantity CHILD=1: Child is sold out$"):
        choose_tickets(slot, ["CHILD=1"], Dialogue(asks=False))
    (ticket,) = choose_tickets(slot, ["2"], Dialogue(asks=False))
    assert str(ticket) == "2 x Adult"
    full = ScheduleSlot(time=clock(11), products=(CHILD,))
    with pytest.raises(CommandError, match=r"^--time 11:00 is sold out: 09:30 is not$"):
        _slot(Activity(uuid=UUID(int=1)), ScheduleGroup(slots=(slot, full)), BookingOptions(time="11:00"), Dialogue())


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        ({"max_buy": 1}, "0 or 1"),
        ({"max_buy": 7}, "0 to 7"),
        ({}, "0 or more"),
        ({"min_buy": 2, "max_buy": 7}, "0, or 2 to 7"),
        ({"min_buy": 2, "max_buy": 2}, "0, or 2"),
        ({"min_buy": 2}, "0, or 2 or more"),
    ],
    ids=repr,
)
def test_the_numbers_that_a_question_takes_are_told(limits: Any, text: str) -> None:
    assert span_from_0(ScheduleProduct(**limits)) == text


@pytest.mark.parametrize(
    ("tickets", "total"),
    [
        ([(ADULT, 2), (ADULT, 1), (CHILD, 0)], "€ 31.50"),
        ([(INFANT, 2), (ADULT, 1)], "14.50 EUR"),
        ([(ADULT, 1), (DEAR, 1)], ""),
        ([(DEAR, 1), (DEAR, 1)], "$ 2,469.00"),
        ([(ADULT, 2), (CHILD, 1)], ""),
        ([], ""),
    ],
    ids=["known", "plain", "two currencies", "thousands", "unknown", "nothing"],
)
def test_the_total_of_some_tickets_is_told_where_it_is_known(tickets: Any, total: str) -> None:
    assert total_of([ChosenTicket(*ticket) for ticket in tickets]) == total


GROUP = ScheduleProduct(product_id="G", name="Group", default=True, min_buy=4, age_range="18-99")


@pytest.mark.parametrize(
    ("slot", "questions", "chosen"),
    [
        (
            ScheduleSlot(products=(CHILD, ADULT, INFANT)),
            ("Adult, € 10.50 each: how many, 0 to 9? [1]", "Infant, 2 EUR each: how many, 0, or 2 to 4? [0]"),
            "1 x Adult",
        ),
        (
            ScheduleSlot(products=(ADULT, GROUP)),
            ("Adult, € 10.50 each: how many, 0 to 9? [0]", "Group (ages 18-99): how many, 0, or 4 or more? [4]"),
            "4 x Group",
        ),
        (ScheduleSlot(min_buy=3, products=(ADULT,)), ("Adult, € 10.50 each: how many, 0 to 9? [3]",), "3 x Adult"),
    ],
    ids=["the first", "the usual", "the slot's least"],
)
def test_the_least_of_the_usual_ticket_is_preselected(
    typed: Callable[[Sequence[str]], None],
    capsys: pytest.CaptureFixture[str],
    slot: ScheduleSlot,
    questions: Sequence[str],
    chosen: str,
) -> None:
    typed(["", ""])
    tickets = choose_tickets(slot, [], Dialogue())
    assert [str(ticket) for ticket in tickets] == [chosen]
    said = capsys.readouterr().err
    assert [question for question in questions if f"{question}: " not in said] == []


def test_no_more_of_a_ticket_is_preselected_than_there_is(typed: Callable[[Sequence[str]], None]) -> None:
    typed(["", "2"])
    tickets = choose_tickets(ScheduleSlot(min_buy=11, products=(ADULT, INFANT)), [], Dialogue())
    assert [str(ticket) for ticket in tickets] == ["9 x Adult", "2 x Infant"]


def test_more_than_a_slot_takes_is_asked_for_again(
    typed: Callable[[Sequence[str]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    typed(["4", "2", "0"])
    tickets = choose_tickets(ScheduleSlot(max_buy=5, products=(ADULT, INFANT)), [], Dialogue())
    assert [str(ticket) for ticket in tickets] == ["4 x Adult"]
    assert "must be 5 at most over all tickets, not 6\n" in capsys.readouterr().err


def test_who_goes_back_finds_the_numbers_preselected(typed: Callable[[Sequence[str]], None]) -> None:
    slot, dialogue = ScheduleSlot(products=(ADULT, INFANT)), Dialogue()
    typed(["3", "2", "", "<", "", ""])
    first, second = (choose_tickets(slot, [], dialogue) for _ in range(2))
    assert [str(ticket) for ticket in first] == ["3 x Adult", "2 x Infant"]
    assert second == first


def test_who_comes_back_begins_with_the_last_ticket(typed: Callable[[Sequence[str]], None]) -> None:
    slot, dialogue = ScheduleSlot(products=(ADULT, INFANT)), Dialogue()
    typed(["3", "2", "4", "<", "1", ""])
    choose_tickets(slot, [], dialogue)
    second, third = (choose_tickets(slot, [], dialogue, from_last=True) for _ in range(2))
    assert [str(ticket) for ticket in second] == ["3 x Adult", "4 x Infant"]
    assert [str(ticket) for ticket in third] == ["1 x Adult", "4 x Infant"]


def test_numbers_that_are_refused_are_not_preselected_again(typed: Callable[[Sequence[str]], None]) -> None:
    typed(["0", "0", "", ""])
    tickets = choose_tickets(ScheduleSlot(products=(ADULT, INFANT)), [], Dialogue())
    assert [str(ticket) for ticket in tickets] == ["1 x Adult"]
