"""Collections of things that operations create, read, update and delete."""

import pytest

from musement_async.testing.server.collection import Collection
from musement_async.testing.server.errors import Refusal


@pytest.fixture
def words() -> Collection[str]:
    return Collection("word", lambda word: word[0], ["apple", "berry"])


def test_things_keep_the_order_in_which_they_came(words: Collection[str]) -> None:
    assert words.add("aardvark") == "aardvark"
    words.add("cherry")
    assert (list(words), len(words)) == (["aardvark", "berry", "cherry"], 3)


def test_a_thing_that_is_not_there_is_refused_by_its_name(words: Collection[str]) -> None:
    assert (words.find("a"), words.find("z")) == ("apple", None)
    for ask in (words.get, lambda key: words.change(key, str.upper)):
        with pytest.raises(Refusal, match="There is no such word") as refused:
            ask("z")
        assert refused.value.status == 404


def test_a_cleared_collection_has_the_things_of_the_beginning(words: Collection[str]) -> None:
    assert words.change("a", str.upper) == words.get("a") == "APPLE"
    words.remove("b")
    words.clear()
    assert list(words) == ["apple", "berry"]


def test_a_collection_can_be_changed_while_somebody_goes_through_it(words: Collection[str]) -> None:
    for word in words:
        words.remove(word[0])
    assert list(words) == []
