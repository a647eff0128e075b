"""Random problems and schedules, valid by construction, that use every field there is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import strategies as st

from unsched import (
    Assumption,
    Block,
    Booking,
    Contact,
    Delegation,
    Group,
    Period,
    Person,
    Problem,
    Room,
    Rule,
    Schedule,
    Seats,
    Select,
    Session,
    Venue,
    Walk,
    Window,
)
from unsched.rules import (
    AtMostTogether,
    Before,
    EndEarly,
    InvitedCanAttend,
    KeepRoom,
    KeepStart,
    NotTogether,
    Pin,
    PreferRoom,
    PreferTime,
    SameRoom,
)

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

ZONES = st.sampled_from(["Europe/Zurich", "UTC", "Asia/Kathmandu", "America/New_York"])
TEXTS = st.text(max_size=30)
IDS = (
    st.text(min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: text and not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", text))
)
TAGS = st.lists(st.sampled_from(["plenary", "side event", "Ω", "a.b"]), unique=True).map(tuple)
MAILS = st.sampled_from(["office@example.org", "x.y@example.int"])
DATES = st.dates(date(2010, 10, 28), date(2011, 4, 2))
CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
PERIODS = st.builds(Period, st.none() | st.lists(DATES, min_size=1, max_size=3, unique=True), CLOCKS, CLOCKS)
AVAILABLE = st.none() | st.lists(PERIODS, max_size=2, unique=True)
BLOCKS = [Block("10:00", "13:00"), Block("13:15", "14:45", "lunch"), Block("22:00", "24:00", "evening")]


def _ids(most: int, least: int = 0) -> SearchStrategy[list[str]]:
    return st.lists(IDS, min_size=least, max_size=most, unique=True)


def _some(draw: DrawFn, names: list[str], most: int = 3) -> list[str]:
    return draw(st.lists(st.sampled_from(names), max_size=most, unique=True)) if names else []


@st.composite
def windows(draw: DrawFn) -> Window:
    days = draw(st.lists(DATES, min_size=1, max_size=4, unique=True))
    some_days = draw(st.none() | st.lists(st.sampled_from(days), min_size=1, unique=True))
    blocks = [*draw(st.lists(st.sampled_from(BLOCKS), unique=True)), Block("15:00", "18:00", days=some_days)]
    return Window(
        draw(ZONES), days, **draw(st.sampled_from([{}, {"blocks": blocks}])), step=draw(st.sampled_from([15, 20]))
    )


@st.composite
def rooms(draw: DrawFn, name: str) -> Room:
    podium, table, side = (draw(st.none() | st.integers(0, 300)) for _ in range(3))
    total = draw(st.none() | st.just(sum(seats or 0 for seats in (podium, table, side)) + 7))
    valid: dict[str, Any] = draw(
        st.sampled_from([{}, {"valid_from": date(2005, 1, 1)}, {"valid_until": date(2019, 1, 1)}])
    )
    return Room(
        name,
        draw(st.none() | TEXTS),
        draw(st.sampled_from([None, "A", "E"])),
        draw(st.sampled_from([Seats(), Seats(podium, table, side, total)])),
        draw(st.none() | st.integers(0, 16)),
        draw(TAGS),
        draw(AVAILABLE),
        setup_minutes=draw(st.sampled_from([0, 30])),
        source=draw(st.none() | TEXTS),
        **valid,
    )


@st.composite
def sessions(
    draw: DrawFn, name: str, window: Window, parties: list[str], persons: list[str], places: list[str]
) -> Session:
    required = _some(draw, parties)
    within = draw(st.sampled_from(["block", "day"]))
    blocks = draw(st.lists(st.sampled_from(sorted({block.kind for block in window.blocks})), min_size=1, unique=True))
    minutes = draw(st.none() | st.sampled_from([60, 120]))
    starts = window.starts(minutes or 60, tuple(blocks), within)
    start = window.wall(draw(st.sampled_from(starts))) if starts and minutes and draw(st.booleans()) else None
    if start is not None:
        # Without its zone a local time that comes twice would mean the first, so it is written with its offset.
        offset = start.utcoffset()
        assert offset is not None
        local = start.replace(tzinfo=None, fold=0)
        twice = start.fold or offset % timedelta(minutes=1)
        start = start.astimezone(timezone(offset)) if twice or draw(st.booleans()) else local
    return Session(
        name,
        draw(TEXTS),
        minutes,
        draw(st.none() | IDS),
        draw(st.sampled_from([None, "plenary", "side-event"])),
        draw(TAGS),
        required,
        [one for one in _some(draw, parties) if one not in required],
        draw(st.sampled_from([None, *persons])),
        draw(st.integers(0, 9)),
        draw(st.integers(0, 9)),
        draw(st.lists(st.sampled_from(["Arabic", "French"]), unique=True)),
        draw(TAGS),
        draw(st.sampled_from(["open", "members", "governments"])),
        start,
        draw(st.sampled_from([None, *places])),
        draw(st.integers(0, 3)),
        blocks,
        within,
        draw(AVAILABLE),
        draw(st.none() | TEXTS),
        draw(st.none() | TEXTS),
    )


@st.composite
def assumptions(
    draw: DrawFn, venue: list[Room], meetings: list[Session], delegations: list[Delegation]
) -> list[Assumption]:
    found = [Assumption(why) for why in draw(st.lists(st.sampled_from(["a guess", "as ever"]), unique=True))]
    for room in venue:
        if room.seats.table is None and room.seats.total is None and draw(st.booleans()):
            found.append(Assumption("as XX", "room", room.id, "seats.table", draw(st.integers(0, 99))))
        if room.booths is None and draw(st.booleans()):
            found.append(Assumption("as XX", "room", room.id, "booths", 6))
    found += [Assumption("unit", "session", one.id, "minutes", 60) for one in meetings if one.minutes is None]
    for delegation in delegations:
        known = delegation.mail is not None
        if draw(st.booleans()):
            found.append(
                Assumption("list", "delegation", delegation.id, "mail", delegation.mail if known else "a@b.org")
            )
            found.append(Assumption("list", "delegation", delegation.id, "size", delegation.size))
    return found


@st.composite
def rules(draw: DrawFn, meetings: list[Session], places: list[str], *, published: bool) -> list[Rule]:
    names = [one.id for one in meetings]
    tags = sorted({tag for one in meetings for tag in one.tags})
    some = st.lists(st.sampled_from(names), min_size=1, unique=True).map(lambda ids: Select(ids=ids))
    if tags:
        some |= st.lists(st.sampled_from(tags), min_size=1, unique=True).map(lambda given: Select(tags=given))
    every = some | st.just(Select())
    price: dict[str, Any] = {"weight": draw(st.integers(1, 9)), "tier": draw(st.integers(1, 3))}
    choices: list[SearchStrategy[Rule]] = [
        st.builds(NotTogether, every, st.none() | some),
        st.builds(AtMostTogether, st.integers(1, 6), every),
        st.builds(Pin, some, room=st.sampled_from(places)),
        st.builds(PreferTime, every, st.lists(PERIODS, min_size=1, max_size=2, unique=True), **_just(price)),
        st.builds(PreferRoom, some, st.lists(st.sampled_from(places), min_size=1, unique=True), **_just(price)),
        st.builds(EndEarly, every, of=st.sampled_from(["last", "each"]), **_just(price)),
        st.builds(SameRoom, some, **_just(price)),
        st.builds(InvitedCanAttend, every, **_just(price)),
    ]
    if len(names) > 1:
        choices.append(
            st.builds(Before, st.just(names[0]), st.just(names[1]), st.integers(0, 60), st.none() | st.integers(60, 99))
        )
    if published:
        choices += [st.builds(KeepStart, st.just(Select()), **_just(price)), st.just(KeepRoom())]
    return list(dict.fromkeys(draw(st.lists(st.one_of(choices), max_size=4))))


def _just(values: dict[str, Any]) -> dict[str, SearchStrategy[Any]]:
    return {name: st.just(value) for name, value in values.items()}


@st.composite
def random_schedules(draw: DrawFn, names: list[str] | None = None, places: list[str] | None = None) -> Schedule:
    zone = draw(ZONES)
    booked = draw(_ids(4)) if names is None else draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    bookings = []
    for name in booked:
        start = draw(st.datetimes(datetime(2010, 10, 30), datetime(2010, 11, 2), timezones=st.just(UTC)))
        start = start.replace(second=0, microsecond=0)
        end = start + draw(st.integers(1, 540).map(lambda minutes: timedelta(minutes=minutes)))
        room = draw(IDS if places is None else st.sampled_from(places))
        bookings.append(Booking(name, room, start.astimezone(ZoneInfo(draw(ZONES))), end, draw(TEXTS)))
    stamp = draw(st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
    remarks = [Assumption("a guess"), Assumption("as XX", "room", "I", "features", ("a", "b"))]
    return Schedule(
        draw(IDS), zone, bookings, draw(st.integers(0, 9)), stamp, draw(st.lists(st.sampled_from(remarks), unique=True))
    )


@st.composite
def random_problems(draw: DrawFn) -> Problem:
    window = draw(windows())
    venue = [draw(rooms(name)) for name in draw(_ids(3, least=1))]
    places = [room.id for room in venue]
    names = draw(_ids(6))
    group_ids, delegation_ids, person_ids = names[::3], names[1::3], names[2::3]
    groups = [Group(one, draw(st.none() | TEXTS), draw(st.none() | MAILS)) for one in group_ids]
    delegations = [
        Delegation(
            one, draw(st.none() | TEXTS), draw(st.integers(1, 3)), _some(draw, group_ids), draw(st.integers(0, 2)),
            draw(st.integers(0, 2)), draw(AVAILABLE), draw(st.none() | MAILS), draw(st.none() | TEXTS),
        )
        for one in delegation_ids
    ]  # fmt: skip
    delegation_of = st.sampled_from([None, *delegation_ids])
    persons = [
        Person(one, draw(st.none() | TEXTS), draw(delegation_of), draw(AVAILABLE), draw(st.none() | MAILS))
        for one in person_ids
    ]
    meetings = [
        draw(sessions(name, window, delegation_ids + person_ids, person_ids, places)) for name in draw(_ids(4, least=1))
    ]
    published = draw(st.none() | random_schedules([one.id for one in meetings], places))
    name = draw(IDS)
    published = None if published is None else evolve(published, problem=name)
    both = {"A", "E"} <= {room.building for room in venue}
    return Problem(
        name,
        window,
        Venue(venue, draw(st.sampled_from([[], [Walk(["A", "E"], 12)]])) if both else [], draw(st.none() | TEXTS)),
        meetings,
        delegations,
        persons,
        groups,
        draw(rules(meetings, places, published=published is not None)),
        ["seats-enough", "booths-enough", "no-person-clash", *_some(draw, ["room-open", "within-window"])],
        draw(assumptions(venue, meetings, delegations)),
        published,
        draw(st.none() | TEXTS),
        draw(st.none() | st.builds(Contact, TEXTS, MAILS)),
    )


@pytest.fixture(scope="session")
def problems() -> SearchStrategy[Problem]:
    """Random problems."""
    return random_problems()


@pytest.fixture(scope="session")
def schedules() -> SearchStrategy[Schedule]:
    """Random schedules."""
    return random_schedules()


@pytest.fixture
def plain() -> dict[str, Any]:
    """A small problem as plain data, without a fault."""
    return {
        "schema": "unsched/problem/1",
        "id": "cstd-2010",
        "window": {"zone": "Europe/Zurich", "days": ["2010-12-16", "2010-12-17"]},
        "venue": {"rooms": [{"id": "XXVI", "seats": {"table": 150}}, {"id": "XII", "booths": 6}]},
        "sessions": [
            {"id": "panel", "title": "Panel", "minutes": 180, "tags": ["plenary"]},
            {"id": "wg", "title": "Working group", "minutes": 180, "start": "2010-12-17T10:00", "room": "XXVI"},
            {"id": "side", "title": "Side event", "minutes": 90, "kind": "side-event"},
        ],
        "rules": [
            {"kind": "before", "first": "panel", "then": ["wg", "side"], "greatest": 3000},
            {"kind": "not-together", "sessions": {"tags": ["plenary"]}, "against": "wg"},
        ],
    }
