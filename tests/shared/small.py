"""Small models and problems for tests of the solver's parts, and all that such a model allows."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import date, timedelta
from itertools import product
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from unsched import Period, Person, Problem, Room, Rule, Seats, Session, Venue, Window
from unsched.rules import DeclaredConflicts, PreferTime, SameRoom, SeatsEnough, Soften
from unsched.rules.parallel import Conflict
from unsched.solver.board import Board
from unsched.solver.compile import compile_problem
from unsched.solver.engine import run
from unsched.solver.flat import Flat, Whole
from unsched.solver.flatten import flatten
from unsched.solver.places import Places
from unsched.solver.tiers import TierGroup, group_tiers

__all__ = ["AtOnce", "allowed", "everything", "laid_out", "models", "solution", "solutions", "values_of", "week"]

Values: TypeAlias = "tuple[int, ...]"


class AtOnce(Executor):
    """Does what it is given at once, in this thread, and keeps what came of it."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, call: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        """Do it."""
        future: Future[Any] = Future()
        future.set_result(call(*args, **named))
        self.futures.append(future)
        return future


@st.composite
def models(draw: st.DrawFn) -> cp_model.CpModel:
    """Draw a model of a few variables, with all kinds of constraint that rules post."""
    model = cp_model.CpModel()
    literals = [model.new_bool_var("") for _ in range(draw(st.integers(2, 4)))]
    numbers = [
        model.new_int_var(least, least + draw(st.integers(0, 3)), "") for least in draw(st.lists(small, max_size=2))
    ]
    both = [*literals, *numbers]

    def some_literals(least: int = 1) -> list[Any]:
        chosen = draw(st.lists(st.sampled_from(literals), min_size=least, max_size=3, unique_by=lambda one: one.index))
        return [~one if draw(st.booleans()) else one for one in chosen]

    def some_sum() -> Any:
        chosen = draw(st.lists(st.sampled_from(both), min_size=1, max_size=3))
        return sum(draw(small) * one for one in chosen) + draw(small)

    for kind in draw(st.lists(st.sampled_from(["row", "most", "one", "or", "and", "greatest", "any"]), max_size=4)):
        if kind == "row":
            made = model.add_linear_constraint(some_sum(), *sorted((draw(wide), draw(wide))))
        elif kind == "most":
            model.add_at_most_one(some_literals())
            continue
        elif kind == "one":
            model.add_exactly_one(some_literals())
            continue
        elif kind == "or":
            made = model.add_bool_or(some_literals())
        elif kind == "and":
            made = model.add_bool_and(some_literals())
        elif kind == "greatest":
            model.add_max_equality(some_sum(), [some_sum() for _ in range(draw(st.integers(1, 3)))])
            continue
        else:
            model.add_max_equality(
                draw(st.sampled_from(literals)), draw(st.lists(st.sampled_from(literals), min_size=1))
            )
            continue
        if draw(st.booleans()):
            made.only_enforce_if(some_literals())
    model.minimize(sum(draw(small) * one for one in both))
    return model


small = st.integers(-3, 3)
wide = st.integers(-8, 8)


def solutions(model: cp_model.CpModel) -> set[Values]:
    """Return all solutions of a model, as CP-SAT enumerates them."""
    found: set[Values] = set()

    class Keep(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            found.add(tuple(self.response_proto.solution))

    everything = cp_model.CpModel()
    everything.proto.copy_from(model.proto)
    everything.proto.clear_objective()
    solver = cp_model.CpSolver()
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    # What is fixed or equal must be told apart all the same.
    solver.parameters.keep_all_feasible_solutions_in_presolve = True
    solver.solve(everything, Keep())
    return found


def allowed(flat: Flat) -> list[Values]:
    """Return all values of a model's own variables that its arrays allow."""
    ranges = [
        range(low, high + 1)
        for low, high in zip(flat.lower[: flat.known].tolist(), flat.upper[: flat.known].tolist(), strict=True)
    ]
    return [values for values in product(*ranges) if not flat.broken(flat.complete(values))]


def week(
    meetings: int, seed: int = 1, *, rooms: int = 3, priced: bool = False, weeks: int = 1, days: int = 2
) -> Problem:
    """Draw weeks of meetings that each have a week, wishes, people in common, and (at a price) too few seats."""
    chance = random.Random(seed)  # noqa: S311  no secret
    first = date(2010, 1, 4)
    dates = [[first + timedelta(days=7 * week + day) for day in range(days)] for week in range(weeks)]
    sessions: list[Session] = []
    rules: list[Rule] = []
    for number in range(weeks * meetings):
        mine = dates[number // meetings]
        people = sorted({f"p{chance.randrange(2 * meetings)}" for _ in range(2)})
        name = f"s{number}"
        sessions.append(
            Session(
                name,
                name,
                chance.choice([60, 120]),
                tags=[f"t{chance.randrange(3)}"],
                required=people,
                side_seats=chance.choice([10, 40, 90]),
                available=[Period(mine)],
            )
        )
        if chance.random() < 0.7:
            rules.append(PreferTime([name], [Period([chance.choice(mine)], "10:00", "13:00")]))
    ids = [one.id for one in sessions]
    pairs = dict.fromkeys(tuple(sorted(chance.sample(ids, 2))) for _ in range(3 * len(ids)))
    rules.append(DeclaredConflicts([Conflict(a, b, 2) for a, b in pairs]))
    if priced:
        rules += [Soften(SeatsEnough()), SameRoom(ids[:3])]
    return Problem(
        "week",
        Window("Europe/Zurich", [day for some in dates for day in some], step=60),
        Venue([Room(name, seats=Seats(side=seats)) for name, seats in (("A", 100), ("B", 50), ("C", 20))[:rooms]]),
        sessions,
        persons=[Person(name) for name in dict.fromkeys(name for one in sessions for name in one.required)],
        rules=rules,
    )


def laid_out(problem: Problem) -> tuple[Board, TierGroup, Flat, Places]:
    """Return the model of a problem, with its first tiers as objective (if it has any), in arrays."""
    board = compile_problem(problem)
    group = next(group_tiers(board), TierGroup({}))
    board.model.minimize(group.objective(board))
    flat = flatten(board.model)
    return board, group, flat, Places(board, len(flat.lower))


def values_of(flat: Flat, board: Board, **named: Any) -> Whole:
    """Return the values of what CP-SAT finds for the whole model."""
    found = run(board.model, **named)
    assert found.solved
    return flat.complete(found.values)


def solution(problem: Problem) -> tuple[Board, Flat, Places, Whole]:
    """Return a problem's model in arrays, and some solution of it, most likely no good one."""
    board, group, flat, places = laid_out(problem)
    board.model.proto.clear_objective()
    first = values_of(flat, board)
    board.model.minimize(group.objective(board))
    return board, flat, places, first


def everything(flat: Flat) -> Whole:
    """Return all variables of a model."""
    return np.arange(len(flat.lower))
