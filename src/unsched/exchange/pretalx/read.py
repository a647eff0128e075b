"""From what pretalx's API says to a problem and what is scheduled there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attrs import field, frozen

from unsched.domain.fact import check_mail, shown
from unsched.domain.time import check_zone
from unsched.errors import Fault, InputError
from unsched.exchange.pretalx.tables import Tables, load_tables, word
from unsched.exchange.programme.document import Findings, Source
from unsched.exchange.programme.facts import Imported, Place, Programme, Span, Speaker, Talk
from unsched.exchange.programme.hours import joined
from unsched.exchange.programme.state import state
from unsched.exchange.programme.values import (
    Names,
    date_of,
    id_of,
    length_of,
    line,
    local,
    moment_of,
    paragraphs,
    whole,
    zone_of,
)

__all__ = ["PLANNED", "Slot", "read_pretalx", "room_names", "room_of", "slots_of"]

PLANNED = ("accepted", "confirmed")
"""The states of submissions that are planned, unless others are asked for."""
_STATES = ("submitted", "accepted", "confirmed", "rejected", "canceled", "withdrawn", "draft")
_MORNING, _EVENING = time(9), time(18)
_DAY = timedelta(days=1)
_MOST_DAYS = 400


@frozen
class Slot:
    """A place of a submission in the schedule.

    Args:
        name: what the session is called.
        where: its place in the document.
        submission: the row of the submission.
        number: pretalx's id of the slot; `None` is not known.
        start: when it begins, as written.
        end: when it ends, as written.
        room: the room, as written.
        minutes: its length, as written.
    """

    name: str
    where: str
    submission: Mapping[str, Any] = field(hash=False)
    number: int | None = None
    start: object = None
    end: object = None
    room: Any = None
    minutes: object = None


def read_pretalx(
    source: Source,
    *,
    zone: str | None = None,
    states: Iterable[str] = PLANNED,
    hours: tuple[time, time] = (_MORNING, _EVENING),
    keep: Iterable[str] = (),
) -> Imported:
    """Read what pretalx's API says of an event: submissions, speakers, rooms, and their availabilities.

    A session is called by the code of its submission; where that has several slots, by the code and the number of the
    slot. What has no slot yet, or one without a time, is a session that the schedule does not have.

    Args:
        source: a file of everything or its content, or a folder with a file for each resource, as in `load_tables`.
        zone: IANA name of the time zone; by default that of the event.
        states: which submissions are planned. What is pending counts as done.
        hours: when the rooms are open on days of which pretalx says no more than that they are.
        keep: what else of the schedule is kept, of "day", "room" and "track" (the rooms of a track).

    Raises:
        InputError: with everything that is wrong, by place in the document.
    """
    wanted = tuple(states)
    faults = [] if zone is None else list(check_zone("zone", zone))
    faults += [
        Fault("states", f"{one!r} is no state of pretalx", "'confirmed'.") for one in wanted if one not in _STATES
    ]
    if faults:
        raise InputError(faults, "the arguments")
    tables = load_tables(source)
    found = Findings(tables.source)
    return state(_programme(tables, found, zone, wanted, hours), keep=keep, source=tables.source)


def _programme(
    tables: Tables, found: Findings, zone: str | None, wanted: tuple[str, ...], hours: tuple[time, time]
) -> Programme:
    slots = tuple(_planned(tables, wanted, found))
    named = zone or tables.event.get("timezone")
    tz = zone_of(named, [slot.start for slot in slots], where="event.timezone", notes=found.notes)
    locale = line(tables.event.get("locale"))
    rooms = room_names(tables)
    types = {whole(row.get("id")): row for _, row in tables.of("submission-types")}
    labels = {
        name: {whole(row.get("id")): word(row.get(key), locale) for _, row in tables.of(name)}
        for name, key in (("tracks", "name"), ("submission-types", "name"), ("tags", "tag"))
    }
    speakers = _speakers(tables, tz, found)
    talks = [talk for slot in slots if (talk := _talk(slot, rooms, types, labels, locale, speakers, tz, found))]
    found.stop()
    days = tuple(_dates(tables, talks, tz, found))
    found.stop()
    open_, said = _hours(days, talks, hours, tz)
    places = [_place(path, row, _name_of(row, rooms, locale), open_, tz, found) for path, row in tables.of("rooms")]
    known = [room.name for room in places]
    places += [
        Place(name, hours=open_) for name in dict.fromkeys(talk.room for talk in talks) if name and name not in known
    ]
    if not places:
        found.fault("rooms", "there is no room", "the answer of /api/events/EVENT/rooms/ under the key 'rooms'.")
    found.stop()
    if any(room.hours == open_ for room in places):
        found.note("rooms", said)
    return Programme(
        id_of(tables.event.get("slug")) or id_of(word(tables.event.get("name"), locale)) or "pretalx",
        word(tables.event.get("name"), locale),
        tz.key,
        tuple(talks),
        tuple({room.name: room for room in places}.values()),
        tuple(speakers.values()),
        step=5,
        opening=open_ if not any(room.hours for room in places) else (),
        notes=tuple(found.notes),
    )


# -- submissions and slots --------------------------------------------------------------------------------------------


def _planned(tables: Tables, wanted: tuple[str, ...], found: Findings) -> Iterator[Slot]:
    others: Counter[str] = Counter()
    for slot in slots_of(tables, found):
        row = slot.submission
        told = line(row.get("pending_state")) or line(row.get("state"))
        if told and told not in wanted:
            others[told] += 1
        else:
            yield slot
    for told, count in others.items():
        found.note("submissions", f"{count} that are {told!r} are left out")


def slots_of(tables: Tables, found: Findings | None = None) -> Iterator[Slot]:
    """Yield each place of each submission, one at least; of several schedules, that of the last."""
    listed: dict[int | None, Mapping[str, Any]] = {whole(row.get("id")): row for _, row in tables.of("slots")}
    schedules = [one for row in listed.values() if (one := whole(row.get("schedule"))) is not None]
    last = max(schedules, default=None)
    if found is not None and len(set(schedules)) > 1:
        found.note("slots", f"they are of {len(set(schedules))} schedules: those of {last}, the last one, are read")
    mine: dict[str, list[Mapping[str, Any]]] = {}
    for row in listed.values():
        if whole(row.get("schedule")) in (last, None):
            mine.setdefault(line(row.get("submission")), []).append(row)
    names = Names()
    for path, row in tables.of("submissions"):
        code = id_of(row.get("code"))
        several = [one for one in _own(row, listed, last) if one] or (mine.get(code, []) if code else [])
        count = whole(row.get("slot_count")) or 1
        several += [{}] * (min(count, 100) - len(several))
        for slot in several:
            number = whole(slot.get("id"))
            base = code or id_of(row.get("id")) or "talk"
            name = f"{base}-{number}" if len(several) > 1 and number is not None else base
            minutes = slot.get("duration")
            yield Slot(
                names.free(name), path, row, number, slot.get("start"), slot.get("end"), slot.get("room"), minutes
            )


def _own(
    row: Mapping[str, Any], listed: Mapping[int | None, Mapping[str, Any]], last: int | None
) -> Iterator[Mapping[str, Any]]:
    if isinstance(row.get("slots"), list):
        for slot in row["slots"]:
            one = slot if isinstance(slot, dict) else listed.get(whole(slot), {})
            if whole(one.get("schedule")) in (last, None) or last is None:
                yield one
    elif isinstance(row.get("slot"), dict):
        yield {**row["slot"], "room": row["slot"].get("room_id") or row["slot"].get("room")}
    elif row.get("start"):  # the public schedule has them flat, with the number of the slot for an id
        yield {name: row.get(name) for name in ("id", "start", "end", "room", "duration")}


def room_names(tables: Tables) -> dict[int | str, str]:
    """Return the name of each room by its number; no two are called alike."""
    names, locale = Names(), line(tables.event.get("locale"))
    found: dict[int | str, str] = {}
    for _, row in tables.of("rooms"):
        number = whole(row.get("id"))
        name = id_of(word(row.get("name"), locale)) or f"room {number}"
        found[number if number is not None else name] = names.free(name)
    return found


def _talk(
    slot: Slot,
    rooms: Mapping[int | str, str],
    types: Mapping[int | None, Mapping[str, Any]],
    labels: Mapping[str, Mapping[int | None, str]],
    locale: str,
    speakers: dict[str, Speaker],
    tz: ZoneInfo,
    found: Findings,
) -> Talk | None:
    row = slot.submission
    start = found.value(f"{slot.where}.slot.start", moment_of, slot.start, tz)
    end = found.value(f"{slot.where}.slot.end", moment_of, slot.end, tz)
    kind = row.get("submission_type", row.get("session_type"))
    default = types.get(whole(kind), {}) if not isinstance(kind, dict) else kind
    minutes = None
    if start is not None and end is not None:
        minutes = int(end.timestamp() - start.timestamp()) // 60
        if minutes <= 0:
            found.fault(
                f"{slot.where}.slot.end", f"{shown(slot.end)} is not after the start", "an end after the start."
            )
    for value in (slot.minutes, row.get("duration"), default.get("default_duration")):
        minutes = minutes or found.value(f"{slot.where}.duration", length_of, value)
    if not minutes:
        found.note(slot.where, f"{slot.name!r} has no length: it is not planned")
        return None
    room = room_of(slot.room, rooms, locale)
    if slot.room and not room:
        found.fault(
            f"{slot.where}.slot.room", f"there is no room {shown(slot.room)}", "all rooms, under the key 'rooms'."
        )
    language = line(row.get("content_locale"))
    tags = [_label(tag, labels["tags"], locale, "tag") for tag in row.get("tags") or () if not isinstance(tag, list)]
    tags += [f"language: {language}"] if language else []
    tags += [f"state: {line(row['state'])}"] if line(row.get("state")) else []
    texts = dict.fromkeys(paragraphs(row.get(name)) for name in ("abstract", "description"))
    return Talk(
        slot.name,
        slot.where,
        word(row.get("title"), locale) or slot.name,
        minutes,
        start if room else None,
        room if start else None,
        track=id_of(_label(row.get("track"), labels["tracks"], locale, "name")) or None,
        kind=id_of(_label(kind, labels["submission-types"], locale, "name")) or None,
        tags=tuple(id_of(tag) for tag in tags if id_of(tag)),
        speakers=tuple(_who(row, speakers, slot.where, found)),
        description="\n\n".join(text for text in texts if text) or None,
    )


def room_of(value: object, rooms: Mapping[int | str, str], locale: str) -> str:
    """Return the name of a room that is given as a number, a name or a table; empty where there is none."""
    if isinstance(value, dict) and "id" in value:
        return room_of(value["id"], rooms, locale) or id_of(word(value.get("name"), locale))
    number = whole(value)
    if number is not None and number in rooms:
        return rooms[number]
    name = id_of(word(value, locale))
    # Earlier releases wrote its name.
    return name if name in rooms.values() or (name and number is None) else ""


def _label(value: object, labels: Mapping[int | None, str], locale: str, key: str) -> str:
    """Return the name of a track, a type or a tag, which is a number, a name, or a table."""
    if isinstance(value, dict):
        return word(value.get(key), locale) or word(value, locale)
    number = whole(value)
    if number is None:
        return line(value)
    return labels.get(number, "") or f"{number}"


# -- people -----------------------------------------------------------------------------------------------------------


def _speakers(tables: Tables, tz: ZoneInfo, found: Findings) -> dict[str, Speaker]:
    speakers: dict[str, Speaker] = {}
    for path, row in tables.of("speakers"):
        code = id_of(row.get("code")) or id_of(row.get("name"))
        if not code:
            found.fault(path, "a speaker without a code", "the code of the API.")
        elif code in speakers:
            found.note(path, f"speaker {code!r} comes twice: the first counts")
        else:
            free = tuple(_spans(row.get("availabilities"), f"{path}.availabilities", tz, found))
            mail = line(row.get("email")) or None
            if mail is not None and tuple(check_mail("", mail)):
                found.note(path, f"{shown(mail)} is no mail address that can be used: it is left out")
                mail = None
            speakers[code] = Speaker(code, line(row.get("name")), mail, free or None)
    return speakers


def _who(row: Mapping[str, Any], speakers: dict[str, Speaker], where: str, found: Findings) -> Iterator[str]:
    seen: dict[str, None] = {}
    several = row.get("speakers")
    for one in several if isinstance(several, list) else ():
        code = id_of(one.get("code") or one.get("name")) if isinstance(one, dict) else id_of(one)
        if not code:
            found.note(where, "a speaker without a code is left out")
        elif code not in seen:
            seen[code] = None
            name = line(one.get("name")) if isinstance(one, dict) else ""
            speakers.setdefault(code, Speaker(code, name))
            yield code


def _spans(value: object, path: str, tz: ZoneInfo, found: Findings) -> Iterator[Span]:
    for index, one in enumerate(value if isinstance(value, list) else ()):
        raw = one if isinstance(one, dict) else {}
        place = f"{path}[{index}]"
        start = found.value(f"{place}.start", moment_of, raw.get("start"), tz)
        end = found.value(f"{place}.end", moment_of, _whole_minute(raw.get("end")), tz)
        if start is None or end is None:
            found.fault(place, f"{shown(one)} is no stretch of time", "one with 'start' and 'end'.")
        elif end.timestamp() <= start.timestamp():
            found.fault(f"{place}.end", f"{shown(raw.get('end'))} is not after the start", "an end after the start.")
        else:
            yield start.astimezone(UTC), end.astimezone(UTC)


def _whole_minute(value: object) -> object:
    """Return a moment of which 23:59:59 means the end of the day."""
    return value.replace(":59:59", ":59:00", 1) if isinstance(value, str) else value


# -- days and rooms ---------------------------------------------------------------------------------------------------


def _dates(tables: Tables, talks: Iterable[Talk], tz: ZoneInfo, found: Findings) -> Iterator[date]:
    first = found.value("event.date_from", date_of, tables.event.get("date_from"))
    last = found.value("event.date_to", date_of, tables.event.get("date_to"))
    dates = {talk.start.astimezone(tz).date() for talk in talks if talk.start is not None}
    for path, row in tables.of("rooms"):
        for start, _ in _spans(row.get("availabilities"), f"{path}.availabilities", tz, Findings("")):
            if first is None:
                dates.add(start.astimezone(tz).date())
    if first is not None and last is not None:
        if last < first:
            found.fault("event.date_to", f"{last} is before {first}", "a last day that is not before the first.")
        elif (last - first).days >= _MOST_DAYS:
            found.fault("event.date_to", f"{first} to {last} is over {_MOST_DAYS} days", "the days of the event.")
        else:
            dates |= {first + _DAY * number for number in range((last - first).days + 1)}
    if not dates:
        found.fault(
            "event", "nothing says on which days it is", "the answer of /api/events/EVENT/ under the key 'event'."
        )
    yield from sorted(dates)


def _hours(
    days: Iterable[date], talks: Iterable[Talk], hours: tuple[time, time], tz: ZoneInfo
) -> tuple[tuple[Span, ...], str]:
    """Return when rooms are open of which no more is known, and say so."""
    placed: dict[date, list[Span]] = {}
    for talk in talks:
        if talk.start is not None:
            start = talk.start.astimezone(UTC)
            span = (start, start + timedelta(minutes=talk.minutes))
            placed.setdefault(talk.start.astimezone(tz).date(), []).append(span)
    found = []
    for day in days:
        first, last = (_clock(day, clock, tz) for clock in hours)
        spans = [(first, last), *placed.get(day, ())]
        found.append((min(start for start, _ in spans), max(end for _, end in spans)))
    said = (
        f"where pretalx does not say at which hours a room is open, it is from {hours[0]:%H:%M} to {hours[1]:%H:%M}, "
        "or longer where something is scheduled"
    )
    return joined(found), said


def _clock(day: date, clock: time, tz: ZoneInfo) -> datetime:
    try:
        return local(day, clock, tz).astimezone(UTC)
    except ValueError:  # the clocks skip it: what follows is open as well
        return datetime.combine(day, clock, tz).astimezone(UTC)


def _place(
    path: str, row: Mapping[str, Any], name: str, open_: tuple[Span, ...], tz: ZoneInfo, found: Findings
) -> Place:
    capacity = whole(row.get("capacity"))
    spans = joined(_spans(row.get("availabilities"), f"{path}.availabilities", tz, found), touching=True)
    return Place(name, capacity if capacity and capacity > 0 else None, _narrowed(spans, open_, tz) or open_)


def _name_of(row: Mapping[str, Any], rooms: Mapping[int | str, str], locale: str) -> str:
    number = whole(row.get("id"))
    name = id_of(word(row.get("name"), locale)) or f"room {number}"
    return rooms[name if number is None else number]


def _narrowed(spans: Iterable[Span], open_: tuple[Span, ...], tz: ZoneInfo) -> tuple[Span, ...]:
    """Return stretches in which each day that is open from midnight to midnight is open as the others are."""
    found: list[Span] = []
    for start, end in spans:
        begin = start
        while begin < end:
            day = begin.astimezone(tz).date()
            midnight = datetime.combine(day, time(0), tz).astimezone(UTC)
            close = min(end, datetime.combine(day + _DAY, time(0), tz).astimezone(UTC))
            # A day that ends at 23:59 is meant to be whole.
            if begin == midnight and close >= datetime.combine(day, time(23, 59), tz).astimezone(UTC):
                found += [span for span in open_ if span[0].astimezone(tz).date() == day]
            else:
                found.append((begin, close))
            begin = datetime.combine(day + _DAY, time(0), tz).astimezone(UTC)
    return joined(found, touching=True)
