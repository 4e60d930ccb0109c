"""Updates that Musement sends to partners."""

from uuid import UUID

from musement_async.models._base import DateTime, Model
from musement_async.models.orders import OrderItemStatus


class OrderItemUpdate(Model, frozen=True, kw_only=True):
    """The body of a webhook: an item of an order changed.

    Attributes:
        order_id: Musement's number for the order.
        order_uuid: The order's UUID, for ``client.orders``.
        order_created: When the order was made.
        order_updated: When the order was last changed.
        order_version: How many times the order was changed.
        order_item_uuid: The item that changed.
        order_item_created: When the item was made.
        order_item_updated: When the item was last changed.
        order_item_version: How many times the item was changed; of two updates, the greater version is the later one.
        order_item_status: The new status of the item.
    """

    order_id: int | None = None
    order_uuid: UUID
    order_created: DateTime | None = None
    order_updated: DateTime | None = None
    order_version: int | None = None
    order_item_uuid: UUID
    order_item_created: DateTime | None = None
    order_item_updated: DateTime | None = None
    order_item_version: int
    order_item_status: OrderItemStatus
