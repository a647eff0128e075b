"""From a schedule document to a problem and what was published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from attrs import frozen

from unsched.domain.time import check_zone
from unsched.errors import InputError
from unsched.exchange.frab.document import Document, Event, Participant
from unsched.exchange.frab.from_json import from_json
from unsched.exchange.frab.from_xml import from_xml
from unsched.exchange.programme.document import Findings, Source, bytes_of, parse_json, parse_xml
from unsched.exchange.programme.facts import Imported, Note, Place, Programme, Speaker, Talk
from unsched.exchange.programme.state import state
from unsched.exchange.programme.values import Names, id_of, line

__all__ = ["Loaded", "load", "names_of", "read_frab", "speaker_of"]


@frozen
class Loaded:
    """A schedule document, read.

    Args:
        document: what it says.
        tree: the document itself: the root of its XML, or the content of its JSON.
        notes: what was assumed or left out on the way.
        source: what it is called.
    """

    document: Document
    tree: Any
    notes: tuple[Note, ...]
    source: str


def read_frab(source: Source, *, zone: str | None = None, keep: Iterable[str] = ()) -> Imported:
    """Read a published programme: `schedule.xml` or `schedule.json`, as frab, pentabarf, pretalx and others write it.

    The sessions are called as their events are: by pretalx's code, else the number, else the UUID, whichever no other
    event has. What has no time, no room or no length is left out, with a note, and is still there when the document is
    written back.

    Args:
        source: the path of the document, or its content; gzip is unpacked.
        zone: IANA name of the time zone to read it by; by default the one that it names.
        keep: what else of the published schedule is kept, of "day", "room" and "track" (the rooms of a track).

    Raises:
        InputError: with everything that is wrong, by place in the document.

    >>> text = b'''<schedule><version>1</version><conference><acronym>demo</acronym></conference>
    ... <day index="1" date="2024-02-03" start="2024-02-03T09:00:00+01:00" end="2024-02-03T18:00:00+01:00">
    ... <room name="Janson"><event id="7" guid="g"><date>2024-02-03T09:30:00+01:00</date><duration>00:25</duration>
    ... <title>Welcome</title><persons><person id="2">Staff</person></persons></event></room></day></schedule>'''
    >>> print(read_frab(text, zone="Europe/Brussels").schedule)
    demo: 1 session, Europe/Brussels time
    <BLANKLINE>
    Saturday 3 February 2024
      09:30-09:55  Janson  Welcome [7]
    """
    loaded = load(source, zone=zone)
    found = Findings(loaded.source)
    found.notes += loaded.notes
    return state(_programme(loaded.document, found), keep=keep, source=loaded.source)


def load(source: Source, *, zone: str | None = None) -> Loaded:
    """Read a schedule document as it is.

    Raises:
        InputError: with everything that is wrong.
    """
    faults = () if zone is None else tuple(check_zone("zone", zone))
    if faults:
        raise InputError(faults, "the arguments")
    data, name = bytes_of(source)
    found = Findings(name)
    tree: Any
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        tree = parse_json(data, name)
        document = from_json(tree, found, zone)
    else:
        tree = parse_xml(data, name)
        document = from_xml(tree, found, zone)
    found.stop()
    return Loaded(document, tree, tuple(found.notes), name)


def names_of(document: Document) -> tuple[str, ...]:
    """Return what the session of each event is called; an event that is there twice has one name."""
    counts: dict[str, Counter[str]] = {}
    first: dict[tuple[object, ...], int] = {}
    twins: dict[int, int] = {}
    for index, event in enumerate(document.events):
        own = first.setdefault(_self(event), index)
        if own != index:
            twins[index] = own
            continue
        for kind, name in _called(event):
            counts.setdefault(kind, Counter())[name] += 1
    names = Names()
    found: list[str] = []
    for index, event in enumerate(document.events):
        if index in twins:
            found.append(found[twins[index]])
            continue
        called = list(_called(event))
        single = (name for kind, name in called if counts[kind][name] == 1)
        found.append(names.free(next(single, None) or (called[0][1] if called else "event")))
    return tuple(found)


def _self(event: Event) -> tuple[object, ...]:
    """Return what tells an event from all others."""
    when = None if event.start is None else event.start.timestamp()
    own = (event.code, event.number, event.guid)
    return (*own, event.room, when, event.minutes, event.text("title")) if any(own) else (event.where,)


def _called(event: Event) -> Iterable[tuple[str, str]]:
    for kind, name in (("code", event.code), ("number", event.number), ("guid", event.guid)):
        if id_of(name):
            yield kind, id_of(name)


def speaker_of(person: Participant) -> str:
    """Return what a person is called: by code, number or UUID, or else by name, as whoever else has that name."""
    return id_of(person.code or person.number or person.guid or person.name)


def _programme(document: Document, found: Findings) -> Programme:
    speakers: dict[str, Speaker] = {}
    talks: dict[str, Talk] = {}
    rooms: dict[str, Place] = {}
    capacity = {room.name: room.capacity for room in document.head.rooms}
    for called in (*capacity, *(one for day in document.days for one in day.rooms)):
        if called:
            rooms.setdefault(called, Place(called, capacity.get(called)))
    for name, event in zip(names_of(document), document.events, strict=True):
        missing = [
            what
            for what, value in (("length", event.minutes), ("time", event.start), ("room", event.room))
            if not value
        ]
        if name in talks:
            found.note(event.where, f"event {name!r} is there twice, and read once")
        elif missing:
            found.note(event.where, f"event {name!r} has no {' and no '.join(missing)}: it is not planned")
        else:
            rooms.setdefault(event.room, Place(event.room, capacity.get(event.room)))
            talks[name] = _talk(name, event, speakers, found)
    _check_zone(document, found)
    head = document.head
    return Programme(
        id_of(head.acronym) or id_of(head.title) or "programme",
        head.title,
        document.zone,
        tuple(talks.values()),
        tuple(rooms.values()),
        tuple(speakers.values()),
        step=head.slot,
        notes=tuple(found.notes),
    )


def _talk(name: str, event: Event, speakers: dict[str, Speaker], found: Findings) -> Talk:
    persons: dict[str, None] = {}
    for person in event.persons:
        who = speaker_of(person)
        if not who:
            found.note(event.where, "a person without a name and an id is left out")
            continue
        known = speakers.setdefault(who, Speaker(who, person.name))
        if person.name and known.name != person.name:
            found.note(event.where, f"person {who!r} is called {person.name!r} here, and {known.name!r} before")
        persons[who] = None
    language = line(event.text("language"))
    texts = (event.text("abstract"), event.text("description"))
    return Talk(
        name,
        event.where,
        line(event.text("title")) or name,
        event.minutes or 0,
        event.start,
        event.room,
        event.day,
        id_of(event.text("track")) or None,
        id_of(event.text("type")) or None,
        (id_of(f"language: {language}"),) if language else (),
        tuple(persons),
        "\n\n".join(dict.fromkeys(text for text in texts if text)) or None,
    )


def _check_zone(document: Document, found: Findings) -> None:
    """Note that times are written with another offset than the zone has."""
    from zoneinfo import ZoneInfo

    tz = ZoneInfo(document.zone)
    others = [
        event
        for event in document.events
        if event.start is not None and event.start.utcoffset() != event.start.astimezone(tz).utcoffset()
    ]
    if others:
        one = others[0].start
        message = f"{len(others)} events are written with another offset than {tz.key} has then, such as {one}: "
        found.note(others[0].where, f"{message}the moment counts, and is read as {tz.key} time")
