"""Generated reviews: as many as each activity states, with the ratings that it states."""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from random import Random
from zlib import crc32

from attrs import frozen

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.cities import COUNTRIES, Country

TRAVELER_TYPES = ("ALONE", "AS-A-COUPLE", "WITH-FAMILY", "WITH-FRIENDS")
# The API rates reviews up to 10, and activities and comments up to 5.
RATING_PER_STAR = 2

_LOCALES = (("en-GB", "GB"), ("en-US", "US"), ("it-IT", "IT"), ("de-DE", "DE"), ("fr-FR", "FR"), ("es-ES", "ES"))
_NAMES = ("Alex", "Bruna", "Chiara", "David", "Emma", "Franz", "Giulia", "Hugo", "Ines", "Jonas", "Katia", "Luca")
_INITIALS = "ABCDEFGHIKLMNOPRSTVWZ"
_DAYS_BACK = 1000

# A title and a text in each language, for one star to five.
_TEXTS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Not for us", "Nobody was there to meet us and nobody answered the telephone."),
        ("Too crowded", "Half of the time went by in queues; the rest was fine."),
        ("Decent", "A pleasant afternoon, a little short for the price."),
        ("Worth it", "Well organised, and we learned a lot on the way."),
        ("Wonderful", "The best hours of our holiday. Go early and take your time."),
    ),
    "it": (
        ("Peccato", "All'appuntamento non c'era nessuno e il telefono squillava a vuoto."),
        ("Troppa gente", "Metà del tempo in coda; il resto andava bene."),
        ("Discreto", "Un bel pomeriggio, un po' breve per il prezzo."),
        ("Vale la pena", "Ben organizzato, e abbiamo imparato molto."),
        ("Meraviglioso", "Le ore più belle della vacanza. Andate presto e senza fretta."),
    ),
    "de": (
        ("Leider nein", "Am Treffpunkt war niemand, und ans Telefon ging auch keiner."),
        ("Zu voll", "Die halbe Zeit standen wir an, der Rest war in Ordnung."),
        ("Ganz gut", "Ein netter Nachmittag, für den Preis etwas kurz."),
        ("Lohnt sich", "Gut organisiert, und gelernt haben wir auch etwas."),
        ("Großartig", "Die schönsten Stunden der Reise. Früh hingehen und Zeit mitbringen."),
    ),
    "fr": (
        ("Dommage", "Personne au rendez-vous, et le téléphone sonnait dans le vide."),
        ("Trop de monde", "La moitié du temps dans les files ; le reste allait bien."),
        ("Correct", "Un après-midi agréable, un peu court pour le prix."),
        ("À faire", "Bien organisé, et nous avons beaucoup appris."),
        ("Merveilleux", "Les plus belles heures du voyage. Partez tôt et sans vous presser."),
    ),
    "es": (
        ("Una pena", "No había nadie en el punto de encuentro y el teléfono sonaba en vano."),
        ("Demasiada gente", "La mitad del tiempo en colas; lo demás, bien."),
        ("Aceptable", "Una tarde agradable, algo corta para lo que cuesta."),
        ("Vale la pena", "Bien organizado, y aprendimos mucho."),
        ("Maravilloso", "Las mejores horas del viaje. Id temprano y sin prisa."),
    ),
}


@frozen
class GeneratedReview:
    """A customer's review of an activity, which the older operations call a comment."""

    activity: Activity
    index: int
    stars: int
    written: datetime

    @property
    def uuid(self) -> str:
        """The UUID, from which :func:`find_comment` finds the review again."""
        mark = f"{crc32(f'{self.activity.uuid}/{self.index}'.encode()):08x}"
        return f"{self.activity.number:08x}-{self.index:04x}-8{mark[:3]}-a{mark[3:6]}-{self.activity.uuid[-12:]}"

    @property
    def rating(self) -> int:
        """The rating on the scale of reviews."""
        return self.stars * RATING_PER_STAR

    @property
    def locale(self) -> str:
        """The language it is written in."""
        return self._origin[0]

    @property
    def country(self) -> Country:
        """The customer's country."""
        return COUNTRIES[self._origin[1]]

    @property
    def title(self) -> str:
        """The title; empty if there is no text."""
        return self._texts[0]

    @property
    def text(self) -> str:
        """The text; empty for customers who gave only stars."""
        return self._texts[1]

    @property
    def traveler_type(self) -> str | None:
        """The company that the customer travelled in; None if they did not say."""
        drawn = self._draw("company") % 6
        return TRAVELER_TYPES[drawn] if drawn < len(TRAVELER_TYPES) else None

    @property
    def author(self) -> tuple[str, str]:
        """A first name and an initial."""
        drawn = self._draw("author")
        return _NAMES[drawn % len(_NAMES)], f"{_INITIALS[drawn % len(_INITIALS)]}."

    @property
    def _origin(self) -> tuple[str, str]:
        return _LOCALES[self._draw("origin") % len(_LOCALES)]

    @property
    def _texts(self) -> tuple[str, str]:
        return ("", "") if self._draw("text") % 4 == 0 else _TEXTS[self.locale[:2]][self.stars - 1]

    def _draw(self, what: str) -> int:
        return crc32(f"{self.activity.uuid}/{self.index}/{what}".encode()) >> 8


def generated_reviews(activity: Activity, today: date) -> list[GeneratedReview]:
    """All generated reviews of an activity, the newest first."""
    stars = [star for star, count in enumerate(activity.reviews, start=1) for _ in range(count)]
    Random(activity.uuid).shuffle(stars)  # noqa: S311 - reproducible on purpose
    midnight = datetime.combine(today, time(), tzinfo=UTC)
    age = timedelta(days=_DAYS_BACK) / max(len(stars), 1)
    return [
        GeneratedReview(activity, index, star, _written(midnight - age * index)) for index, star in enumerate(stars)
    ]


def _written(moment: datetime) -> datetime:
    return (moment - timedelta(hours=5)).replace(microsecond=0)


_MOST_COMMENTS = 50


def comments(activity: Activity, today: date) -> list[GeneratedReview]:
    """The reviews that the older operations return."""
    return list(islice(generated_reviews(activity, today), _MOST_COMMENTS))


_UUID = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-8.*", re.ASCII)


def find_comment(catalogue: Catalogue, uuid: str) -> GeneratedReview | None:
    """The comment with a UUID; None where there is none."""
    parts = _UUID.fullmatch(uuid.lower())
    number = int(parts[1], 16) if parts else 0
    if not 1 <= number <= len(catalogue.activities):
        return None
    known = comments(catalogue.activities[number - 1], catalogue.today)
    return next((review for review in known if review.uuid == uuid.lower()), None)
