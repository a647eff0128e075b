"""A calendar client of a few lines, fed with all that is published, shows the current schedule and nothing else.

It knows RFC 5545 and RFC 5546 by itself, reads what stands in the files with a reader of its own, and is as strict as
the strictest program of today: of two messages with one SEQUENCE it keeps the first one's times.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve, frozen
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from unsched import (
    Booking,
    Contact,
    Delegation,
    Group,
    Person,
    Problem,
    Room,
    Schedule,
    Seats,
    Segment,
    Session,
    Venue,
    Window,
)
from unsched.calendar.event import uid
from unsched.calendar.message import Message
from unsched.calendar.occasion import segment_uid
from unsched.calendar.publish import publish
from unsched.domain.publication import Publication
from unsched.exchange.convert import dump, load

MIDNIGHT = datetime(2026, 10, 24, tzinfo=UTC)
ORGANIZERS = (Contact("Office", "office@example.org"), Contact("The office", "Office@example.org"))
TAKEN_OVER = Contact("Bureau", "bureau@example.org")
MAILS = (None, "a@example.org", "b@example.org", "B@example.org", "c@example.org")
PARTIES = ("ar", "br", "ch", "latin", "chair")
ROOMS = ("I", "II")
Then = list[bool] | None
THEN: st.SearchStrategy[Then] = st.one_of(st.none(), st.just([]), st.lists(st.booleans(), max_size=6))
"""Whether to publish then, and if so, which of the mails are slow."""
HOURS = st.integers(8, 60)  # into the Sunday on which the clocks go back


@frozen
class Shown:
    """What a client shows of an event, and what it needs to know of it."""

    sequence: int
    stamp: str
    gone: bool
    organizer: str
    facts: dict[str, Any]


class Client:
    """One mailbox and the calendar behind it."""

    def __init__(self) -> None:
        self.events: dict[str, Shown] = {}

    def take(self, data: bytes) -> None:
        """Apply a message by UID, SEQUENCE and DTSTAMP."""
        method, lines = read(data)
        name, number, stamp = lines["UID"][1], int(lines["SEQUENCE"][1]), lines["DTSTAMP"][1]
        known = self.events.get(name)
        news = Shown(number, stamp, method == "CANCEL", lines["ORGANIZER"][1].lower(), facts_of(lines))
        if known is None:
            if method == "REQUEST":
                self.events[name] = news
            return
        if (number, stamp) < (known.sequence, known.stamp):
            return
        if method == "CANCEL":
            assert number > known.sequence or known.gone, "a cancellation that says nothing newer"
            assert known.gone or known.organizer == news.organizer, "a cancellation by somebody else"
        elif number == known.sequence:
            assert not known.gone, "an invitation that is as old as the cancellation"
            assert news.facts == known.facts, "another meeting under the same SEQUENCE"
        self.events[name] = news

    @property
    def shown(self) -> dict[str, dict[str, Any]]:
        """The meetings that stand in the calendar."""
        return {name: one.facts for name, one in self.events.items() if not one.gone}


def read(data: bytes) -> tuple[str, dict[str, tuple[str, str]]]:
    """Return the METHOD and the properties of the one VEVENT: parameters and value, by name; rooms are left out."""
    text = data.decode().replace("\r\n ", "")
    method = text.partition("METHOD:")[2].partition("\r\n")[0]
    body = text.partition("BEGIN:VEVENT\r\n")[2].partition("END:VEVENT")[0]
    found = {}
    for line in body.split("\r\n"):
        if line and "CUTYPE=ROOM" not in line:
            head, _, value = line.partition(":")
            name, _, parameters = head.partition(";")
            found[name] = parameters, value
    return method, found


def facts_of(lines: dict[str, tuple[str, str]]) -> dict[str, Any]:
    times = {}
    for name in ("DTSTART", "DTEND"):
        parameters, value = lines[name]
        zone = ZoneInfo(parameters.partition("TZID=")[2].strip('"')) if "TZID" in parameters else UTC
        times[name] = datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=zone).timestamp()
    return {"title": lines["SUMMARY"][1], "where": lines["LOCATION"][1], **times}


def expected(problem: Problem, schedule: Schedule) -> dict[str, dict[str, dict[str, Any]]]:
    """Return what everybody should have in the calendar, by who it is, from the facts alone."""
    known = {one.id for one in problem.parties}

    def people(names: tuple[str, ...]) -> set[str]:
        members = {one.id for one in problem.delegations for group in one.groups if group in names}
        return {name for name in names if name in known} | members

    found: dict[str, dict[str, dict[str, Any]]] = {}

    def add(who: set[str], name: str, title: str, room: str, start: float, end: float) -> None:
        for one in who:
            found.setdefault(one, {})[name] = {"title": title, "where": room, "DTSTART": start, "DTEND": end}

    for booking in schedule:
        session = problem.session(booking.session)
        everybody = people((session.chair or "", *session.required, *session.invited))
        begin, end = booking.start.timestamp(), booking.end.timestamp()
        add(everybody, uid(problem.id, session.id), session.title, booking.room, begin, end)
        at = begin
        for number, part in enumerate(session.segments, 1):
            until = end if part.minutes is None else min(at + 60 * part.minutes, end)
            there = people((*part.required, *part.invited)) - everybody
            if until <= at:  # the session has been shortened to less
                continue
            hidden = session.access not in {"open", part.access}
            title = part.title or ("Open part of a session" if hidden else session.title)
            add(there, segment_uid(problem.id, session.id, part.id or str(number)), title, booking.room, at, until)
            at = until
    return found


class Life(RuleBasedStateMachine):
    """Edits a problem and its schedule at random, and publishes now and then."""

    @initialize()
    def begin(self) -> None:
        self.clock = MIDNIGHT - timedelta(days=30)
        self.problem = Problem(
            "life",
            Window("Europe/Zurich", ["2026-10-24", "2026-10-25", "2026-10-26"]),
            Venue([Room(name, seats=Seats(9, 99, 99)) for name in ROOMS]),
            [Session(f"s{n}", f"Meeting {n}", 60, required=PARTIES[n : n + 2]) for n in range(3)],
            [Delegation("ar", groups=["latin"]), Delegation("br", groups=["latin"]), Delegation("ch")],
            [Person("chair")],
            [Group("latin")],
            organizer=ORGANIZERS[0],
        )
        hours = [(MIDNIGHT + timedelta(hours=9 + n), MIDNIGHT + timedelta(hours=10 + n)) for n in range(3)]
        bookings = [Booking(f"s{n}", "I", start, end) for n, (start, end) in enumerate(hours)]
        self.schedule = Schedule("life", "Europe/Zurich", bookings)
        self.publication: Publication | None = None
        self.clients: dict[str, Client] = {}
        self.late: list[Message] = []
        self.fresh = False

    def edit(self, number: int, then: Then, **more: Any) -> None:
        sessions = list(self.problem.sessions)
        sessions[number] = evolve(sessions[number], **more)
        self.problem = evolve(self.problem, sessions=sessions)
        self.tell(then)

    @rule(
        then=THEN, number=st.integers(0, 2), hour=HOURS, room=st.sampled_from(ROOMS), minutes=st.sampled_from([15, 60])
    )
    def book(self, then: Then, number: int, hour: int, room: str, minutes: int) -> None:
        start = MIDNIGHT + timedelta(hours=hour)
        mine = Booking(f"s{number}", room, start, start + timedelta(minutes=minutes))
        others = [one for one in self.schedule if one.session != mine.session]
        self.schedule = evolve(self.schedule, bookings=[*others, mine])
        self.tell(then)

    @rule(then=THEN, number=st.integers(0, 2))
    def unbook(self, then: Then, number: int) -> None:
        self.schedule = evolve(self.schedule, bookings=[one for one in self.schedule if one.session != f"s{number}"])
        self.tell(then)

    @rule(
        then=THEN,
        number=st.integers(0, 2),
        required=st.lists(st.sampled_from(PARTIES), max_size=2, unique=True),
        invited=st.lists(st.sampled_from(PARTIES), max_size=2, unique=True),
        chair=st.sampled_from([None, "chair"]),
    )
    def invite(self, then: Then, number: int, required: list[str], invited: list[str], chair: str | None) -> None:
        self.edit(number, then, required=required, invited=[one for one in invited if one not in required], chair=chair)

    @rule(
        then=THEN,
        number=st.integers(0, 2),
        parts=st.lists(
            st.builds(
                Segment,
                st.sampled_from([10, 20]),
                st.sampled_from(["open", "governments"]),
                required=st.sampled_from([(), ("ar",), ("latin",)]),
                invited=st.sampled_from([(), ("ch",), ("br",)]),
                title=st.sampled_from([None, "Secret"]),
                id=st.sampled_from([None, None, "x", "y"]),
            ),
            max_size=3,
            unique_by=lambda part: part.id or object(),
        ),
        access=st.sampled_from(["open", "members"]),
    )
    def divide(self, then: Then, number: int, parts: list[Segment], access: str) -> None:
        self.edit(number, then, segments=parts, access=access)

    @rule(then=THEN, number=st.integers(0, 2), title=st.sampled_from(["Plenary", "Drafting"]))
    def rename(self, then: Then, number: int, title: str) -> None:
        self.edit(number, then, title=title)

    @rule(then=THEN, mail=st.sampled_from(MAILS))
    def readdress_the_chair(self, then: Then, mail: str | None) -> None:
        self.problem = evolve(self.problem, persons=[evolve(one, mail=mail) for one in self.problem.persons])
        self.tell(then)

    @rule(then=THEN, number=st.integers(0, 2), mail=st.sampled_from(MAILS), named=st.booleans(), groups=st.booleans())
    def readdress(self, then: Then, number: int, mail: str | None, named: bool, groups: bool) -> None:  # noqa: FBT001  drawn
        some = list(self.problem.delegations)
        name = "Another name" if named else None
        some[number] = evolve(some[number], mail=mail, name=name, groups=["latin"] if groups or not number else [])
        self.problem = evolve(self.problem, delegations=some)
        self.tell(then)

    @rule(then=THEN, one=st.sampled_from([*ORGANIZERS, TAKEN_OVER]))
    def hand_over(self, then: Then, one: Contact) -> None:
        self.problem = evolve(self.problem, organizer=one)
        self.tell(then)

    @rule(then=THEN, zone=st.sampled_from(["Europe/Zurich", "Europe/Berlin", "America/New_York", "UTC"]))
    def write_in_another_zone(self, then: Then, zone: str) -> None:
        self.schedule = evolve(self.schedule, zone=zone)
        self.tell(then)

    @rule(then=THEN)
    def tell(self, then: Then) -> None:
        """Publish, or wait for more to change; some mails are slow, and come after those of the next time."""
        if then is None:
            self.fresh = False
            return
        self.clock += timedelta(minutes=1)
        before = {name: (client.shown, dict(client.events)) for name, client in self.clients.items()}
        release = publish(self.problem, self.schedule, self.publication, stamp=self.clock)
        self.publication = load(dump(release.publication), Publication, "state.json")
        kept = [one for index, one in enumerate(release.messages) if index < len(then) and then[index]]
        for message in release.messages:
            self.needed(message, before)
        for message in [*(one for one in release.messages if one not in kept), *self.late]:
            self.clients.setdefault(self.box(message), Client()).take(message.calendar)
        self.late = kept
        self.fresh = True
        again = publish(self.problem, self.schedule, self.publication, stamp=self.clock)
        assert (again.messages, again.publication) == ((), self.publication)

    def box(self, message: Message) -> str:
        return message.to if message.mail is None else message.mail.lower()

    def needed(self, message: Message, before: dict[str, Any]) -> None:
        """Whoever is told something did not know it."""
        shown, events = before.get(self.box(message), ({}, {}))
        method, lines = read(message.calendar)
        assert method == message.method
        assert lines["ATTENDEE"][1] == f"mailto:{message.mail}" if message.mail else "urn:uuid:" in lines["ATTENDEE"][1]
        if self.late or message.reason == "added":
            return
        if method == "CANCEL":
            assert message.uid in shown
        elif message.uid in shown:
            known = events[message.uid]
            new = facts_of(lines) != known.facts or lines["ORGANIZER"][1].lower() != known.organizer
            # What a client does not show here may have changed as well: the role, the text, the access.
            assert new or message.reason == "changed"

    @precondition(lambda self: self.fresh)
    @invariant()
    def everybody_sees_the_schedule(self) -> None:
        for message in self.late:
            self.clients.setdefault(self.box(message), Client()).take(message.calendar)
        self.late = []
        wanted: dict[str, dict[str, Any]] = {}
        mails = {one.id: one.mail for one in self.problem.parties}
        for who, events in expected(self.problem, self.schedule).items():
            wanted.setdefault((mails[who] or who).lower(), {}).update(events)
        for who, mail in mails.items():
            if mail is not None:  # what was handed over before there was an address is thrown away
                self.clients.pop(who, None)
        assert {name: client.shown for name, client in self.clients.items() if client.shown} == wanted


Life.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestLife = Life.TestCase
