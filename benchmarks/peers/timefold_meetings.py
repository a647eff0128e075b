"""Timefold on a meeting-scheduling instance, with the constraints of its own example; runs by itself.

Reads a JSON object from standard input, and writes one to standard output. Nothing of this project is imported. The
constraints are those of Timefold's meeting-scheduling example; pairs are counted whichever of the two comes first.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Annotated

from timefold.solver import SolverFactory
from timefold.solver.config import Duration, ScoreDirectorFactoryConfig, SolverConfig, TerminationConfig
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    BiConstraintStream,
    Constraint,
    ConstraintFactory,
    HardMediumSoftScore,
    Joiners,
    QuadConstraintStream,
    constraint_provider,
)


@dataclass(eq=False)
class Grain:
    """A quarter of an hour."""

    id: Annotated[int, PlanningId]
    day: int


@dataclass(eq=False)
class Room:
    """A room."""

    id: Annotated[int, PlanningId]
    seats: int


@dataclass(eq=False)
class Attendance:
    """A person at a meeting."""

    id: Annotated[int, PlanningId]
    meeting: int
    person: int
    required: bool


@planning_entity
@dataclass(eq=False)
class Meeting:
    """A meeting, and where it stands."""

    id: Annotated[int, PlanningId]
    grains: int
    seats: int
    start: Annotated[Grain | None, PlanningVariable] = field(default=None)
    room: Annotated[Room | None, PlanningVariable] = field(default=None)

    def first(self) -> int:
        """Return the index of the first grain."""
        return self.start.id  # type: ignore[union-attr]  # asked of assigned meetings only

    def end(self) -> int:
        """Return the index after the last grain."""
        return self.start.id + self.grains  # type: ignore[union-attr]  # likewise

    def shared(self, other: Meeting) -> int:
        """Return in how many grains both are held."""
        return max(0, min(self.end(), other.end()) - max(self.first(), other.first()))


@planning_solution
@dataclass(eq=False)
class Plan:
    """All meetings."""

    grains: Annotated[list[Grain], ProblemFactCollectionProperty, ValueRangeProvider]
    rooms: Annotated[list[Room], ProblemFactCollectionProperty, ValueRangeProvider]
    attendances: Annotated[list[Attendance], ProblemFactCollectionProperty]
    meetings: Annotated[list[Meeting], PlanningEntityCollectionProperty]
    score: Annotated[HardMediumSoftScore | None, PlanningScore] = field(default=None)


def _overlapping(factory: ConstraintFactory, *joiners: object) -> BiConstraintStream:
    return factory.for_each_unique_pair(Meeting, *joiners, Joiners.overlapping(lambda m: m.first(), lambda m: m.end()))


def _attending(factory: ConstraintFactory) -> QuadConstraintStream:
    """Return pairs of attendances of one person, with the two meetings, where these overlap."""
    return (
        factory.for_each_unique_pair(Attendance, Joiners.equal(lambda a: a.person))
        .join(Meeting, Joiners.equal(lambda a, b: a.meeting, lambda m: m.id))
        .join(
            Meeting,
            Joiners.equal(lambda a, b, m: b.meeting, lambda m: m.id),
            Joiners.overlapping(
                lambda a, b, m: m.first(), lambda a, b, m: m.end(), lambda m: m.first(), lambda m: m.end()
            ),
        )
    )


@constraint_provider
def constraints(factory: ConstraintFactory) -> list[Constraint]:
    """Return what is asked of a plan."""
    hard, medium, soft = HardMediumSoftScore.ONE_HARD, HardMediumSoftScore.ONE_MEDIUM, HardMediumSoftScore.ONE_SOFT
    return [
        _overlapping(factory, Joiners.equal(lambda m: m.room))
        .penalize(hard, lambda one, other: one.shared(other))
        .as_constraint("Room conflict"),
        factory.for_each(Meeting)
        .if_not_exists(Grain, Joiners.equal(lambda m: m.end() - 1, lambda g: g.id))
        .penalize(hard, lambda m: m.end())
        .as_constraint("Don't go in overtime"),
        _attending(factory)
        .filter(lambda a, b, one, other: a.required and b.required)
        .penalize(hard, lambda a, b, one, other: one.shared(other))
        .as_constraint("Required attendance conflict"),
        factory.for_each(Meeting)
        .filter(lambda m: m.seats > m.room.seats)
        .penalize(hard, lambda m: m.seats - m.room.seats)
        .as_constraint("Required room capacity"),
        factory.for_each(Meeting)
        .join(Grain, Joiners.equal(lambda m: m.end() - 1, lambda g: g.id))
        .filter(lambda m, g: m.start.day != g.day)
        .penalize(hard)
        .as_constraint("Start and end on same day"),
        _attending(factory)
        .filter(lambda a, b, one, other: not (a.required and b.required))
        .penalize(medium, lambda a, b, one, other: one.shared(other))
        .as_constraint("Preferred attendance conflict"),
        factory.for_each(Meeting).penalize(soft, lambda m: m.first()).as_constraint("As soon as possible"),
        factory.for_each_unique_pair(Meeting, Joiners.equal(lambda m: m.room))
        .filter(
            lambda one, other: (
                one.first() != other.first()
                and max(one.first(), other.first()) <= (one.end() if one.first() < other.first() else other.end()) + 1
            )
        )
        .reward(soft)
        .as_constraint("One break between consecutive meetings"),
        _overlapping(factory)
        .penalize(soft, lambda one, other: one.shared(other))
        .as_constraint("Overlapping meetings"),
        factory.for_each_unique_pair(Meeting)
        .filter(
            lambda one, other: (
                (one.first() < other.first() and one.room.seats < other.room.seats)
                or (other.first() < one.first() and other.room.seats < one.room.seats)
            )
        )
        .penalize(soft)
        .as_constraint("Assign larger rooms first"),
    ]


def read(text: str) -> tuple[Plan, list[str], list[str]]:
    """Return the plan to be made, with the ids of meetings and of rooms."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    rooms = [words for words in lines if words[0] == "R"]
    meetings = [words for words in lines if words[0] == "M"]
    number = {words[1]: index for index, words in enumerate(meetings)}
    people: dict[str, int] = {}
    plan = Plan(
        [Grain(int(words[1]), int(words[2])) for words in lines if words[0] == "G"],
        [Room(index, int(words[2])) for index, words in enumerate(rooms)],
        [
            Attendance(index, number[words[1]], people.setdefault(words[2], len(people)), words[3] == "1")
            for index, words in enumerate(words for words in lines if words[0] == "A")
        ],
        [Meeting(index, int(words[2]), int(words[3])) for index, words in enumerate(meetings)],
    )
    return plan, list(number), [words[1] for words in rooms]


def main() -> None:
    """Answer one request."""
    logging.disable()
    request = json.load(sys.stdin)
    plan, meetings, rooms = read(request["text"])
    config = SolverConfig(
        solution_class=Plan,
        entity_class_list=[Meeting],
        random_seed=request["seed"],
        score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=constraints),
        termination_config=TerminationConfig(spent_limit=Duration(milliseconds=round(1000 * request["seconds"]))),
    )
    solver = SolverFactory.create(config).build_solver()
    trace: list[float] = []
    begun = time.perf_counter()
    solver.add_event_listener(lambda event: trace.append(time.perf_counter() - begun))
    found = solver.solve(plan)
    # With little time, some meetings have no place yet.
    whole = all(m.room is not None and m.start is not None for m in found.meetings)
    answer = {
        "solution": "".join(f"{meetings[m.id]} {rooms[m.room.id]} {m.start.id}\n" for m in found.meetings if whole),
        "seconds": time.perf_counter() - begun,
        "best": trace[-1] if trace else None,
        "version": version("timefold"),
        "claims": str(found.score),
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
