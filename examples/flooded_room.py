"""The founding case after publication: Room XXVI is flooded on the 17th, and a minister arrives on Thursday.

Run it with `python examples/flooded_room.py`. It prints what had to change, who has to be told, and what that is
proven to be: the least change that keeps every rule. The published schedule stays as it is.
"""

from __future__ import annotations

from attrs import evolve

from unsched import ArrivesLate, Effort, Period, Person, Problem, RoomLost, repair, solve
from unsched.palais import cstd_2010

CHANGES = (
    RoomLost("XXVI", [Period(["2010-12-17"])]),
    ArrivesLate("minister", "2010-12-16T09:00"),
)


def programme() -> Problem:
    """Return the founding case, in which a minister opens the side event about water and fields."""
    case = cstd_2010()
    opened = case.session("side-water")
    sessions = [evolve(one, required=(*one.required, "minister")) if one == opened else one for one in case.sessions]
    return evolve(case, sessions=sessions, persons=(*case.persons, Person("minister", "A minister of agriculture")))


def main() -> None:
    """Publish, hear of the changes on the Monday before, repair, and print what it comes to."""
    problem = programme()
    published = solve(problem, stop=Effort(30), workers=2).schedule
    if published is None:
        raise SystemExit(1)
    found = repair(problem, published, CHANGES, now="2010-12-13T09:00", stop=Effort(30), workers=2)
    print(found)


if __name__ == "__main__":
    main()
