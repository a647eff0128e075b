"""Choice: what is left out, which of several alternatives stands, and what is shortened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_choice, check_count, check_each, check_truth
from unsched.domain.select import EVERY, Select, to_select
from unsched.errors import Fault, InputError
from unsched.rules.base import Breach, Constraint, Preference

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear

__all__ = ["FullLength", "LeaveFewOut", "OneOf", "PreferOption"]

MOST = 2**31
"""What all sessions that may be left out cost together stays below this, so that every sum is exact."""


@frozen
class LeaveFewOut(Preference):
    """Of the optional sessions, few are left out, and those of the lowest priority first.

    Priority 0 is the highest. With `order = "priority"`, a session that is left out costs one unit more than all
    optional sessions of lower priorities together: a session of the lowest priority costs 1, and where there are n of
    them, one of the next priority costs n + 1. With `order = "number"`, each costs 1. Alternatives of which another
    rule says which one stands (`one-of`) are not counted: to leave them out is no loss. What is left out is on the
    standby list of the schedule.

    It has a tier of its own before all others, 0, so that no session gives way to a wish.

    Args:
        sessions: which sessions; of these, the optional ones.
        order: "priority" or "number".
        tier: 0 is before all wishes; in the tier of a wish, the two compete.

    Example: calendar bodies before regional groups, and these before the side events of organizations.
    """

    kind: ClassVar[str] = "leave-few-out"
    unit: ClassVar[str] = "session of the lowest priority left out"
    standard: ClassVar[bool] = True

    sessions: Select = field(default=EVERY, converter=to_select, kw_only=False)
    order: str = field(default="priority", kw_only=False)
    tier: int = 0

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        if self.tier != 0:
            yield from super().faults()
        else:
            yield from check_count("weight", self.weight, least=1)
        yield from check_choice("order", self.order, ("priority", "number"))

    def concerns(self, problem: Problem) -> bool:
        """Return whether any of the sessions is optional."""
        return any(session.optional for session in problem.select(self.sessions))

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield a fault where nothing is optional, or too much for a price each."""
        chosen = [session for session in problem.select(self.sessions) if session.optional]
        if not chosen:
            yield Fault("rule.sessions", "none of them is optional", "optional = true for what may be left out.")
        counted = [session for session in chosen if session.id not in problem.alternatives]
        if sum(self._prices(counted).values()) >= MOST:
            message = f"{len(counted)} optional sessions are too many for prices that rank every priority over the next"
            remedy = "order = 'number', in a rule for each priority (priorities = [0]) with a tier of its own."
            yield Fault("rule.order", message, remedy)

    def _prices(self, chosen: Iterable[Session]) -> dict[str, int]:
        levels: dict[int, list[str]] = {}
        for session in chosen:
            levels.setdefault(session.priority if self.order == "priority" else 0, []).append(session.id)
        prices: dict[str, int] = {}
        for level in sorted(levels, reverse=True):
            prices.update(dict.fromkeys(levels[level], 1 + sum(prices.values())))
        return prices

    def post(self, board: Board) -> None:
        """Price each that is not scheduled."""
        sessions = board.problem.select(self.sessions)
        chosen = [s for s in sessions if s.optional and s.id not in board.problem.alternatives]
        prices = self._prices(chosen)
        for session in chosen:
            board.prefer(self, (1 - board.placed(session)) * prices[session.id], whom=(session.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look for those without a booking, from the lowest priority up."""
        problem = timetable.problem
        asked = [s for s in problem.select(self.sessions) if s.optional and s.id not in problem.alternatives]
        price = 1
        for priority in sorted({session.priority for session in asked}, reverse=True):
            equals = [session for session in asked if session.priority == priority]
            for session in equals:
                if timetable.get(session) is None:
                    text = f"{session.id!r}, of priority {priority}, is left out."
                    yield Breach(self, (session.id,), price, text)
            if self.order == "priority":
                price *= 1 + len(equals)

    def say(self) -> str:
        """Return the rule as a sentence."""
        order = "the lowest priority first" if self.order == "priority" else "whatever their priority"
        return f"As few optional sessions as can be are left out, {order}: {self.sessions}."


def _to_selects(options: Any) -> tuple[Select, ...]:  # noqa: ANN401  what cannot be read is refused with its place
    """Read each of several selectors; what is no list is one option, to be refused by the rule that holds it."""
    several = isinstance(options, Iterable) and not isinstance(options, str)
    found = []
    for index, option in enumerate(options if several else (options,)):
        try:
            found.append(to_select(option))
        except InputError as error:
            raise InputError((fault.under(f"options[{index}]") for fault in error.faults), "OneOf") from None
    return tuple(found)


@frozen
class OneOf(Constraint):
    """Exactly one of several options stands with all its sessions, and the others with none of theirs.

    The sessions are optional, and those of an option that is not taken are neither left out nor on the standby list.
    The amount is the least number of sessions to add or to drop until one option stands whole and alone. Which option
    is better is for other rules to say, such as `prefer-option`.

    Args:
        options: which sessions each option is made of; no session is of two options.

    Example: the drafting group meets for a long morning, or twice for an hour and a half.
    """

    kind: ClassVar[str] = "one-of"
    unit: ClassVar[str] = "session too many or too few"

    options: tuple[Select, ...] = field(converter=_to_selects)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_each("options", self.options, Select)
        if len(self.options) < 2:
            yield Fault("options", f"there are {len(self.options)}, which is no choice", "at least two options.")

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield sessions that have to be scheduled anyhow, and those of two options."""
        places = {session.id: index for index, session in enumerate(problem.sessions)}
        option_of: dict[str, int] = {}
        for index, option in enumerate(self.options):
            for session in problem.select(option):
                if session.id in option_of:
                    message = f"{session.id!r} is of option {option_of[session.id]} as well"
                    yield Fault(f"rule.options[{index}]", message, "options that share no session.")
                elif not session.optional:
                    message = f"{session.id!r} is one of several options, and has to be scheduled"
                    yield Fault(f"sessions[{places[session.id]}].optional", message, "true.")
                option_of.setdefault(session.id, index)

    def decides(self, problem: Problem) -> tuple[Session, ...]:
        """Return the sessions of all options."""
        return tuple(session for option in self.options for session in problem.select(option))

    def post(self, board: Board) -> None:
        """Let one option be taken, and each of its sessions with it."""
        from unsched.solver.terms import Requirement

        options = [board.problem.select(option) for option in self.options]
        names = tuple(session.id for option in options for session in option)
        rows = [board.total([board.placed(option[0]) for option in options]) == 1]
        rows += [board.placed(one) == board.placed(option[0]) for option in options for one in option[1:]]

        def wrong() -> Linear:
            # Which option to count from is the cheapest one's choice; two at once would cost more than they save.
            taken: list[Linear] = [board.greatest((), upper=1) for _ in options[1:]]
            twice = board.greatest([board.total(taken) - 1], upper=len(options))
            taken.append(1 - board.total(taken))
            differences = [
                board.greatest([board.placed(one) - whole, whole - board.placed(one)], upper=len(options))
                for option, whole in zip(options, taken, strict=True)
                for one in option
            ]
            return board.total([*differences, twice], [*[1] * len(differences), len(names)])

        board.require(self, Requirement(tuple(rows), amount=wrong), about=self._words(), whom=names)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look for the option that needs the fewest sessions more or less."""
        options = [timetable.problem.select(option) for option in self.options]
        there = {one.session.id for one in timetable.placed}
        every = [session.id for option in options for session in option]
        changes = []
        for option in options:
            own = [session.id for session in option]
            missing = [name for name in own if name not in there]
            changes.append((missing, [name for name in every if name in there and name not in own]))
        missing, more = min(changes, key=lambda change: len(change[0]) + len(change[1]))
        if missing or more:
            few = [f"{', '.join(map(repr, missing))} missing"] if missing else []
            many = [f"{', '.join(map(repr, more))} too many"] if more else []
            text = f"Not exactly one of {self._words()}: {' and '.join([*few, *many])}."
            yield Breach(self, (*missing, *more), len(missing) + len(more), text, tuple(every))

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Exactly one of these is scheduled: {self._words()}."

    def _words(self) -> str:
        return "; ".join(map(_all_of, self.options))


def _all_of(option: Select) -> str:
    # The ids of a selector are alternatives to it, and here they go together.
    return " and ".join(map(repr, option.ids)) if set(option.given) == {"ids"} else str(option)


@frozen
class PreferOption(Preference):
    """Of several options, this one is wished: the selected sessions are scheduled, all of them.

    The amount is 1 where any of them is not, however many they are, so that options of few sessions and of many have
    the same price.

    Args:
        sessions: which sessions the option is made of.

    Example: a long morning is better than two short meetings, and a split costs 5.
    """

    kind: ClassVar[str] = "prefer-option"
    unit: ClassVar[str] = "option not taken"

    sessions: Select = field(converter=to_select, kw_only=False)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield a fault where there is no choice."""
        if not any(session.optional for session in problem.select(self.sessions)):
            yield Fault("rule.sessions", "all of them have to be scheduled", "optional = true for what is a choice.")

    def post(self, board: Board) -> None:
        """Price the option as soon as one of its sessions is not scheduled."""
        sessions = board.problem.select(self.sessions)
        names = tuple(session.id for session in sessions)
        board.prefer(self, board.greatest([1 - board.placed(session) for session in sessions], upper=1), whom=names)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look for sessions of the option without a booking."""
        names = tuple(session.id for session in timetable.problem.select(self.sessions))
        missing = tuple(name for name in names if name not in timetable.schedule)
        if missing:
            text = f"The wished option is not taken: {', '.join(map(repr, missing))} missing."
            yield Breach(self, missing, 1, text, names)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Wished for, of several options: {_all_of(self.sessions)}."


@frozen
class FullLength(Preference):
    """The selected sessions have their full length.

    The amount is in steps of the window cut off a session that may be shortened (`shortest`): n steps cost
    1 + 2 + ... + n, so that it is better to take a little from several than much from one; with `growing = false`,
    they cost n.

    Args:
        sessions: which sessions; of these, those that may be shortened.
        growing: whether each further step costs one more than the one before.

    Example: when a room is lost, each of four working groups loses a quarter of an hour, and none of them an hour.
    """

    kind: ClassVar[str] = "full-length"
    unit: ClassVar[str] = "step cut off"
    standard: ClassVar[bool] = True

    sessions: Select = field(default=EVERY, converter=to_select, kw_only=False)
    growing: bool = field(default=True, kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_truth("growing", self.growing)

    def concerns(self, problem: Problem) -> bool:
        """Return whether any of the sessions may be shortened."""
        return any(session.shortest is not None for session in problem.select(self.sessions))

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield a fault where nothing may be shortened."""
        if all(session.shortest is None for session in problem.select(self.sessions)):
            yield Fault("rule.sessions", "none of them may be shortened", "shortest = 60, or so, for one of them.")

    def post(self, board: Board) -> None:
        """Price each shorter time."""
        step = board.problem.window.step
        for session in board.problem.select(self.sessions):
            if session.shortest is not None:
                spans = [span for span in board.spans(session) if span.minutes < session.length]
                cuts = [(session.length - span.minutes) // step for span in spans]
                prices = [cut * (cut + 1) // 2 for cut in cuts] if self.growing else cuts
                literals = [board.at(session, span) for span in spans]
                board.prefer(self, board.total(literals, prices), whom=(session.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count the steps that are missing."""
        step = timetable.problem.window.step
        for one in timetable.of(timetable.problem.select(self.sessions)):
            missing = one.session.length - one.span.minutes
            if one.session.shortest is None or missing <= 0:
                continue
            steps = len(range(0, missing, step))
            amount = sum(range(1, steps + 1)) if self.growing else steps
            text = f"{one.session.id!r} has {one.span.minutes} of its {one.session.length} minutes."
            yield Breach(self, (one.session.id,), amount, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        price = "each step that is cut off costs more than the last" if self.growing else "each step has one price"
        return f"Full length, {price}: {self.sessions}."
