"""Paths: no parameter leaves its segment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musement_async import ArgumentError
from musement_async.paths import build_path


def test_a_parameter_is_quoted() -> None:
    assert build_path("/tickets/{ticket_id}", ticket_id="a/b?c#d e%é").text == "/tickets/a%2Fb%3Fc%23d%20e%25%C3%A9"


@pytest.mark.parametrize("value", ["", " ", ".", "..", " .. "])
def test_a_parameter_that_would_be_a_path_is_refused_by_name(value: str) -> None:
    with pytest.raises(ArgumentError, match=r"^ticket_id: .* cannot be part of a path"):
        build_path("/tickets/{ticket_id}", ticket_id=value)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_no_text_leaves_its_segment(value: str) -> None:
    try:
        path = build_path("/tickets/{ticket_id}/pdf", ticket_id=value).text
    except ArgumentError:
        return
    assert path.count("/") == 3
    assert not {"?", "#", "\n", " "} & set(path)


def test_half_a_character_is_refused_by_name() -> None:
    with pytest.raises(ArgumentError, match=r"^ticket_id: holds a lone surrogate"):
        build_path("/tickets/{ticket_id}", ticket_id="\ud800")
