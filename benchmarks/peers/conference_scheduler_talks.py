"""ConferenceScheduler (PuLP and CBC) on a conference; runs by itself, in any Python that has it.

Reads a JSON object from standard input, and writes one to standard output. Nothing of this project is imported.

Its documented objective is the sum of "potential disappointments", "the excess of demand over capacity". The function
that it ships for that lets empty seats in one slot make up for missing ones in another, so that it hardly matters
which talk stands where: here it is given the documented one, through the parameter that it has for that.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import pulp
from conference_scheduler import scheduler
from conference_scheduler.resources import Event, Slot


class _Rest(pulp.PULP_CBC_CMD):
    """CBC, with what is left of the time once the model is built."""

    def __init__(self, until: float, *, threads: int, options: list[str]) -> None:
        super().__init__(msg=False, threads=threads, options=options)
        self.until = until

    def actualSolve(self, lp: pulp.LpProblem, **kwargs: object) -> int:  # noqa: N802  PuLP's name
        self.timeLimit = max(1.0, self.until - time.perf_counter())
        return super().actualSolve(lp, **kwargs)


def _disappointment(
    events: Sequence[Event],
    slots: Sequence[Slot],
    X: Mapping[tuple[int, int], pulp.LpVariable],  # noqa: N803  its name for it
    **_: object,
) -> pulp.LpAffineExpression:
    return pulp.lpSum(
        (event.demand - slot.capacity) * X[row, column]
        for row, event in enumerate(events)
        for column, slot in enumerate(slots)
        if event.demand > slot.capacity
    )


def main() -> None:
    """Answer one request."""
    request = json.load(sys.stdin)
    facts = request["facts"]
    minutes = facts["minutes"]
    first = datetime(2024, 1, 1, tzinfo=UTC)
    slots = [
        Slot(
            venue=slot["room"],
            starts_at=first + timedelta(minutes=slot["start"]),
            duration=minutes,
            capacity=slot["seats"],
            session=f"{slot['room']} on day {slot['start'] // 1440}",
        )
        for slot in facts["slots"]
    ]
    events = {talk["name"]: Event(talk["name"], minutes, talk["demand"]) for talk in facts["talks"]}
    for talk in facts["talks"]:
        away = set(talk["away"])
        event = events[talk["name"]]
        event.add_unavailability(*(slots[n] for n, slot in enumerate(facts["slots"]) if slot["start"] in away))
        # On both sides: one that only one side declares is enforced in half the cases.
        event.add_unavailability(*(events[name] for name in talk["clashes"]))
    begun = time.perf_counter()
    solver = _Rest(begun + request["seconds"], threads=request["workers"], options=[f"randomSeed {request['seed']}"])
    try:
        found = scheduler.solution(list(events.values()), slots, objective_function=_disappointment, solver=solver)
    except ValueError:
        found = []
    seconds = time.perf_counter() - begun
    names = list(events)
    answer = {
        "solution": "".join(f"{names[event]} {slot}\n" for event, slot in sorted(found)) or None,
        "seconds": seconds,
        "best": seconds,
        "version": version("conference-scheduler"),
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
