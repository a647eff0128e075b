"""What only a whole problem can tell: names of nothing, facts that cannot be, rules that do not suit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import fields

from unsched.domain.fact import Fact, Named
from unsched.domain.select import Select
from unsched.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from datetime import datetime

    from unsched.domain.problem import Problem
    from unsched.domain.segment import Segment
    from unsched.domain.session import Session

__all__ = ["faults_of_rules", "faults_of_selectors", "impossible_facts", "unknown_names"]


def unknown_names(problem: Problem) -> Iterator[Fault]:
    """Yield ids that are there twice, and names of nothing."""
    yield from _repeated("venue.rooms", "room", problem.venue.rooms)
    yield from _repeated("sessions", "session", problem.sessions)
    parties: tuple[Named, ...] = (*problem.delegations, *problem.persons, *problem.groups)
    lists: tuple[tuple[str, Sequence[Named]], ...] = (
        ("delegations", problem.delegations),
        ("persons", problem.persons),
        ("groups", problem.groups),
    )
    for name, own in lists:
        yield from _repeated(name, "participant", own, parties)
    for index, delegation in enumerate(problem.delegations):
        yield from _known(f"delegations[{index}].groups", "group", delegation.groups, problem.groups_by_id)
    for index, person in enumerate(problem.persons):
        if person.delegation is not None:
            path = f"persons[{index}].delegation"
            yield from _known(path, "delegation", (person.delegation,), problem.delegations_by_id, listed=False)
    yield from _repeated("teams", "team", problem.teams)
    yield from _repeated("equipment", "equipment", problem.equipment)
    everybody = {party.id: party for party in parties}
    offered = {block.kind: block for block in problem.window.blocks}
    for index, session in enumerate(problem.sessions):
        path = f"sessions[{index}]"
        yield from _unknown_participants(problem, path, session, everybody)
        for place, segment in enumerate(session.segments):
            yield from _unknown_participants(problem, f"{path}.segments[{place}]", segment, everybody)
        yield from _known(f"{path}.co_chairs", "person", session.co_chairs, problem.persons_by_id)
        yield from _known(f"{path}.equipment", "equipment", session.equipment, problem.equipment_by_id)
        if session.chair is not None:
            yield from _known(f"{path}.chair", "person", (session.chair,), problem.persons_by_id, listed=False)
        if session.room is not None:
            yield from _known(f"{path}.room", "room", (session.room,), problem.rooms_by_id, listed=False)
        yield from _known(f"{path}.blocks", "kind of block", session.blocks, offered)


def _unknown_participants(
    problem: Problem, path: str, audience: Session | Segment, everybody: Mapping[str, object]
) -> Iterator[Fault]:
    for name in ("required", "invited"):
        yield from _known(f"{path}.{name}", "delegation, group or person", getattr(audience, name), everybody)
    for place, group in enumerate(audience.required):
        if problem.members.get(group) == ():
            message = f"no delegation belongs to group {group!r}, so nobody would be required"
            yield Fault(f"{path}.required[{place}]", message, f"groups = [{group!r}] at its delegations.")


def impossible_facts(problem: Problem) -> Iterator[Fault]:
    """Yield lengths and fixed starts that the window cannot hold, and a published schedule of another problem."""
    for index, session in enumerate(problem.sessions):
        path = f"sessions[{index}]"
        if session.minutes is None:
            remedy = f"an assumption with of = 'session', id = {session.id!r}, field = 'minutes'."
            yield Fault(f"{path}.minutes", f"the length of {session.id!r} is not known", remedy)
            continue
        if session.minutes % problem.window.step:
            near = round(session.minutes / problem.window.step) or 1
            remedy = f"{near * problem.window.step}, or a window with another step."
            message = f"{session.minutes} minutes are not on the window's {problem.window.step}-minute grid"
            yield Fault(f"{path}.minutes", message, remedy)
            continue
        if session.start is not None:
            yield from _bad_start(problem, f"{path}.start", session, session.start)
    for name, parties in (("delegations", problem.delegations), ("persons", problem.persons)):
        for index, party in enumerate(parties):
            for moment in ("arrives", "leaves"):
                if getattr(party, moment) is not None:
                    yield from _bad_moment(problem, f"{name}[{index}].{moment}", getattr(party, moment))
    # Sessions and rooms that have gone since it was published are no faults: they are why people plan again.
    if problem.published is not None and problem.published.problem != problem.id:
        message = f"it answers problem {problem.published.problem!r}, and this is {problem.id!r}"
        yield Fault("published.problem", message, "the schedule that was published of this problem.")


def _bad_moment(problem: Problem, path: str, moment: datetime) -> Iterator[Fault]:
    try:
        problem.window.minute(moment)
    except InputError as error:
        yield from (fault.under(path) for fault in error.faults)


def _bad_start(problem: Problem, path: str, session: Session, moment: datetime) -> Iterator[Fault]:
    bad = tuple(_bad_moment(problem, path, moment))
    yield from bad
    if bad:
        return
    minute = problem.window.minute(moment)
    possible = problem.starts(session)
    if minute not in possible:
        text = f"{problem.window.wall(minute):%Y-%m-%d %H:%M}"
        message = f"{session.id!r} of {session.minutes} minutes cannot start at {text} in the window"
        yield Fault(path, message, problem.window.nearest_start(minute, possible))


def faults_of_rules(problem: Problem) -> Iterator[Fault]:
    """Yield selectors that pick nothing, unknown kinds, and whatever a rule itself finds wrong with the problem."""
    from unsched.rules.registry import kinds, standard_rules

    if problem.off:
        standard = {rule.kind for rule in standard_rules()}
        for index, kind in enumerate(problem.off):
            if kind not in standard:
                message = f"{kind!r} is no standard rule" if kind in kinds() else f"there is no rule {kind!r}"
                yield Fault(f"off[{index}]", message, nearest(kind, sorted(standard)))
    own = {id(rule): f"rules[{index}]" for index, rule in enumerate(problem.rules)}
    for rule in problem.all_rules:
        path = own.get(id(rule), f"the standard rule {rule.kind}")
        inside = rule.inside
        found = [fault for one in inside for fault in faults_of_selectors(problem, one, path)]
        yield from found if id(rule) in own else ()
        if not found:
            for fault in rule.faults_in(problem):
                inner = fault.path.removeprefix("rule.")
                yield fault if inner == fault.path else Fault(f"{path}.{inner}", fault.message, fault.remedy)


def faults_of_selectors(problem: Problem, fact: Fact, path: str) -> Iterator[Fault]:
    """Yield selectors of a rule, or of a fact that it is made of, that name what is not there or pick nothing."""
    for attribute in fields(type(fact)):  # type: ignore[arg-type]
        value = getattr(fact, attribute.name)
        if isinstance(value, Select):
            yield from _faults_of_selector(problem, value, f"{path}.{attribute.name}")
        for index, one in enumerate(value if isinstance(value, tuple) else ()):
            if isinstance(one, Select):
                yield from _faults_of_selector(problem, one, f"{path}.{attribute.name}[{index}]")


def _faults_of_selector(problem: Problem, selector: Select, path: str) -> Iterator[Fault]:
    nouns = {
        "ids": "has id",
        "tags": "is tagged",
        "bodies": "is of body",
        "kinds": "is of kind",
        "priorities": "is of priority",
    }
    good = True
    for name, wanted in selector.given.items():
        have = problem.selectable(name)
        for index, value in enumerate(wanted):
            if value not in have:
                good = False
                message = f"nothing {nouns.get(name, 'concerns')} {value!r}"
                near = nearest(str(value), sorted(str(one) for one in have if one is not None))
                yield Fault(f"{path}.{name}[{index}]", message, near)
    if good and not problem.select(selector):
        message = f"{str(selector).removeprefix('every ')} picks no session"
        yield Fault(path, message, "a selector that is less narrow.")


def _repeated(path: str, noun: str, own: Sequence[Named], among: Sequence[Named] | None = None) -> Iterator[Fault]:
    counts: dict[str, int] = {}
    for fact in own if among is None else among:
        counts[fact.id] = counts.get(fact.id, 0) + 1
    for index, fact in enumerate(own):
        if counts[fact.id] > 1:
            yield Fault(f"{path}[{index}].id", f"{noun} {fact.id!r} is there twice", "give one of them another id.")


def _known(
    path: str, noun: str, names: Iterable[str], known: Mapping[str, object], *, listed: bool = True
) -> Iterator[Fault]:
    for index, name in enumerate(names):
        if name not in known:
            place = f"{path}[{index}]" if listed else path
            yield Fault(place, f"there is no {noun} {name!r}", nearest(name, known))
