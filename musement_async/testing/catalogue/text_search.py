"""The search by words, as in a search engine: accents, case and endings do not matter."""

from collections.abc import Callable, Iterable, Sequence
from itertools import product

from attrs import frozen

from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.catalogue.texts import words_of
from musement_async.testing.server.headers import LANGUAGES
from musement_async.testing.server.query import Query

_ENGLISH_STOP_WORDS = ("a", "an", "and", "at", "for", "from", "in", "of", "on", "the", "to", "with")
_ITALIAN_STOP_WORDS = ("al", "alla", "con", "da", "dal", "del", "della", "di", "e", "il", "la", "per", "un")
_STOP_WORDS = frozenset((*_ENGLISH_STOP_WORDS, *_ITALIAN_STOP_WORDS))
_OPERATORS: dict[str, tuple[Callable[[Iterable[bool]], bool], ...]] = {"AUTO": (all, any), "AND": (all,), "OR": (any,)}
_EXTENSIONS = {"AUTO": (False, True), "YES": (True,), "NO": (False,)}
_MAX_LENGTHS_BY_EDITS = ((2, 0), (5, 1))


@frozen
class TextQuery:
    """The words of a search, and the options to compare them.

    Args:
        words: The words; None if the search has no text, empty if the text had only stop words.
        operator: Whether all words must occur, any of them, or (AUTO) all and, failing that, any.
        other_languages: Whether to look at other languages too; AUTO does so without results.
        content: Whether to look at more than titles and names; AUTO does so without results.
        fuzziness: How many letters may differ.
        everything: Whether a text with only stop words finds everything.
    """

    words: tuple[str, ...] | None
    operator: str
    other_languages: str
    content: str
    fuzziness: str
    everything: bool

    def find(self, candidates: Sequence[Activity], language: str) -> list[Activity]:
        """The candidates that match, better matches first, equal ones in their order."""
        if self.words is None or (self.everything and not self.words):
            return list(candidates)
        attempts = product(_OPERATORS[self.operator], _EXTENSIONS[self.other_languages], _EXTENSIONS[self.content])
        for combine, other_languages, content in attempts:
            languages = LANGUAGES if other_languages else (language,)
            hits = [(self._hits(activity, languages, content=content), activity) for activity in candidates]
            found = [(sum(hit), activity) for hit, activity in hits if hit and combine(hit)]
            if found:
                return [activity for _, activity in sorted(found, key=lambda pair: -pair[0])]
        return []

    def _hits(self, activity: Activity, languages: tuple[str, ...], *, content: bool) -> list[bool]:
        texts = [activity.texts[language] for language in languages]
        known = frozenset[str]().union(*(text.all_words if content else text.title_words for text in texts))
        return [any(_alike(word, other, self.fuzziness) for other in known) for word in self.words or ()]


def read_text_query(query: Query) -> TextQuery:
    """Read a text query from ``text`` and the parameters that belong to it."""
    text = query.text("text")
    return TextQuery(
        words=None if text is None else tuple(word for word in words_of(text) if word not in _STOP_WORDS),
        operator=query.choice("text_operator", ("AUTO", "AND", "OR")),
        other_languages=query.choice("extend_other_languages", ("AUTO", "YES", "NO")),
        content=query.choice("extend_content_fields", ("AUTO", "YES", "NO")),
        fuzziness=query.choice("fuzziness_level", ("LEVEL-0", "AUTO", "LEVEL-1", "LEVEL-2")),
        everything=query.choice("zero_terms_query", ("NONE", "ALL")) == "ALL",
    )


def _alike(wanted: str, other: str, fuzziness: str) -> bool:
    """Whether a word matches another one or its beginning: "museum" finds "museums"."""
    edits = int(fuzziness[-1]) if fuzziness.startswith("LEVEL") else _automatic_edits(wanted)
    return other.startswith(wanted) or (edits > 0 and _distance(wanted, other, edits) <= edits)


def _automatic_edits(word: str) -> int:
    return next((edits for length, edits in _MAX_LENGTHS_BY_EDITS if len(word) <= length), 2)


def _distance(one: str, other: str, most: int) -> int:
    """The number of letters to add, drop or change; above ``most``, any number that is greater."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        above, row[0] = row[0], place
        for column, against in enumerate(other, start=1):
            above, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, above + (letter != against))
    return row[-1]
