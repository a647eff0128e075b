"""How to draw a rule of any kind for a problem: one row of `ROWS` for each kind that needs arguments."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeAlias

from hypothesis import assume
from hypothesis import strategies as st

from unsched import (
    Constraint,
    Near,
    Period,
    Preference,
    Problem,
    Rule,
    Seats,
    Select,
    SelectRooms,
    rules,
)
from unsched.domain.gather import PER
from unsched.rules.registry import kinds
from unsched.testing import periods

__all__ = ["MADE", "ROWS", "drawn", "turned"]

Draw: TypeAlias = st.DrawFn


def some(draw: Draw, problem: Problem) -> Select:
    names = [session.id for session in problem.sessions]
    by_id = st.lists(st.sampled_from(names), min_size=1, unique=True).map(lambda ids: Select(ids=ids))
    return draw(st.one_of(st.just(Select()), by_id))


def apart(draw: Draw, problem: Problem) -> tuple[list[str], list[str]]:
    names = draw(st.permutations([session.id for session in problem.sessions]))
    assume(len(names) >= 2)
    cut = draw(st.integers(1, len(names) - 1))
    return names[:cut], names[cut:]


def before(draw: Draw, problem: Problem) -> Rule:
    least = draw(st.sampled_from([0, 0, 30, 75]))
    return rules.Before(*apart(draw, problem), least, draw(st.sampled_from([None, least, least + 60, 1500])))


def neighbour(draw: Draw, problem: Problem) -> Rule:
    return rules.Neighbour(
        some(draw, problem),
        some(draw, problem) if draw(st.booleans()) else None,
        draw(st.sampled_from([0, 30, 90])),
        draw(st.booleans()),
        draw(st.sampled_from(["any", "same"])),
        draw(st.sampled_from([None, *PER])),
        side=draw(st.sampled_from(["either", "before", "after"])),
        overnight=draw(st.booleans()),
        **price(draw),
    )


def not_together(draw: Draw, problem: Problem) -> Rule:
    if draw(st.booleans()):
        return rules.NotTogether(some(draw, problem), sharing=draw(st.sampled_from(SHARED)))
    return rules.NotTogether(some(draw, problem), some(draw, problem), draw(st.sampled_from(SHARED)))


SHARED = (None, None, "body", "kind", "tag", "delegation", "group", "person")


def conflicts(draw: Draw, problem: Problem, kind: str = "declared-conflicts") -> Rule:
    bodies = list(dict.fromkeys(body for session in problem.sessions for body in session.bodies))
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        sides = [some(draw, problem), some(draw, problem)]
        if draw(st.booleans()) and bodies:
            sides[0] = Select(bodies=draw(st.sampled_from(bodies)))
        if draw(st.booleans()):
            sides[1] = sides[0]
        assume(len({session.id for side in sides for session in problem.select(side)}) > 1)
        rows.append(rules.Conflict(sides[0], sides[1], draw(st.integers(1, 4))))
    if kind == "block-conflicts":
        return rules.BlockConflicts(rows, draw(st.sampled_from(BLOCKS)), **price(draw))
    both, per = draw(st.sampled_from(["sum", "greatest"])), draw(st.sampled_from(["pair", "minute"]))
    return rules.DeclaredConflicts(rows, both, per, **price(draw))


def keep_themes_out(draw: Draw, problem: Problem) -> Rule:
    themes = tags(draw, problem)[: draw(st.integers(1, 2))]
    where = rooms(draw, problem) if draw(st.booleans()) else SelectRooms()
    when = hours(draw) if draw(st.booleans()) else None
    return rules.KeepThemesOut(themes, where, when, draw(st.sampled_from(BLOCKS)), **price(draw))


def themes_apart(draw: Draw, problem: Problem) -> Rule:
    theme, *others = tags(draw, problem)
    return rules.ThemesApart(theme, others[: draw(st.integers(1, 2))], draw(st.sampled_from(BLOCKS)), **price(draw))


def ordinals(draw: Draw, problem: Problem) -> Rule:
    among = some(draw, problem)
    names = [session.id for session in problem.select(among)]
    numbered = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    numbers = [draw(st.integers(1, 3)) for _ in numbered]
    return rules.Ordinals(numbered, numbers, among, draw(st.sampled_from(BLOCKS)), **price(draw))


BLOCKS = ["block", "day"]


def fair(draw: Draw, problem: Problem) -> Rule:
    pool = [
        rules.PreferTime(some(draw, problem), draw(st.lists(periods(), min_size=1, max_size=2, unique=True))),
        rules.InvitedCanAttend(some(draw, problem), weight=draw(st.integers(1, 3))),
        rules.CrowdsApart(some(draw, problem)),
        rules.Soften(rules.NoDelegationClash(), weight=draw(st.integers(1, 3))),
        rules.Soften(rules.NoPersonClash()),
        rules.Soften(rules.Available(), weight=2),
    ]
    inside = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))
    among = draw(st.sampled_from(["delegations", "groups", "bodies", "persons", "zones"]))
    levels, step = draw(st.sampled_from([None, 1, 2, 4])), draw(st.sampled_from([1, 1, 2]))
    rule = rules.Fair(inside, among, levels, step, **price(draw))
    assume(not any(rule.faults_in(problem)))
    return rule


def local_hours(draw: Draw, problem: Problem) -> Rule:
    assume(any(party.zone for party in problem.parties))
    start, end = draw(st.sampled_from([("08:00", "20:00"), ("10:30", "19:15"), ("21:00", "02:30"), ("02:30", "20:00")]))
    return rules.LocalHours(start, end, some(draw, problem), **price(draw))


def pin(draw: Draw, problem: Problem) -> Rule:
    session = draw(st.sampled_from(problem.sessions))
    starts = problem.starts(session)
    start = problem.window.wall(draw(st.sampled_from(starts))) if draw(st.booleans()) and starts else None
    room = draw(st.sampled_from(problem.rooms)).id if start is None or draw(st.booleans()) else None
    return rules.Pin(session.id, start, room)


def rooms(draw: Draw, problem: Problem) -> SelectRooms:
    one = draw(st.sampled_from(problem.rooms))
    buildings = [one.building] if one.building and draw(st.booleans()) else []
    features = one.features if draw(st.booleans()) else ()
    ids = (
        draw(st.lists(st.sampled_from([room.id for room in problem.rooms]), max_size=2)) if draw(st.booleans()) else []
    )
    return SelectRooms(dict.fromkeys([one.id, *ids]) if ids else (), buildings, features)


def published(draw: Draw, problem: Problem) -> Select:
    assume(problem.published)
    chosen = some(draw, problem)
    assume(any(s.id in (problem.published or ()) for s in problem.select(chosen)))
    return chosen


def notice(draw: Draw) -> tuple[str, str, list[Near]]:
    near = st.lists(st.builds(Near, st.integers(0, 7), st.integers(1, 4)), max_size=2, unique=True)
    return draw(st.sampled_from(["sessions", "people"])), f"2011-03-{draw(st.integers(19, 28))}", draw(near)


def frozen(draw: Draw, problem: Problem) -> Rule:
    if draw(st.booleans()):
        return rules.Frozen(problem.window.wall(draw(st.integers(0, 47)) * 60), some(draw, problem))
    return rules.Frozen(draw(st.sampled_from(["2011-03-26T11:00", "2011-03-27T11:30"])))


def reduced(draw: Draw, problem: Problem) -> Rule:
    few = st.one_of(st.none(), st.integers(0, 3))
    podium, table, side, accessible = (draw(few) for _ in range(4))
    total = draw(st.one_of(st.none(), st.integers(sum(one or 0 for one in (podium, table, side)), 9)))
    seats, booths = Seats(podium, table, side, total, accessible), draw(few)
    assume(seats != Seats() or booths is not None)
    when = draw(st.lists(periods(), min_size=1, max_size=2, unique=True))
    return rules.Reduced(draw(st.sampled_from(problem.rooms)).id, when, seats, booths)


def full_length(draw: Draw, problem: Problem) -> Rule:
    chosen = some(draw, problem)
    assume(any(session.shortest is not None for session in problem.select(chosen)))
    return rules.FullLength(chosen, draw(st.booleans()), **price(draw))


def leave_few_out(draw: Draw, problem: Problem) -> Rule:
    chosen = some(draw, problem)
    assume(any(session.optional for session in problem.select(chosen)))
    return rules.LeaveFewOut(chosen, draw(st.sampled_from(["priority", "number"])), **price(draw))


def one_of(draw: Draw, problem: Problem) -> Rule:
    names = draw(st.permutations([session.id for session in problem.sessions if session.optional]))
    assume(len(names) >= 2)
    cuts = draw(st.lists(st.integers(1, len(names) - 1), min_size=1, max_size=2, unique=True).map(sorted))
    return rules.OneOf([names[start:end] for start, end in pairwise([0, *cuts, len(names)])])


def prefer_option(draw: Draw, problem: Problem) -> Rule:
    chosen = some(draw, problem)
    assume(any(session.optional for session in problem.select(chosen)))
    return rules.PreferOption(chosen, **price(draw))


def tags(draw: Draw, problem: Problem) -> list[str]:
    found = sorted({tag for session in problem.sessions for tag in session.tags})
    assume(len(found) > 1)
    return draw(st.permutations(found))


def hours(draw: Draw) -> list[Period]:
    return draw(st.lists(periods(), min_size=1, max_size=2, unique=True))


def price(draw: Draw) -> dict[str, Any]:
    return {"weight": draw(st.integers(1, 5)), "tier": draw(st.integers(1, 3))}


def gathered(draw: Draw) -> str | None:
    return draw(st.sampled_from([None, None, *PER]))


def load(draw: Draw, problem: Problem) -> Rule:
    count = draw(st.sampled_from(["sessions", "minutes"]))
    most = draw(st.integers(0, 2) if count == "sessions" else st.sampled_from([30, 60, 120]))
    within = draw(st.sampled_from(["day", "week", "window"]))
    return rules.Load(most, some(draw, problem), gathered(draw), count, within)


def meal_break(draw: Draw, problem: Problem) -> Rule:
    hours = [("01:00", "03:30", 60), ("02:00", "03:00", 60), ("10:00", "12:00", 60), ("10:30", "14:00", 120)]
    return rules.MealBreak(*draw(st.sampled_from(hours)), some(draw, problem), gathered(draw))


# What of a time can be alike; a week always is, in problems of one weekend.
ALIKE = ("start", "time-of-day", "hours", "day", "week", "weekday")


def few_teams(draw: Draw, problem: Problem) -> Rule:
    return rules.FewTeams(
        count="interpreters" if alike_teams(problem) and draw(st.booleans()) else "teams", **price(draw)
    )


def alike_teams(problem: Problem) -> bool:
    sizes = {
        language: {team.interpreters for team in problem.teams if team.language == language}
        for language in ("en", "fr")
    }
    return all(len(known) == 1 for known in sizes.values())


def interpreters_enough(draw: Draw, problem: Problem) -> Rule:
    assume(problem.teams or not any(session.languages for session in problem.sessions))
    limits = (draw(st.sampled_from([None, 1, 2])), draw(st.sampled_from([None, 1, 2, 3])))
    return rules.InterpretersEnough(*limits, draw(st.sampled_from([0, 0, 30, 45])))


def quorum(draw: Draw, problem: Problem) -> Rule:
    groups = [group for group, members in problem.members.items() if members]
    assume(groups)
    group = draw(st.sampled_from(groups))
    members = problem.members[group]
    common = [other for other in groups if other != group and any(other in one.groups for one in members)]
    least = draw(st.integers(1, len(members)))
    return rules.Quorum(some(draw, problem), group, least, draw(st.sampled_from([[], common])))


def personal_times(draw: Draw, problem: Problem) -> Rule:
    assume(any(party.wished or party.unwished for party in problem.parties))
    return rules.PersonalTimes(some(draw, problem), **price(draw))


# One row a rule: how to draw it for a problem. A rule that needs no argument has no row.
ROWS: dict[str, Callable[[Draw, Problem], Rule]] = {
    "all-at-once": lambda draw, p: rules.AllAtOnce(some(draw, p)),
    "apart": lambda draw, p: rules.Apart(
        some(draw, p), draw(st.sampled_from([1, 30, 90, 400])), draw(st.sampled_from([None, *PER]))
    ),
    "at-most-days": lambda draw, p: rules.AtMostDays(draw(st.integers(1, 2)), some(draw, p), gathered(draw)),
    "at-most-together": lambda draw, p: rules.AtMostTogether(draw(st.integers(1, 3)), some(draw, p)),
    "avoid-time": lambda draw, p: rules.AvoidTime(some(draw, p), hours(draw), **price(draw)),
    "before": before,
    "block-conflicts": lambda draw, p: conflicts(draw, p, "block-conflicts"),
    "consecutive": lambda draw, p: rules.Consecutive(
        some(draw, p), draw(st.sampled_from(["any", "same"])), draw(st.sampled_from([0, 30, 90]))
    ),
    "coordinated-before": lambda draw, p: rules.CoordinatedBefore(
        *apart(draw, p), draw(st.sampled_from(["same", "any"]))
    ),
    "crowds-apart": lambda draw, p: rules.CrowdsApart(some(draw, p), **price(draw)),
    "day-length": lambda draw, p: rules.DayLength(
        draw(st.sampled_from([30, 60, 120, 300])), some(draw, p), gathered(draw)
    ),
    "days-apart": lambda draw, p: rules.DaysApart(
        some(draw, p),
        draw(st.integers(0, 1)),
        draw(st.sampled_from([None, 1, 2])),
        draw(st.lists(st.integers(0, 2), unique=True, max_size=2)),
    ),
    "declared-conflicts": conflicts,
    "delegations-walk": lambda draw, p: rules.DelegationsWalk(some(draw, p)),
    "different": lambda draw, p: rules.Different(
        some(draw, p), draw(st.sampled_from([*ALIKE, "day", "room", "building"]))
    ),
    "end-early": lambda draw, p: rules.EndEarly(some(draw, p), draw(st.sampled_from(["last", "each"])), **price(draw)),
    "fair": fair,
    "few-layouts": lambda draw, p: rules.FewLayouts(some(draw, p), **price(draw)),
    "few-teams": few_teams,
    "idle-gaps": lambda draw, p: rules.IdleGaps(
        draw(st.sampled_from([0, 0, 1])), some(draw, p), gathered(draw), draw(st.sampled_from([0, 29, 30, 60]))
    ),
    "few-told": lambda draw, p: rules.FewTold(published(draw, p), *notice(draw)[1:], **price(draw)),
    "frozen": frozen,
    "full-length": full_length,
    "in-order": lambda draw, p: rules.InOrder(some(draw, p)),
    "in-room": lambda draw, p: rules.InRoom(some(draw, p), rooms(draw, p)),
    "interpreters-enough": interpreters_enough,
    "invited-can-attend": lambda draw, p: rules.InvitedCanAttend(some(draw, p), **price(draw)),
    "keep-day": lambda draw, p: rules.KeepDay(published(draw, p), *notice(draw), **price(draw)),
    "keep-room": lambda draw, p: rules.KeepRoom(published(draw, p), *notice(draw), **price(draw)),
    "keep-start": lambda draw, p: rules.KeepStart(
        published(draw, p), *notice(draw), draw(st.sampled_from(["move", "minute"])), **price(draw)
    ),
    "keep-themes-out": keep_themes_out,
    "keep-time": lambda draw, p: rules.KeepTime(published(draw, p), *notice(draw), **price(draw)),
    "large-rooms-first": lambda draw, p: rules.LargeRoomsFirst(
        some(draw, p), draw(st.sampled_from(["podium", "table", "side", "total"])), **price(draw)
    ),
    "leave-few-out": leave_few_out,
    "load": load,
    "local-hours": local_hours,
    "meal-break": meal_break,
    "neighbour": neighbour,
    "not-in-room": lambda draw, p: rules.NotInRoom(
        some(draw, p), rooms(draw, p), hours(draw) if draw(st.booleans()) else None
    ),
    "not-together": not_together,
    "one-of": one_of,
    "ordinals": ordinals,
    "outside": lambda draw, p: rules.Outside(some(draw, p), hours(draw)),
    "personal-times": personal_times,
    "pin": pin,
    "prefer-option": prefer_option,
    "prefer-room": lambda draw, p: rules.PreferRoom(some(draw, p), rooms(draw, p), **price(draw)),
    "prefer-time": lambda draw, p: rules.PreferTime(
        some(draw, p), draw(st.lists(periods(), min_size=1, max_size=2, unique=True)), **price(draw)
    ),
    "quorum": quorum,
    "reduced": reduced,
    "rest": lambda draw, p: rules.Rest(
        draw(st.sampled_from([30, 60, 90])), draw(st.sampled_from([1, 30, 31, 90])), some(draw, p), gathered(draw)
    ),
    "same": lambda draw, p: rules.Same(some(draw, p), draw(st.sampled_from(ALIKE))),
    "same-room": lambda draw, p: rules.SameRoom(
        some(draw, p),
        draw(st.sampled_from(["rooms", "buildings"])),
        draw(st.sampled_from(["time", *BLOCKS])),
        **price(draw),
    ),
    "smallest-room": lambda draw, p: rules.SmallestRoom(
        some(draw, p), draw(st.sampled_from(["podium", "table", "side", "total"])), **price(draw)
    ),
    "spread": lambda draw, p: rules.Spread(draw(st.integers(1, 3)), some(draw, p), gathered(draw)),
    "themed-rooms": lambda draw, p: rules.ThemedRooms(tags(draw, p), draw(st.sampled_from(["block", "day"]))),
    "themes-apart": themes_apart,
    "turnaround": lambda draw, p: rules.Turnaround(draw(st.sampled_from([30, 45, 90, 240])), some(draw, p)),
    "unbroken": lambda draw, p: rules.Unbroken(some(draw, p), draw(st.sampled_from(BLOCKS)), **price(draw)),
    "within": lambda draw, p: rules.Within(some(draw, p), hours(draw)),
}


@st.composite
def drawn(draw: Draw, problem: Problem, kind: str) -> Rule:
    """Draw a rule of a kind for a problem."""
    row = ROWS.get(kind)
    return row(draw, problem) if row else kinds()[kind]()


@st.composite
def turned(draw: Draw, rule: Rule) -> Rule | None:
    """The rule in its other severity: a constraint at a price, a preference demanded."""
    if isinstance(rule, Preference):
        return rules.Demand(rule, draw(st.sampled_from([0, 0, 1, 30])))
    return rules.Soften(rule, **price(draw)) if rule.softens else None


def other(draw: Draw, problem: Problem, sort: type[Constraint | Preference]) -> Rule:
    """A rule of some sort, none that is itself made of other rules."""
    fit = [kind for kind, rule in kinds().items() if issubclass(rule, sort) and rule.softens and kind not in MADE]
    return draw(drawn(problem, draw(st.sampled_from(fit))))


MADE = ("demand", "fair", "off", "soften")
ROWS |= {
    "demand": lambda draw, p: rules.Demand(other(draw, p, Preference), draw(st.sampled_from([0, 1, 30]))),
    "off": lambda draw, p: rules.Off(other(draw, p, Constraint)),
    "soften": lambda draw, p: rules.Soften(other(draw, p, Constraint), **price(draw)),
}
