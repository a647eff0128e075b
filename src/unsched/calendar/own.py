"""The UIDs of all events that can be made of a problem: how its own events are known again in others' calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unsched.calendar.duty import duty_uid
from unsched.calendar.event import uid
from unsched.calendar.freebusy import room_busy
from unsched.calendar.occasion import segment_uid
from unsched.calendar.series import series_uid

if TYPE_CHECKING:
    from unsched.domain.problem import Problem

__all__ = ["own_uids"]


def own_uids(problem: Problem) -> frozenset[str]:
    """Return the UIDs of a problem's sessions, of their parts, series and interpretation, and of its rooms' busy times.

    >>> from unsched.palais import cstd_2010
    >>> uid("cstd-2010", "consultation-morning") in own_uids(cstd_2010())
    True
    """
    found = [room_busy(problem.id, room.id) for room in problem.rooms]
    for session in problem.sessions:
        found += [uid(problem.id, session.id), series_uid(problem.id, session.id)]
        found += [segment_uid(problem.id, session.id, name) for name in session.segment_ids]
        languages = (*session.languages, *(team.language for team in problem.teams))
        found += [duty_uid(problem.id, session.id, language) for language in languages]
    return frozenset(found)
