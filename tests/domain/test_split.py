from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from unsched import (
    Booking,
    Delegation,
    Effort,
    InputError,
    Problem,
    Room,
    Schedule,
    Seats,
    Session,
    Venue,
    Window,
    solve,
    split,
)
from unsched.domain.segment import Segment
from unsched.rules import Before, OneOf, PreferOption

WHOLE = Session(
    "wg",
    "Working Group",
    180,
    shortest=120,
    required=["greece"],
    languages=["fr"],
    room="I",
    priority=2,
    blocks=["regular", "lunch"],
)


def test_parts_keep_every_fact_but_length_id_and_title() -> None:
    one, two = split(WHOLE)
    assert (one.id, one.title, one.minutes) == ("wg-1", "Working Group (1 of 2)", 90)
    assert (two.id, two.title, two.minutes) == ("wg-2", "Working Group (2 of 2)", 90)
    expected = evolve(WHOLE, shortest=None, optional=True)
    for part in (one, two):
        assert evolve(part, id="wg", title=WHOLE.title, minutes=180) == expected


def test_lengths_and_ids_are_as_asked_for() -> None:
    parts = split(WHOLE, [60, 60, 30], ["a", "b", "c"])
    assert [(part.id, part.title, part.minutes) for part in parts] == [
        ("a", "Working Group (1 of 3)", 60),
        ("b", "Working Group (2 of 3)", 60),
        ("c", "Working Group (3 of 3)", 30),
    ]


@pytest.mark.parametrize(
    ("more", "minutes", "ids", "path", "message", "remedy"),
    [
        ({}, [90], None, "minutes", "(90,) is no split", "two lengths or more."),
        ({}, 90, None, "minutes", "90 is not a list", "put it in brackets: [...]."),
        ({}, [90, 0], None, "minutes[1]", "0 is less than 1", "1 or more of minutes."),
        ({}, [90, 90], ["a"], "ids", "1 ids for 2 parts", "an id for each part."),
        ({}, [90, 90], ["a", "a"], "ids[1]", "'a' comes twice", "leave one out."),
        ({}, [90, 90], 7, "ids", "7 is not a list", "put it in brackets: [...]."),
        ({}, [90, 90], ["wg", "a"], "ids[0]", "'wg' is the id of the session itself", "an id of its own."),
        (
            {"segments": [Segment(30), Segment()]},
            [90, 90],
            None,
            "session.segments",
            "'wg' has segments, and a split cannot say which part each belongs to",
            "parts written out as sessions.",
        ),
        (
            {"start": "2010-12-17T10:00"},
            [90, 90],
            None,
            "session.start",
            "'wg' has a fixed start, and its parts cannot all start then",
            "no fixed start, and a rule that pins the session to it.",
        ),
    ],
)
def test_what_is_in_the_way_of_a_split_is_said(
    more: dict[str, Any], minutes: Any, ids: Any, path: str, message: str, remedy: str
) -> None:
    with pytest.raises(InputError) as caught:
        split(evolve(WHOLE, **more), minutes, ids)
    [fault] = caught.value.faults
    assert (fault.path, fault.message, fault.remedy) == (path, message, remedy)
    assert caught.value.source == "the parts of session 'wg'"


def test_a_session_is_split_at_a_price_and_stands_whole_where_it_can() -> None:
    long = evolve(WHOLE, shortest=None, room=None, blocks=["regular"], languages=[], optional=True)
    parts = split(long)
    rules = [
        OneOf([long.id, [part.id for part in parts]]),
        Before(parts[0].id, parts[1].id),
        PreferOption(long.id, weight=5),
    ]

    def plan(*others: Session) -> tuple[list[Booking], dict[int, int]]:
        window = Window("Europe/Zurich", ["2010-12-17"], step=30)
        facts = Problem(
            "p",
            window,
            Venue([Room("I", seats=Seats(table=9))]),
            [long, *parts, *others],
            delegations=[Delegation("greece")],
            rules=rules,
        )
        result = solve(facts, stop=Effort(5))
        assert isinstance(result.schedule, Schedule)
        return list(result.schedule), result.cost

    bookings, cost = plan()
    assert ([booking.session for booking in bookings], cost) == (["wg"], {0: 0, 1: 0})
    busy = [Session(f"body-{n}", "Body", 90) for n in (1, 2)]
    fixed = [evolve(one, start=f"2010-12-17T{clock}") for one, clock in zip(busy, ("10:00", "15:00"), strict=True)]
    bookings, cost = plan(*fixed)
    assert ([booking.session for booking in bookings], cost) == (["body-1", "wg-1", "body-2", "wg-2"], {0: 0, 1: 5})
