"""The columns of every table of facts, schedules and answers: docs/reference/tables.md is written from them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from unsched.report.frames import Column, Kind

__all__ = ["OF_A_PROBLEM", "TABLES"]


def _columns(*columns: tuple[str, Kind, str]) -> tuple[Column, ...]:
    return tuple(Column(*one) for one in columns)


_PRESENCE = (
    Column("arrives", "time", "not at what starts before"),
    Column("leaves", "time", "not at what ends after"),
)

TABLES: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "bookings": _columns(
            ("session", "text", "id of the session"),
            ("title", "text", "its title"),
            ("room", "text", "id of the room"),
            ("start", "time", "first instant"),
            ("end", "time", "first instant after it"),
            ("minutes", "count", "minutes between them"),
        ),
        "sessions": _columns(
            ("session", "text", "id"),
            ("title", "text", "what people read"),
            ("body", "text", "the body that meets"),
            ("kind", "text", "kind of session"),
            ("tags", "list", "tags"),
            ("minutes", "maybe count", "length in minutes"),
            ("shortest", "maybe count", "minutes down to which it may be shortened"),
            ("priority", "count", "0 is the highest"),
            ("optional", "truth", "whether it may be left out"),
            ("access", "text", "to whom it is open"),
            ("required", "list", "ids of those without whom it cannot stand"),
            ("invited", "list", "ids of those who should be able to come"),
            ("chair", "text", "id of the person in the chair"),
            ("languages", "list", "languages it is interpreted into"),
            ("features", "list", "what the room must offer"),
            ("start", "time", "fixed start"),
            ("room", "text", "id of the fixed room"),
        ),
        "rooms": _columns(
            ("room", "text", "id"),
            ("name", "text", "full name"),
            ("building", "text", "building"),
            ("podium", "maybe count", "seats on the podium"),
            ("table", "maybe count", "seats at the table"),
            ("side", "maybe count", "seats at the side"),
            ("total", "maybe count", "seats in all"),
            ("accessible", "maybe count", "of all these, seats for wheelchairs"),
            ("booths", "maybe count", "interpretation booths"),
            ("features", "list", "what it offers"),
            ("setup_minutes", "count", "minutes that it needs, empty, before a session"),
        ),
        "delegations": (
            *_columns(
                ("delegation", "text", "id"),
                ("name", "text", "full name"),
                ("size", "count", "sessions that it covers at once"),
                ("groups", "list", "ids of its groups"),
                ("table_seats", "count", "seats that it takes at the table"),
                ("side_seats", "count", "seats that it takes at the side"),
            ),
            *_PRESENCE,
            *_columns(("zone", "text", "time zone of who takes part from elsewhere"), ("weight", "count", "weight")),
        ),
        "persons": (
            *_columns(
                ("person", "text", "id"), ("name", "text", "full name"), ("delegation", "text", "id of the delegation")
            ),
            *_PRESENCE,
            *_columns(("zone", "text", "time zone of who takes part from elsewhere"), ("weight", "count", "weight")),
        ),
        "groups": _columns(
            ("group", "text", "id"), ("name", "text", "full name"), ("members", "list", "ids of its delegations")
        ),
        "teams": _columns(
            ("team", "text", "id"),
            ("language", "text", "into which it interprets"),
            ("interpreters", "maybe count", "interpreters that it is made of"),
        ),
        "equipment": _columns(
            ("equipment", "text", "id"), ("name", "text", "full name"), ("units", "count", "units to move about")
        ),
        "rules": _columns(
            ("rule", "text", "kind"),
            ("hard", "truth", "whether it must hold"),
            ("tier", "maybe count", "tier of a preference"),
            ("weight", "maybe count", "price of one unit of a preference"),
            ("unit", "text", "what one unit is"),
            ("text", "text", "the rule as a sentence"),
        ),
        "assumptions": _columns(
            ("of", "text", "room, session, delegation or person; none of a remark"),
            ("id", "text", "which one"),
            ("field", "text", "what is not known of it"),
            ("value", "text", "what it is taken for"),
            ("why", "text", "what speaks for it"),
        ),
        "breaches": _columns(
            ("rule", "text", "kind of the rule"),
            ("hard", "truth", "whether it must hold"),
            ("tier", "maybe count", "tier of a preference"),
            ("sessions", "list", "ids of the sessions concerned"),
            ("whom", "list", "ids of those who bear it"),
            ("amount", "count", "by how much, in the rule's own unit"),
            ("cost", "count", "weight times amount of a preference; 0 of a constraint"),
            ("text", "text", "it as a sentence"),
        ),
        "costs": _columns(
            ("tier", "maybe count", "tier; none for constraints that are broken"),
            ("rule", "text", "kind of the rule"),
            ("breaches", "count", "how many breaches"),
            ("amount", "count", "sum of their amounts"),
            ("cost", "count", "sum of their costs"),
            ("share", "number", "of all that is paid in the tier, from 0 to 1"),
        ),
        "tiers": _columns(
            ("tier", "count", "number of the tier"),
            ("cost", "count", "what the schedule costs in it"),
            ("bound", "count", "no schedule costs less, given the tiers before it"),
            ("gap", "number", "how far the cost may be above the least, as a share of the cost"),
            ("proven", "truth", "whether the cost is proven to be the least"),
        ),
        "progress": _columns(
            ("seconds", "number", "wall seconds since the solve began"),
            ("tier", "maybe count", "the first tier that is not proven yet; none while any schedule is sought"),
            ("cost", "maybe count", "its cost"),
            ("bound", "maybe count", "its bound"),
            ("gap", "number", "how far the cost may be above the least, as a share of the cost"),
            ("schedules", "count", "schedules found so far"),
            ("source", "text", "what found it"),
        ),
        "changes": _columns(
            ("session", "text", "id of the session"),
            ("what", "text", "what changes: added, dropped, or which of time, room and access"),
            ("start_before", "time", "first instant before"),
            ("end_before", "time", "first instant after it, before"),
            ("room_before", "text", "id of the room before"),
            ("start_after", "time", "first instant after the change"),
            ("end_after", "time", "first instant after it, after the change"),
            ("room_after", "text", "id of the room after the change"),
            ("told", "list", "ids of those who have to be told"),
        ),
        "alternatives": _columns(
            ("start", "time", "first instant"),
            ("end", "time", "first instant after it"),
            ("room", "text", "id of the room"),
            ("moves", "count", "other sessions that move"),
        ),
        "assignments": _columns(
            ("team", "text", "id of the team"),
            ("language", "text", "into which it interprets"),
            ("session", "text", "id of the session"),
            ("start", "time", "first instant"),
            ("end", "time", "first instant after it"),
        ),
        "conflicts": _columns(
            ("conflict", "count", "number of the conflict, from 1"),
            ("rule", "text", "kind of the rule"),
            ("about", "text", "what it is applied to"),
            ("text", "text", "what it demands there, as a sentence"),
        ),
        "standings": _columns(
            ("uid", "text", "UID of the event"),
            ("session", "text", "id of the session"),
            ("segment", "text", "id of the segment, where it is one"),
            ("title", "text", "what the event is called"),
            ("start", "time", "first instant"),
            ("end", "time", "first instant after it"),
            ("party", "text", "id of the delegation or person"),
            ("name", "text", "what people call them"),
            ("role", "text", "role of the invitee, as iCalendar says it"),
            ("answer", "text", "accepted, declined, tentative or waiting"),
        ),
    }
)
"""The columns of each table."""

OF_A_PROBLEM = ("sessions", "rooms", "delegations", "persons", "groups", "teams", "equipment", "rules", "assumptions")
"""The tables that a problem has."""
