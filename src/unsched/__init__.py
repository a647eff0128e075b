"""unsched: rooms, delegations, interpretation and sessions in; a provably good schedule out.

Facts and rules make a `Problem`; `solve` finds a `Schedule` and proves how good it is; `Schedule.breaches` checks it
without the solver; `calendars` makes iCalendar files of it. Importing unsched loads neither the solver nor the
calendar library; they are loaded when first used.
"""

import importlib
from typing import TYPE_CHECKING, Any

from unsched.domain.assumption import Assumption
from unsched.domain.choose_rooms import SelectRooms
from unsched.domain.people import Contact, Delegation, Group, Person
from unsched.domain.problem import Problem
from unsched.domain.schedule import Booking, Change, Schedule
from unsched.domain.segment import Segment
from unsched.domain.select import EVERY, Select
from unsched.domain.services import Equipment, Team
from unsched.domain.session import Session
from unsched.domain.split import split
from unsched.domain.time import LUNCH, REGULAR, UN_HOURS, Block, Period
from unsched.domain.venue import Room, Seats, Venue, Walk
from unsched.domain.window import Window
from unsched.errors import DisagreementError, Fault, InputError, UnknownIdError, UnschedError
from unsched.rules.base import Breach, Constraint, Preference, Rule

if TYPE_CHECKING:
    from unsched import palais, rules, testing
    from unsched.calendar.availability import with_busy
    from unsched.calendar.busy import BusyTimes, read_busy
    from unsched.calendar.dispatch import send_published
    from unsched.calendar.feeds import calendars, write_calendars
    from unsched.calendar.message import Message
    from unsched.calendar.publish import Release, publish
    from unsched.calendar.release import write_release
    from unsched.calendar.replies import Replies, read_replies
    from unsched.calendar.series import find_series
    from unsched.domain.attendance import Attendance, Response, Standing, with_attendance
    from unsched.domain.change import Amendment
    from unsched.domain.change_places import Absent, ArrivesLate, LeavesEarly, RoomLost, RoomReduced, TeamShort
    from unsched.domain.change_sessions import SessionAdded, SessionDropped, SessionMoved, SessionResized
    from unsched.domain.changes import Changes, apply
    from unsched.domain.difference import Diff, Notice, diff
    from unsched.domain.price import Price, Prices
    from unsched.domain.publication import Publication
    from unsched.domain.roster import Roster, roster
    from unsched.domain.state import SearchState
    from unsched.exchange.files import (
        load_attendance,
        load_changes,
        load_prices,
        load_problem,
        load_publication,
        load_schedule,
        load_state,
        save,
    )
    from unsched.rules.parallel import Conflict
    from unsched.rules.registry import register
    from unsched.rules.stability import Near
    from unsched.solver.answers import Alternative, Alternatives, Consequence, Why, WhyNot
    from unsched.solver.explain import explain
    from unsched.solver.explanation import Contradiction, Explanation, WayOut
    from unsched.solver.prices import DEFAULT_PRICES
    from unsched.solver.repair import Repair, repair
    from unsched.solver.solve import Result, Status, solve
    from unsched.solver.stop import Cancel, Effort, FirstSchedule, Gap, NoImprovement, Progress, Stop, TimeLimit
    from unsched.solver.what_if import WhatIf, what_if
    from unsched.solver.whynot import alternatives, why, why_not

