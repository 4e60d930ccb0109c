from collections.abc import Callable
from typing import Any

import httpx
import pytest

from musement_async.testing.catalogue.text_search import _distance
from musement_async.testing.catalogue.texts import slug_of, words_of

Browse = Callable[..., httpx.Response]


@pytest.fixture
def titles(browse: Browse) -> Callable[..., list[str]]:
    def search(text: str, **parameters: Any) -> list[str]:
        response = browse("/activities", **{"text": text, "limit": 100, **parameters})
        assert response.status_code == 200, response.text
        return [activity["title"] for activity in response.json()["data"]]

    return search


Titles = Callable[..., list[str]]


def test_words_have_neither_case_nor_accents() -> None:
    assert words_of("Città di Reykjavík, l'Ü!") == ["citta", "di", "reykjavik", "l", "u"]
    assert slug_of("Galleria dell'Accademia") == "galleria-dell-accademia"


def test_a_word_of_a_title_is_found(titles: Titles) -> None:
    found = titles("colosseum")
    assert found
    assert all("Colosseum" in title for title in found)


def test_the_beginning_of_a_word_is_found(titles: Titles) -> None:
    assert titles("colos") == titles("COLOSSEUM")


def test_accents_do_not_matter(titles: Titles) -> None:
    assert titles("schonbrunn") == titles("Schönbrunn")
    assert titles("schonbrunn")


def test_cities_and_countries_are_found_by_name(browse: Browse) -> None:
    found = browse("/activities", text="portugal", limit=100).json()["data"]
    assert {activity["city"]["country"]["iso_code"] for activity in found} == {"PT"}


def test_all_words_must_occur(titles: Titles) -> None:
    found = titles("rome bike", text_operator="AND")
    assert found
    assert all("Rome bike tour" in title for title in found)


def test_any_word_may_occur(titles: Titles) -> None:
    either = titles("bike cooking", text_operator="OR")
    assert any("bike" in title for title in either)
    assert any("Cooking" in title for title in either)


def test_no_activity_has_all_words_of_two_kinds(titles: Titles) -> None:
    assert titles("bike cooking", text_operator="AND") == []


def test_any_word_may_occur_where_all_never_do(titles: Titles) -> None:
    assert titles("bike cooking") == titles("bike cooking", text_operator="OR")


def test_all_words_are_asked_for_first(titles: Titles) -> None:
    assert titles("rome bike") == titles("rome bike", text_operator="AND")


def test_more_matching_words_come_first(titles: Titles) -> None:
    found = titles("rome bike", text_operator="OR")
    both = titles("rome bike", text_operator="AND")
    assert found[: len(both)] == both
    assert len(found) > len(both)


def test_descriptions_are_looked_at_on_demand(titles: Titles) -> None:
    assert titles("helmets", extend_content_fields="NO") == []
    found = titles("helmets", extend_content_fields="YES")
    assert found
    assert all("bike tour" in title for title in found)


def test_descriptions_are_looked_at_when_titles_have_nothing(titles: Titles) -> None:
    assert titles("helmets") == titles("helmets", extend_content_fields="YES")


def test_descriptions_are_left_alone_when_titles_have_something(titles: Titles) -> None:
    assert titles("concert") == titles("concert", extend_content_fields="NO")


def test_other_languages_are_looked_at_on_demand(titles: Titles) -> None:
    assert titles("bicicletta", extend_other_languages="NO") == []
    assert titles("bicicletta", extend_other_languages="YES")


def test_other_languages_are_looked_at_when_this_one_has_nothing(titles: Titles) -> None:
    assert titles("bicicletta") == titles("bicicletta", extend_other_languages="YES")


def test_titles_are_searched_in_the_language_of_the_request(titles: Titles) -> None:
    found = titles("bicicletta", language="it", extend_other_languages="NO")
    assert found
    assert all("in bicicletta" in title for title in found)


@pytest.mark.parametrize(
    ("text", "level", "finds"),
    [
        ("kolosseum", "LEVEL-0", False),
        ("kolosseum", "LEVEL-1", True),
        ("koloseum", "LEVEL-1", False),
        ("koloseum", "LEVEL-2", True),
        ("koloseum", "AUTO", True),
        ("rume", "AUTO", True),
        ("rumu", "AUTO", False),
        ("xo", "AUTO", False),
    ],
)
def test_letters_may_differ_as_far_as_wanted(titles: Titles, text: str, level: str, *, finds: bool) -> None:
    assert bool(titles(text, fuzziness_level=level, country_in="IT", extend_other_languages="NO")) is finds


def test_stop_words_are_not_looked_for(titles: Titles) -> None:
    assert titles("the colosseum", text_operator="AND") == titles("colosseum")


def test_nothing_but_stop_words_finds_nothing(titles: Titles) -> None:
    assert titles("of the") == []


def test_nothing_but_stop_words_finds_everything_on_demand(browse: Browse) -> None:
    assert browse("/activities", text="of the", zero_terms_query="ALL").json()["meta"]["count"] == 500


def test_an_empty_text_is_none(browse: Browse) -> None:
    assert browse("/activities", text="").json()["meta"]["count"] == 500


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "ab", 1), ("abc", "xabc", 1), ("kitten", "sitting", 3)],
)
def test_letters_to_change_are_counted(one: str, other: str, expected: int) -> None:
    assert _distance(one, other, 9) == _distance(other, one, 9) == expected


def test_words_of_very_different_lengths_are_not_compared() -> None:
    assert _distance("a", "abcdef", 2) == 3
