"""The sheets of a problem and their columns: by this one table they are read, written, drawn up and documented."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from unsched.domain.fact import to_tuple
from unsched.exchange.sheets.cells import (
    DATE,
    DATES,
    IDS,
    JSON,
    MINUTES,
    MOMENT,
    TEXT,
    TRUTH,
    VALUE,
    WHOLE,
    Form,
)
from unsched.exchange.sheets.hours import BLOCKS, PERIODS
from unsched.exchange.sheets.selecting import SESSIONS

__all__ = ["BY_NAME", "MORE", "RULE_COLUMNS", "SHEETS", "Column", "Layout", "normal"]

MORE = "more"
"""The column for what has no column: a JSON table."""


def normal(text: str) -> str:
    """Return a heading or a name as it is compared: case, blanks, hyphens and underscores do not matter.

    >>> normal(" Table_Seats ")
    'table seats'
    """
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()


@frozen
class Column:
    """A column of a sheet, or a row of one that has a value in each row.

    Args:
        heading: what stands above it.
        key: what it is in a problem file, dots leading into tables.
        form: how its cells are written.
        offers: what a drop-down offers: the name of a list, or of a sheet, whose ids it offers.
        several: whether a cell holds several of what is offered, so that others can be typed.
        required: whether no row can do without.
        width: how wide it is drawn, in characters.
        note: what is to be said of it here, where the description of its key is not enough.
    """

    heading: str
    key: str
    form: Form
    offers: str | None = None
    several: bool = False
    required: bool = False
    width: int = 14
    note: str = ""


@frozen
class Layout:
    """A sheet: a table in which each row is a fact, or (upright) one in which each row is a value.

    Args:
        name: its name; that of its file is the same in small letters.
        path: what it holds in a problem file, dots leading into tables; nothing for the problem itself.
        noun: what a row is.
        columns: its columns.
        about: what it is for, in a sentence.
        upright: whether each row is a value, with its name in the first column.
        of: the sheet whose rows its own belong to, by the id in its first column.
    """

    name: str
    path: str
    noun: str
    columns: tuple[Column, ...] = field(converter=to_tuple)
    about: str = ""
    upright: bool = False
    of: str | None = None

    @property
    def file(self) -> str:
        """The name of its CSV file."""
        return f"{self.name.casefold().replace(' ', '-')}.csv"

    @cached_property
    def by_heading(self) -> Mapping[str, Column]:
        """Its columns by what can stand above them: the heading, or the key of a problem file."""
        found = {normal(column.key): column for column in self.columns}
        return found | {normal(column.heading): column for column in self.columns}


def _column(heading: str, form: Form = TEXT, key: str | None = None, **more: Any) -> Column:  # noqa: ANN401
    return Column(heading, heading.replace(" ", "_") if key is None else key, form, **more)


def _presence() -> Iterable[Column]:
    yield _column("arrives", MOMENT, width=17)
    yield _column("leaves", MOMENT, width=17)
    yield _column("available", PERIODS, width=26)
    yield _column("wished", PERIODS, width=26)
    yield _column("unwished", PERIODS, width=26)
    yield _column("zone", offers="zones", several=True)
    yield _column("weight", WHOLE, width=8)
    yield _column("mail", width=24)


_ID = _column("id", required=True, width=20)
_NAME = _column("name", width=30)
_SOURCE = _column("source", width=30)
_MORE = _column(MORE, JSON, note="What has no column of its own, as a table in JSON. Usually empty.")

WINDOW = Layout(
    "Window",
    "",
    "value",
    [
        _column("problem", key="id", required=True, note="A name for ever: calendar UIDs are made of it."),
        _column("title", note="What people read above the timetable."),
        _column("time zone", key="window.zone", required=True, offers="zones", several=True),
        _column("first day", DATE, "window.first"),
        _column("last day", DATE, "window.last", note="The last day, which belongs to the window."),
        _column("closed days", DATES, "window.closed"),
        _column("days", DATES, "window.days", note="Instead of a first and a last day: the days, one by one."),
        _column("recurrence", key="window.rrule", note="Instead of days: a recurrence (RFC 5545) with DTSTART."),
        _column("open hours", BLOCKS, "window.blocks", note="Left out: 10:00-13:00; 15:00-18:00."),
        _column("step", MINUTES, "window.step", note="Minutes between possible starts. Left out: 15."),
        _column("venue", key="venue.name"),
        _column("organizer", key="organizer.name", note="Who issues the calendars; needs a mail address as well."),
        _column("organizer mail", key="organizer.mail", note="The mail address of whoever issues the calendars."),
        _column(
            "switched off",
            IDS,
            "off",
            offers="standard rules",
            several=True,
            note="Kinds of standard rule that do not hold here.",
        ),
    ],
    "When sessions can stand, and what the whole is called: one value a row.",
    upright=True,
)

RULE_COLUMNS = ("sessions", "first", "then", "against", "rooms", "room", "periods", "minutes", "most", "least", "per")
"""The parameters of rules that have a column of their own; the others stand under "settings"."""

_ANY = Form("as the kind has it", "as the kind of rule has it", JSON.read, JSON.write)

SHEETS: tuple[Layout, ...] = (
    Layout(
        "Rooms",
        "venue.rooms",
        "room",
        [
            _ID,
            _NAME,
            _column("building", width=10),
            _column("podium seats", WHOLE, "seats.podium", width=8),
            _column("table seats", WHOLE, "seats.table", width=8),
            _column("side seats", WHOLE, "seats.side", width=8),
            _column("total seats", WHOLE, "seats.total", width=8),
            _column("accessible seats", WHOLE, "seats.accessible", width=11),
            _column("booths", WHOLE, width=8),
            _column("features", IDS, width=22),
            _column("hours", PERIODS, width=26),
            _column("closed", PERIODS, width=26),
            _column("valid from", DATE),
            _column("valid until", DATE),
            _column("setup minutes", MINUTES, width=9),
            _SOURCE,
            _MORE,
        ],
        "Where sessions can stand. Leave empty what nobody knows.",
    ),
    Layout(
        "Walking",
        "venue.walking",
        "walk",
        [
            _column("between", IDS, required=True, width=20, note="The two buildings, such as A, E."),
            _column("minutes", MINUTES, required=True),
            _MORE,
        ],
        "How long it takes from one building to another. Left out, walking does not count.",
    ),
    Layout("Groups", "groups", "group", [_ID, _NAME, _column("mail", width=24), _MORE], "Groups of delegations."),
    Layout(
        "Delegations",
        "delegations",
        "delegation",
        [
            _ID,
            _NAME,
            _column("size", WHOLE, width=8),
            _column("groups", IDS, offers="Groups", several=True, width=22),
            _column("table seats", WHOLE, width=8),
            _column("side seats", WHOLE, width=8),
            *_presence(),
            _SOURCE,
            _MORE,
        ],
        "States and organizations.",
    ),
    Layout(
        "People",
        "persons",
        "person",
        [_ID, _NAME, _column("delegation", offers="Delegations", width=20), *_presence(), _MORE],
        "Chairs, speakers and whoever else can be in one place at a time.",
    ),
    Layout(
        "Sessions",
        "sessions",
        "session",
        [
            _ID,
            _column("title", required=True, width=44),
            _column("minutes", MINUTES, width=9),
            _column("body", width=18),
            _column("kind", offers="session kinds", several=True),
            _column("required", IDS, offers="participants", several=True, width=28),
            _column("invited", IDS, offers="participants", several=True, width=28),
            _column("chair", offers="People", width=16),
            _column("languages", IDS, offers="languages", several=True, width=22),
            _column("start", MOMENT, width=17),
            _column("room", offers="Rooms", width=10),
            _column("blocks", IDS, offers="block kinds", several=True),
            _column("available", PERIODS, width=26),
            _column("priority", WHOLE, width=8),
            _column("optional", TRUTH, offers="yes or no", width=8),
            _column("tags", IDS, width=18),
            _column("access", offers="access", width=12),
            _column("podium seats", WHOLE, width=8),
            _column("side seats", WHOLE, width=8),
            _column("accessible seats", WHOLE, width=11),
            _column("features", IDS, width=18),
            _column("equipment", IDS, offers="Equipment", several=True),
            _column("layout"),
            _column("shortest", MINUTES, width=9),
            _column("within", offers="within", width=8),
            _column("joint", IDS),
            _column("co-chairs", IDS, "co_chairs", offers="People", several=True),
            _column("description", width=30),
            _SOURCE,
            _MORE,
        ],
        "What needs a time and a room.",
    ),
    Layout(
        "Segments",
        "segments",
        "segment",
        [
            _column("session", required=True, offers="Sessions", width=20, note="Of which session it is a part."),
            _column("minutes", MINUTES, width=9),
            _column("access", offers="access", width=12),
            _column("title", width=30),
            _column("required", IDS, offers="participants", several=True, width=28),
            _column("invited", IDS, offers="participants", several=True, width=28),
            _column("id"),
            _MORE,
        ],
        "Parts of a session, one after another, where the audience changes.",
        of="Sessions",
    ),
    Layout(
        "Interpreters",
        "teams",
        "team",
        [
            _ID,
            _column("language", required=True, offers="languages", several=True),
            _column("interpreters", WHOLE),
            _column("available", PERIODS, width=26),
            _SOURCE,
            _MORE,
        ],
        "Teams of interpreters. Without any, interpreters are left out of account.",
    ),
    Layout(
        "Equipment",
        "equipment",
        "equipment",
        [_ID, _NAME, _column("units", WHOLE, required=True, width=8), _SOURCE, _MORE],
        "What sessions borrow, and what moves from room to room.",
    ),
    Layout(
        "Conflicts",
        "conflicts",
        "conflict",
        [
            _column("sessions", SESSIONS, required=True, width=28, note="The sessions on the one side."),
            _column("against", SESSIONS, required=True, width=28, note="The sessions on the other side."),
            _column(
                "weight",
                VALUE,
                offers="conflict weights",
                several=True,
                width=10,
                note="What each pair at once costs, 1 if left out; or never, for a pair that cannot be at once.",
            ),
        ],
        "Sessions that should not, or must never, run at the same time.",
    ),
    Layout(
        "Rules",
        "rules",
        "rule",
        [
            _column(
                "kind",
                required=True,
                offers="kinds of rule",
                width=22,
                note="The kind of rule; 'unsched rules' lists them, and 'unsched rules KIND' says all about one.",
            ),
            _column("severity", offers="severities", width=10, note="How firmly it holds; left out, as it does."),
            _column("tier", WHOLE, offers="tiers", width=7, note="Tier 1 comes first; weights compare inside one."),
            _column("weight", WHOLE, width=8, note="What each unit by which it falls short costs."),
            *(_column(name, _ANY, width=26 if name in ("sessions", "periods") else 12) for name in RULE_COLUMNS),
            _column(
                "settings", width=34, note="Other parameters of the kind: name = value, with semicolons between them."
            ),
            _MORE,
        ],
        "What a good schedule is. Standard rules hold without being named.",
    ),
    WINDOW,
    Layout(
        "Assumptions",
        "assumptions",
        "assumption",
        [
            _column("of", offers="assumable", width=11),
            _column("id", width=18),
            _column("field", width=14),
            _column("value", VALUE),
            _column("why", required=True, width=50),
            _MORE,
        ],
        "What is taken for granted although nobody knows it; it is printed with every schedule.",
    ),
    Layout(
        "Published",
        "published.bookings",
        "booking",
        [
            _column("session", required=True, width=20),
            _column("room", required=True),
            _column("start", MOMENT, required=True, width=24),
            _column("end", MOMENT, required=True, width=24),
            _column("title", width=44),
            _MORE,
        ],
        "The schedule that people already have; times without an offset from UTC are by the clocks of the window.",
    ),
    Layout(
        "More",
        "",
        "value",
        [
            _column("key", required=True, width=26, note="A key of a problem file, with dots into tables."),
            _column("value", JSON, required=True, width=80, note="A long one goes on in the next row of its key."),
        ],
        "What has no sheet: keys of a problem file, each with its value in JSON.",
    ),
)
"""All sheets, in their order."""

BY_NAME: Mapping[str, Layout] = MappingProxyType({layout.name: layout for layout in SHEETS})
"""The sheets by name."""
