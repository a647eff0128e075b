"""For authors of rules: does what a rule tells the solver agree with what it checks?

`agree` is the keystone test. It fixes a schedule and asks twice: the solver, which has heard the rule's `post`, and
the rule's `check`. The strategies draw small random problems and schedules for hypothesis, which is needed only for
them (`pip install hypothesis`).

>>> from unsched.rules import OneSessionPerRoom
>>> from unsched import Problem, Room, Session, Venue, Window
>>> window = Window("UTC", ["2010-12-17"], step=60)
>>> problem = Problem("p", window, Venue([Room("I")]), [Session("a", "A", 120), Session("b", "B", 60)])
>>> agree(OneSessionPerRoom(), problem)
"""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

from attrs import evolve

from unsched.domain.interval import Interval
from unsched.domain.people import Delegation, Group, Person
from unsched.domain.problem import Problem
from unsched.domain.schedule import Booking, Schedule
from unsched.domain.segment import Segment
from unsched.domain.services import Equipment, Team
from unsched.domain.session import Session
from unsched.domain.time import LUNCH, REGULAR, Block, Period
from unsched.domain.timetable import Timetable
from unsched.domain.venue import Room, Seats, Venue, Walk
from unsched.domain.window import Window
from unsched.rules.base import Constraint, Rule
from unsched.solver.audit import price
from unsched.solver.compile import compile_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["agree", "periods", "problems", "random_schedule", "schedules"]


def agree(
    rule: Rule, problem: Problem, schedule: Schedule | None = None, *, schedules: int = 10, seed: int = 0
) -> None:
    """Assert that a rule's `post` and `check` agree.

    The solver accepts the schedule if and only if the check of a constraint finds no breach; the solver's cost of a
    preference is the sum of weight x amount. It is asked with room literals, with guards, and (rooms left open) with
    rooms by counting, which must not refuse what the check accepts.

    Args:
        rule: the rule.
        problem: the facts; the problem's own rules play no part.
        schedule: the schedule to ask about; sessions may be missing. Left out, random ones are drawn.
        schedules: how many random ones.
        seed: seed of the random ones.

    Raises:
        AssertionError: the two disagree; the message names the rule, the schedule and both verdicts.
    """
    if schedule is None:
        rng = random.Random(seed)  # noqa: S311  nothing secret
        for _ in range(schedules):
            agree(rule, problem, random_schedule(problem, rng))
        return
    faults = list(rule.faults_in(problem))
    assert not faults, f"{rule!r} does not suit the problem: {'; '.join(map(str, faults))}"
    assert rule.say().strip().endswith("."), f"{rule!r} does not say itself as a sentence: {rule.say()!r}"
    breaches = list(rule.check(Timetable(problem, schedule)))
    for breach in breaches:
        assert breach.rule == rule, f"{rule!r} yields a breach of another rule: {breach!r}"
        assert breach.amount >= 1, f"{rule!r} yields a breach of amount {breach.amount}"
        assert breach.text, f"{rule!r} yields a breach that says nothing"
    wanted = sum(breach.cost for breach in breaches)
    allowed = not any(breach.hard for breach in breaches)
    everywhere = frozenset(session.id for session in problem.sessions)
    boards = [("with room literals", compile_problem(problem, [rule], in_rooms=everywhere), True)]
    if isinstance(rule, Constraint):
        boards.append(("with guards", compile_problem(problem, [rule], guarded=True), True))
        if allowed:
            boards.append(("with rooms by counting", compile_problem(problem, [rule]), False))
    for how, board, rooms_too in boards:
        cost = price(board, schedule, rooms_too=rooms_too)
        accepted = cost is not None
        story = f"{rule!r}\n{_tell(schedule)}\ncheck: {[breach.text for breach in breaches]}"
        assert accepted == allowed, f"the solver {how} {'accepts' if accepted else 'refuses'} this:\n{story}"
        assert not accepted or cost == wanted, f"the solver {how} counts {cost}, the check {wanted}:\n{story}"


def _tell(schedule: Schedule) -> str:
    return "\n".join(f"  {b.session}: {b.start:%Y-%m-%d %H:%M}-{b.end:%H:%M} in {b.room}" for b in schedule)


def _book(problem: Problem, places: Mapping[str, tuple[Interval, str]]) -> Schedule:
    window = problem.window
    bookings = [
        Booking(name, room, window.wall(span.start), window.wall(span.end)) for name, (span, room) in places.items()
    ]
    return Schedule(problem.id, window.zone, bookings)


