"""Taxonomies: standard phrases about activities: what is special, included and not included."""

from uuid import UUID

from musement_async.models._base import Model, OpenEnum


class TaxonomyType(OpenEnum):
    """The statement of a phrase about an activity."""

    HIGHLIGHT = "HIGHLIGHT"
    #: It is in the price.
    INCLUSION = "INCLUSION"
    #: It costs extra, or is not offered.
    EXCLUSION = "EXCLUSION"


class TaxonomyCategory(OpenEnum):
    """The subject of a phrase."""

    ACCOMMODATION = "ACCOMMODATION"
    ADDITIONAL_FEES_AND_COSTS = "ADDITIONAL-FEES-AND-COSTS"
    ART = "ART"
    EQUIPMENT = "EQUIPMENT"
    EXPLORE_THE_AREA = "EXPLORE-THE-AREA"
    FOOD_AND_DRINK = "FOOD-AND-DRINK"
    GUIDE_OPTIONS = "GUIDE-OPTIONS"
    MEALS = "MEALS"
    MISC = "MISC"
    MUSIC = "MUSIC"
    #: A phrase for one activity, not a standard phrase.
    NO_STANDARD = "NO-STANDARD"
    SEATING = "SEATING"
    SPECIAL_ACCESS = "SPECIAL-ACCESS"
    THEATRE = "THEATRE"
    TICKET_OPTIONS = "TICKET-OPTIONS"
    TOUR_OPTIONS = "TOUR-OPTIONS"
    TRANSPORTATION = "TRANSPORTATION"


class Taxonomy(Model, frozen=True, kw_only=True):
    """One phrase of an activity, or of the vocabulary they are taken from.

    Attributes:
        uuid: The phrase's UUID.
        name: The phrase, in the language asked for.
        type: The statement of the phrase; absent in the vocabulary, which is requested by type.
        category: The subject of the phrase.
    """

    uuid: UUID | None = None
    name: str | None = None
    type: TaxonomyType | None = None
    category: TaxonomyCategory | None = None
