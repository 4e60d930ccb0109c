"""Dates of activities, and the products that can be booked on them."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from musement_async.models._base import Model, OpenEnum, Time
from musement_async.models.labels import TranslatedMetadata
from musement_async.models.prices import Price
from musement_async.models.products import ProductType, Quantities


class ActivityDate(Model, frozen=True, kw_only=True):
    """A day on which an activity takes place. Not every activity tells prices by the day.

    Attributes:
        day: The day, in local time.
        sold_out: Whether nothing is left to book.
        retail_price: The price that the customer pays: with the fee, after the discount.
        retail_price_without_service_fee: The discounted price before the fee.
        service_fee: Musement's fee, part of ``retail_price``.
        original_retail_price: The price with the fee, before the discount.
        original_retail_price_without_service_fee: The price before discount and fee.
        discount_amount: The amount of the discount.
        merchant_price: The price that a partner pays Musement; only for partners with a contract.
        retail_prices_with_custom_discount: The customer's price with each of the requested ``discounts``.
    """

    day: date | None = None
    sold_out: bool | None = None
    retail_price: Price | None = None
    retail_price_without_service_fee: Price | None = None
    service_fee: Price | None = None
    original_retail_price: Price | None = None
    original_retail_price_without_service_fee: Price | None = None
    discount_amount: Price | None = None
    merchant_price: Price | None = None
    retail_prices_with_custom_discount: tuple[Price, ...] = ()

    @property
    def customer_price(self) -> Price | None:
        """The price that the customer pays, ``retail_price`` under a name that stands out among the prices."""
        return self.retail_price


class ScheduleProduct(Quantities, frozen=True, kw_only=True):
    """A ticket for one kind of participant in one slot; a cart takes it.

    Attributes:
        holder_code: Who may use it, in the supplier's words.
        holder_code_normalized: Who may use it, in words that all activities share, such as ``ADULT``.
        name: Who may use it, in the language asked for.
        description: A longer text about who may use it.
        type: The ``type`` for carts.
        default: Whether it is the one preselected.
        product_id: The ``product_identifier`` for carts. Opaque: some are numbers, some are very long.
        language_codes: The languages it is offered in.
        original_retail_price: The price with the fee, before the discount.
        original_retail_price_without_service_fee: The price before discount and fee.
        discount_amount: The amount of the discount.
        service_fee: Musement's fee, part of ``retail_price``.
        retail_price: The price that the customer pays: with the fee, after the discount.
        retail_price_without_service_fee: The discounted price before the fee.
        merchant_price: The price that a partner pays Musement; only for partners with a contract.
        supplier_original_retail_price: The price that the supplier set; for suppliers only.
        activity_uuid: The activity it belongs to.
        age_range: The ages it is for, such as ``0-99``.
    """

    holder_code: str | None = None
    holder_code_normalized: str | None = None
    name: str | None = None
    description: str | None = None
    type: ProductType | None = None
    default: bool | None = None
    product_id: str | None = None
    language_codes: tuple[str, ...] = ()
    original_retail_price: Price | None = None
    original_retail_price_without_service_fee: Price | None = None
    discount_amount: Price | None = None
    service_fee: Price | None = None
    retail_price: Price | None = None
    retail_price_without_service_fee: Price | None = None
    merchant_price: Price | None = None
    supplier_original_retail_price: Price | None = None
    activity_uuid: UUID | None = None
    age_range: str | None = None

    @property
    def customer_price(self) -> Price | None:
        """The price that the customer pays, ``retail_price`` under a name that stands out among the prices."""
        return self.retail_price


class ScheduleSlot(Quantities, frozen=True, kw_only=True):
    """A time of the day. Its limits hold for all its products together, in addition to their own.

    Attributes:
        id: The number of the slot; only suppliers see it.
        active: Whether it is on sale; suppliers see others too.
        time: When it begins, in local time. It has no meaning if the group's ``has_times`` is False, or if the activity
            is ``open``.
        languages: The languages to choose from; empty if there is no choice.
        products: What can be bought.
        tags: Labels of the slot; ``()`` where it has none.
    """

    id: int | None = None
    active: bool | None = None
    time: Time | None = None
    languages: tuple[TranslatedMetadata, ...] = ()
    products: tuple[ScheduleProduct, ...] = ()
    tags: tuple[TranslatedMetadata, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether any of its products can be booked."""
        return (
            self.active is not False and self.accepts(self.least) and any(product.is_open for product in self.products)
        )


class GroupType(OpenEnum):
    """Whether the times of a group's slots are part of the choice."""

    TIME_BASED = "TIME-BASED"
    #: A ticket is valid for the whole day: times have no meaning.
    DAY_BASED = "DAY-BASED"


class ScheduleGroup(Model, frozen=True, kw_only=True):
    """A variant of an activity, such as one with an audio guide, with its times and prices.

    Attributes:
        feature_code: The variant, the same in every language.
        name: The variant, in the language asked for.
        description: What the variant is, at length.
        default: Whether it is the one preselected.
        type: Whether the times of the slots have a meaning.
        slots: The times of the day.
    """

    feature_code: str | None = None
    name: str | None = None
    description: str | None = None
    default: bool | None = None
    type: GroupType | None = None
    slots: tuple[ScheduleSlot, ...] = ()

    @property
    def has_times(self) -> bool:
        """Whether the times of its slots have a meaning. For activities that are ``open``, they have none."""
        return self.type is not GroupType.DAY_BASED


class Schedule(Model, frozen=True, kw_only=True):
    """The timeslots and products that can be booked on one day.

    Attributes:
        groups: The variants of the activity that can be booked.
    """

    groups: tuple[ScheduleGroup, ...] = ()

    def offers(self) -> Iterator[tuple[ScheduleGroup, ScheduleSlot, ScheduleProduct]]:
        """Every product, with the group and the slot it is in."""
        for group in self.groups:
            for slot in group.slots:
                for product in slot.products:
                    yield group, slot, product
