"""The example that a workbook starts from: three days of December 2010, small, and with something of everything."""

from __future__ import annotations

from datetime import date
from functools import partial

from unsched.domain.assumption import Assumption
from unsched.domain.people import Contact, Delegation, Group, Person
from unsched.domain.problem import Problem
from unsched.domain.segment import Segment
from unsched.domain.select import Select
from unsched.domain.session import Session
from unsched.domain.time import LUNCH, REGULAR, UN_HOURS, Block, Period
from unsched.domain.venue import Venue
from unsched.domain.window import Window
from unsched.palais.rooms import rooms
from unsched.rules.base import Rule
from unsched.rules.order import Before
from unsched.rules.parallel import AtMostTogether, Conflict, DeclaredConflicts
from unsched.rules.people import InvitedCanAttend
from unsched.rules.roomfit import PreferRoom
from unsched.rules.wishes import EndEarly, PreferTime

__all__ = ["example"]

_LAST = "2010-12-17"
_SIX = ("Arabic", "Chinese", "English", "French", "Russian", "Spanish")
_HOSTS = {"greece": "Greece", "brazil": "Brazil", "india": "India", "egypt": "Egypt", "lithuania": "Lithuania"}
_GROUPS = {
    "greece": "western-european",
    "brazil": "latin-american",
    "india": "asian",
    "egypt": "african",
    "lithuania": "eastern-european",
}
_NAMES = {
    "african": "African States",
    "asian": "Asian States",
    "eastern-european": "Eastern European States",
    "latin-american": "Latin American and Caribbean States",
    "western-european": "Western European and other States",
}
_HALL = "a hall for a whole commission; its own figure was not found"


def example() -> Problem:
    """Return a small problem in the setting of the founding case.

    The working group meets twice, its drafting group in between, regional groups before it, and the last morning is an
    open consultation in Room XXVI, part of it for governments only. What is not known of the rooms is assumed.
    """
    return Problem(
        "wg-december-2010",
        Window("Europe/Zurich", ["2010-12-15", "2010-12-16", _LAST], (*UN_HOURS, Block("13:15", "14:45", LUNCH))),
        Venue(
            [room for room in rooms(date(2010, 12, 17)) if room.id in ("VII", "IX", "XXVI")],
            name="Palais des Nations, Geneva",
        ),
        _sessions(),
        [Delegation(name, _HOSTS[name], groups=[_GROUPS[name], "hosts"]) for name in _HOSTS],
        [
            Person("vice-chair", "The Vice-Chair of the Commission"),
            Person("facilitator", "The facilitator of the drafting group", available=[Period(["2010-12-16", _LAST])]),
        ],
        [Group("hosts", "Hosts of the Internet Governance Forum"), *(Group(name, _NAMES[name]) for name in _NAMES)],
        _rules(),
        assumptions=[
            Assumption(_HALL, "room", "XXVI", "seats.podium", 8),
            Assumption("room for 20 Member States and 20 invited", "room", "XXVI", "seats.table", 120),
            Assumption("an open consultation was called there", "room", "XXVI", "seats.side", 80),
            Assumption("used for meetings in six languages; not counted", "room", "XXVI", "booths", 6),
        ],
        title="Working Group on the Internet Governance Forum, December 2010",
        organizer=Contact("CSTD secretariat (example)", "cstd@example.org"),
    )


def _sessions() -> list[Session]:
    working = partial(Session, body="CSTD Working Group", kind="working-group", access="members")
    return [
        *(
            Session(
                f"coordination-{name}",
                f"{_NAMES[name]}: coordination",
                60,
                body="Regional groups",
                kind="coordination",
                required=name,
                access="members",
                blocks=[REGULAR, LUNCH],
            )
            for name in ("african", "latin-american")
        ),
        working(
            "wg-1",
            "Working Group: first meeting, organization of work",
            180,
            required="hosts",
            chair="vice-chair",
            languages=_SIX,
            side_seats=20,
        ),
        Session(
            "drafting",
            "Drafting group",
            120,
            body="Drafting group",
            kind="drafting",
            required=["brazil", "greece"],
            invited=["india"],
            chair="facilitator",
            access="members",
        ),
        working(
            "wg-2",
            "Working Group: second meeting, report of the drafting group",
            180,
            required="hosts",
            chair="vice-chair",
            languages=_SIX,
            side_seats=20,
        ),
        Session(
            "consultation",
            "Open consultation of the Working Group",
            180,
            body="CSTD Working Group",
            kind="consultation",
            chair="vice-chair",
            invited="hosts",
            languages=_SIX,
            side_seats=60,
            start=f"{_LAST}T10:00",
            room="XXVI",
            segments=[
                Segment(20, title="Opening"),
                Segment(45, "governments", title="Governments only"),
                Segment(title="Open debate"),
            ],
        ),
        Session(
            "remote",
            "Side event: remote participation",
            90,
            kind="side-event",
            invited=["egypt", "india"],
            side_seats=30,
            blocks=[LUNCH],
        ),
        Session(
            "forums",
            "Side event: regional forums",
            90,
            kind="side-event",
            invited=["lithuania"],
            blocks=[LUNCH],
            optional=True,
            priority=1,
        ),
    ]


def _rules() -> list[Rule]:
    return [
        Before(Select(kinds="coordination"), "wg-1"),
        Before("wg-1", "drafting", least=60),
        Before("drafting", "wg-2"),
        Before("wg-2", "consultation"),
        AtMostTogether(2),
        DeclaredConflicts([Conflict("remote", "forums", 3), Conflict(Select(kinds="side-event"), "drafting", 2)]),
        InvitedCanAttend(),
        PreferTime("wg-1", [Period(["2010-12-15"], "15:00", "18:00")], weight=2, tier=2),
        PreferRoom(Select(bodies="CSTD Working Group"), "XXVI", tier=2),
        EndEarly(Select(kinds="drafting"), of="each", tier=3),
    ]
