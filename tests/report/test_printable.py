from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unsched.report.printable import clean, clean_lines, columns, pad, shorten


@given(st.text(alphabet=st.characters(codec=None)))
def test_no_text_sends_a_control_character_or_reorders_a_line(text: str) -> None:
    for char in clean(text):
        assert unicodedata.category(char) not in {"Cc", "Cs", "Zl", "Zp"}
        assert unicodedata.bidirectional(char) not in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text(alphabet=st.characters(codec=None)))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b]0;owned\x07", "a\\x1b]0;owned\\x07"),
        ("a\x9b31m", "a\\x9b31m"),
        ("a\u202eb", "a\\u202eb"),
        ("a\ud800", "a\\ud800"),
        ("a\tb\u2028c\x85d", "a b c d"),
    ],
)
def test_control_characters_are_shown_and_breaks_are_blanks(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize("text", ["Réunion", "会議", "اجتماع", "👩\u200d👩\u200d👧 family", "e\u0301"])
def test_letters_of_any_script_and_emoji_stay(text: str) -> None:
    assert clean(text) == text


def test_only_line_feeds_part_lines() -> None:
    assert clean_lines("a\x1b\nb\rc") == "a\\x1b\nb c"


def test_wide_characters_take_two_columns_and_joiners_none() -> None:
    assert columns("会議 A\u200d") == 6
    assert pad("会議", 6) == "会議  "


def test_a_text_wider_than_its_column_is_not_padded() -> None:
    assert pad("Room XXVI", 4) == "Room XXVI"


@given(st.text(alphabet="aé会e\u0301\u200d", max_size=200), st.integers(min_value=4, max_value=40))
def test_a_shortened_text_keeps_to_its_columns_and_says_that_it_is_cut(text: str, width: int) -> None:
    short = shorten(text, width)
    assert columns(short) <= width
    assert short == text or (short.endswith("...") and text.startswith(short.removesuffix("...")))


def test_a_pile_of_combining_marks_is_cut_although_it_takes_no_columns() -> None:
    assert shorten("a" + "\u0301" * 10_000, 10) == "a" + "\u0301" * 39 + "..."
