"""Publishing a schedule: who has to be told what, given what everybody has been told (RFC 5546)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from attrs import evolve, frozen

from unsched.calendar.invitation import cancellation_body, content_digest, invitation, request_body, told, zone_of
from unsched.calendar.message import Message
from unsched.calendar.occasion import Occasion, occasions
from unsched.domain.people import Contact, Delegation
from unsched.domain.problem import Problem
from unsched.domain.publication import Entry, Invitee, Publication, Told
from unsched.domain.schedule import Schedule
from unsched.domain.timetable import misfits
from unsched.errors import Fault, InputError

__all__ = ["Release", "publish"]


@frozen
class Release:
    """What comes of publishing a schedule.

    Args:
        publication: what everybody has been told, once the messages are out.
        previous: what it was made from; `None` the first time.
        messages: who has to be told what, in the order of the events, then of their invitees.
        unchanged: UIDs of the events about which nobody has to be told anything.
    """

    publication: Publication
    previous: Publication | None
    messages: tuple[Message, ...]
    unchanged: tuple[str, ...]


@frozen
class _Issue:
    problem: Problem
    organizer: Contact
    zone: str
    stamp: datetime


def publish(problem: Problem, schedule: Schedule, previous: Publication | None, *, stamp: datetime) -> Release:
    """Return the messages that tell everybody of a schedule, and the state once they are told.

    Whatever an event says anew raises its SEQUENCE: of two messages with the same, clients keep the times of the
    first. Where nothing is new, the publication is the previous one.

    Args:
        problem: the facts; it needs an organizer.
        schedule: the bookings.
        previous: what has been published, or `None`.
        stamp: when this revision is made, with its offset from UTC.

    Raises:
        InputError: there is no organizer, the schedule or `previous` is of another problem, or the stamp is not
            later than that of `previous` although there is something to tell.
    """
    issue = _check(problem, schedule, previous, stamp)
    old = {} if previous is None else previous.by_uid
    entries: dict[str, Entry] = {}
    messages: list[Message] = []
    unchanged: list[str] = []
    for occasion in occasions(problem, schedule):
        entry, found = _tell(issue, occasion, old.get(occasion.uid))
        entries[entry.uid] = entry
        messages += found
        if not found and old.get(entry.uid) == entry:
            unchanged.append(entry.uid)
    for uid, entry in old.items():
        if uid not in entries:
            entries[uid], found = (entry, []) if entry.status == "CANCELLED" else _cancel(issue, entry)
            messages += found
            if entries[uid] == entry:
                unchanged.append(uid)
    listed = tuple(entries[uid] for uid in sorted(entries))
    if previous is not None and listed == previous.entries:
        return Release(previous, previous, (), tuple(unchanged))
    if previous is not None and issue.stamp <= previous.stamp:
        message = f"{issue.stamp} is not later than the last publication, of {previous.stamp}, and there is news"
        raise InputError([Fault("stamp", message, "a later stamp.")], f"the publication of {problem.id!r}")
    revision = 1 if previous is None else previous.revision + 1
    publication = Publication(problem.id, issue.zone, issue.organizer, revision, issue.stamp, listed)
    return Release(publication, previous, tuple(messages), tuple(unchanged))


def _check(problem: Problem, schedule: Schedule, previous: Publication | None, stamp: datetime) -> _Issue:
    faults = misfits(problem, schedule)
    if problem.organizer is None:
        remedy = "organizer = {name = 'Secretariat', mail = 'office@example.org'} in the problem."
        faults.append(Fault("organizer", "nobody issues the invitations: the problem has no organizer", remedy))
    if previous is not None and previous.problem != problem.id:
        message = f"the publication is of problem {previous.problem!r}, not of {problem.id!r}"
        faults.append(Fault("previous", message, "the publication that belongs to it, or none."))
    if getattr(stamp, "tzinfo", None) is None:
        remedy = "one such as 2010-12-06T12:00:00+00:00."
        faults.append(Fault("stamp", f"{stamp!r} is not a date and time with an offset", remedy))
    elif previous is not None and stamp < previous.stamp:
        message = f"{stamp} is before the last publication, of {previous.stamp}"
        faults.append(Fault("stamp", message, "a later stamp, or the publication that this one was made from."))
    if faults or problem.organizer is None:
        raise InputError(faults, f"the publication of {problem.id!r}")
    return _Issue(problem, problem.organizer, schedule.zone, stamp.astimezone(UTC).replace(microsecond=0))


def _tell(issue: _Issue, occasion: Occasion, old: Entry | None) -> tuple[Entry, list[Message]]:
    problem = issue.problem
    what, digest = told(problem, occasion), content_digest(problem, occasion, issue.zone)
    guests = tuple(
        Invitee(g.party.id, g.party.label, g.role, g.party.mail, isinstance(g.party, Delegation))
        for g in occasion.guests
    )
    fresh = old is None or old.status == "CANCELLED"
    changed = fresh or (old is not None and old.digest != digest)
    if old is None:
        sequence = issued = 0
    elif changed:
        sequence = issued = old.issued + 1
    else:
        sequence, issued = old.sequence, old.issued
    before = {} if old is None or fresh else {one.id: one for one in old.invitees}
    gone = [one for one in before.values() if one.id not in {guest.id for guest in guests}]
    added = [one for one in guests if before.get(one.id) != one]
    if not changed and (gone or (added and issued > sequence)):
        issued += 1
    stamp = issue.stamp if changed or old is None else old.stamp
    entry = Entry(
        occasion.uid, occasion.session.id, occasion.room, sequence, issued, stamp, "CONFIRMED", what, digest,
        occasion.segment, occasion.parent, guests,
    )  # fmt: skip
    messages = list(_removals(issue, old, gone, issued)) if old is not None else []
    receivers = guests if changed else tuple(added)
    if receivers:
        body = request_body(problem, occasion, issue.zone, issue.stamp, issued)
        zone = zone_of(issue.zone, what.start, what.end)
        for one in receivers:
            reason = "new" if fresh else "changed" if one.id in before else "added"
            last = old.told if old is not None and one.id in before else None
            data = invitation("REQUEST", body, zone, one, problem.id)
            messages.append(_message(issue, entry, one, "REQUEST", reason, issued, last, data))
    return entry, messages


def _cancel(issue: _Issue, old: Entry) -> tuple[Entry, list[Message]]:
    number = old.issued + 1
    entry = evolve(old, status="CANCELLED", sequence=number, issued=number, stamp=issue.stamp, invitees=())
    return entry, list(_removals(issue, old, list(old.invitees), number, "cancelled"))


def _removals(
    issue: _Issue, old: Entry, gone: list[Invitee], number: int, reason: str = "removed"
) -> Iterator[Message]:
    if not gone:
        return
    body = cancellation_body(issue.problem, old, issue.zone, issue.stamp, number)
    zone = zone_of(issue.zone, old.told.start, old.told.end)
    for one in gone:
        data = invitation("CANCEL", body, zone, one, issue.problem.id)
        yield _message(issue, old, one, "CANCEL", reason, number, old.told, data)


def _message(
    issue: _Issue, entry: Entry, one: Invitee, method: str, reason: str, number: int, last: Told | None, data: bytes
) -> Message:
    what = entry.told
    return Message(
        method, reason, one.id, one.name, one.mail, entry.session, entry.segment, entry.uid, number, issue.stamp,
        issue.organizer, what.title, what.location, what.start, what.end, last, data,
    )  # fmt: skip
