from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Problem, Room, Segment, Session, Venue, Window

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]


def test_a_segment_takes_what_is_left_and_is_open_unless_it_says_otherwise() -> None:
    segment = Segment(required="CHE", invited=["BRA", "IND"])
    assert (segment.minutes, segment.access, segment.title) == (None, "open", None)
    assert (segment.required, segment.invited) == (("CHE",), ("BRA", "IND"))


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"minutes": 0}, "minutes", "0 is less than 1", "1 or more of minutes."),
        ({"minutes": 7.5}, "minutes", "7.5 is not a whole number of minutes", "a number such as 1."),
        ({"access": "closed"}, "access", "'closed' is none of 'open', 'members', 'governments'", "'open'."),
        ({"required": ["CHE", "CHE"]}, "required[1]", "'CHE' comes twice", "leave one out."),
        ({"required": 5}, "required", "5 is not a list", "put it in brackets: [...]."),
        ({"invited": [5]}, "invited[0]", "5 is not a string", "'5'."),
        ({"title": 5}, "title", "5 is not a text", "put it in quotes."),
        ({"required": "CHE", "invited": "CHE"}, "invited", "'CHE' is required as well", "leave it out here."),
    ],
)
def test_a_wrong_segment_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: Segment(**fields)) == [(path, message, remedy)]


@pytest.mark.parametrize(
    ("segments", "path", "message", "remedy"),
    [
        (
            [Segment(), Segment(60)],
            "segments[0].minutes",
            "only the last may take what is left",
            "its length in minutes.",
        ),
        (
            [Segment(120), Segment(61)],
            "segments",
            "the segments take 181 minutes, and the session 180",
            "shorter segments, or none for the last, which takes what is left.",
        ),
        (
            [Segment(180), Segment()],
            "segments[1]",
            "nothing of the session is left for it",
            "shorter segments before it.",
        ),
        (
            [Segment(60, id="2"), Segment(60)],
            "segments[1].id",
            "'2' is what segments[0] is called",
            "an id that no other has, and no number of another.",
        ),
        (["open"], "segments[0]", "'open' is not a Segment", "a Segment(...)."),
        (5, "segments", "5 is not a list", "put it in brackets: [...]."),
    ],
)
def test_the_segments_of_a_session_follow_each_other_within_its_length(
    refused: Refused, segments: object, path: str, message: str, remedy: str
) -> None:
    fields: dict[str, Any] = {"segments": segments}
    assert refused(lambda: Session("s", "S", 180, **fields)) == [(path, message, remedy)]


def test_segments_may_be_alike_and_leave_time_over() -> None:
    session = Session("s", "S", 180, segments=[Segment(60), Segment(60)])
    assert session.segments == (Segment(60), Segment(60))


def test_whom_a_segment_names_has_to_be_known(refused: Refused) -> None:
    session = Session("s", "S", 180, segments=[Segment(60), Segment(required="CHE", invited=["x", "BRA"])])
    window = Window("UTC", ["2010-12-17"])
    assert refused(lambda: Problem("p", window, Venue([Room("I")]), [session])) == [
        ("sessions[0].segments[1].required[0]", "there is no delegation, group or person 'CHE'", None),
        ("sessions[0].segments[1].invited[0]", "there is no delegation, group or person 'x'", None),
        ("sessions[0].segments[1].invited[1]", "there is no delegation, group or person 'BRA'", None),
    ]