def random_schedule(problem: Problem, rng: random.Random) -> Schedule:
    """Draw a schedule of possible starts and any rooms, good or bad; some sessions are left out now and then.

    Args:
        problem: the facts.
        rng: where chance comes from.
    """
    crowded = rng.random() < 0.5
    places = {}
    for session in problem.sessions:
        spans = problem.spans(session)
        if spans and rng.random() < 0.9:
            span = rng.choice(spans[: max(1, len(spans) // 3)] if crowded else spans)
            places[session.id] = (span, rng.choice(problem.rooms).id)
    return _book(problem, places)


def periods(days: tuple[str, ...] = ("2011-03-26", "2011-03-27")) -> SearchStrategy[Period]:
    """Return a strategy of periods of whole half hours, on some of the days or on all."""
    from hypothesis import strategies as st

    clock = st.builds(lambda half: f"{half // 2:02}:{half % 2 * 30:02}", st.integers(0, 47))
    some = st.one_of(st.none(), st.lists(st.sampled_from(days), min_size=1, max_size=len(days), unique=True))
    return st.builds(Period, some, clock, clock)


def schedules(problem: Problem) -> SearchStrategy[Schedule]:
    """Return a strategy of schedules of a problem, good and bad, with possible starts and any rooms."""
    from hypothesis import strategies as st

    @st.composite
    def draw_schedule(draw: DrawFn) -> Schedule:
        places = {}
        for session in problem.sessions:
            spans = problem.spans(session)
            if draw(st.integers(0, 9)) and spans:
                places[session.id] = (draw(st.sampled_from(spans)), draw(st.sampled_from(problem.rooms)).id)
        return _book(problem, places)

    return draw_schedule()


@cache
def problems(*, most_sessions: int = 5, most_rooms: int = 3) -> SearchStrategy[Problem]:
    """Return a strategy of small problems with all kinds of facts, a published schedule, and no rules of their own.

    They lie over a night on which the clocks change. Some have no schedule at all.

    Args:
        most_sessions: at most so many sessions.
        most_rooms: at most so many rooms.
    """
    from hypothesis import strategies as st

    def few(values: tuple[str, ...], most: int = 2) -> SearchStrategy[list[str]]:
        return st.lists(st.sampled_from(values), max_size=most, unique=True) if values else st.just([])

    def maybe(strategy: SearchStrategy[Period]) -> SearchStrategy[list[Period] | None]:
        return st.one_of(st.none(), st.none(), st.lists(strategy, min_size=1, max_size=2, unique=True))

    @st.composite
    def segments(draw: DrawFn, minutes: int, parties: tuple[str, ...]) -> list[Segment]:
        if draw(st.integers(0, 3)):
            return []
        first = draw(st.sampled_from([10, 30] if minutes > 30 else [10]))
        lengths = [first, None] if draw(st.booleans()) or minutes <= first + 15 else [first, 15]
        required = [draw(few(parties, 1)) for _ in lengths]
        invited = [[name for name in draw(few(parties, 1)) if name not in needed] for needed in required]
        access = draw(st.permutations(["open", "governments"]))
        return [Segment(*one) for one in zip(lengths, access, required, invited, strict=True)]

    def named(prefix: str, most: int, make: Callable[[str], SearchStrategy[object]]) -> SearchStrategy[list[object]]:
        return st.integers(0, most).flatmap(lambda n: st.tuples(*(make(f"{prefix}{i}") for i in range(n))).map(list))

    @st.composite
    def draw_problem(draw: DrawFn) -> Problem:
        days = ["2011-03-26", "2011-03-27"][: draw(st.integers(1, 2))]
        blocks = [Block("01:00", "04:30"), Block("10:00", "12:00"), Block("12:15", "14:00", LUNCH)]
        window = Window("Europe/Zurich", days, blocks[draw(st.integers(0, 1)) :], step=30)
        seats = st.builds(Seats, st.integers(0, 2), st.integers(0, 4), st.integers(0, 4), accessible=st.integers(0, 2))
        moments = [window.wall(minute) for minute in (5 * 60, 11 * 60, 35 * 60)]
        away = {
            "available": maybe(periods()),
            "arrives": st.sampled_from([None, None, None, moments[0], moments[1]]),
            "leaves": st.sampled_from([None, None, None, moments[1], moments[2]]),
            "wished": maybe(periods()),
            "unwished": maybe(periods()),
            "zone": st.sampled_from([None, None, "Asia/Tokyo", "America/New_York"]),
            "weight": st.integers(1, 3),
        }
        validities = [(None, None), (None, None), (window.days[-1], None), (None, window.days[-1])]
        valid = [draw(st.sampled_from(validities)) for _ in range(most_rooms)]
        rooms = [
            Room(
                f"room {index}",
                building=draw(st.sampled_from(["A", "E"])),
                seats=draw(seats),
                booths=draw(st.integers(0, 2)),
                features=draw(few(("webcast", "screen", "kit"))),
                hours=draw(maybe(periods())),
                closed=draw(st.lists(periods(), max_size=draw(st.sampled_from([0, 0, 1])))),
                valid_from=valid[index][0],
                valid_until=valid[index][1],
                setup_minutes=draw(st.sampled_from([0, 0, 15, 30])),
            )
            for index in range(draw(st.integers(1, most_rooms)))
        ]
        walking = []
        if len({room.building for room in rooms}) == 2 and draw(st.booleans()):
            walking = [Walk(["A", "E"], draw(st.sampled_from([0, 20, 45])))]
        groups = ("group 0", "group 1")
        delegations = draw(
            named(
                "delegation ",
                3,
                lambda name: st.builds(
                    Delegation,
                    st.just(name),
                    size=st.integers(1, 2),
                    groups=few(groups),
                    table_seats=st.integers(0, 2),
                    side_seats=st.integers(0, 1),
                    **away,
                ),
            )
        )
        homes = (None, *(d.id for d in delegations if isinstance(d, Delegation)))
        people = draw(
            named(
                "person ",
                2,
                lambda name: st.builds(Person, st.just(name), delegation=st.sampled_from(homes), **away),
            )
        )
        chairs = tuple(person.id for person in people if isinstance(person, Person))
        joined = tuple(g for g in groups if any(g in d.groups for d in delegations if isinstance(d, Delegation)))
        parties = (*(name for name in homes if name), *chairs, *joined)
        equipment = [Equipment("kit", draw(st.integers(0, 2)))] * draw(st.integers(0, 1))
        teams = [
            Team(f"{language} {index}", language, draw(st.integers(2, 3)), available=draw(maybe(periods())))
            for language in ("en", "fr") * draw(st.integers(0, 1))
            for index in range(draw(st.integers(1, 2)))
        ]
        sessions = []
        for index in range(draw(st.integers(1, most_sessions))):
            required = draw(few(parties))
            minutes = draw(st.sampled_from([30, 60, 90]))
            sessions.append(
                Session(
                    f"session {index}",
                    f"Session {index}",
                    minutes,
                    shortest=draw(st.sampled_from([None, None, None, 30])),
                    joint=draw(few(("WG", "UNCTAD"), draw(st.sampled_from([0, 0, 1])))),
                    body=draw(st.sampled_from([None, "CSTD", "WG"])),
                    kind=draw(st.sampled_from([None, "plenary", "side-event"])),
                    tags=draw(few(("open", "ministerial"))),
                    required=required,
                    invited=[name for name in draw(few(parties)) if name not in required],
                    chair=draw(st.sampled_from([None, *chairs])),
                    co_chairs=draw(few(chairs, draw(st.sampled_from([0, 0, 1])))),
                    segments=draw(segments(minutes, parties)),
                    optional=draw(st.sampled_from([False, False, True])),
                    priority=draw(st.integers(0, 2)),
                    equipment=["kit"] * (len(equipment) and draw(st.integers(0, 1))),
                    layout=draw(st.sampled_from([None, "theatre", "classroom"])),
                    accessible_seats=draw(st.sampled_from([0, 0, 1])),
                    side_seats=draw(st.integers(0, 1)),
                    podium_seats=draw(st.integers(0, 1)),
                    languages=draw(few(("en", "fr"))),
                    features=draw(few(("webcast", "screen"), 1)),
                    blocks=draw(st.sampled_from([[REGULAR], [REGULAR, LUNCH]])),
                    within=draw(st.sampled_from(["block", "block", "day"])),
                    available=draw(maybe(periods())),
                )
            )
        venue = Venue(rooms, walking)
        problem = Problem(
            "drawn",
            window,
            venue,
            sessions,
            delegations,
            people,
            [Group(name) for name in groups],
            teams=teams,
            equipment=equipment,
        )
        fixed = [
            evolve(
                session,
                start=window.wall(draw(st.sampled_from(starts))) if starts and not draw(st.integers(0, 5)) else None,
                room=draw(st.sampled_from(rooms)).id if not draw(st.integers(0, 5)) else None,
            )
            for session, starts in ((session, problem.starts(session)) for session in sessions)
        ]
        return evolve(problem, sessions=fixed, published=draw(schedules(problem)))

    return draw_problem()
