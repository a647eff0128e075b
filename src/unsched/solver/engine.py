"""One run of CP-SAT: in a thread of its own, so that the caller can interrupt it, watch it and stop it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import partial
from math import ceil, inf

from attrs import evolve, field, frozen
from ortools.sat.python import cp_model

__all__ = ["NOTHING_FOUND", "Manner", "Run", "run"]

log = logging.getLogger(__name__)

# Time literals under capacity rows have a strong linear relaxation, which CP-SAT's usual first workers leave out: a
# model of 15 sessions that two of them did not prove in 15 s is proven in 0.3 s with "max_lp" among them.
_PROVERS = ("max_lp", "default_lp", "core", "quick_restart", "reduced_costs", "no_lp", "pseudo_costs", "probing")

_POLL = 0.1
_SMALL, _ALONE = 9_000, 1.0
"""Up to how many variables, and for how many deterministic seconds, one worker is tried before several: the founding
case has 8,013, and takes 0.7."""


class Manner(Enum):
    """How CP-SAT goes about a model."""

    THOROUGH = "as it does by itself"
    LIGHT = "with little preparation"
    AS_IT_IS = "with none, and without a linear relaxation: for any solution, where one is found easily"
    BOUND = "for its bound, rather than for better solutions"


@frozen
class Run:
    """What one run of the solver found.

    Args:
        status: CP-SAT's status.
        values: the value of every variable in the best solution, or none at all.
        earlier: values of solutions found before the best, latest first.
        objective: value of the best solution, where there is one and something was minimized.
        bound: no solution is below this.
        effort: deterministic seconds used.
        interrupted: whether the user interrupted it.
        core: where infeasible, indices of assumptions that cannot all hold.
        rooms: rooms that its sessions can have, as far as known, where the model does not decide them.
    """

    status: cp_model.CpSolverStatus
    values: Sequence[int]
    earlier: Sequence[Sequence[int]]
    objective: int
    bound: int
    effort: float
    interrupted: bool
    core: Sequence[int] = ()
    rooms: Mapping[str, str] = field(factory=dict)

    @property
    def solved(self) -> bool:
        """Whether there is a solution."""
        return self.status in (cp_model.OPTIMAL, cp_model.FEASIBLE)

    @property
    def proven(self) -> bool:
        """Whether the search came to its end."""
        return self.status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)

    def as_proven(self) -> Run:
        """Return the same as a search that came to its end."""
        return evolve(self, status=cp_model.OPTIMAL, bound=self.objective)

    def or_better(self, other: Run) -> Run:
        """Return what two runs of the same model have come to, one after the other."""
        if not self.solved:
            better = other
        elif other.solved and other.objective < self.objective:
            better = evolve(other, earlier=[*other.earlier, self.values, *self.earlier])
        else:
            better = evolve(self, interrupted=other.interrupted)
        better = evolve(better, bound=max(self.bound, other.bound), effort=self.effort + other.effort)
        return better.as_proven() if better.solved and other.proven else better


NOTHING_FOUND = Run(cp_model.UNKNOWN, (), (), 0, 0, 0.0, interrupted=False)
"""No solution, and no bound but that costs are never negative."""


def _whole_bound(bound: float) -> int:
    """Return the least whole number that is not below a bound, allowing for what a large double has lost on its way."""
    return ceil(bound - max(1e-6, abs(bound) * 2**-40))


class _Watch(cp_model.CpSolverSolutionCallback):
    """What is told of each solution, and of each bound once there is one."""

    def __init__(self, solver: cp_model.CpSolver, enough: Callable[[int, int], bool], keep: int) -> None:
        super().__init__()
        self._solver = solver
        self._enough = enough
        self._keep = keep
        self._lock = threading.Lock()
        self._known: tuple[int, int] | None = None
        self.found: list[Sequence[int]] = []
        self.error: BaseException | None = None

    def on_solution_callback(self) -> None:
        self.found = [*self.found[-self._keep + 1 :], list(self.response_proto.solution)]
        self._tell(round(self.objective_value), _whole_bound(self.best_objective_bound))

    def on_bound(self, bound: float) -> None:
        if self._known is not None and bound > -inf:
            self._tell(self._known[0], max(self._known[1], _whole_bound(bound)))

    def _tell(self, cost: int, bound: int) -> None:
        try:
            with self._lock:
                if (cost, bound) == self._known:
                    return
                self._known = cost, bound
                if self._enough(cost, bound):
                    self._solver.stop_search()
        except BaseException as error:  # noqa: BLE001  it must cross the solver's C++ frames; raised again in `run`
            self.error = error
            self._solver.stop_search()


def run(  # noqa: PLR0913  all that a run can be told, by name
    model: cp_model.CpModel,
    *,
    seconds: float = inf,
    effort: float = inf,
    workers: int = 1,
    seed: int = 0,
    presolve: bool = True,
    hinted: bool = False,
    enough: Callable[[int, int], bool] = lambda cost, bound: False,
    over: Callable[[], bool] = lambda: False,
    keep: int = 8,
    manner: Manner = Manner.THOROUGH,
    alike: bool = False,
) -> Run:
    """Run CP-SAT on a model.

    Args:
        model: the model, with its objective, hints and assumptions.
        seconds: wall seconds at most.
        effort: deterministic seconds at most; a limit here makes several workers take turns in a fixed order.
        workers: threads.
        seed: seed of the search.
        presolve: whether to simplify the model first.
        hinted: whether what is hinted is fixed, so that only the rest is decided.
        enough: called with cost and bound at each solution and each bound after it; returns whether to stop.
        over: asked several times a second whether to stop.
        keep: how many of the last solutions to keep.
        manner: how it goes about it.
        alike: whether what one worker soon decides is left to it, so that the same solution comes out each time,
            however many workers there are: several would race.
    """
    until = time.monotonic() + seconds
    content = False

    def told(cost: int, bound: int) -> bool:
        nonlocal content
        content = enough(cost, bound) or content
        return content

    once = partial(
        _run,
        model,
        seed=seed,
        presolve=presolve,
        hinted=hinted,
        enough=told,
        over=over,
        keep=keep,
        manner=manner,
    )
    if not alike or workers == 1 or effort < inf or len(model.proto.variables) > _SMALL:
        return once(seconds=seconds, effort=effort, workers=workers)
    alone = once(seconds=seconds, effort=_ALONE, workers=1)
    if alone.proven or alone.interrupted or content or over():
        return alone
    return alone.or_better(once(seconds=until - time.monotonic(), effort=inf, workers=workers))


def _run(  # noqa: PLR0913  as above
    model: cp_model.CpModel,
    *,
    seconds: float,
    effort: float,
    workers: int,
    seed: int,
    presolve: bool,
    hinted: bool,
    enough: Callable[[int, int], bool],
    over: Callable[[], bool],
    keep: int,
    manner: Manner,
) -> Run:
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = workers
    parameters.random_seed = seed
    parameters.catch_sigint_signal = False
    as_it_is = manner is Manner.AS_IT_IS
    alone = manner is Manner.BOUND and workers == 1
    parameters.cp_model_presolve = presolve and not as_it_is
    parameters.fix_variables_to_their_hinted_value = hinted
    # 1,043 events of FOSDEM 2026, two workers, for any schedule: 0.2 s in place of 2.8 s with presolve and relaxation.
    parameters.linearization_level = 0 if as_it_is else 2
    if workers > 1 and model.has_objective():
        parameters.subsolvers.extend(_PROVERS[: workers // 2])
    if alone or manner in {Manner.LIGHT, Manner.AS_IT_IS}:
        # comp04 (ITC-2007), times alone, 20 s: bound 33; with probing and symmetries, 4.
        parameters.cp_model_probing_level = parameters.symmetry_level = 0
    parameters.optimize_with_lb_tree_search = alone
    # Both take infinity for what it is.
    parameters.max_time_in_seconds = max(seconds, 0.0)
    parameters.max_deterministic_time = max(effort, 0.0)
    parameters.interleave_search = workers > 1 and effort < inf
    watch = _Watch(solver, enough, keep)
    if model.has_objective():
        solver.best_bound_callback = watch.on_bound
    status = cp_model.UNKNOWN
    interrupted = False
    failure: list[BaseException] = []

    done = threading.Event()

    def work() -> None:
        nonlocal status
        try:
            status = solver.solve(model, watch)
        except BaseException as error:  # noqa: BLE001  raised again in the caller's thread
            failure.append(error)
        finally:
            done.set()

    threading.Thread(target=work, name="unsched solver", daemon=True).start()
    while not done.is_set():
        try:
            # Not `Thread.join`, which takes a thread for ended when it is interrupted itself, and in short waits,
            # because a lock cannot be interrupted everywhere.
            done.wait(_POLL)
        except KeyboardInterrupt:
            interrupted = True
        if interrupted or over():
            # Each time again, since a solver that is not under way yet does not listen.
            solver.stop_search()
    if failure or watch.error:
        raise failure[0] if failure else watch.error  # type: ignore[misc]  # one of them is there
    if status == cp_model.MODEL_INVALID:
        raise RuntimeError(f"the model is invalid: {model.validate()}")
    solved = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    if interrupted:
        log.info("interrupted")
    return Run(
        status,
        list(solver.response_proto.solution) if solved else (),
        watch.found[-2::-1],
        round(solver.objective_value) if solved else 0,
        round(solver.objective_value) if status == cp_model.OPTIMAL else _whole_bound(solver.best_objective_bound),
        solver.response_proto.deterministic_time,
        interrupted,
        list(solver.sufficient_assumptions_for_infeasibility()) if status == cp_model.INFEASIBLE else (),
    )
