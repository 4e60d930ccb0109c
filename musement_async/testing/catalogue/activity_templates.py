"""Templates of activities, from which the local catalogue is generated."""

from attrs import frozen


@frozen
class ActivityTemplate:
    """A template of activities.

    Titles and descriptions hold ``{place}`` (the sight of a kind that needs one, else the city) and ``{city}``.
    """

    code: str
    titles: dict[str, str]
    abouts: dict[str, str]
    flavour: str
    vertical: str
    categories: tuple[str, ...]
    euros: tuple[int, int]
    durations: tuple[tuple[str | None, str | None], ...]
    at_venue: bool = False
    booking_type: str = "CALENDAR-TIMESLOTS"
    services: tuple[str, ...] = ()
    food: tuple[str, ...] = ()


@frozen
class Variant:
    """A variant of a template: words appended to its title, and the changed fields."""

    suffixes: dict[str, str]
    group_size: tuple[str, ...] = ()
    pickup: bool = False
    factor: int = 100


VARIANTS = (
    Variant({"en": "", "it": ""}),
    Variant({"en": " in a small group", "it": " in piccolo gruppo"}, group_size=("small",), factor=130),
    Variant({"en": " with a private host", "it": " con accompagnatore privato"}, group_size=("private",), factor=260),
    Variant({"en": " for families", "it": " per famiglie"}, factor=110),
    Variant({"en": " in the morning", "it": " al mattino"}),
    Variant({"en": " with hotel pickup", "it": " con prelievo in hotel"}, pickup=True, factor=140),
)

_DAYLONG: tuple[tuple[str | None, str | None], ...] = (("PT8H", "PT10H"), (None, "PT9H"))
_SHORT: tuple[tuple[str | None, str | None], ...] = (("PT2H", "PT2H"), (None, "PT2H30M"), (None, "PT3H"))
_OPEN: tuple[tuple[str | None, str | None], ...] = ((None, None), (None, "P0D"))

