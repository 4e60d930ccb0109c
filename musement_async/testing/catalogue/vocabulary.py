"""The vocabulary of the local catalogue: categories, flavours, features and more."""

from attrs import frozen


@frozen
class Term:
    """A code with a name in each language."""

    code: str
    names: dict[str, str]
    id: int = 0


@frozen
class Category:
    """A node of the category tree; the top ones have level 1 and no parent."""

    id: int
    code: str
    names: dict[str, str]
    level: int
    parent: str | None

    @property
    def parent_id(self) -> int | None:
        """The id of the category above it."""
        return None if self.parent is None else CATEGORIES[self.parent].id


def _terms(*rows: tuple[str, str, str]) -> dict[str, Term]:
    return {
        code: Term(code, {"en": english, "it": italian}, number)
        for number, (code, english, italian) in enumerate(rows, start=1)
    }


LANGUAGES = _terms(
    ("en", "English", "Inglese"),
    ("it", "Italian", "Italiano"),
    ("fr", "French", "Francese"),
    ("de", "German", "Tedesco"),
    ("es", "Spanish", "Spagnolo"),
    ("pt", "Portuguese", "Portoghese"),
    ("sv", "Swedish", "Svedese"),
    ("ja", "Japanese", "Giapponese"),
)

FEATURES = _terms(
    ("istant", "Instant confirmation", "Conferma immediata"),
    ("skip", "Skip the line", "Salta la coda"),
    ("official", "Official reseller", "Rivenditore ufficiale"),
    ("free-cancellation", "Free cancellation", "Cancellazione gratuita"),
    ("last-minute", "Last minute", "Ultimo minuto"),
    # A code without a translation is shown as its own key.
    ("local-pick", "features.local-pick", "features.local-pick"),
)

SERVICES = _terms(
    ("audioguide", "Audio guide", "Audioguida"),
    ("tour-guide", "Tour guide", "Guida turistica"),
    ("wheelchair", "Wheelchair access", "Accesso in sedia a rotelle"),
    ("dress-code", "Dress code", "Codice di abbigliamento"),
    ("pick-up", "Hotel pickup", "Prelievo in hotel"),
    ("meal", "Meal", "Pasto"),
)

GROUP_SIZES = _terms(
    ("small", "Small group", "Piccolo gruppo"),
    ("private", "Private group", "Gruppo privato"),
)

FOOD = _terms(("meal-included", "Meal included", "Pasto incluso"))

FLAVOURS = _terms(
    ("entrance-tickets", "Entrance tickets", "Biglietti d'ingresso"),
    ("guided-tour", "Guided tour", "Visita guidata"),
    ("audio-guided-tour", "Audio-guided tour", "Tour con audioguida"),
    ("day-trip", "Day trip", "Gita di un giorno"),
    ("workshop", "Workshop", "Laboratorio"),
    ("pass", "City pass", "Pass cittadino"),
    ("transfer", "Transfer", "Trasferimento"),
    ("show", "Show", "Spettacolo"),
)

VERTICALS = _terms(
    ("arts-culture", "Art and museums", "Arte e musei"),
    ("sightseeing", "Tours and sights", "Tour e attrazioni"),
    ("food-wine", "Food and wine", "Cibo e vino"),
    ("entertainment", "Shows and concerts", "Spettacoli e concerti"),
    ("adventure", "Outdoors", "All'aperto"),
    ("transfers", "Transfers and passes", "Trasferimenti e pass"),
)

# id, code, English and Italian name, level, parent
_CATEGORIES: tuple[tuple[int, str, str, str, int, str | None], ...] = (
    (13, "museums", "Museums", "Musei", 1, None),
    (76, "attractions-and-monuments", "Attractions and monuments", "Attrazioni e monumenti", 1, None),
    (209, "new-attractions-guided-tours", "Guided visits", "Visite guidate", 1, None),
    (212, "new-monuments", "Monuments", "Monumenti", 2, "new-attractions-guided-tours"),
    (210, "new-city-passes", "City passes", "Pass cittadini", 2, "new-attractions-guided-tours"),
    (185, "new-activities", "Activities", "Attività", 1, None),
    (190, "new-city-activities", "Activities in the city", "Attività in città", 2, "new-activities"),
    (192, "new-hop-on-hop-off", "Hop-on hop-off", "Hop-on hop-off", 3, "new-city-activities"),
    (193, "new-bike-tours", "Bike tours", "Tour in bicicletta", 3, "new-city-activities"),
    (194, "new-walking-tours", "Walking tours", "Tour a piedi", 3, "new-city-activities"),
    (214, "new-excursions-day-trips", "Excursions", "Escursioni", 1, None),
    (225, "new-sightseeing-traditions", "Sights and customs", "Luoghi e usanze", 2, "new-excursions-day-trips"),
    (230, "new-food-wine", "Food and wine", "Cibo e vino", 1, None),
    (231, "new-cooking-classes", "Cooking classes", "Corsi di cucina", 2, "new-food-wine"),
    (240, "new-shows", "Shows", "Spettacoli", 1, None),
    (250, "new-transfers", "Transfers", "Trasferimenti", 1, None),
)

CATEGORIES = {
    code: Category(number, code, {"en": english, "it": italian}, level, parent)
    for number, code, english, italian, level, parent in _CATEGORIES
}


def with_ancestors(codes: tuple[str, ...]) -> tuple[Category, ...]:
    """The categories with these codes, each after its ancestors, none twice."""
    found: dict[str, Category] = {}
    for code in codes:
        line: list[Category] = []
        step: str | None = code
        while step is not None:
            line.append(CATEGORIES[step])
            step = CATEGORIES[step].parent
        found.update({category.code: category for category in reversed(line)})
    return tuple(found.values())
