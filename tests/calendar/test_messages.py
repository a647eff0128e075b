"""Invitations, updates and cancellations, read by programs that we did not write, and taken by some that keep a state.

What a reader gets wrong is said where it is allowed for, and in docs/reference/calendars.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import ics  # type: ignore[import-untyped]
import pytest
from attrs import evolve, frozen
from davserver import PASSWORD, USER, radicale
from keepers import Mirror, Xandikos, xandikos
from kinds import life, with_mails
from readers import (
    Desktop,
    Seen,
    from_javascript,
    javascript_is_there,
    seen_by_khal,
    with_ical,
    with_icalendar,
    with_ics,
    with_javascript,
    with_khal,
    with_vobject,
)

from unsched import Problem, Schedule, calendars
from unsched.calendar.dav.credentials import Credentials
from unsched.calendar.dav.remote import Remote
from unsched.calendar.dav.resource import resources
from unsched.calendar.dav.sync import select_feeds, sync
from unsched.calendar.event import uid
from unsched.calendar.mail import mail
from unsched.calendar.message import Message

Guests = list[tuple[str, str, str]]
FIRST, LAST = "2010-12-01", "2010-12-31"
DRAFTING = uid("cstd-2010", "drafting")
HOSTILE = 'Ouverture, 1; a \\, \\; "quoted" ^n ^\' BEGIN:VEVENT\nUID:evil\n\nEND:VCALENDAR ' + "é" * 300


@frozen
class Told:
    """What a reader finds in a message; `None` is what it does not hand out."""

    seen: Seen
    method: str | None
    status: str
    organizer: str | None
    guests: Guests | None


def _bare(address: object) -> str:
    return str(address).lower().removeprefix("mailto:")


def by_icalendar(data: bytes) -> Told:
    import icalendar

    calendar: Any = icalendar.Calendar.from_ical(data)
    (event,) = calendar.walk("VEVENT")
    attendees = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
    guests = [(_bare(a), a.params["CUTYPE"], a.params.get("PARTSTAT", "")) for a in attendees]
    (seen,) = with_icalendar(data)
    return Told(seen, str(calendar["METHOD"]), str(event["STATUS"]), _bare(event["ORGANIZER"]), sorted(guests))


def by_vobject(data: bytes) -> Told:
    import vobject  # type: ignore[import-untyped]

    (seen,) = with_vobject(data)
    calendar = vobject.readOne(data.decode())
    event = calendar.vevent
    guests = [
        (_bare(one.value), one.params["CUTYPE"][0], one.params.get("PARTSTAT", [""])[0]) for one in event.attendee_list
    ]
    return Told(seen, calendar.method.value, event.status.value, _bare(event.organizer.value), sorted(guests))


def by_ics(data: bytes) -> Told:
    (seen,) = with_ics(data)
    calendar = ics.Calendar(data.decode())
    (event,) = calendar.events
    # It hands out no METHOD, no CUTYPE, and what it makes of a URN is none.
    guests = [(_bare(one.email), "", one.partstat or "") for one in event.attendees if "@" in one.email]
    return Told(seen, calendar.method, event.status, _bare(event.organizer.email), sorted(guests))


def by_ical(data: bytes) -> Told:
    from ical.calendar_stream import IcsCalendarStream

    calendar: Any = IcsCalendarStream.calendar_from_ics(data.decode())
    (event,) = calendar.events
    seen = Seen(
        event.dtstart.astimezone(UTC),
        event.dtend.astimezone(UTC),
        event.uid,
        event.summary,
        event.location or "",
        event.description or "",
        event.sequence,
    )
    guests = [(_bare(one.uri), str(one.user_type or ""), str(one.status or "")) for one in event.attendees]
    return Told(seen, calendar.method, str(event.status.value), _bare(event.organizer.uri), sorted(guests))


def by_khal(data: bytes, folder: Path) -> Told:
    desktop = Desktop(folder)
    desktop.take(data)
    (shown,) = desktop.list(FIRST, LAST)
    # It shows neither METHOD nor SEQUENCE, nor who is invited in which way.
    return Told(seen_by_khal(shown), None, shown["status"].strip(), None, None)


def by_javascript(data: bytes) -> dict[str, Told]:
    if not javascript_is_there():
        return {}
    found = {}
    for reader, result in with_javascript({"one": data})["one"].items():
        (one,) = result["events"]
        guests = sorted((_bare(address), kind, answer) for address, kind, answer in one["attendees"])
        (seen,) = from_javascript([one])
        found[reader] = Told(seen, result["method"], one["status"], _bare(one["organizer"]), guests)
    return found


def all_of(data: bytes, folder: Path) -> dict[str, Told]:
    return {
        "vobject": by_vobject(data),
        "ics": by_ics(data),
        "ical": by_ical(data),
        "khal": by_khal(data, folder / "khal"),
        **by_javascript(data),
    }


@pytest.fixture
def told(problem: Problem, schedule: Schedule) -> tuple[Message, Message, Message]:
    return life(with_mails(problem), schedule)


def expected(wanted: Told, reader: str) -> Told:
    """Return what a reader can be expected to hand out of what was meant."""
    if reader == "khal":
        return Told(evolve(wanted.seen, sequence=None), None, wanted.status, None, None)
    if reader == "ics":
        guests = [(address, "", answer) for address, _, answer in wanted.guests or () if "@" in address]
        return evolve(wanted, seen=evolve(wanted.seen, sequence=None), guests=guests)
    if reader == "ts-ics" and wanted.seen.sequence == 0:
        return evolve(wanted, seen=evolve(wanted.seen, sequence=None))  # 0 is nothing to it
    return wanted


def same(found: Told, wanted: Told) -> None:
    assert found.seen == wanted.seen
    texts = [(one.seen.title, one.seen.location, one.seen.description, one.seen.sequence) for one in (found, wanted)]
    assert texts[0] == texts[1]
    assert (found.method, found.status, found.organizer) == (wanted.method, wanted.status, wanted.organizer)
    assert found.guests == wanted.guests


@pytest.mark.parametrize("number", [0, 1, 2], ids=["invitation", "update", "cancellation"])
def test_every_reader_finds_what_was_meant_in_a_message(
    number: int, told: tuple[Message, Message, Message], tmp_path: Path
) -> None:
    message = told[number]
    wanted = by_icalendar(message.calendar)
    # First what was meant, from the message and not from what was written.
    assert (wanted.seen.start, wanted.seen.end) == (message.start, message.end)
    assert (wanted.seen.uid, wanted.seen.sequence, wanted.method) == (DRAFTING, number, message.method)
    assert wanted.status == ("CANCELLED" if number == 2 else "CONFIRMED")
    assert ("ir@example.org", "GROUP", "" if number == 2 else "NEEDS-ACTION") in (wanted.guests or ())
    readers = all_of(message.calendar, tmp_path)
    assert len(readers) >= 4
    for reader, found in readers.items():
        same(found, expected(wanted, reader))


@pytest.mark.parametrize("number", [0, 1, 2], ids=["invitation", "update", "cancellation"])
def test_the_calendar_of_a_mail_is_the_same_to_a_program_that_takes_it_out(
    number: int, told: tuple[Message, Message, Message]
) -> None:
    from xandikos.imip import extract_payload_from_bytes, target_calendar_user_addresses

    letter = mail(told[number]).as_bytes()
    payload = extract_payload_from_bytes(letter)
    assert (payload.calendar_data, payload.method) == (told[number].calendar, told[number].method)
    assert "mailto:ir@example.org" in target_calendar_user_addresses(payload)
    # And what the standard library makes of it.
    parsed = message_from_bytes(letter, policy=default)
    assert isinstance(parsed, EmailMessage)
    body = parsed.get_body(("plain",))
    assert body is not None
    assert "Drafting group" in body.get_content()


def test_hostile_texts_are_texts_to_every_reader_of_a_message(
    problem: Problem, schedule: Schedule, tmp_path: Path
) -> None:
    first, second, *others = with_mails(problem).sessions
    changed = evolve(with_mails(problem), sessions=[first, evolve(second, title=HOSTILE, description=HOSTILE), *others])
    for number, message in enumerate(life(changed, schedule)):
        wanted = by_icalendar(message.calendar)
        assert wanted.seen.uid == DRAFTING
        assert wanted.seen.title.startswith('Ouverture, 1; a \\, \\; "quoted" ^n ^\' BEGIN:VEVENT UID:evil')
        folder = tmp_path / str(number)
        readers: dict[str, Callable[[], Told]] = {
            "vobject": lambda data=message.calendar: by_vobject(data),  # type: ignore[misc]
            "ics": lambda data=message.calendar: by_ics(data),  # type: ignore[misc]
            "ical": lambda data=message.calendar: by_ical(data),  # type: ignore[misc]
            "khal": lambda data=message.calendar, folder=folder: by_khal(data, folder),  # type: ignore[misc]
        }
        for reader, read in readers.items():
            same(read(), expected(wanted, reader))
        if javascript_is_there():
            found = with_javascript_but_ts_ics(message.calendar)
            for reader, one in found.items():
                same(one, expected(wanted, reader))


def with_javascript_but_ts_ics(data: bytes) -> dict[str, Told]:
    # ts-ics looks for "BEGIN:VEVENT" anywhere in a file, in a text too, and finds events that are none: it is held
    # to messages without it alone. Where the day comes that it does not, this says so.
    result = with_javascript({"one": data})["one"]
    titles = [one["title"] for one in result["ts-ics"]["events"]]
    assert titles != [one["title"] for one in result["ical.js"]["events"]]
    found = {}
    for reader in ("ical.js", "node-ical"):
        (one,) = result[reader]["events"]
        guests = sorted((_bare(address), kind, answer) for address, kind, answer in one["attendees"])
        (seen,) = from_javascript([one])
        found[reader] = Told(seen, result[reader]["method"], one["status"], _bare(one["organizer"]), guests)
    return found


# -- programs that keep a state ---------------------------------------------------------------------------------------


def test_a_server_that_takes_mails_has_the_meeting_sees_it_move_and_sees_it_go(
    told: tuple[Message, Message, Message], tmp_path: Path
) -> None:
    server = Xandikos(tmp_path)
    seen: list[tuple[str, Seen]] = []
    for message in told:
        letter = mail(message)
        # It takes a mail that says Auto-Submitted for an echo of its own (RFC 3834), and leaves it alone.
        server.take(letter)
        assert server.calendar == seen
        del letter["Auto-Submitted"]
        server.take(letter)
        seen = server.calendar
        ((status, one),) = seen
        assert (one.uid, one.start, one.end) == (DRAFTING, message.start, message.end)
        assert status == ("CANCELLED" if message.method == "CANCEL" else "CONFIRMED")
    # A cancellation leaves the SEQUENCE of what it cancels.
    assert [one.sequence for _, one in server.calendar] == [1]


def test_a_desktop_calendar_has_the_meeting_sees_it_move_and_sees_it_cancelled(
    told: tuple[Message, Message, Message], tmp_path: Path
) -> None:
    desktop = Desktop(tmp_path)
    for message in told:
        desktop.take(message.calendar)
        (one,) = desktop.list(FIRST, LAST)
        assert (one["uid"], one["start-long-full"]) == (DRAFTING, f"{message.start.astimezone(UTC):%Y-%m-%d %H:%M}")
        assert ("CANCELLED" in one["status"]) == (message.method == "CANCEL")


def test_a_library_that_keeps_events_replaces_one_by_its_update(told: tuple[Message, Message, Message]) -> None:
    # ical, of Home Assistant, keeps events in a store by UID.
    from ical.calendar import Calendar
    from ical.calendar_stream import IcsCalendarStream
    from ical.store import EventStore

    calendar = Calendar()
    store = EventStore(calendar)
    (first,), (second,) = (IcsCalendarStream.calendar_from_ics(one.calendar.decode()).events for one in told[:2])
    store.add(first)
    store.edit(second.uid, second)
    (kept,) = calendar.events
    assert (kept.uid, kept.dtstart) == (DRAFTING, second.dtstart)
    store.delete(told[2].uid)
    assert calendar.events == []


def states(problem: Problem, schedule: Schedule) -> list[dict[str, bytes]]:
    """Return the feeds of rooms as first published, once drafting has moved, and once it has been called off."""
    first, second, third = life(problem, schedule)
    others = [one for one in schedule.bookings if one.session != "drafting"]
    booking = next(one for one in schedule.bookings if one.session == "drafting")
    moved = evolve(booking, start=second.start, end=second.end)
    made = [(schedule.bookings, 0, first), ([*others, moved], 1, second), (others, 2, third)]
    found = []
    for bookings, revision, message in made:
        changed = evolve(schedule, bookings=bookings, revision=revision, stamp=message.stamp)
        found.append(select_feeds(calendars(problem, changed), ["rooms"]))
    return found


def wanted_of(feed: bytes) -> list[Seen]:
    return with_icalendar(feed)


def test_a_subscriber_sees_the_meeting_move_and_go(problem: Problem, schedule: Schedule, tmp_path: Path) -> None:
    feed = tmp_path / "xii.ics"
    mirror: Mirror | None = None
    for state in states(problem, schedule):
        feed.write_bytes(state["rooms/XII.ics"])
        mirror = mirror or Mirror(tmp_path / "mirror", f'type = "singlefile"\npath = "{feed}"\n')
        assert mirror.look() == wanted_of(state["rooms/XII.ics"])
    assert mirror is not None
    assert DRAFTING not in {one.uid for one in mirror.look()}


def test_a_client_of_a_server_sees_the_meeting_move_and_go(
    problem: Problem, schedule: Schedule, tmp_path: Path
) -> None:
    pytest.importorskip("caldav", reason="the extra caldav is not installed")
    mirror: Mirror | None = None
    with radicale(tmp_path / "server") as server, Remote(server.url, Credentials(USER, PASSWORD)) as remote:
        for state in states(problem, schedule):
            assert not sync(remote, state, tmp_path / "state.json").failures
            wanted = wanted_of(state["rooms/XII.ics"])
            source = f'type = "caldav"\nurl = "{server.url}rooms-XII/"\nusername = "{USER}"\npassword = "{PASSWORD}"\n'
            mirror = mirror or Mirror(tmp_path / "mirror", source)
            assert mirror.look() == wanted


def test_the_library_finds_what_was_put_on_a_server(problem: Problem, schedule: Schedule, tmp_path: Path) -> None:
    caldav = pytest.importorskip("caldav", reason="the extra caldav is not installed")
    pytest.importorskip("niquests", reason="caldav lists calendars with this library only")
    state = states(problem, schedule)[1]
    with radicale(tmp_path / "server") as server, Remote(server.url, Credentials(USER, PASSWORD)) as remote:
        sync(remote, state, tmp_path / "state.json")
        url = f"{server.url}rooms-XII/"
        with caldav.DAVClient(url, username=USER, password=PASSWORD, enable_rfc6764=False) as client:
            calendar = caldav.Calendar(client=client, url=url)
            found = [seen for event in calendar.events() for seen in with_icalendar(event.data.encode())]
    assert sorted(found) == wanted_of(state["rooms/XII.ics"])


def test_another_server_takes_and_keeps_our_calendars(problem: Problem, schedule: Schedule, tmp_path: Path) -> None:
    pytest.importorskip("caldav", reason="the extra caldav is not installed")
    with xandikos(tmp_path / "server") as url, Remote(url) as remote:
        for state in states(problem, schedule):
            report = sync(remote, state, tmp_path / "state.json")
            assert not report.failures
            assert not report.conflicts
            again = sync(remote, state, tmp_path / "state.json")
            assert again.steps == ()
            found = remote.events("/user/calendars/rooms-XII/", "20101216T000000Z", "20101219T000000Z")
            assert sorted(seen for data in found.values() for seen in with_icalendar(data)) == wanted_of(
                state["rooms/XII.ics"]
            )
        # A foreign change is a conflict there, too.
        (place,) = remote.events("/user/calendars/rooms-XII/", "20101216T000000Z", "20101219T000000Z")
        data, etag = remote.get(place)
        remote.put(place, data.replace(b"African", b"American"), etag)
        assert len(sync(remote, states(problem, schedule)[-1], tmp_path / "state.json").conflicts) == 1


def test_each_resource_for_a_server_is_read_by_every_reader(
    problem: Problem, schedule: Schedule, tmp_path: Path
) -> None:
    feed = calendars(problem, schedule)["rooms/XII.ics"]
    for number, one in enumerate(resources(feed).values()):
        wanted = with_icalendar(one.data)
        readers: dict[str, Iterable[Seen]] = {
            "vobject": with_vobject(one.data),
            "ical": with_ical(one.data),
            "ics": with_ics(one.data),
            "khal": with_khal(one.data, tmp_path / str(number), FIRST, LAST),
        }
        if javascript_is_there():
            for reader, result in with_javascript({"one": one.data})["one"].items():
                readers[reader] = from_javascript(result["events"])
        for reader, found in readers.items():
            silent = reader in {"ics", "khal"}  # they hand out no SEQUENCE
            meant = [evolve(seen, sequence=None) if silent else seen for seen in wanted]
            assert (reader, list(found)) == (reader, meant)
