"""Meetings counted: planned, held, cancelled and added, and the time that was lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from attrs import fields_dict, frozen

from unsched.domain.interval import Interval

if TYPE_CHECKING:
    from unsched.domain.actual import Actual
    from unsched.domain.session import Session
    from unsched.domain.venue import Room

__all__ = ["Meetings", "Sitting", "tally"]


@frozen
class Sitting:
    """One meeting, as it was planned and as it went.

    Args:
        session: the session.
        day: the day on which it is planned, or else was held.
        room: the room that is planned, or `None` where it was not planned.
        where: the room in which it was held, if it is known.
        planned: when it is planned, in minutes; `None` where it was not.
        report: how it went, or `None` where nobody has said.
        held: when it was held, in minutes; `None` where it was not, or nobody has said.
    """

    session: Session
    day: date
    room: Room | None
    where: Room | None
    planned: Interval | None
    report: Actual | None
    held: Interval | None


@frozen
class Meetings:
    """Counts of meetings, and their minutes.

    Args:
        name: what they have in common.
        planned: how many are planned.
        held: how many of those were held.
        cancelled: how many of those were not.
        added: how many were held besides, without being planned.
        unreported: of how many nobody has said how they went.
        minutes: the meeting time that is planned.
        allotted: the meeting time that was set aside for those of which it is known how they went: the time that was
            planned, and for one that was added the length of its session.
        late: lost of it before meetings began.
        early: lost of it after meetings rose.
        not_held: lost of it with meetings that were not held.
        overtime: held outside what was set aside; it makes up for nothing.
    """

    COLUMNS: ClassVar[tuple[str, ...]]
    BEFOREHAND: ClassVar[tuple[str, ...]] = ("name", "planned", "minutes")

    name: str
    planned: int
    held: int
    cancelled: int
    added: int
    unreported: int
    minutes: int
    allotted: int
    late: int
    early: int
    not_held: int
    overtime: int

    @property
    def lost(self) -> int:
        """The minutes that were set aside and not used."""
        return self.late + self.early + self.not_held

    @property
    def used(self) -> int:
        """The minutes that were set aside and used."""
        return self.allotted - self.lost

    @property
    def ratio(self) -> float | None:
        """The meeting ratio: meetings held, those added included, to meetings planned."""
        known = self.planned - self.unreported
        return (self.held + self.added) / known if known and known + self.added else None

    @property
    def accuracy(self) -> float | None:
        """The planning accuracy factor: planned meetings that were held, to all that were planned or added."""
        known = self.planned - self.unreported + self.added
        return self.held / known if known else None

    @property
    def factor(self) -> float | None:
        """The utilization factor: meeting time used, to meeting time set aside; `None` where nothing is known."""
        return self.used / self.allotted if self.allotted else None


Meetings.COLUMNS = (*fields_dict(Meetings), "used", "lost", "ratio", "accuracy", "factor")


def tally(name: str, sittings: Iterable[Sitting]) -> Meetings:
    """Count meetings, and add up their minutes."""
    counts = dict.fromkeys((key for key in fields_dict(Meetings) if key != "name"), 0)
    for one in sittings:
        if one.planned is not None:
            counts["planned"] += 1
            counts["minutes"] += one.planned.minutes
        if one.report is None:
            counts["unreported"] += 1
        elif one.held is None:
            length = 0 if one.planned is None else one.planned.minutes
            counts["cancelled"] += 1
            counts["allotted"] += length
            counts["not_held"] += length
        else:
            counts["held" if one.planned is not None else "added"] += 1
            _add_times(counts, one, one.held)
    return Meetings(name, **counts)


def _add_times(counts: dict[str, int], one: Sitting, held: Interval) -> None:
    aside = one.planned or Interval(held.start, held.start + one.session.length)
    late = min(max(held.start - aside.start, 0), aside.minutes)
    early = min(max(aside.end - held.end, 0), aside.minutes - late)
    counts["allotted"] += aside.minutes
    counts["late"] += late
    counts["early"] += early
    counts["overtime"] += held.minutes - held.shared(aside)
