"""Answers to invitations, read from the files and mails that clients send (RFC 5546: REPLY, COUNTER, REFRESH)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen

from unsched.calendar.finding import MAX_FINDINGS, Finding
from unsched.calendar.instances import moment_of
from unsched.calendar.invitation import address_of
from unsched.calendar.mail_parts import calendars_in
from unsched.calendar.occurrences import Budget
from unsched.calendar.parse import Component, parse, read_bytes
from unsched.calendar.text import plain
from unsched.calendar.values import mail_of, read_length, read_whole, unescape, utc_stamp
from unsched.calendar.zones import Zones
from unsched.domain.attendance import Response
from unsched.domain.fact import shown
from unsched.errors import Fault, InputError

if TYPE_CHECKING:
    from unsched.calendar.parse import Property
    from unsched.domain.publication import Entry, Invitee, Publication

__all__ = ["Replies", "read_replies"]

MAX_BYTES: Final = 10_000_000
MAX_COMMENT: Final = 1_000
_MOST: Final = 10**9
_STEPS: Final = 200_000
_YEAR: Final = timedelta(days=400)
_CLAUSES: Final[Mapping[str, str]] = {"REPLY": "3.2.3", "COUNTER": "3.2.7", "REFRESH": "3.2.6"}
_ANSWERS: Final = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}


@frozen
class Replies:
    """What was found in files of answers.

    Args:
        responses: what invitees answer, in the order of the files; `Attendance.merge` takes them.
        again: who asks to be told again of which event: UID and id.
        stale: answers to what is no longer so, which do not count (RFC 5546, section 2.1.5).
        findings: what cannot be read or belongs to nothing, each with its file, line and component.
    """

    responses: tuple[Response, ...] = ()
    again: tuple[tuple[str, str], ...] = ()
    stale: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __add__(self, other: Replies) -> Replies:
        return Replies(
            self.responses + other.responses,
            self.again + other.again,
            self.stale + other.stale,
            self.findings + other.findings,
        )


def read_replies(
    data: bytes | str | os.PathLike[str], publication: Publication, *, source: str | None = None
) -> Replies:
    """Return the answers in a file, each matched with who was invited to what, by UID, ATTENDEE, SEQUENCE and DTSTAMP.

    An answer to an earlier SEQUENCE than the invitee was told last is out of date, and does not count. Whoever answers
    from another address than the invitation went to, or to what was never sent, is not listened to either, and is
    reported. Nothing in a file is trusted: sizes and times are bounded, and what is broken is left out with its line.

    Args:
        data: the content of an .ics file or of a mail (.eml), or the path of one.
        publication: what has been published.
        source: what to call the file in findings; by default its name.

    Raises:
        InputError: there is no such file, or it is larger than any answer should be, or neither a calendar nor a mail.
    """
    if isinstance(data, bytes):
        name = source or "the reply"
        if len(data) > MAX_BYTES:
            raise InputError([Fault("", f"it has over {MAX_BYTES:,} bytes", "a smaller file.")], name)
    else:
        name = source or Path(data).name
        data = read_bytes(data, MAX_BYTES)
    found = Replies()
    for label, calendar in calendars_in(data, name):
        reader = _Reader(publication, label)
        reader.read(calendar)
        found += Replies(
            tuple(reader.responses),
            tuple(dict.fromkeys(reader.again)),
            tuple(reader.stale[:MAX_FINDINGS]),
            tuple(sorted(reader.findings[:MAX_FINDINGS], key=lambda finding: finding.line)),
        )
    return found


class _Reader:
    """Reads one calendar."""

    def __init__(self, publication: Publication, source: str) -> None:
        self.publication, self.source = publication, source
        self.responses: list[Response] = []
        self.again: list[tuple[str, str]] = []
        self.stale: list[Finding] = []
        self.findings: list[Finding] = []

    def report(self, component: Component, message: str, remedy: str | None, clause: str, line: int = 0) -> None:
        place = line or component.line
        self.findings.append(Finding(place, component.name, message, remedy, f"RFC 5546, {clause}", self.source))

    def read(self, data: bytes) -> None:
        parsed = parse(data, self.source)
        self.findings += parsed.findings
        for calendar in parsed.calendars:
            method = calendar.text("METHOD").upper()
            if method not in _CLAUSES:
                message = f"METHOD is {shown(method) if method else 'missing'}, and this is no answer"
                self.report(calendar, message, "a file whose METHOD is REPLY, COUNTER or REFRESH.", "1.4")
                continue
            events = [one for one in calendar.components if one.name == "VEVENT"]
            if not events:
                self.report(calendar, "there is no VEVENT in it", "the answer as it was sent.", _CLAUSES[method])
            for event in events:
                self.answer(method, event, calendar)

    def answer(self, method: str, event: Component, calendar: Component) -> None:
        clause = _CLAUSES[method]
        try:
            entry = self.entry(event)
            sequence = self.sequence(event)
            stamp = self.stamp(event)
            who = tuple(self.invitees(event, entry))
        except _Bad as bad:
            return self.report(event, bad.message, bad.remedy, clause, bad.line)
        for invitee, attendee in who:
            if method == "REFRESH":
                self.again.append((entry.uid, invitee.id))
                continue
            if sequence < invitee.asked:
                message = f"{invitee.id!r} answers SEQUENCE {sequence} of {entry.session!r}, and {invitee.asked} is out"
                finding = Finding(event.line, event.name, message, None, "RFC 5546, 2.1.5", self.source)
                self.stale.append(finding)
                continue
            if sequence > entry.issued:
                message = f"{invitee.id!r} answers SEQUENCE {sequence} of {entry.session!r}, which has never been sent"
                self.report(event, message, f"SEQUENCE:{entry.issued}.", clause)
                continue
            status = (attendee.param("PARTSTAT") or "NEEDS-ACTION").upper()
            if status == "DELEGATED":
                other = attendee.param("DELEGATED-TO") or "somebody else"
                message = f"{invitee.id!r} sends {shown(other)} to {entry.session!r}: whom to invite is the organizer's"
                self.report(event, message, "invite them, and publish.", "3.2.2.3", attendee.line)
                continue
            start, end = self.proposal(event, calendar, entry) if method == "COUNTER" else (None, None)
            # RFC 5546, section 3.2.3: what is none of the known words is as if nothing had been said.
            answer = _ANSWERS.get(status, "waiting")
            comment = self.comment(event)
            self.responses.append(Response(entry.uid, invitee.id, answer, sequence, stamp, start, end, comment))
        return None

    def entry(self, event: Component) -> Entry:
        uid = event.get("UID")
        if uid is None or not uid.value.strip():
            raise _Bad("there is no UID", "the answer as it was sent.")
        name = unescape(uid.value.strip())
        entry = self.publication.by_uid.get(name)
        if entry is None:
            raise _Bad(f"nothing has been published under UID {shown(name)}", "the publication it answers.", uid.line)
        if entry.cancelled:
            raise _Bad(f"{entry.session!r} has been cancelled", None, uid.line)
        recurrence = event.get("RECURRENCE-ID")
        if recurrence is not None:
            message = f"it is about one instance of {entry.session!r}, which does not recur"
            raise _Bad(message, "an answer to the event as a whole.", recurrence.line)
        return entry

    def sequence(self, event: Component) -> int:
        found = event.get("SEQUENCE")
        try:
            return 0 if found is None else read_whole(found.value, 0, _MOST)
        except ValueError as error:
            raise _Bad(str(error), "SEQUENCE:0.", found.line if found else 0) from None

    def stamp(self, event: Component) -> datetime:
        found = event.get("DTSTAMP")
        if found is None:
            raise _Bad("there is no DTSTAMP: which answer is the latest cannot be told", "DTSTAMP:20101206T120000Z.")
        try:
            return utc_stamp(found.value)
        except ValueError as error:
            raise _Bad(str(error), "DTSTAMP:20101206T120000Z.", found.line) from None

    def invitees(self, event: Component, entry: Entry) -> Iterator[tuple[Invitee, Property]]:
        """Yield who answers; several, where they share a mailbox."""
        listed = list(event.all("ATTENDEE"))
        if not listed:
            raise _Bad("there is no ATTENDEE: who answers cannot be told", "the answer as it was sent.")
        known: dict[str, list[Invitee]] = {}
        for one in entry.invitees:
            known.setdefault(_normal(address_of(self.publication.problem, one)), []).append(one)
        matches = {key: attendee for attendee in listed for key in _addresses(attendee) if key in known}
        if not matches:
            address = listed[0].value.strip()
            message = f"{shown(address)} is not invited to {entry.session!r}"
            raise _Bad(message, "the address that the invitation went to.", listed[0].line)
        if len(matches) > 1:
            message = f"{len(matches)} invitees of {entry.session!r} are in one answer"
            raise _Bad(message, "one ATTENDEE: whoever answers.", listed[1].line)
        for key, attendee in matches.items():
            for one in known[key]:
                yield one, attendee

    def proposal(self, event: Component, calendar: Component, entry: Entry) -> tuple[datetime | None, datetime | None]:
        """Return when somebody would rather meet, if that can be read and is another time."""
        told = entry.told
        zones = Zones(calendar, self.publication.zone, told.start - _YEAR, told.end + _YEAR, Budget(_STEPS))
        try:
            begin, finish = moment_of(event, "DTSTART"), moment_of(event, "DTEND")
            if begin is None:
                return None, None
            start, duration = zones.instant(begin), event.get("DURATION")
            if finish is not None:
                end = zones.instant(finish)
            elif duration is not None:
                end = start + read_length(duration.value.strip()).about
            else:
                end = start + (told.end - told.start)
        except (ValueError, OverflowError) as error:
            self.report(event, f"what it proposes cannot be read: {error}", "ask them.", "3.2.7")
            return None, None
        if end <= start:
            self.report(event, "what it proposes ends before it starts", "ask them.", "3.2.7")
            return None, None
        same = (start.timestamp(), end.timestamp()) == (told.start.timestamp(), told.end.timestamp())
        return (None, None) if same else (start, end)

    def comment(self, event: Component) -> str | None:
        said = (plain(unescape(one.value)).strip() for one in event.all("COMMENT"))
        text = "\n".join(one for one in said if one)
        return text[:MAX_COMMENT] or None


class _Bad(Exception):  # noqa: N818  it never leaves this module
    """Why an answer cannot be taken."""

    def __init__(self, message: str, remedy: str | None, line: int = 0) -> None:
        super().__init__(message)
        self.message, self.remedy, self.line = message, remedy, line


def _normal(address: str) -> str:
    mail = mail_of(address)
    return f"mailto:{mail.casefold()}" if mail else address.strip().lower()


def _addresses(attendee: Property) -> Iterable[str]:
    """Return the addresses that an attendee goes by: the value, and EMAIL (RFC 7986), which may stand beside a URN."""
    email = attendee.param("EMAIL")
    return dict.fromkeys((_normal(attendee.value), *((_normal(f"mailto:{email}"),) if email else ())))
