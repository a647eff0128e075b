"""Dealing out meetings to teams: the search behind a roster, exact and without the solver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from itertools import count, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

from attrs import field, frozen

if TYPE_CHECKING:
    from datetime import date

    from unsched.domain.interval import Interval
    from unsched.domain.timetable import Placed, Timetable

__all__ = ["COUNTING", "SEARCH", "TURNS", "Limits", "Meeting", "Shares", "meeting", "share_out"]

COUNTING, TURNS, SEARCH = "counting", "turns", "search"


@frozen
class Limits:
    """What a team can do: meetings on a local date and in an ISO week (`None`: no limit), minutes between two."""

    per_day: int | None
    per_week: int | None
    rest: int

    @property
    def none(self) -> bool:
        """Whether there is neither a limit for a day nor one for a week."""
        return self.per_day is None and self.per_week is None


@frozen(eq=False)
class Meeting:
    """A meeting: until when, rest included, it keeps a team, on what day, and which teams (by number) can do it."""

    placed: Placed
    until: int
    day: date
    week: tuple[int, int]
    teams: tuple[int, ...]

    @property
    def start(self) -> int:
        """The first minute."""
        return self.placed.span.start


def meeting(timetable: Timetable, placed: Placed, present: Sequence[tuple[Interval, ...] | None], rest: int) -> Meeting:
    """Return a placed session as a meeting to be dealt out.

    Args:
        timetable: where it comes from.
        placed: the session.
        present: when each team is there, `None` for always; a team can do what lies wholly inside.
        rest: minutes for which it keeps its team afterwards.
    """
    day = timetable.problem.window.day_of(placed.span.start)
    able = (
        team
        for team, there in enumerate(present)
        if there is None or any(stretch.holds(placed.span) for stretch in there)
    )
    year, week, _ = day.isocalendar()
    return Meeting(placed, placed.span.end + rest, day, (year, week), tuple(able))


Shares: TypeAlias = "list[tuple[Meeting, int | None]]"
_State: TypeAlias = "tuple[tuple[int, int, int], ...]"
"""Of each team: until when it is kept, and how many meetings it has had on the day and in the week."""

_FREE = (-(10**12), 0, 0)


def share_out(meetings: list[Meeting], teams: int, limits: Limits) -> tuple[Shares, str]:
    """Deal out the meetings of one language so that the fewest go without a team.

    Args:
        meetings: the meetings, in order of start.
        teams: how many teams there are.
        limits: what a team can do.

    Returns:
        each meeting with the number of its team, or `None`, and what settles it: `COUNTING`, `TURNS` or `SEARCH`.
    """
    shares: Shares = [(one, None) for one in meetings if not one.teams]
    how, turn = COUNTING, 0
    for group in _groups([one for one in meetings if one.teams], limits):
        alike = len({one.teams for one in group}) == 1
        simple = alike and limits.none
        if not simple:
            how = TURNS if how != SEARCH and alike and _in_slots(group) else SEARCH
        most = len(group[0].teams)
        dealt = _deal(_kept(group, most) if simple else group, teams, limits, turn)
        if not simple and any(team is None for _, team in dealt):
            dealt = _search(group, teams, limits, turn)
        served = {one.placed.session.id for one, _ in dealt}
        shares += [*dealt, *((one, None) for one in group if one.placed.session.id not in served)]
        last = next((team for _, team in reversed(dealt) if team is not None), turn - 1)
        turn = (last + 1) % teams
    return shares, how


def _groups(meetings: Iterable[Meeting], limits: Limits) -> list[list[Meeting]]:
    """Part meetings, in order of start, into runs that have nothing to do with each other."""
    groups: list[list[Meeting]] = []
    until = 0
    for one in meetings:
        last = groups[-1][-1] if groups else None
        if last is not None and (
            one.start < until
            or (limits.per_day is not None and one.day == last.day)
            or (limits.per_week is not None and one.week == last.week)
        ):
            groups[-1].append(one)
            until = max(until, one.until)
        else:
            groups.append([one])
            until = one.until
    return groups


def _in_slots(group: Sequence[Meeting]) -> bool:
    """Whether meetings that keep a team at once, directly or over others, all do so with each other."""
    ends: list[int] = []
    for one in group:
        if ends and one.start < max(ends) and one.start >= min(ends):
            return False
        ends = [*ends, one.until] if ends and one.start < max(ends) else [one.until]
    return True


def _kept(meetings: Sequence[Meeting], most: int) -> list[Meeting]:
    """Return the greatest number of meetings of which at most so many keep a team at once: those that end first."""
    running: list[Meeting] = []
    gone = set()
    for one in meetings:
        running = [other for other in running if other.until > one.start]
        running.append(one)
        if len(running) > most:
            last = max(reversed(running), key=lambda other: other.until)
            running.remove(last)
            gone.add(last.placed.session.id)
    return [one for one in meetings if one.placed.session.id not in gone]


def _turned(state: _State, before: Meeting | None, now: Meeting) -> _State:
    """Begin a new day, or a new week, where one has begun."""
    if before is None or before.day == now.day:
        return state
    same = before.week == now.week
    return tuple((until, 0, week if same else 0) for until, _, week in state)


def _able(one: Meeting, state: _State, limits: Limits, turn: int) -> list[int]:
    """Return the teams that can do a meeting: those with the least load first, then in turn."""

    def can(team: int) -> bool:
        until, day, week = state[team]
        rested = until <= one.start
        return rested and _under(day, limits.per_day) and _under(week, limits.per_week)

    free = [team for team in one.teams if can(team)]
    return sorted(free, key=lambda team: (state[team][1], state[team][2], (team - turn) % len(state)))


def _under(number: int, most: int | None) -> bool:
    return most is None or number < most


def _working(state: _State, team: int, one: Meeting) -> _State:
    _, day, week = state[team]
    return (*state[:team], (one.until, day + 1, week + 1), *state[team + 1 :])


def _deal(meetings: Sequence[Meeting], teams: int, limits: Limits, turn: int) -> Shares:
    """Give each meeting to the next team that can do it, as long as there is one."""
    state: _State = (_FREE,) * teams
    shares: Shares = []
    before = None
    for one in meetings:
        state = _turned(state, before, one)
        before = one
        team = next(iter(_able(one, state, limits, turn)), None)
        if team is not None:
            state = _working(state, team, one)
            turn = (team + 1) % teams
        shares.append((one, team))
    return shares


@frozen(eq=False)
class _Branch:
    """Meetings dealt out up to some point, as a chain: the last choice, and what went before."""

    team: int | None
    before: _Branch | None = field(repr=False)


def _search(group: Sequence[Meeting], teams: int, limits: Limits, turn: int) -> Shares:
    """Deal out a group so that the fewest go without: best first, by a bound on what is still to come (A*)."""
    bounds = _bounds(group, limits)
    likely = _likely(group)
    kinds = [tuple(index for index, one in enumerate(group) if team in one.teams) for team in range(teams)]
    serial = count()
    start: _State = (_FREE,) * teams
    heap: list[tuple[int, int, int, int, _State, int, _Branch | None]] = []
    heappush(heap, (0, 0, next(serial), 0, start, turn, None))
    seen: dict[tuple[object, ...], int] = {}
    while True:
        least, depth, _, missed, state, turn, branch = heappop(heap)
        index = -depth
        if index == len(group):
            return _unfolded(group, branch)
        one = group[index]
        state = _turned(state, group[index - 1] if index else None, one)
        more = _reduced(state, one, limits, bounds[index])
        key = (index, *sorted(zip(kinds, more, strict=True)))
        if seen.get(key, missed + 1) <= missed:
            continue
        served = bounds[index].served(sum(today for _, today, _ in more), sum(week for _, _, week in more))
        now = max(least, missed + len(group) - index - served)
        if now > least:
            # It turns out to be worse than it looked: it has to wait for its turn again.
            heappush(heap, (now, depth, next(serial), missed, state, turn, branch))
            continue
        seen[key] = missed
        choices: list[int | None] = [*_able(one, state, limits, turn)]
        choices.insert(len(choices) if likely[index] else 0, None)
        for team in choices:
            after = state if team is None else _working(state, team, one)
            gone = missed + (team is None)
            following = turn if team is None else (team + 1) % teams
            least = max(now, gone)
            heappush(heap, (least, depth - 1, next(serial), gone, after, following, _Branch(team, branch)))


def _unfolded(group: Sequence[Meeting], branch: _Branch | None) -> Shares:
    chosen: list[int | None] = []
    while branch is not None:
        chosen.append(branch.team)
        branch = branch.before
    return list(zip(group, reversed(chosen), strict=True))


def _reduced(state: _State, now: Meeting, limits: Limits, bound: _Bound) -> list[tuple[int, int, int]]:
    """Return what of each team's state still makes a difference: until when, and how many more it may have."""
    found = []
    for until, day, week in state:
        more_today = bound.left_today if limits.per_day is None else min(limits.per_day - day, bound.left_today)
        more = bound.left if limits.per_week is None else min(limits.per_week - week, bound.left)
        found.append((max(until, now.start), min(more_today, more), more))
    return found