TEMPLATES = (
    ActivityTemplate(
        "ticket",
        {"en": "{place}: entrance ticket", "it": "{place}: biglietto d'ingresso"},
        {
            "en": "One ticket, one entrance, as much time inside {place} as you like.",
            "it": "Un biglietto, un ingresso e tutto il tempo che vuoi: {place}.",
        },
        "entrance-tickets",
        "arts-culture",
        ("museums",),
        (9, 35),
        _OPEN,
        at_venue=True,
        booking_type="CALENDAR-NO-TIMESLOTS",
    ),
    ActivityTemplate(
        "fast-track",
        {"en": "{place}: skip-the-line ticket", "it": "{place}: biglietto salta fila"},
        {
            "en": "Walk past the queue at {place} and keep your morning for what is inside.",
            "it": "Supera la coda e tieni la mattina per quello che c'è dentro: {place}.",
        },
        "entrance-tickets",
        "arts-culture",
        ("attractions-and-monuments", "new-monuments"),
        (19, 55),
        _OPEN,
        at_venue=True,
    ),
    ActivityTemplate(
        "guided",
        {"en": "{place}: guided tour", "it": "{place}: visita guidata"},
        {
            "en": "A local guide tells the story of {place}, room by room and stone by stone.",
            "it": "Una guida locale racconta, sala per sala e pietra per pietra: {place}.",
        },
        "guided-tour",
        "sightseeing",
        ("new-attractions-guided-tours", "new-monuments"),
        (29, 95),
        _SHORT,
        at_venue=True,
        services=("tour-guide",),
    ),
    ActivityTemplate(
        "audio",
        {"en": "{place} with an audio guide", "it": "{place} con audioguida"},
        {
            "en": "Explore {place} at your own pace with a voice in your ear.",
            "it": "Esplora al tuo ritmo, con una voce all'orecchio: {place}.",
        },
        "audio-guided-tour",
        "arts-culture",
        ("museums", "attractions-and-monuments"),
        (15, 45),
        _SHORT,
        at_venue=True,
        services=("audioguide",),
    ),
    ActivityTemplate(
        "walk",
        {"en": "{city} walking tour of the old town", "it": "{city}: passeggiata nel centro storico"},
        {
            "en": "Lanes, courtyards and squares of {city} on foot, with a guide who lives there.",
            "it": "Vicoli, cortili e piazze a piedi con una guida che ci vive: {city}.",
        },
        "guided-tour",
        "sightseeing",
        ("new-walking-tours",),
        (12, 39),
        _SHORT,
        services=("tour-guide",),
    ),
    ActivityTemplate(
        "bike",
        {"en": "{city} bike tour", "it": "{city}: tour in bicicletta"},
        {
            "en": "An easy ride through {city}, helmets and a break for coffee included.",
            "it": "Un giro facile, casco e pausa caffè inclusi: {city}.",
        },
        "guided-tour",
        "adventure",
        ("new-bike-tours",),
        (25, 60),
        _SHORT,
    ),
    ActivityTemplate(
        "street-food",
        {"en": "{city} street food tour", "it": "{city}: tour dello street food"},
        {
            "en": "Six tastings in the markets of {city}, from the first bite to dessert.",
            "it": "Sei assaggi nei mercati, dal primo boccone al dolce: {city}.",
        },
        "guided-tour",
        "food-wine",
        ("new-food-wine", "new-walking-tours"),
        (39, 95),
        _SHORT,
        services=("tour-guide", "meal"),
        food=("meal-included",),
    ),
    ActivityTemplate(
        "cooking",
        {"en": "Cooking class in {city}", "it": "{city}: corso di cucina"},
        {
            "en": "Cook three dishes in a home kitchen in {city} and eat them at a long table.",
            "it": "Cucina tre piatti in una casa e mangiali a una lunga tavolata: {city}.",
        },
        "workshop",
        "food-wine",
        ("new-cooking-classes",),
        (59, 140),
        (("PT3H", "PT4H"),),
        services=("meal",),
        food=("meal-included",),
    ),
    ActivityTemplate(
        "bus",
        {"en": "{city} hop-on hop-off bus", "it": "{city}: autobus hop-on hop-off"},
        {
            "en": "See {city} from the top deck; get off where you like and take the next one.",
            "it": "Tutto dal piano superiore: scendi dove vuoi e prendi quello dopo, {city}.",
        },
        "audio-guided-tour",
        "sightseeing",
        ("new-hop-on-hop-off", "new-city-passes"),
        (20, 48),
        (("PT24H", "PT72H"), (None, "PT48H")),
        booking_type="NO-CALENDAR-FIXED-VALIDITY",
        services=("audioguide", "wheelchair"),
    ),
    ActivityTemplate(
        "day-trip",
        {"en": "Day trip from {city} with lunch", "it": "{city}: gita di un giorno con pranzo"},
        {
            "en": "Leave {city} after breakfast, see the countryside and be back for dinner.",
            "it": "Si parte dopo colazione, si vede la campagna e si torna per cena: {city}.",
        },
        "day-trip",
        "sightseeing",
        ("new-sightseeing-traditions",),
        (69, 189),
        _DAYLONG,
        booking_type="CALENDAR-NO-TIMESLOTS",
        services=("meal",),
        food=("meal-included",),
    ),
    ActivityTemplate(
        "pass",
        {"en": "{city} city pass", "it": "{city}: pass cittadino"},
        {
            "en": "Trams, buses and a dozen sights of {city} on one card.",
            "it": "Tram, autobus e una dozzina di attrazioni su una sola carta: {city}.",
        },
        "pass",
        "transfers",
        ("new-city-passes",),
        (35, 120),
        (("PT48H", "PT72H"),),
        booking_type="NO-CALENDAR-FIXED-END",
    ),
    ActivityTemplate(
        "transfer",
        {"en": "{city} airport transfer", "it": "{city}: trasferimento dall'aeroporto"},
        {
            "en": "A driver waits at arrivals and takes you to your address in {city}.",
            "it": "Un autista aspetta agli arrivi e ti porta al tuo indirizzo: {city}.",
        },
        "transfer",
        "transfers",
        ("new-transfers",),
        (25, 110),
        ((None, "PT1H"), ("PT30M", None)),
    ),
    ActivityTemplate(
        "concert",
        {"en": "Evening concert in {city}", "it": "{city}: concerto serale"},
        {
            "en": "Two hours of music in one of the fine halls of {city}.",
            "it": "Due ore di musica in una delle belle sale della città: {city}.",
        },
        "show",
        "entertainment",
        ("new-shows",),
        (22, 80),
        (("PT2H", "PT2H"),),
        services=("dress-code",),
    ),
)
