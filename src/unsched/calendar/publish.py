"""Publishing a schedule: who has to be told what, given what everybody has been told (RFC 5546)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from attrs import evolve, frozen

from unsched.calendar.event import Issue
from unsched.calendar.invitation import cancellation_body, content_digest, invitation, request_body, told, zone_of
from unsched.calendar.message import Message
from unsched.calendar.occasion import Occasion, occasions
from unsched.domain.people import Contact, Delegation
from unsched.domain.problem import Problem
from unsched.domain.publication import Entry, Invitee, Publication, Told
from unsched.domain.schedule import Schedule
from unsched.domain.timetable import misfits
from unsched.errors import Fault, InputError

__all__ = ["Release", "check_published", "publish"]


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


def check_published(issue: Issue, schedule: Schedule, publication: Publication) -> None:
    """Refuse a publication that says something else than a schedule.

    Raises:
        InputError: with each event that has not been published, or not as it is.
    """
    problem, known = issue.problem, publication.by_uid
    remedy = "publish the schedule first."
    faults = []
    if publication.problem != problem.id:
        message = f"it is of problem {publication.problem!r}, not of {problem.id!r}"
        raise InputError([Fault("publication", message, "the publication of this problem.")], "the publication")
    standing = {occasion.uid: occasion for occasion in occasions(problem, schedule)}
    for uid, occasion in standing.items():
        entry = known.get(uid)
        what = repr(occasion.session.id) + (f", segment {occasion.segment!r}" if occasion.segment else "")
        if entry is None or entry.cancelled:
            faults.append(Fault("publication", f"{what} has not been published", remedy))
        elif entry.digest != content_digest(issue, occasion):
            faults.append(Fault("publication", f"{what} has been published as something else", remedy))
    faults += [
        Fault("publication", f"{entry.session!r} has been published, and is not scheduled", remedy)
        for entry in publication.entries
        if not entry.cancelled and entry.uid not in standing
    ]
    if faults:
        raise InputError(faults, f"the publication of {problem.id!r}")


@frozen
class _Issuer:
    """What all messages of a release have in common."""

    issue: Issue
    organizer: Contact
    revision: int


def publish(problem: Problem, schedule: Schedule, previous: Publication | None, *, stamp: datetime) -> Release:
    """Return the messages that tell everybody of a schedule, and the state once they are told.

    Whatever an event says anew raises its SEQUENCE: of two messages with the same, clients keep the times of the
    first. Where nothing is new, the publication is the previous one. What is news to nobody is not told:

    - the same instants in a zone of another name are the same (RFC 5546, section 2.1.4, asks for a new SEQUENCE where
      the meeting is at another time), and so is another name of an organizer, an invitee or a problem;
    - an organizer with another address is told to all whose meetings are not over, with the next SEQUENCE, as the one
      who takes over has to (RFC 5546, section 3.2.2.6); who is no longer invited is told so in the name of the one
      who had invited them;
    - an invitee with another address gets a cancellation at the old one and an invitation at the new one, unless
      another invitee has the old one as well: it would take the meeting away from both.

    Args:
        problem: the facts; it needs an organizer.
        schedule: the bookings.
        previous: what has been published, or `None`.
        stamp: when this revision is made, with its offset from UTC.

    Raises:
        InputError: there is no organizer, the schedule or `previous` is of another problem, the schedule is older than
            the one that has been published, or the stamp is not later than that of `previous` although there is
            something to tell.
    """
    by = _check(problem, schedule, previous, stamp)
    old = {} if previous is None else previous.by_uid
    entries: dict[str, Entry] = {}
    messages: list[Message] = []
    unchanged: list[str] = []
    for occasion in occasions(problem, schedule):
        entry, found = _tell(by, occasion, old.get(occasion.uid))
        entries[entry.uid] = entry
        messages += found
        if not found and old.get(entry.uid) == entry:
            unchanged.append(entry.uid)
    for uid, entry in old.items():
        if uid not in entries:
            entries[uid], found = (entry, []) if entry.cancelled else _cancel(by, entry)
            messages += found
            if entries[uid] == entry:
                unchanged.append(uid)
    listed = tuple(entries[uid] for uid in sorted(entries))
    if previous is not None and listed == previous.entries:
        return Release(previous, previous, (), tuple(unchanged))
    made = by.issue.stamp
    if previous is not None and made <= previous.stamp:
        message = f"{made} is not later than the last publication, of {previous.stamp}, and there is news"
        raise InputError([Fault("stamp", message, "a later stamp.")], f"the publication of {problem.id!r}")
    publication = Publication(
        problem.id, schedule.zone, by.organizer, by.revision, made, listed, max(schedule.revision, _known(previous))
    )
    return Release(publication, previous, tuple(messages), tuple(unchanged))


def _known(previous: Publication | None) -> int:
    return 0 if previous is None else previous.schedule


def _check(problem: Problem, schedule: Schedule, previous: Publication | None, stamp: datetime) -> _Issuer:
    faults = misfits(problem, schedule)
    if problem.organizer is None:
        remedy = "organizer = {name = 'Secretariat', mail = 'office@example.org'} in the problem."
        faults.append(Fault("organizer", "nobody issues the invitations: the problem has no organizer", remedy))
    if previous is not None and previous.problem != problem.id:
        message = f"the publication is of problem {previous.problem!r}, not of {problem.id!r}"
        faults.append(Fault("previous", message, "the publication that belongs to it, or none."))
    elif previous is not None and schedule.revision < previous.schedule:
        message = f"the schedule is revision {schedule.revision}, and revision {previous.schedule} has been published"
        remedy = f"a schedule made from the one that has been published; revision {previous.schedule} to go back to it."
        faults.append(Fault("schedule.revision", message, remedy))
    if getattr(stamp, "tzinfo", None) is None:
        remedy = "one such as 2010-12-06T12:00:00+00:00."
        faults.append(Fault("stamp", f"{stamp!r} is not a date and time with an offset", remedy))
    elif previous is not None and stamp < previous.stamp:
        message = f"{stamp} is before the last publication, of {previous.stamp}"
        faults.append(Fault("stamp", message, "a later stamp, or the publication that this one was made from."))
    if faults or problem.organizer is None:
        raise InputError(faults, f"the publication of {problem.id!r}")
    issue = Issue(problem, schedule.zone, stamp.astimezone(UTC).replace(microsecond=0), schedule.revision)
    return _Issuer(issue, problem.organizer, 1 if previous is None else previous.revision + 1)


def _tell(by: _Issuer, occasion: Occasion, old: Entry | None) -> tuple[Entry, list[Message]]:
    issue = by.issue
    what, digest = told(issue.problem, occasion), content_digest(issue, occasion)
    guests = tuple(
        Invitee(g.party.id, g.party.label, g.role, g.party.mail, isinstance(g.party, Delegation))
        for g in occasion.guests
    )
    fresh = old is None or old.cancelled
    changed = old is None or fresh or old.digest != digest or _handed_over(by, old)
    before = {} if old is None or fresh else {one.id: one for one in old.invitees}
    reached = {one.id: before[one.id] for one in guests if one.id in before and _same(one, before[one.id])}
    gone = _left(guests, [one for one in before.values() if one.id not in reached])
    added = [one for one in guests if one.id not in reached or one.role != reached[one.id].role]
    if old is None or changed:
        sequence = asking = 0 if old is None else old.issued + 1
        # Who is removed now and comes back later must get more than the cancellation had, though nothing changes.
        issued = sequence + bool(gone)
    else:
        sequence, issued = old.sequence, old.issued
        if gone or (added and issued > sequence):
            issued += 1
        asking = issued
    receivers = guests if changed else tuple(added)
    invitees = tuple(evolve(one, asked=asking) if one in receivers else reached[one.id] for one in guests)
    if old is None or changed:
        entry = Entry(
            occasion.uid, occasion.session.id, occasion.room, sequence, issued, issue.stamp, "CONFIRMED", what, digest,
            by.organizer, occasion.segment, occasion.parent, occasion.session.access, occasion.session.bodies, invitees,
        )  # fmt: skip
    else:
        entry = evolve(old, issued=issued, invitees=invitees)
    messages: list[Message] = []
    if old is not None:
        stay = {one.id for one in guests}
        messages += _removals(by, old, [one for one in gone if one.id not in stay], issued, "removed")
        messages += _removals(by, old, [one for one in gone if one.id in stay], issued, "readdressed")
    if receivers:
        body = request_body(issue, occasion, asking)
        zone = zone_of(issue.zone, what.start, what.end)
        for one in receivers:
            reason = "new" if fresh else "changed" if one.id in reached else "added"
            last = old.told if old is not None and one.id in reached else None
            data = invitation("REQUEST", body, zone, one, issue.problem.id)
            messages.append(_message(by, entry, one, "REQUEST", reason, asking, last, data))
    return entry, messages


def _handed_over(by: _Issuer, old: Entry) -> bool:
    """Whether somebody else issues an event that is not over."""
    same = old.organizer.mail.casefold() == by.organizer.mail.casefold()
    return not same and old.told.end.timestamp() > by.issue.stamp.timestamp()


def _same(one: Invitee, other: Invitee) -> bool:
    """Whether what was sent to one has reached the other: the same mailbox, or the same who has none."""
    return (one.mailbox, one.group) == (other.mailbox, other.group)


def _left(guests: Sequence[Invitee], gone: Iterable[Invitee]) -> list[Invitee]:
    """Return those who have to be told that they are no longer invited."""
    mailboxes = {one.mailbox for one in guests if one.mailbox is not None}
    names = {one.id for one in guests}
    # Where somebody gets an address who had none, the invitation that goes there says all.
    return [one for one in gone if (one.mailbox not in mailboxes if one.mailbox else one.id not in names)]


def _cancel(by: _Issuer, old: Entry) -> tuple[Entry, list[Message]]:
    number = old.issued + 1
    entry = evolve(
        old,
        status="CANCELLED",
        sequence=number,
        issued=number,
        stamp=by.issue.stamp,
        invitees=(),
        former=[one.id for one in old.invitees],
    )
    return entry, list(_removals(by, old, old.invitees, number, "cancelled"))


def _removals(by: _Issuer, old: Entry, gone: Sequence[Invitee], number: int, reason: str) -> Iterator[Message]:
    if not gone:
        return
    issue = by.issue
    body = cancellation_body(issue, old, number)
    zone = zone_of(issue.zone, old.told.start, old.told.end)
    for one in gone:
        data = invitation("CANCEL", body, zone, one, issue.problem.id)
        yield _message(by, old, one, "CANCEL", reason, number, old.told, data)


def _message(
    by: _Issuer, entry: Entry, one: Invitee, method: str, reason: str, number: int, last: Told | None, data: bytes
) -> Message:
    what = entry.told
    return Message(
        method, reason, one.id, one.name, one.mail, entry.session, entry.segment, entry.uid, number, by.issue.stamp,
        by.organizer, what.title, what.location, what.start, what.end, last, data, by.revision,
    )  # fmt: skip
