from __future__ import annotations

import pytest

from unsched import (
    Booking,
    Contact,
    Delegation,
    Group,
    Person,
    Problem,
    Room,
    Schedule,
    Seats,
    Session,
    Venue,
    Window,
)


@pytest.fixture
def problem() -> Problem:
    """A day of the panel: an open consultation, a drafting group, a coordination and a briefing."""
    seats = Seats(podium=9, table=100, side=50)
    return Problem(
        "cstd-2010",
        Window("Europe/Zurich", ["2010-12-17"]),
        Venue(
            [
                Room("XXVI", "Room XXVI", "E", seats, 9),
                Room("XII", None, "A", seats, 9),
                Room("IX", None, None, seats, 0),
            ],
            name="Palais des Nations, Geneva",
        ),
        sessions=[
            Session(
                "consultation",
                "Open consultation",
                180,
                body="CSTD",
                kind="plenary",
                tags=["wg", "igf"],
                required=["African States"],
                invited=["CH"],
                chair="riehl",
                languages=["English", "French"],
                features=["webcast"],
                description="With all entities in consultative status.",
            ),
            Session("drafting", "Drafting group", 60, body="CSTD", required=["IR"], access="governments"),
            Session("coordination", "African States", 60, required=["African States"], access="members"),
            Session("briefing", "Briefing", 60, required=["speaker"], invited=["guest"]),
        ],
        delegations=[
            Delegation("CH", "Switzerland"),
            Delegation("EG", "Egypt", groups=["African States"]),
            Delegation("IR", "Iran, Islamic Republic of"),
            Delegation("LT"),
        ],
        persons=[
            Person("riehl", "Vice-Chair", delegation="CH"),
            Person("speaker", delegation="LT"),
            Person("guest", delegation="IR"),
        ],
        groups=[Group("African States"), Group("Nobody yet")],
        title="Inter-sessional panel",
        organizer=Contact("CSTD secretariat", "stdev@example.org"),
    )


@pytest.fixture
def schedule() -> Schedule:
    """Its sessions, all in order; the briefing is still without a place."""
    return Schedule(
        "cstd-2010",
        "Europe/Zurich",
        [
            Booking("drafting", "XII", "2010-12-17T15:00+01:00", "2010-12-17T16:00+01:00"),
            Booking("consultation", "XXVI", "2010-12-17T10:00+01:00", "2010-12-17T13:00+01:00"),
            Booking("coordination", "XII", "2010-12-17T09:00+00:00", "2010-12-17T10:00+00:00"),
        ],
        revision=3,
        stamp="2010-12-06T13:00:00+01:00",
    )
