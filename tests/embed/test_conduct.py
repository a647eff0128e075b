"""A guest in somebody else's program: it prints nothing, changes nothing that is not its own, and minds its threads."""

from __future__ import annotations

import asyncio
import decimal
import gc
import locale
import logging
import os
import random
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small import week as meetings

from unsched import (
    Cancel,
    Effort,
    Problem,
    Progress,
    Schedule,
    Status,
    TimeLimit,
    alternatives,
    calendars,
    diff,
    explain,
    publish,
    repair,
    solve,
    what_if,
    why,
    why_not,
)
from unsched.calendar.lint import lint
from unsched.domain.change_places import RoomLost
from unsched.domain.time import Period
from unsched.exchange.convert import dump, load

SHARED = str(Path(__file__).parents[1] / "shared")
STAMP = datetime(2010, 12, 6, 12, tzinfo=UTC)
Week = Callable[..., dict[str, Any]]


def _surroundings() -> dict[str, object]:
    """Return what of a process belongs to its host."""
    root = logging.getLogger()
    return {
        "signals": {one: signal.getsignal(one) for one in signal.valid_signals()},
        "alarms": [signal.getitimer(one) for one in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)],
        "locale": [locale.setlocale(one) for one in (locale.LC_ALL, locale.LC_TIME, locale.LC_NUMERIC)],
        "folder": Path.cwd(),
        "environment": dict(os.environ),
        "warnings": list(warnings.filters),
        "logging": (root.level, list(root.handlers), logging.raiseExceptions, logging.root.manager.disable),
        "own logging": [type(one) for one in logging.getLogger("unsched").handlers],
        "own level": (logging.getLogger("unsched").level, logging.getLogger("unsched").propagate),
        "random": random.getstate(),
        "numpy": str(np.random.get_state()),  # noqa: NPY002  that of others is what must not change
        "numpy errors": np.geterr(),
        "decimals": str(decimal.getcontext()),
        "streams": (sys.stdin, sys.stdout, sys.stderr),
        "hooks": (sys.excepthook, sys.unraisablehook, sys.displayhook, threading.excepthook, sys.getprofile()),
        "interpreter": (sys.getrecursionlimit(), sys.getswitchinterval(), gc.isenabled(), gc.get_threshold()),
        "mask": _mask(),
        "time zone": time.tzname,
        "main": threading.main_thread(),
    }


def _mask() -> int:
    mask = os.umask(0o22)
    os.umask(mask)
    return mask


def _whole_life(data: Mapping[str, Any], impossible: Mapping[str, Any], on_progress: Callable[..., None]) -> object:
    """Do all that a host does in the life of a schedule."""
    problem = load(data, Problem)
    first = solve(problem, stop=Effort(5), stamp=STAMP, on_progress=on_progress).schedule
    assert first is not None
    lost = RoomLost("XXVI", [Period(["2010-12-16"])])
    weighed = what_if(problem, first, lost, stop=Effort(5))
    found = repair(problem, first, lost, stop=Effort(5), stamp=STAMP, on_progress=on_progress)
    assert found.schedule is not None
    release = publish(problem, first, None, stamp=STAMP)
    later = publish(found.problem, found.schedule, release.publication, stamp=STAMP.replace(day=7))
    files = calendars(found.problem, found.schedule, publication=later.publication)
    told = diff(first, found.schedule, found.problem)
    asked = why(problem, first, "a"), why_not(problem, first, "a", room="VII"), alternatives(problem, first, "a")
    reason = explain(load(impossible, Problem), seconds=30, ways=1)
    tried = solve(load(impossible, Problem), stop=Effort(5))
    findings = lint(files["programme.ics"], "feed")
    texts = [str(one) for one in (problem, first, weighed, found, told, *asked, reason, tried)]
    return texts, findings, found.to_dict(), reason.to_dict()


