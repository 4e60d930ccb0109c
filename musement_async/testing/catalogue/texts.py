"""The texts of an activity, and the words in them that a search looks at."""

import re
import unicodedata
from functools import cached_property

from attrs import frozen


@frozen
class Texts:
    """The texts of an activity in one language; ``names`` are those of its sight, city and country."""

    title: str
    about: str
    names: str

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The words that a search looks at first."""
        return frozenset(words_of(f"{self.title} {self.names}"))

    @cached_property
    def all_words(self) -> frozenset[str]:
        """The words that a search looks at when it is extended to more content."""
        return self.title_words | frozenset(words_of(self.about))


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without accents."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(mark))
    return re.findall(r"\w+", plain)


def slug_of(text: str) -> str:
    """A text as part of a URL."""
    return "-".join(words_of(text))
