"""Webhooks of Musement, for any web framework: credentials, updates, and the check for repeated ones."""

import base64
import hashlib
import hmac
from collections import OrderedDict
from uuid import UUID

import attrs

from musement_async import codec
from musement_async.errors import ArgumentError, WebhookError
from musement_async.models.webhooks import OrderItemUpdate
from musement_async.values import not_empty


def parse_order_item_update(body: bytes) -> OrderItemUpdate:
    """Read the body of a webhook.

    Args:
        body: The body of the request.

    Returns:
        The update. It always has the ids of order and item, the item's version and its status.

    Raises:
        WebhookError: The body is not an update, or lacks one of these values.
    """
    try:
        return codec.decode(body, OrderItemUpdate)
    except codec.Undecodable as problem:
        raise WebhookError(f"the body is not an update of an order item: {problem}") from problem


def _without_colon(_instance: object, attribute: "attrs.Attribute[str]", value: str) -> None:
    if ":" in value:
        raise ArgumentError(attribute.name, "must not contain a colon, which ends the name in HTTP Basic")


@attrs.frozen
class WebhookCredentials:
    """The credentials with which Musement calls your webhook, by HTTP Basic.

    Args:
        username: The username that you agreed on with Musement.
        password: The password; never shown.
    """

    username: str = attrs.field(validator=[not_empty, _without_colon])
    password: str = attrs.field(validator=not_empty, repr=False)

    def accepts(self, authorization: str | None) -> bool:
        """Whether a header has these credentials. The check takes the same time for all wrong credentials.

        Args:
            authorization: The value of the ``Authorization`` header; None if there is none.
        """
        expected = f"{self.username}:{self.password}".encode()
        # All digests are equally long, so the comparison does not reveal the password's length.
        return hmac.compare_digest(_digest(_shown(authorization)), _digest(expected))


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()


def _shown(authorization: str | None) -> bytes:
    scheme, _, shown = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(shown.strip(), validate=True)
    except ValueError:
        return b""


_LATEST_BY = 1000


def is_newer(version: int, known: int | None) -> bool:
    """Whether a version of an order item is newer than the known one.

    A version far below the known one counts as newer, too: the known one was wrong, and must not hide all later
    updates.
    """
    return known is None or version > known or version < known - _LATEST_BY


class Deliveries:
    """Recognises updates that arrive twice or late, by the versions of order items.

    The latest items are kept in the memory of one process.

    Args:
        capacity: How many items to remember.

    Raises:
        ArgumentError: ``capacity`` is not a whole number above 0.
    """

    def __init__(self, capacity: int = 10_000) -> None:
        if type(capacity) is not int or capacity < 1:
            raise ArgumentError("capacity", "must be a whole number above 0")
        self._capacity = capacity
        self._versions: OrderedDict[UUID, int] = OrderedDict()

    def __len__(self) -> int:
        """The number of remembered items."""
        return len(self._versions)

    def is_new(self, update: OrderItemUpdate) -> bool:
        """Whether an update is newer than all earlier ones of its item; the update is remembered.

        If your handling of the update fails, call :meth:`forget`; otherwise Musement's next attempt does not count as
        new.
        """
        item, version = update.order_item_uuid, update.order_item_version
        known = self._versions.get(item)
        if not is_newer(version, known):
            return False
        self._remember(item, version)
        return True

    def forget(self, update: OrderItemUpdate) -> None:
        """Forget an update, so that it is new when it arrives again. Older updates stay old."""
        item, version = update.order_item_uuid, update.order_item_version
        if self._versions.get(item) == version:
            self._versions[item] = version - 1

    def _remember(self, item: UUID, version: int) -> None:
        self._versions[item] = version
        self._versions.move_to_end(item)
        if len(self._versions) > self._capacity:
            self._versions.popitem(last=False)
