"""Escapes of control characters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musement_async.escaping import escape_controls


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\a", r"\x07"),
        ("one\r\ntwo", r"one\r\ntwo"),
        ("\x9b2J", r"\x9b2J"),
        ("abc\u202egpj", r"abc\u202egpj"),
        ("\u2066\u2069", r"\u2066\u2069"),
        ("one\u2028two", r"one\u2028two"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_a_control_character_becomes_an_escape(text: str, escaped: str) -> None:
    assert escape_controls(text) == escaped


@pytest.mark.parametrize("text", ["Città, 12\u00a0€", "日本", r"C:\new", "👩\u200d👧", "na\u200cme"])
def test_text_of_people_stays(text: str) -> None:
    assert escape_controls(text) == text


@given(st.text())
def test_an_escaped_text_is_one_line_without_controls_and_is_not_escaped_again(text: str) -> None:
    escaped = escape_controls(text)
    assert len(escaped.splitlines()) < 2
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in escaped)
    assert escape_controls(escaped) == escaped
