"""What a change would cost, before it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Unpack

from attrs import frozen

from unsched.domain.changes import Changes
from unsched.domain.problem import Problem
from unsched.domain.schedule import Schedule
from unsched.solver.audit import costs
from unsched.solver.repair import RISING, Repair, Search, repair

if TYPE_CHECKING:
    from unsched.domain.change import Amendment
    from unsched.rules.stability import Near

__all__ = ["WhatIf", "what_if"]


@frozen
class WhatIf:
    """The price of changes that have not been made.

    Args:
        repair: the schedule that they would come to, and who would have to be told.
        before: what the schedule costs as it is, by tier of the problem's own preferences.
        after: what it would cost; empty where there would be no schedule.
    """

    repair: Repair
    before: Mapping[int, int]
    after: Mapping[int, int]

    @property
    def possible(self) -> bool:
        """Whether every constraint could be kept without dropping any session."""
        return self.repair.schedule is not None and not self.repair.dropped

    def _repr_html_(self) -> str:
        from unsched.report.notebook import what_if_html

        return what_if_html(self)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, which JSON can hold."""
        return {
            "possible": self.possible,
            "before": {str(tier): cost for tier, cost in self.before.items()},
            "after": {str(tier): cost for tier, cost in self.after.items()},
            "repair": self.repair.to_dict(),
        }

    def __str__(self) -> str:
        from unsched.report.changes import weighed

        return weighed(self)


def what_if(
    problem: Problem,
    schedule: Schedule,
    changes: Changes | Amendment | Iterable[Amendment],
    *,
    now: datetime | str | None = None,
    freeze: int = 0,
    near: Iterable[Near] = RISING,
    **search: Unpack[Search],
) -> WhatIf:
    """Return what changes would cost: what would move, who would have to be told, and which wishes would suffer.

    Nothing is touched: the problem and the schedule stay as they are.

    Args:
        problem: the facts and rules.
        schedule: the schedule that people have.
        changes: what might change.
        now: as for `repair`.
        freeze: as for `repair`.
        near: as for `repair`.
        search: as for `repair`.

    Raises:
        InputError: the schedule is of another problem, or a change cannot be made.

    >>> from unsched import Room, Session, SessionResized, Venue, Window, solve
    >>> window = Window("Europe/Zurich", ["2010-12-17"])
    >>> sessions = [Session("a", "A", 60), Session("b", "B", 60)]
    >>> problem = Problem("p", window, Venue([Room("IX")]), sessions)
    >>> price = what_if(problem, solve(problem, seed=1).schedule, SessionResized("a", 180))
    >>> price.possible, problem.session("a").minutes
    (True, 60)
    """
    found = repair(problem, schedule, changes, now=now, freeze=freeze, near=near, **search)
    after = {} if found.schedule is None else costs(found.problem, found.schedule)
    sessions, rooms = problem.sessions_by_id, problem.rooms_by_id
    known = [one for one in schedule.bookings if one.session in sessions and one.room in rooms]
    return WhatIf(found, costs(problem, Schedule(schedule.problem, schedule.zone, known)), after)