__all__ = [
    "DEFAULT_PRICES",
    "EVERY",
    "LUNCH",
    "REGULAR",
    "UN_HOURS",
    "Absent",
    "Alternative",
    "Alternatives",
    "Amendment",
    "ArrivesLate",
    "Assumption",
    "Attendance",
    "Block",
    "Booking",
    "Breach",
    "BusyTimes",
    "Cancel",
    "Change",
    "Changes",
    "Conflict",
    "Consequence",
    "Constraint",
    "Contact",
    "Contradiction",
    "Delegation",
    "Diff",
    "DisagreementError",
    "Effort",
    "Equipment",
    "Explanation",
    "Fault",
    "FirstSchedule",
    "Gap",
    "Group",
    "InputError",
    "LeavesEarly",
    "Message",
    "Near",
    "NoImprovement",
    "Notice",
    "Period",
    "Person",
    "Preference",
    "Price",
    "Prices",
    "Problem",
    "Progress",
    "Publication",
    "Release",
    "Repair",
    "Replies",
    "Response",
    "Result",
    "Room",
    "RoomLost",
    "RoomReduced",
    "Roster",
    "Rule",
    "Schedule",
    "SearchState",
    "Seats",
    "Segment",
    "Select",
    "SelectRooms",
    "Session",
    "SessionAdded",
    "SessionDropped",
    "SessionMoved",
    "SessionResized",
    "Standing",
    "Status",
    "Stop",
    "Team",
    "TeamShort",
    "TimeLimit",
    "UnknownIdError",
    "UnschedError",
    "Venue",
    "Walk",
    "WayOut",
    "WhatIf",
    "Why",
    "WhyNot",
    "Window",
    "alternatives",
    "apply",
    "calendars",
    "diff",
    "explain",
    "find_series",
    "load_attendance",
    "load_changes",
    "load_prices",
    "load_problem",
    "load_publication",
    "load_schedule",
    "load_state",
    "palais",
    "publish",
    "read_busy",
    "read_replies",
    "register",
    "repair",
    "roster",
    "rules",
    "save",
    "send_published",
    "solve",
    "split",
    "testing",
    "what_if",
    "why",
    "why_not",
    "with_attendance",
    "with_busy",
    "write_calendars",
    "write_release",
]

_LATE = {
    "unsched.calendar.availability": ("with_busy",),
    "unsched.calendar.busy": ("BusyTimes", "read_busy"),
    "unsched.calendar.message": ("Message",),
    "unsched.calendar.dispatch": ("send_published",),
    "unsched.calendar.replies": ("Replies", "read_replies"),
    "unsched.domain.attendance": ("Attendance", "Response", "Standing", "with_attendance"),
    "unsched.domain.change": ("Amendment",),
    "unsched.domain.change_places": (
        "Absent",
        "ArrivesLate",
        "LeavesEarly",
        "RoomLost",
        "RoomReduced",
        "TeamShort",
    ),
    "unsched.domain.change_sessions": ("SessionAdded", "SessionDropped", "SessionMoved", "SessionResized"),
    "unsched.domain.changes": ("Changes", "apply"),
    "unsched.domain.difference": ("Diff", "Notice", "diff"),
    "unsched.domain.price": ("Price", "Prices"),
    "unsched.domain.publication": ("Publication",),
    "unsched.calendar.publish": ("Release", "publish"),
    "unsched.calendar.release": ("write_release",),
    "unsched.calendar.feeds": ("calendars", "write_calendars"),
    "unsched.calendar.series": ("find_series",),
    "unsched.domain.roster": ("Roster", "roster"),
    "unsched.domain.state": ("SearchState",),
    "unsched.exchange.files": (
        "load_attendance",
        "load_changes",
        "load_prices",
        "load_problem",
        "load_publication",
        "load_schedule",
        "load_state",
        "save",
    ),
    "unsched.rules.parallel": ("Conflict",),
    "unsched.rules.registry": ("register",),
    "unsched.rules.stability": ("Near",),
    "unsched.solver.answers": ("Alternative", "Alternatives", "Consequence", "Why", "WhyNot"),
    "unsched.solver.explain": ("explain",),
    "unsched.solver.explanation": ("Contradiction", "Explanation", "WayOut"),
    "unsched.solver.prices": ("DEFAULT_PRICES",),
    "unsched.solver.repair": ("Repair", "repair"),
    "unsched.solver.solve": ("Result", "Status", "solve"),
    "unsched.solver.whynot": ("alternatives", "why", "why_not"),
    "unsched.solver.stop": (
        "Cancel",
        "Effort",
        "FirstSchedule",
        "Gap",
        "NoImprovement",
        "Progress",
        "Stop",
        "TimeLimit",
    ),
    "unsched.solver.what_if": ("WhatIf", "what_if"),
}


_PACKAGES = ("palais", "rules", "testing")


if not TYPE_CHECKING:  # a checker knows the names from above, and that there are no others

    def __getattr__(name: str) -> Any:  # noqa: ANN401  any public name
        if name in _PACKAGES:
            return importlib.import_module(f"unsched.{name}")
        for module, names in _LATE.items():
            if name in names:
                return getattr(importlib.import_module(module), name)
        raise AttributeError(f"module 'unsched' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
