from __future__ import annotations

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unsched.calendar.text import Text, one_line, parameter, plain


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_break_that_some_reader_knows_is_a_line_feed(line_break: str) -> None:
    assert plain(f"a{line_break}b") == "a\nb"


def test_control_characters_go_and_what_people_write_stays() -> None:
    assert plain("a\x00b\x1b[31m\x7f\x9b\td") == "ab[31m\td"
    assert plain("جلسة \u202bعامة\u202c 🗳️ e\u0301") == "جلسة \u202bعامة\u202c 🗳️ e\u0301"


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert plain("a\ud800b") == "a\ufffdb"


@given(st.text())
def test_one_line_is_one_line_whatever_the_reader_splits_at(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert one_line(one_line(text)) == one_line(text)


@given(st.text(st.characters(exclude_categories=[])))
def test_a_parameter_has_nothing_that_some_reader_takes_for_an_escape_but_the_caret(text: str) -> None:
    assert not set(parameter(text)) & set('"\\\r\n')


@given(st.text(st.sampled_from("\\nN,;: \nab"), max_size=12))
def test_a_text_comes_back_as_it_was_written(text: str) -> None:
    event = icalendar.Event()
    event.add("SUMMARY", Text(text))
    assert str(icalendar.Event.from_ical(event.to_ical())["SUMMARY"]) == text


def test_a_path_with_a_capital_n_is_no_line_break() -> None:
    assert Text(r"C:\New").to_ical() == rb"C:\\New"
