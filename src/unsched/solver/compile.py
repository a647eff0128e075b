"""Making the model of a problem: let every rule speak, then add what holds between decisions whatever the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from unsched.rules.base import Constraint, Preference
from unsched.solver.board import Board
from unsched.solver.cells import link_cells, uncounted
from unsched.solver.cliques import cliques
from unsched.solver.counting import limit_rooms, price_overflow
from unsched.solver.scope import EVERYTHING, Scope
from unsched.solver.terms import Guard, RoomsAskedError

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.rules.base import Rule
    from unsched.solver.terms import Exclusion, Literal

__all__ = ["compile_problem", "exclusions"]

Stands: TypeAlias = "Mapping[str, Mapping[tuple[Interval, str], Literal]]"
"""For the sessions whose rooms are decided in the model: literals by session, then by time and room."""


def compile_problem(
    problem: Problem,
    rules: Iterable[Rule] | None = None,
    *,
    guarded: bool = False,
    in_rooms: frozenset[str] = frozenset(),
    families: tuple[int, ...] = (),
    times_only: bool = False,
    scope: Scope = EVERYTHING,
) -> Board:
    """Make the model of a problem.

    Args:
        problem: the facts.
        rules: the rules that hold (default: all of the problem).
        guarded: whether each requirement can be switched off by its guard.
        in_rooms: ids of sessions that get literals for their rooms whatever the rules ask.
        families: sets of rooms, as bits, whose sessions are counted besides the usual ones.
        times_only: whether preferences that need rooms to be decided are left out, or counted where they can be.
        scope: which part of the question is asked.
    """
    board = Board(problem, guarded, in_rooms, families, times_only, scope)
    hold = [rule for rule in (problem.all_rules if rules is None else rules) if scope.concerns(rule)]
    for rule in hold:
        if rule.narrows:
            rule.post(board)
    board.settle()
    for rule in hold:
        if isinstance(rule, Preference):
            board.costs.setdefault(rule.tier, [])
    for constraint in (True, False):
        for rule in hold:
            if not rule.narrows and isinstance(rule, Constraint) is constraint:
                _hear(board, rule)
    board.settle()
    for session in problem.sessions:
        _place_once(board, session)
    asked = in_rooms | uncounted(board)
    stands = {
        session.id: _link_rooms(board, session)
        for session in problem.sessions
        if guarded
        or session.id in asked
        or session.id in board.literals_of_rooms
        or session.id in board.literals_of_places
    }
    link_cells(board, stands)
    if guarded:
        _exclude(board, stands)
        _limit_guarded_rooms(board, stands)
    else:
        limit_rooms(board, stands)
        price_overflow(board)
    return board


def exclusions(problem: Problem) -> Mapping[str, tuple[Exclusion, ...]]:
    """Return which times and rooms rules take from each session before there is any search, and which rule does.

    Args:
        problem: the facts and rules.

    Returns:
        by id of the session; what no exclusion covers is what the solver chooses from.
    """
    board = Board(problem, guarded=True)
    for rule in problem.all_rules:
        if rule.narrows:
            rule.post(board)
    found: dict[str, list[Exclusion]] = {session.id: [] for session in problem.sessions}
    for exclusion in board.exclusions:
        found[exclusion.session].append(exclusion)
    return {name: tuple(some) for name, some in found.items()}


def _hear(board: Board, rule: Rule) -> None:
    if isinstance(rule, Constraint):
        rule.post(board)
        return
    with board.preferring():
        try:
            rule.post(board)
        except RoomsAskedError:
            board.left_out.append(rule)


def _place_once(board: Board, session: Session) -> None:
    literals = [board.at(session, span) for span in board.spans(session)]
    rule = board.musts.get(session.id)
    if rule is not None and (board.scope.asks or board.scope.switches(rule, session.id)):
        board.model.add_at_most_one(literals)
        board.model.add_bool_or(literals).only_enforce_if(board.guard(Guard(rule, session.id)))
    elif rule is not None and not board.guarded:
        board.placings[session.id] = board.model.add_exactly_one(literals).index
    else:
        board.model.add_at_most_one(literals)
        if rule is not None:
            board.under(rule, session.id, board.model.add(board.total(literals) == 1))
    left = set(board.spans(session))
    for span, literal in board.literals_of_spans.get(session.id, {}).items():
        if span not in left:
            board.model.add(literal == 0)


def _link_rooms(board: Board, session: Session) -> dict[tuple[Interval, str], Literal]:
    """Return literals for each time and room of a session, tied to those of its times and of its rooms."""
    stands: dict[tuple[Interval, str], Literal] = {}
    by_room: dict[str, list[Literal]] = {name: [] for name in board.rooms(session)}
    for span in board.spans(session):
        here = {name: board.stands(session, span, name) for name in board.rooms_at(session, span)}
        board.model.add(board.total(here.values()) == board.at(session, span))
        for name, literal in here.items():
            stands[span, name] = literal
            by_room[name].append(literal)
    for place, literal in board.literals_of_places.get(session.id, {}).items():
        if place not in stands:
            board.model.add(literal == 0)
    for name, literals in by_room.items():
        board.model.add(board.total(literals) == board.uses(session, name))
    for name, literal in board.literals_of_rooms.get(session.id, {}).items():
        if name not in by_room:
            board.model.add(literal == 0)
    return stands


def _exclude(board: Board, stands: Stands) -> None:
    """Say the exclusions, each under its guard, where they have not been taken off the board for good."""
    for exclusion in board.exclusions:
        session = board.problem.session(exclusion.session)
        if exclusion.rooms is None:
            times = board.spans(session) if exclusion.spans is None else exclusion.spans
            literals = [board.at(session, span) for span in times]
        elif exclusion.spans is None:
            literals = [board.uses(session, room) for room in exclusion.rooms]
        else:
            places = ((span, room) for span in exclusion.spans for room in exclusion.rooms)
            literals = [stands[session.id][place] for place in places if place in stands[session.id]]
        guard = exclusion.guard
        board.under(guard.rule, guard.about, board.model.add(board.total(literals) == 0))


def _limit_guarded_rooms(board: Board, stands: Stands) -> None:
    for name, (rule, lead) in board.limited_rooms.items():
        spans = [
            (span.start - lead, span.end, literal)
            for places in stands.values()
            for (span, room), literal in places.items()
            if room == name
        ]
        for group in cliques(spans):
            board.under(rule, name, board.model.add_at_most_one(group))
