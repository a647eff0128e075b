"""Requests without a search: check, compare, publish, calendars in and out, changes made."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from attrs import field, frozen

from unsched.domain.change import Amendment
from unsched.domain.fact import to_tuple
from unsched.domain.problem import Problem
from unsched.domain.publication import Publication
from unsched.domain.schedule import Schedule
from unsched.embed import results
from unsched.embed.request import Desk, Request
from unsched.errors import InputError
from unsched.exchange.convert import dump

__all__ = ["Apply", "Busy", "Calendars", "Check", "Diff", "Publish"]


@frozen(kw_only=True)
class Check(Request):
    """Hold a schedule, made by whomever, against every rule, without the solver.

    Args:
        problem: the problem, as in a file.
        schedule: the schedule, as in a file.
    """

    kind: ClassVar[str] = "check"
    result: ClassVar[type] = results.Checked

    problem: Problem
    schedule: Schedule

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Check it."""
        from unsched.domain.timetable import misfits
        from unsched.solver.audit import costs

        faults = misfits(self.problem, self.schedule)
        if faults:
            raise InputError(faults, "the schedule")
        breaches = self.schedule.breaches(self.problem)
        return {
            "good": not any(one.hard for one in breaches),
            "breaches": [one.to_dict() for one in breaches],
            "costs": {str(tier): cost for tier, cost in costs(self.problem, self.schedule).items()},
            "standby": [one.id for one in self.schedule.standby(self.problem)],
        }


@frozen(kw_only=True)
class Diff(Request):
    """Ask what differs between two schedules, and who has to be told of it.

    Args:
        before: the earlier schedule, as in a file.
        after: the later one.
        problem: the problem of the later one; without it, nobody is told.
        earlier: the problem of the earlier one, where it was another.
    """

    kind: ClassVar[str] = "diff"
    result: ClassVar[type] = results.Diff

    before: Schedule
    after: Schedule
    problem: Problem | None = None
    earlier: Problem | None = None

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Compare them."""
        from unsched.domain.difference import diff

        return diff(self.before, self.after, self.problem, self.earlier).to_dict()


@frozen(kw_only=True)
class Calendars(Request):
    """Ask for the calendars to subscribe to.

    Args:
        problem: the problem, as in a file.
        schedule: the schedule, as in a file.
        stamp: when this revision was made, with its offset; left out, the publication's or the schedule's own.
        base_url: the address of the folder on the web where the files will be.
        publication: what has been published of this very schedule.
        series: the ids of the sessions of each series, to stand as one recurring event.
    """

    kind: ClassVar[str] = "calendars"
    result: ClassVar[type] = results.Calendars

    problem: Problem
    schedule: Schedule
    stamp: datetime | None = None
    base_url: str | None = None
    publication: Publication | None = None
    series: tuple[tuple[str, ...], ...] = ()

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Make them."""
        from unsched.calendar.feeds import calendars

        files = calendars(
            self.problem,
            self.schedule,
            stamp=self.stamp,
            base_url=self.base_url,
            series=self.series,
            publication=self.publication,
        )
        return {"files": {name: data.decode() for name, data in files.items()}}


@frozen(kw_only=True)
class Publish(Request):
    """Ask who has to be told what of a schedule, given what everybody has been told.

    Args:
        problem: the problem, as in a file.
        schedule: the schedule, as in a file.
        previous: what the last publication answered with; left out, nobody has been told anything.
        stamp: when this revision is made, with its offset.
    """

    kind: ClassVar[str] = "publish"
    result: ClassVar[type] = results.Published

    problem: Problem
    schedule: Schedule
    stamp: datetime
    previous: Publication | None = None

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Work it out; nothing is sent."""
        from unsched.calendar.publish import publish
        from unsched.calendar.telling import message_dict

        release = publish(self.problem, self.schedule, self.previous, stamp=self.stamp)
        return {
            "publication": dump(release.publication),
            "messages": [
                {**message_dict(one), "key": one.key, "calendar": one.calendar.decode()} for one in release.messages
            ],
            "unchanged": len(release.unchanged),
        }


@frozen(kw_only=True)
class Busy(Request):
    """Ask for the same problem, in which rooms and people have no time while their calendars say that they are busy.

    Args:
        problem: the problem, as in a file.
        calendars: the content of .ics files, one or several each, by the id of the room, the delegation or the person,
            or by "room:ID", "delegation:ID" or "person:ID".
    """

    kind: ClassVar[str] = "busy"
    result: ClassVar[type] = results.Amended

    problem: Problem
    calendars: dict[str, tuple[str, ...]]

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Read them. A text is never taken for the name of a file."""
        from unsched.calendar.availability import with_busy

        busy = {who: [text.encode() for text in texts] for who, texts in self.calendars.items()}
        return {"problem": dump(with_busy(self.problem, busy))}


@frozen(kw_only=True)
class Apply(Request):
    """Ask for a problem as it is once some changes are made.

    Args:
        problem: the problem as it was, as in a file.
        changes: what is no longer so, each as in a file of changes.
    """

    kind: ClassVar[str] = "apply"
    result: ClassVar[type] = results.Amended

    problem: Problem
    changes: tuple[Amendment, ...] = field(converter=to_tuple)

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Make them."""
        from unsched.domain.changes import apply

        return {"problem": dump(apply(self.problem, self.changes))}
