"""Categories, and the walk through their tree."""

import pytest

from musement_async.codec import decode
from musement_async.models import Category, City

BODY = b"""{
    "id": 185,
    "name": "Activities",
    "level": "1",
    "code": "new-activities",
    "event_image_url": "https://img.example.com/9.jpg",
    "cover_image_url": "https://img.example.com/185.jpg",
    "url": "https://www.example.com/us/rome/activities/",
    "city": {"id": 2, "name": "Rome"},
    "meta_description": "What to do in Rome",
    "meta_title": "Rome: Activities",
    "event_count": 31,
    "headline": "Activities in Rome",
    "parent_id": 1,
    "children": [{"id": 190, "children": [{"id": 192, "children": null}, {"id": 193}]}, {"id": 214, "children": []}]
}"""


def test_every_value_of_a_category_is_kept() -> None:
    assert decode(BODY, Category, strict=True) == Category(
        id=185,
        name="Activities",
        level=1,
        code="new-activities",
        event_image_url="https://img.example.com/9.jpg",
        cover_image_url="https://img.example.com/185.jpg",
        url="https://www.example.com/us/rome/activities/",
        city=City(id=2, name="Rome"),
        meta_description="What to do in Rome",
        meta_title="Rome: Activities",
        event_count=31,
        headline="Activities in Rome",
        parent_id=1,
        children=(
            Category(id=190, children=(Category(id=192), Category(id=193))),
            Category(id=214, children=()),
        ),
    )


def test_a_walk_goes_down_before_it_goes_on() -> None:
    walked = [(depth, category.id) for depth, category in decode(BODY, Category).walk()]
    assert walked == [(0, 185), (1, 190), (2, 192), (2, 193), (1, 214)]


@pytest.mark.parametrize("children", [None, ()])
def test_a_walk_without_children_is_one_step(children: tuple[Category, ...] | None) -> None:
    category = Category(id=192, level=3, children=children)
    assert list(category.walk()) == [(0, category)]


def test_a_walk_is_not_bounded_by_the_depth_of_the_stack() -> None:
    tree = Category(id=0)
    for number in range(1, 5000):
        tree = Category(id=number, children=(tree,))
    assert [depth for depth, _ in tree.walk()] == list(range(5000))
