"""Articles about the countries of the local catalogue, on sites that do not exist."""

from itertools import product

from attrs import frozen

from musement_async.testing.catalogue.cities import COUNTRIES, Country
from musement_async.testing.rendering.activities import Json, image_url, page_url
from musement_async.testing.server.collection import Collection


@frozen
class ExternalLink:
    """An article about a country."""

    id: int
    country: Country
    topic: str
    abstracts: dict[str, str]
    author: str

    def json(self, language: str) -> Json:
        """The link of ``GET /external-links/{externalLinkId}``."""
        name = self.country.names[language]
        return {
            "id": self.id,
            "abstract": self.abstracts[language].format(country=name),
            "url": page_url(language, "magazine", self.country.names["en"], self.topic),
            "cover_image_url": image_url("country", f"{self.country.iso_code}-{self.topic}"),
            "country_name": name,
            "author_name": self.author,
            "author_url": page_url(language, "authors", self.author),
            "author_avatar_image_url": image_url("author", self.author),
        }


_TOPICS = (
    ("first-trip", "Ten days in {country}: where to begin", "Dieci giorni in viaggio ({country})", "Ada Rossi"),
    ("food", "What to eat in {country}", "Che cosa mangiare ({country})", "Leo Bianchi"),
)

EXTERNAL_LINKS = Collection(
    "external link",
    lambda link: link.id,
    (
        ExternalLink(number, country, topic, {"en": english, "it": italian}, author)
        for number, (country, (topic, english, italian, author)) in enumerate(
            product(COUNTRIES.values(), _TOPICS), start=1
        )
    ),
)
