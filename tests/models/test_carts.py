"""Carts and orders: available items, and settled orders."""

from datetime import timedelta
from uuid import UUID

from musement_async.codec import decode
from musement_async.models import Cart, CartItem, CartItemStatus, OrderItemRefundPolicy, Price

OK = CartItem(uuid=UUID(int=1), status=CartItemStatus.PREBOOK_OK)
KO = CartItem(uuid=UUID(int=2), status=CartItemStatus.PREBOOK_KO)


def test_a_cart_is_ok_if_it_has_something_and_all_of_it_can_be_had() -> None:
    carts = [
        Cart(uuid=UUID(int=2)),
        Cart(uuid=UUID(int=2), items=(OK,)),
        Cart(uuid=UUID(int=2), items=(OK, CartItem(uuid=UUID(int=1), status=CartItemStatus.PREBOOK_KO))),
    ]
    assert [cart.is_ok for cart in carts] == [False, True, False]


def test_the_customer_pays_the_retail_price() -> None:
    price = Price(currency="EUR")
    assert Cart(uuid=UUID(int=2), retail_price=price, full_price=Price()).customer_price == price


def test_a_refund_policy_tells_how_long_it_holds() -> None:
    policy = decode(b'{"applicable_until": "2026-12-01 09:30", "remaining_time": "P1DT2H"}', OrderItemRefundPolicy)
    assert policy.remaining == timedelta(days=1, hours=2)
    assert policy.applicable_until is not None
    assert policy.applicable_until.tzinfo is None
