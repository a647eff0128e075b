"""What is checked, written and sent."""

from __future__ import annotations

from typing import TypedDict

from unsched.domain import problem, publication
from unsched.embed.results.parts import Breach

__all__ = ["Amended", "Calendars", "Checked", "Message", "Published"]


class Checked(TypedDict):
    """What the rules say of a schedule.

    Args:
        good: whether every constraint holds.
        breaches: constraints that are broken, and prices that are paid.
        costs: what it costs, by tier.
        standby: ids of the optional sessions that have no place.
    """

    good: bool
    breaches: list[Breach]
    costs: dict[str, int]
    standby: list[str]


class Calendars(TypedDict):
    """Calendars to subscribe to.

    Args:
        files: the content of each file, by its name, with "/" between folder and file.
    """

    files: dict[str, str]


class Message(TypedDict):
    """What somebody has to be told.

    Args:
        to: id of the delegation, group or person.
        name: what people call them.
        mail: their address.
        method: "REQUEST" or "CANCEL".
        reason: why they are told.
        session: id of the session.
        segment: id of its part, where it is about one.
        uid: the event's UID.
        sequence: its SEQUENCE.
        title: the event's title.
        location: where it is.
        start: with the offset from UTC.
        end: with the offset from UTC.
        key: what tells this message from every other, for ever.
        calendar: the content of the .ics file.
    """

    to: str
    name: str
    mail: str | None
    method: str
    reason: str
    session: str
    segment: str | None
    uid: str
    sequence: int
    title: str
    location: str
    start: str
    end: str
    key: str
    calendar: str


class Published(TypedDict):
    """What comes of publishing.

    Args:
        publication: what everybody has been told once the messages are out: to be kept, and sent back as `previous`.
        messages: who has to be told what.
        unchanged: of how many events nobody has to be told anything.
    """

    publication: publication.Publication
    messages: list[Message]
    unchanged: int


class Amended(TypedDict):
    """A problem.

    Args:
        problem: the problem, as in a file.
    """

    problem: problem.Problem
