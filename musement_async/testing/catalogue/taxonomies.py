"""The standard phrases of the local catalogue: what is special, included and not included."""

import uuid
from functools import cached_property
from typing import Any

from attrs import frozen

from musement_async.testing.catalogue.activities import Activity

# For each word in paths: the type of the phrases, and the field of an activity that has them.
TAXONOMY_KINDS = {
    "highlights": ("HIGHLIGHT", "highlights"),
    "inclusions": ("INCLUSION", "included"),
    "exclusions": ("EXCLUSION", "not_included"),
}

TAXONOMY_CATEGORIES = (
    "ADDITIONAL-FEES-AND-COSTS",
    "FOOD-AND-DRINK",
    "MISC",
    "TRANSPORTATION",
    "ACCOMMODATION",
    "TOUR-OPTIONS",
    "EQUIPMENT",
    "MUSIC",
    "ART",
    "GUIDE-OPTIONS",
    "MEALS",
    "SPECIAL-ACCESS",
    "TICKET-OPTIONS",
    "EXPLORE-THE-AREA",
    "THEATRE",
    "SEATING",
)


@frozen
class Phrase:
    """A phrase, with the service that an activity must have, or must not have, for the phrase to apply."""

    type: str
    category: str
    names: dict[str, str]
    with_service: str | None
    without_service: str | None

    @cached_property
    def uuid(self) -> str:
        """The UUID, derived from the English text, so always the same."""
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{self.type}/{self.names['en']}.local.musement.invalid"))

    def fits(self, activity: Activity) -> bool:
        """Whether the phrase applies to an activity."""
        services = activity.services
        return self.with_service in {None, *services} and self.without_service not in services

    def json(self, language: str) -> dict[str, Any]:
        """The phrase of ``GET /activity-taxonomies/{activityTaxonomyType}``."""
        return {"uuid": self.uuid, "name": self.names[language], "category": self.category}


# type, category, English and Italian text, service it needs, service that rules it out
_PHRASES: tuple[tuple[str, str, str, str, str | None, str | None], ...] = (
    (
        "HIGHLIGHT",
        "EXPLORE-THE-AREA",
        "Small details that most visitors miss",
        "Piccoli dettagli che sfuggono ai più",
        None,
        None,
    ),
    ("HIGHLIGHT", "TOUR-OPTIONS", "Free time at the end", "Tempo libero alla fine", None, None),
    ("HIGHLIGHT", "FOOD-AND-DRINK", "The taste of the place", "I sapori del posto", "meal", None),
    ("INCLUSION", "ADDITIONAL-FEES-AND-COSTS", "Booking fee", "Spese di prenotazione", None, None),
    ("INCLUSION", "MISC", "Help by telephone", "Assistenza telefonica", None, None),
    ("INCLUSION", "GUIDE-OPTIONS", "Local guide", "Guida locale", "tour-guide", None),
    ("INCLUSION", "EQUIPMENT", "Audio guide", "Audioguida", "audioguide", None),
    ("INCLUSION", "MEALS", "Meal", "Pasto", "meal", None),
    ("INCLUSION", "TRANSPORTATION", "Hotel pickup", "Prelievo in hotel", "pick-up", None),
    ("EXCLUSION", "FOOD-AND-DRINK", "Food and drinks", "Cibo e bevande", None, "meal"),
    ("EXCLUSION", "TRANSPORTATION", "Way to the meeting point", "Tragitto fino all'incontro", None, "pick-up"),
    ("EXCLUSION", "MISC", "Tips", "Mance", None, None),
)

PHRASES = tuple(
    Phrase(type_, category, {"en": english, "it": italian}, needed, refused)
    for type_, category, english, italian, needed, refused in _PHRASES
)


def phrases_of(activity: Activity, language: str) -> dict[str, list[str]]:
    """The standard phrases of an activity, by the fields that have them."""
    return {
        field: [phrase.names[language] for phrase in PHRASES if phrase.type == type_ and phrase.fits(activity)]
        for type_, field in TAXONOMY_KINDS.values()
    }
