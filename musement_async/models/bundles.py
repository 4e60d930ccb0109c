"""Bundles: activities that are cheaper together."""

from musement_async.models._base import Model, OpenEnum
from musement_async.models.activities import Activity


class BundleType(OpenEnum):
    """The price that the discount of a bundle is taken off."""

    ON_EVERYTHING = "on_everything"
    #: The first activity keeps its price.
    FROM_SECOND = "from_second"
    NO_DISCOUNT = "no_discount"


class Bundle(Model, frozen=True, kw_only=True):
    """Activities recommended together with another one.

    Attributes:
        discount: 0 where there is none; in the unit that ``discount_type`` names.
        discount_type: What the number means; the API does not list the words for it.
        bundle_type: What the discount is taken off.
        rule_id: The rule of Musement's that made the bundle.
        activities: What is recommended, with their ``bundled_price`` where there is one.
    """

    discount: int | None = None
    discount_type: str | None = None
    bundle_type: BundleType | None = None
    rule_id: str | None = None
    activities: tuple[Activity, ...] = ()
