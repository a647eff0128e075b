"""From an export of Indico to a problem and what is scheduled there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from unsched.domain.fact import check_mail
from unsched.domain.time import check_zone
from unsched.errors import InputError
from unsched.exchange.indico.entries import Entry, Export, Raw, end_of, entries_of, load_export, moment
from unsched.exchange.programme.document import Findings, Source
from unsched.exchange.programme.facts import Imported, Part, Place, Programme, Span, Speaker, Talk
from unsched.exchange.programme.hours import joined
from unsched.exchange.programme.state import state
from unsched.exchange.programme.values import Names, id_of, line, local, paragraphs, zone_of

__all__ = ["BREAK", "NOWHERE", "read_indico", "room_of"]

NOWHERE = "Venue"
"""What the room is called of an event that names none."""
BREAK = "(no contribution)"
_MOST_DAYS = 400


def read_indico(source: Source, *, zone: str | None = None, keep: Iterable[str] = ()) -> Imported:
    """Read an export of Indico: of an event (`detail=sessions` or `contributions`), or of its timetable.

    A block of a session is one session, called "s" and its number, in which its contributions follow each other as
    segments; a contribution outside of any is one as well, called "c" and its number. Contributions that are not
    scheduled are sessions that the schedule does not have. Breaks close the hours in which nothing was scheduled.

    Args:
        source: the path of the export, or its content.
        zone: IANA name of the time zone; by default that of the event.
        keep: what else of the schedule is kept, of "day", "room" and "track" (the rooms of a track or a session).

    Raises:
        InputError: with everything that is wrong, by place in the document.
    """
    faults = () if zone is None else tuple(check_zone("zone", zone))
    if faults:
        raise InputError(faults, "the arguments")
    export = load_export(source)
    found = Findings(export.source)
    entries = entries_of(export, found)
    found.stop()
    programme = _programme(export, entries, found, zone)
    found.stop()
    return state(programme, keep=keep, source=export.source)


def _programme(export: Export, entries: tuple[Entry, ...], found: Findings, zone: str | None) -> Programme:
    event: Raw = export.event if export.form == "event" else {}
    names = [line(one.raw["startDate"].get("tz")) for one in entries if isinstance(one.raw.get("startDate"), dict)]
    named = zone or event.get("timezone") or next((name for name in names if name), None)
    tz = zone_of(named, (), where="timezone", notes=found.notes)
    people = _People(found)
    rooms: dict[str, Place] = {}
    talks: dict[str, Talk] = {}
    breaks: list[Span] = []
    for entry in entries:
        if entry.kind == "break":
            if entry.start is not None and entry.minutes:
                breaks.append((entry.start.astimezone(UTC), end_of(entry.start, entry.minutes)))
            found.note(entry.where, f"break {line(entry.raw.get('title'))!r}: nothing else is planned there")
        elif not entry.minutes:
            found.note(entry.where, f"{entry.id!r} has no length: it is not planned")
        elif entry.id in talks:
            found.note(entry.where, f"{entry.id!r} comes twice: the first counts")
        else:
            room = room_of(entry.raw, event)
            if room == NOWHERE:
                found.note(entry.where, f"{entry.id!r} has no room: it is read as one called {NOWHERE!r}")
            known = rooms.setdefault(room, Place(room, building=id_of(entry.raw.get("location")) or None))
            talks[entry.id] = _talk(entry, known.name, people, found)
    opening = tuple(_opening(event, tz, found))
    places = [
        Place(one.name, hours=_hours(one.name, talks.values(), opening), building=one.building)
        for one in rooms.values()
    ]
    return Programme(
        f"indico-{export.id}",
        line(event.get("title")),
        tz.key,
        tuple(talks.values()),
        tuple(places if opening else rooms.values()),
        people.speakers,
        step=5,
        breaks=tuple(breaks),
        notes=tuple(found.notes),
    )


def room_of(raw: Raw, event: Raw) -> str:
    """Return the name of the room of an entry: its own, or else that of the event, or else the location."""
    rows = ((raw, "roomFullname"), (raw, "room"), (event, "roomFullname"), (event, "room"), (raw, "location"))
    return next((name for row, key in rows if (name := id_of(row.get(key)))), NOWHERE)


def _talk(entry: Entry, room: str, people: _People, found: Findings) -> Talk:
    raw = entry.raw
    block = entry.kind == "block"
    title = line(raw.get("title")) or entry.id
    slot = line(raw.get("slotTitle"))
    own = people.of(raw.get("conveners" if block else "speakers"), raw.get("presenters"), entry.where)
    parts = tuple(_parts(entry, people, found)) if block else ()
    if block and not parts:
        inner = (people.of(one.raw.get("speakers"), one.raw.get("presenters"), one.where) for one in entry.inside)
        own = tuple(dict.fromkeys((*own, *(who for several in inner for who in several))))
    own_session = raw.get("session")
    session = id_of(own_session.get("title") if isinstance(own_session, dict) else own_session)
    track = id_of(raw.get("track")) or session or (id_of(line(raw.get("title"))) if block else "")
    return Talk(
        entry.id,
        entry.where,
        f"{title}: {slot}" if block and slot and slot not in title else title,
        entry.minutes or 0,
        entry.start,
        room if entry.start is not None else None,
        track=track or None,
        kind=id_of(raw.get("type")) or ("session" if block else "contribution"),
        speakers=own,
        description=paragraphs(raw.get("description")) or None,
        parts=parts,
    )


def _parts(entry: Entry, people: _People, found: Findings) -> Iterator[Part]:
    """Yield the contributions of a block, and what is between them; nothing where they do not follow each other."""
    inside = [one for one in entry.inside if one.start is not None and one.minutes]
    if len(inside) < len(entry.inside):
        found.note(entry.where, f"contributions of {entry.id!r} without a time are not planned by themselves")
    if not inside or entry.start is None:
        return
    end = entry.start.timestamp()
    for one in inside:
        start = one.start.timestamp() if one.start else 0.0
        if start < end:
            found.note(
                entry.where, f"contributions of {entry.id!r} run at once, or before it: all of it is for everybody"
            )
            return
        end = start + (one.minutes or 0) * 60
    if end > entry.start.timestamp() + (entry.minutes or 0) * 60:
        found.note(entry.where, f"contributions of {entry.id!r} run past its end: all of it is for everybody")
        return
    names = Names()
    at = entry.start.timestamp()
    for one in inside:
        start = one.start.timestamp() if one.start else 0.0
        if start > at:
            yield Part(names.free("gap"), BREAK, int(start - at) // 60)
        speakers = people.of(one.raw.get("speakers"), one.raw.get("presenters"), one.where)
        yield Part(names.free(one.id), line(one.raw.get("title")) or one.id, one.minutes or 0, speakers)
        at = start + (one.minutes or 0) * 60
    rest = int(entry.start.timestamp() + (entry.minutes or 0) * 60 - at) // 60
    if rest:
        yield Part(names.free("gap"), BREAK, rest)


class _People:
    """The people of an event: called by their names, told apart by their mail addresses or the hashes of these."""

    def __init__(self, found: Findings) -> None:
        self._found = found
        self._names = Names()
        self._known: dict[str, Speaker] = {}

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        return tuple(self._known.values())

    def of(self, first: object, second: object, where: str) -> tuple[str, ...]:
        rows = first if isinstance(first, list) and first else second
        found: dict[str, None] = {}
        for row in rows if isinstance(rows, list) else ():
            raw: Raw = row if isinstance(row, dict) else {}
            whole = " ".join(part for part in (line(raw.get("firstName")), line(raw.get("familyName"))) if part)
            name = line(raw.get("name")) or line(raw.get("fullName")) or whole
            mail = line(raw.get("email"))
            key = mail.lower() or line(raw.get("emailHash")) or name
            if not key:
                self._found.note(where, "a person without a name and an address is left out")
                continue
            if key not in self._known:
                good = mail if mail and not tuple(check_mail("", mail)) else None
                self._known[key] = Speaker(self._names.free(id_of(name) or id_of(key)), name, good)
            found[self._known[key].id] = None
        return tuple(found)


# -- hours ------------------------------------------------------------------------------------------------------------


def _opening(event: Raw, tz: ZoneInfo, found: Findings) -> Iterator[Span]:
    """Yield the hours of each day of an event: from the time at which it begins to that at which it ends."""
    first = found.value("results[0].startDate", moment, event.get("startDate"))
    last = found.value("results[0].endDate", moment, event.get("endDate"))
    if first is None or last is None:
        return
    begin, close = first.astimezone(tz), last.astimezone(tz)
    if close.time() <= begin.time() or not 0 <= (close.date() - begin.date()).days < _MOST_DAYS:
        return
    day = begin.date()
    while day <= close.date():
        try:
            yield local(day, begin.time(), tz).astimezone(UTC), local(day, close.time(), tz).astimezone(UTC)
        except ValueError:
            found.note("results[0].startDate", f"on {day} the clocks go forward over its hours: it has none of its own")
        day += timedelta(days=1)


def _hours(room: str, talks: Iterable[Talk], opening: Iterable[Span]) -> tuple[Span, ...]:
    mine = (
        (talk.start.astimezone(UTC), end_of(talk.start, talk.minutes))
        for talk in talks
        if talk.room == room and talk.start is not None
    )
    return joined((*opening, *mine), touching=True)
