"""The price tags of the local catalogue: each variant of a ticket for each kind of holder."""

from itertools import product
from typing import Any

from attrs import frozen

from musement_async.testing.catalogue.vocabulary import Term


@frozen
class Holder:
    """The people that a ticket is for."""

    code: str
    names: dict[str, str]
    ages: str


@frozen
class PriceTag:
    """A variant of a ticket for a kind of holder."""

    id: int
    feature: Term
    holder: Holder
    default_feature: bool
    default_holder: bool

    @property
    def code(self) -> str:
        """Both codes in one, in the form that paths have."""
        return f"{self.holder.code}|{self.feature.code}"

    def json(self, language: str) -> dict[str, Any]:
        """The price tag of ``GET /pricetags/{id}``."""
        return {
            "id": self.id,
            "code": self.code,
            "price_feature": self.feature.names[language],
            "ticket_holder": self.holder.names[language],
            "price_feature_code": self.feature.code,
            "ticket_holder_code": self.holder.code,
            "age_info": self.holder.ages,
            "default": self.default_feature and self.default_holder,
            "default_feature": self.default_feature,
            "default_holder": self.default_holder,
        }


PRICE_FEATURES = (
    Term("STANDARD", {"en": "Standard ticket", "it": "Biglietto standard"}),
    Term("GUIDED", {"en": "Ticket with a guide", "it": "Biglietto con guida"}),
)
HOLDERS = (
    Holder("ADULT", {"en": "Adult", "it": "Adulto"}, "18-99"),
    Holder("CHILDREN", {"en": "Child", "it": "Bambino"}, "6-17"),
    Holder("SENIOR", {"en": "Senior", "it": "Anziano"}, "65-99"),
)

PRICE_TAGS = {
    number: PriceTag(number, feature, holder, feature is PRICE_FEATURES[0], holder is HOLDERS[0])
    for number, (feature, holder) in enumerate(product(PRICE_FEATURES, HOLDERS), start=1)
}
