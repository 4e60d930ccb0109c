"""The forms of a cart, and a check of all answers at once."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TypeAlias
from uuid import UUID

from musement_async.checkout.results import CheckoutForms
from musement_async.errors import ArgumentError, DecodeError, FormError
from musement_async.forms import Form
from musement_async.models.carts import Cart
from musement_async.resources.carts import Carts

Answers: TypeAlias = Mapping[str, object]


async def read_forms(carts: Carts, cart_uuid: UUID) -> tuple[Cart, CheckoutForms]:
    """A cart, and the forms to fill in for it.

    Raises:
        DecodeError: One of the forms is too large.
    """
    customer = await carts.customer_schema(cart_uuid)
    cart = await carts.get(cart_uuid)
    participants: dict[UUID, Form] = {}
    for item in cart.items:
        schema = await carts.participants_schema(cart_uuid, item.uuid)
        if schema is not None:
            with _fillable(f"/carts/{cart_uuid}/items/{item.uuid}/participants/schema"):
                participants[item.uuid] = Form.for_participants(schema, item.quantity or 1)
    with _fillable(f"/carts/{cart_uuid}/customer/schema"):
        return cart, CheckoutForms(None if customer is None else Form(customer), participants)


def check_answers(forms: CheckoutForms, customer: Answers | None, participants: Mapping[UUID, list[Answers]]) -> None:
    """Refuse wrong answers, all in one error.

    Raises:
        FormError: Some are wrong.
    """
    problems: dict[str, str] = {}
    if customer is not None and forms.customer is not None:
        problems |= {f"customer.{label}": why for label, why in forms.customer.problems(customer).items()}
    for item, answers in participants.items():
        form = forms.participants.get(item)
        found = {"": "is not an item that asks for participants"} if form is None else form.problems(answers)
        problems |= {f"participants.{item}{label}": why for label, why in found.items()}
    if problems:
        raise FormError("answers", problems)


@contextmanager
def _fillable(path: str) -> Generator[None]:
    try:
        yield
    except ArgumentError as problem:
        message = f"GET {path}: 200, but nobody can fill in this form: {problem}"
        raise DecodeError(message, method="GET", path=path, status=200) from problem