@frozen
class _Bound:
    """What can be served from some point on at most, if teams are only counted: today, later this week, and then.

    Also how many meetings there are from that point on, today and this week.
    """

    today: int
    later: int
    then: int
    left_today: int
    left: int

    def served(self, today: int, week: int) -> int:
        """Return the greatest number of meetings that can be served, if the teams can do so many more."""
        return min(min(self.today, today) + self.later, week) + self.then


def _bounds(group: Sequence[Meeting], limits: Limits) -> list[_Bound]:
    """Return what can be served from each meeting of a group on; of whole days before others, what a search finds."""
    bounds: list[_Bound] = []
    later = then = week = 0
    now = group[-1].week
    able: set[int] = set()
    for day in reversed([list(some) for _, some in groupby(group, key=attrgetter("day"))]):
        if day[0].week != now:
            then += later if limits.per_week is None else min(later, len(able) * limits.per_week)
            later, week, able = 0, 0, set()
        now = day[0].week
        best = len(day) if limits.per_week is None else _best_of_day(day, limits)
        of_day = []
        for index in range(len(day)):
            most = min(_counted(day[index:]), best)
            of_day.append(_Bound(most, later, then, len(day) - index, week + len(day) - index))
        bounds = of_day + bounds
        able.update(team for one in day for team in one.teams)
        teams = len({team for one in day for team in one.teams})
        later += of_day[0].today if limits.per_day is None else min(of_day[0].today, teams * limits.per_day)
        week += len(day)
    return bounds


def _counted(meetings: Sequence[Meeting]) -> int:
    """Return how many meetings could be served if teams were only counted: all, or apart those that few can do."""
    teams = {team for one in meetings for team in one.teams}
    most = len(_kept(meetings, len(teams)))
    for few in sorted({one.teams for one in meetings}):
        own = [one for one in meetings if set(one.teams) <= set(few)]
        others = [one for one in meetings if not set(one.teams) <= set(few)]
        most = min(most, len(_kept(own, len(few))) + len(_kept(others, len(teams))))
    return most


def _best_of_day(day: Sequence[Meeting], limits: Limits) -> int:
    """Return how many meetings of a day can be served if there is no limit for the week."""
    alone = Limits(limits.per_day, None, limits.rest)
    teams = max(team for one in day for team in one.teams) + 1
    return sum(sum(team is not None for _, team in _search(some, teams, alone, 0)) for some in _groups(day, alone))


def _likely(group: Sequence[Meeting]) -> list[bool]:
    """Return whether each meeting would be served, if teams were only counted."""
    kept = {one.placed.session.id for one in _kept(group, len({team for one in group for team in one.teams}))}
    return [one.placed.session.id in kept for one in group]
