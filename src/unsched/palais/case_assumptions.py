"""What nobody knows about December 2010 and the case takes for granted, each with its reason.

A value fills a fact that is `None`; a remark owns up to something that a session, a delegation or a rule already says.
"""

from __future__ import annotations

from collections.abc import Iterator

from unsched.domain.assumption import Assumption
from unsched.palais.groups import REGIONAL_GROUPS

__all__ = ["assumptions"]

_SIDE_EVENTS = ("remote", "regional-forums", "local-content", "small-firms", "indicators", "water")
_Length = tuple[tuple[str, ...], int, str]
_Figure = tuple[str, str, int | str, str]


def assumptions() -> tuple[Assumption, ...]:
    """Return every assumption of the case: rooms, lengths, remarks."""
    return (*_rooms(), *_lengths(), *(Assumption(why) for why in _REMARKS))


def _rooms() -> Iterator[Assumption]:
    for room, field, value, why in _ROOMS:
        yield Assumption(why, of="room", id=room, field=field, value=value)


def _lengths() -> Iterator[Assumption]:
    for ids, minutes, why in _LENGTHS:
        for session in ids:
            yield Assumption(why, of="session", id=session, field="minutes", value=minutes)


_HALL = "a hall for a whole commission; its own figure was not found"
_SIX = "a hall used for meetings in six languages; its booths were not found"
_SALON = "an oval table in a former office; its page mentions neither podium nor booths"

_ROOMS: tuple[_Figure, ...] = (
    ("II", "building", "A", "a former office of the League's President, taken to be in the old wing with VII and IX"),
    ("II", "booths", 0, _SALON),
    ("II", "seats.podium", 0, _SALON),
    ("II", "seats.side", 4, "22 chairs in the room, 18 of them at the table"),
    ("XII", "building", "A", "closed for the same works as VII and IX"),
    ("XII", "booths", 6, _SIX),
    ("XX", "building", "E", "inferred from an engineering firm's page"),
    ("XX", "booths", 6, _SIX),
    ("XX", "seats.podium", 14, "as the podium of Room IX; 754 seats in all are known, not their classes"),
    ("XX", "seats.table", 300, "less than half of the 754 seats at the tables"),
    ("XX", "seats.side", 400, "the rest, as advisers' places and gallery"),
    ("XXIV", "booths", 6, _SIX),
    ("XXIV", "seats.podium", 8, _HALL),
    ("XXIV", "seats.table", 120, "within the 260 seats of one weak page"),
    ("XXIV", "seats.side", 100, "within the 260 seats of one weak page"),
    ("XXVI", "building", "E", "taken to be among the rooms of the new wing, as its number suggests"),
    ("XXVI", "booths", 6, _SIX),
    ("XXVI", "seats.podium", 8, _HALL),
    ("XXVI", "seats.table", 120, "room for 20 Member States, 20 invited and others"),
    ("XXVI", "seats.side", 80, "an open consultation was called there"),
)

_LENGTHS: tuple[_Length, ...] = (
    (("panel-opening", "panel-closing"), 60, "formal items; the Panel's agenda by the hour was not found"),
    (("panel-technologies-1", "panel-technologies-2", "panel-impact-2"), 120, "a theme in two parts, not both whole"),
    (("panel-impact-1", "panel-wsis"), 180, "a whole meeting, which is at most three hours"),
    (tuple(f"coordination-{group.id}" for group in REGIONAL_GROUPS), 60, "an hour is the custom of such meetings"),
    (("wg-first",), 90, "half a meeting: an agenda and a calendar to agree on"),
    (("wg-second",), 60, "one text to take note of"),
    (("drafting-1", "drafting-2"), 90, "half a meeting; a text is tiring"),
    (("bureau-1", "bureau-2"), 30, "a short meeting of few people"),
    (("consultation-morning", "consultation-afternoon"), 180, "planned for the whole UN hours of 17 December"),
    (tuple(f"side-{name}" for name in _SIDE_EVENTS), 90, "the whole of the lunch-time slot"),
)

_REMARKS: tuple[str, ...] = (
    "Lunch-time side events stand between 13:15 and 14:45; that hour is not confirmed, and a parameter of the window.",
    (
        "The seats and booths of Rooms VII, IX and XII and of E-2 come from pages later than 2010, and are taken to "
        "hold then."
    ),
    "Sessions start on the quarter hour: the grid is 15 minutes from a block's start.",
    "Walking between buildings A and E takes 10 minutes.",
    (
        "The open consultation starts at 10:00, the UN's usual hour; people noted that it opened at 10:05. It is "
        "planned as two meetings of three hours; how it ran (closed in part, and until about 21:00) is not planned for."
    ),
    "The Panel opens on its first day and closes on its last; its programme by day was not found.",
    "The Panel's chair was not found: an office stands for the person.",
    (
        "The five coordinations, the bureau, the drafting group, the second meeting of the Working Group and the six "
        "side events are invented as such a week would have them; so are their participants."
    ),
    "The regional groups of the five IGF hosts and of Switzerland are common knowledge, not from a source kept here.",
    (
        "Every delegation covers one session at a time, but for Switzerland, which has a delegate beside the "
        "Vice-Chair, and the secretariat, which can serve two meetings at once."
    ),
    (
        "A delegation takes one seat at the table and none at the side. On the podium sit 6 at the Panel and the open "
        "consultation, 4 at the Working Group, 3 at a side event."
    ),
    (
        "Expected at the side: 90 at the Panel (the Commission's other members and observers), 60 at the open "
        "consultation, 30 at a side event, 20 at the Working Group."
    ),
    (
        "The Panel, the Working Group and the open consultation are interpreted into six languages, with teams for two "
        "such meetings at a time; the others are not interpreted."
    ),
    "At most six meetings at once: a rule of the UNFCCC, borrowed.",
    "The drafting group needs an hour between its meetings and half an hour to have its text copied.",
    "16 December 2010 was Ashura, and is not kept free; the lunch break of Friday the 17th is, where it can be.",
    "What goes before what, what keeps apart, the wishes, their weights and their tiers are an example.",
    "The 20 invited of 17 December 2010 stand for all entities in consultative status.",
)
