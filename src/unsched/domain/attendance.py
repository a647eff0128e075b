"""Attendance: what invitees have answered, kept as a file beside the publication, and what it means for a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from unsched.domain.block_times import block_times
from unsched.domain.fact import Fact, check_choice, check_count, check_each, check_id, check_text, to_tuple
from unsched.domain.moment import check_moment, to_moment
from unsched.errors import Fault, InputError

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.publication import Entry, Invitee, Publication

__all__ = ["ANSWERS", "Attendance", "Response", "Standing", "with_attendance"]

ANSWERS: Final = ("accepted", "declined", "tentative", "waiting")
"""What an invitee can have answered; "waiting" is nothing yet, or nothing to what they were told last."""


@frozen
class Response(Fact):
    """What one invitee has answered to one invitation.

    Args:
        uid: the event's UID.
        party: id of the delegation or the person.
        answer: "accepted", "declined", "tentative", or "waiting" where they have only proposed another time.
        sequence: SEQUENCE of the invitation that they answer.
        stamp: when they answered, in UTC; DTSTAMP.
        start: the start that they propose instead, with the offset from UTC, or `None`.
        end: the end that they propose instead.
        comment: what they say, or `None`.
    """

    uid: str
    party: str
    answer: str
    sequence: int
    stamp: datetime = field(converter=to_moment)
    start: datetime | None = field(default=None, converter=to_moment)
    end: datetime | None = field(default=None, converter=to_moment)
    comment: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this response by itself."""
        yield from check_id("uid", self.uid)
        yield from check_id("party", self.party)
        yield from check_choice("answer", self.answer, ANSWERS)
        yield from check_count("sequence", self.sequence)
        yield from check_moment("stamp", self.stamp, offset=True, whole=False)
        for name in ("start", "end"):
            if getattr(self, name) is not None:
                yield from check_moment(name, getattr(self, name), offset=True)
        yield from check_text("comment", self.comment, optional=True)

    @property
    def rank(self) -> tuple[int, float]:
        """By which the latest of several is told (RFC 5546, section 2.1.5): the SEQUENCE, then the DTSTAMP."""
        return self.sequence, self.stamp.timestamp()


@frozen
class Standing:
    """Where one invitee stands with one event, as it is published now.

    Args:
        uid: the event's UID.
        session: id of the session.
        segment: id of the segment, where it is one.
        title: what the event is called.
        start: its first instant.
        end: the first instant after it.
        party: id of the delegation or the person.
        name: what people call them.
        role: "CHAIR", "REQ-PARTICIPANT" or "OPT-PARTICIPANT".
        answer: "accepted", "declined", "tentative" or "waiting".
        response: what they have answered to what they were told last; `None` is nothing.
    """

    uid: str
    session: str
    segment: str | None
    title: str
    start: datetime
    end: datetime
    party: str
    name: str
    role: str
    answer: str
    response: Response | None = None

    def __str__(self) -> str:
        where = self.session if self.segment is None else f"{self.session}, {self.segment}"
        text = f"{self.name}: {self.answer} [{where}]"
        if self.response is not None and self.response.start is not None:
            text += f", proposes {self.response.start:%Y-%m-%d %H:%M}"
        return f"{text}: {self.response.comment}" if self.response is not None and self.response.comment else text


@frozen
class Attendance(Fact):
    """The latest answer of each invitee to each invitation.

    Args:
        problem: id of the problem.
        responses: the answers, by UID and invitee; at most one of each invitee about each event.
    """

    problem: str
    responses: tuple[Response, ...] = field(default=(), converter=to_tuple)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this attendance by itself."""
        yield from check_id("problem", self.problem)
        yield from check_each("responses", self.responses, Response)
        seen: set[tuple[str, str]] = set()
        for index, one in enumerate(self.responses if isinstance(self.responses, tuple) else ()):
            if isinstance(one, Response):
                if (one.uid, one.party) in seen:
                    yield Fault(f"responses[{index}]", f"{one.party!r} answers twice to one event", "leave one out.")
                seen.add((one.uid, one.party))

    @cached_property
    def by_invitation(self) -> dict[tuple[str, str], Response]:
        """The answers by UID and invitee."""
        return {(one.uid, one.party): one for one in self.responses}

    def merge(self, responses: Iterable[Response]) -> Attendance:
        """Return the attendance with more answers; of two by one invitee about one event, the later counts.

        >>> from datetime import UTC
        >>> early, late = (datetime(2010, 12, 7, hour, tzinfo=UTC) for hour in (9, 10))
        >>> yes, no = Response("1@u", "brazil", "accepted", 0, early), Response("1@u", "brazil", "declined", 0, late)
        >>> [one.answer for one in Attendance("p", [no]).merge([yes]).responses]
        ['declined']
        """
        found = dict(self.by_invitation)
        for one in responses:
            known = found.get((one.uid, one.party))
            if known is None or one.rank > known.rank:
                found[one.uid, one.party] = one
        return evolve(self, responses=[found[key] for key in sorted(found)])

    def standings(self, publication: Publication) -> tuple[Standing, ...]:
        """Return where every invitee stands with every event that takes place, in order of start.

        An answer to an invitation counts until the event has changed and they have been asked again.

        Raises:
            InputError: the publication is of another problem.
        """
        if publication.problem != self.problem:
            message = f"the attendance is of problem {self.problem!r}, and the publication of {publication.problem!r}"
            raise InputError([Fault("problem", message, "the files of one problem.")], "the attendance")
        entries = sorted(publication.entries, key=lambda one: (one.told.start.timestamp(), one.uid))
        return tuple(self._standing(entry, one) for entry in entries if not entry.cancelled for one in entry.invitees)

    def _standing(self, entry: Entry, one: Invitee) -> Standing:
        response = self.by_invitation.get((entry.uid, one.id))
        if response is not None and response.sequence < one.asked:
            response = None
        told = entry.told
        return Standing(
            entry.uid, entry.session, entry.segment, told.title, told.start, told.end, one.id, one.name, one.role,
            "waiting" if response is None else response.answer, response,
        )  # fmt: skip


def with_attendance(problem: Problem, publication: Publication, attendance: Attendance) -> Problem:
    """Return the same problem in which nobody is there when they have declined to be.

    "Brazil declined" says of Brazil that it cannot be at that meeting at that time: its availability ends where the
    meeting begins, and goes on where it ends. So each rule that asks who can be there takes it into account, as quorums
    do, and so does a new plan: it moves the meeting to where Brazil can come, or leaves it where enough others can.
    Whoever has accepted something else at the same time is there, and has only chosen: their availability stays.

    What they decline is a time. Once the meeting has been moved and they have been asked again, nothing is known.

    Args:
        problem: the facts.
        publication: what they have been told.
        attendance: what they have answered.

    Raises:
        InputError: the three are not of one problem; or the problem is impossible then, as where a session is bound to
            a time at which somebody who is required has declined: the fault names both.
    """
    if publication.problem != problem.id:
        message = f"the publication is of problem {publication.problem!r}, not of {problem.id!r}"
        raise InputError([Fault("publication", message, "the publication of this problem.")], "the attendance")
    standings = attendance.standings(publication)
    known = {party.id for party in problem.parties}
    kept = [one for one in standings if one.answer == "accepted"]
    away: dict[str, list[tuple[datetime, datetime]]] = {}
    for one in standings:
        if one.answer != "declined" or one.party not in known:
            continue
        if not any(other.party == one.party and other.start < one.end and one.start < other.end for other in kept):
            away.setdefault(one.party, []).append((one.start, one.end))
    return block_times(problem, parties=away)