def test_a_whole_life_prints_nothing_and_leaves_its_surroundings_as_they_were(
    week: Week, impossible: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    seen: list[dict[str, object]] = []
    _whole_life(week(), impossible, lambda _: None)  # what others do when they are imported is theirs
    capfd.readouterr()
    before, threads = _surroundings(), set(threading.enumerate())
    _whole_life(week(), impossible, lambda _: seen.append(_surroundings()))
    after = _surroundings()
    assert capfd.readouterr() == ("", "")
    assert before == after
    assert len(seen) > 1
    for one in seen:  # told in a thread of the solver, while it works
        assert {**one, "decimals": 0} == {**before, "decimals": 0}
    assert set(threading.enumerate()) <= threads


def test_warnings_of_the_library_are_for_whoever_asks_for_them() -> None:
    script = (
        "import logging, unsched.solver.climb\n"
        "logging.getLogger('unsched.solver.climb').warning('not heard')\n"
        "logging.basicConfig()\n"
        "logging.getLogger('unsched.solver.climb').warning('heard')\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (run.stdout, "not heard" in run.stderr, "heard" in run.stderr) == ("", False, True)


def test_signals_are_those_of_the_host_from_the_first_import_on() -> None:
    script = """
import locale, os, signal, sys
def state():
    return [signal.getsignal(one) for one in signal.valid_signals()], locale.setlocale(locale.LC_ALL), os.getcwd()
before, environment = state(), dict(os.environ)
from unsched import Effort, calendars, explain, palais, repair, solve
problem = palais.cstd_2010()
during = []
schedule = solve(problem, stop=Effort(5), on_progress=lambda _: during.append(state())).schedule
assert during and all(one == before for one in during), during
assert state() == before
assert dict(os.environ) == environment, set(os.environ) ^ set(environment)
"""
    run = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr, run.returncode) == ("", "", 0)


# -- threads --------------------------------------------------------------------------------------------------------


def _solve(problem: Problem) -> Schedule | None:
    return solve(problem, stop=Effort(0.5), seed=1).schedule


def _explain(problem: Problem) -> list[str]:
    found = explain(problem, ways=1, seconds=60)
    return [str(guard) for one in found.contradictions for guard in one.members]


def test_solves_side_by_side_give_what_they_give_one_after_the_other(impossible: dict[str, Any]) -> None:
    different = [meetings(12, seed) for seed in range(1, 5)]
    shared = different[0]
    without = load(impossible, Problem)
    in_turn = [_solve(problem) for problem in [*different, shared]]
    reason = _explain(without)
    assert len({str(one) for one in in_turn}) == 4
    with ThreadPoolExecutor(4) as pool:
        several = [pool.submit(_solve, problem) for problem in [*different, shared]]
        reasons = [pool.submit(_explain, without) for _ in range(2)]
        assert [one.result() for one in several] == in_turn
        assert [one.result() for one in reasons] == [reason, reason]


def test_the_first_of_all_solves_are_three_at_once_that_walk_and_give_what_each_gives_alone() -> None:
    # A process of its own, in which nothing has been imported or compiled.
    script = """
import sys
sys.path[:0] = [FOLDER]
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
start = Barrier(3)
walks = []
def work(seed):
    start.wait(60)
    from small import week
    from unsched import Effort, solve
    from unsched.solver.climb import Climb
    if not walks:
        walk = Climb.walk
        Climb.walk = lambda self, *some, **named: walks.append(1) or walk(self, *some, **named)
    return solve(week(34, seed, weeks=3, days=5, priced=True), stop=Effort(3)).schedule
with ThreadPoolExecutor(3) as pool:
    together = list(pool.map(work, SEEDS))
start = Barrier(1)
assert walks and None not in together
assert together[0] == together[2] != together[1]
assert work(SEEDS[1]) == together[1]
"""
    script = script.replace("FOLDER", repr(SHARED)).replace("SEEDS", "(2, 3, 2)")
    run = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr, run.returncode) == ("", "", 0)


def test_an_asyncio_host_solves_beside_its_loop_and_calls_it_off(large: dict[str, Any]) -> None:
    problem = load(large, Problem)
    turns = 0

    async def host() -> Status:
        nonlocal turns
        loop, cancel, first = asyncio.get_running_loop(), Cancel(), asyncio.Event()

        def told(progress: Progress) -> None:  # in a thread of the solver
            assert progress.schedules
            loop.call_soon_threadsafe(first.set)

        task = asyncio.create_task(
            asyncio.to_thread(solve, problem, stop=TimeLimit(60) | cancel, workers=1, on_progress=told)
        )
        while not first.is_set():
            await asyncio.sleep(0.01)
            turns += 1
        cancel.cancel()
        return (await task).status

    assert asyncio.run(host()) is Status.FEASIBLE
    assert turns > 3


def test_explanations_and_questions_are_called_off(impossible: dict[str, Any], week: Week) -> None:
    cancel = Cancel()
    cancel.cancel()
    found = explain(load(impossible, Problem), stop=cancel)
    assert found.interrupted
    assert not found.complete
    problem = load(week(), Problem)
    schedule = _solve(problem)
    assert schedule is not None
    assert not alternatives(problem, schedule, "a", moving=1, stop=cancel).complete
    assert not why_not(problem, schedule, "a", start=schedule["b"].start, stop=cancel).settled
    tried = solve(load(impossible, Problem), stop=TimeLimit(60) | cancel)
    assert tried.seconds < 30


# -- processes ------------------------------------------------------------------------------------------------------

WORKERS = """
import multiprocessing, sys
sys.path[:0] = [FOLDER]
from small import week
from unsched import Effort, solve
def work(seed):
    return solve(week(12, seed), stop=Effort(0.3), seed=1).schedule
if __name__ == "__main__":
    own = work(1)  # the parent has solved as well
    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
        found = pool.map(work, (1, 2))
    assert found[0] == own and found[1] != own
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_worker_processes_solve_what_their_parent_does(method: str, tmp_path: Path) -> None:
    program = tmp_path / "host.py"
    program.write_text(WORKERS.replace("FOLDER", repr(SHARED)))
    # From Python 3.12 on, whoever forks a process that has had threads is warned; none is left here.
    command = [sys.executable, "-W", "ignore::DeprecationWarning", str(program), method]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (run.stdout, run.stderr, run.returncode) == ("", "", 0)


def test_what_is_solved_in_one_process_is_read_in_another(week: Week) -> None:
    problem = load(week(), Problem)
    found = solve(problem, stop=Effort(5), stamp=STAMP)
    assert found.schedule is not None
    assert load(dump(found.schedule), Schedule) == found.schedule
