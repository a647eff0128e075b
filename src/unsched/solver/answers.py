"""Answers to a request: why not there, where else, and why there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from unsched.domain.schedule import Booking, Change, Schedule
from unsched.rules.base import Breach
from unsched.solver.explanation import Contradiction

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Alternative", "Alternatives", "Consequence", "Reason", "Why", "WhyNot"]

_MANY = 8


@frozen
class Consequence:
    """A rule that gets worse or better, and for whom.

    Args:
        rule: its kind.
        tier: its tier.
        whom: ids of those who bear it: parties or sessions; none where nobody in particular does.
        cost: by how much it costs more; negative is less.
        text: what it is that is paid for, or no longer.
    """

    rule: str
    tier: int
    whom: tuple[str, ...]
    cost: int
    text: str

    def __str__(self) -> str:
        who = f" for {', '.join(map(repr, self.whom[:4]))}" if self.whom else ""
        more = f" and {len(self.whom) - 4} more" if len(self.whom) > 4 else ""
        said = self.text if self.cost > 0 else f"no longer: {self.text}"
        return f"tier {self.tier}, {self.cost:+}{who}{more}: {said} [{self.rule}]"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "rule": self.rule,
            "tier": self.tier,
            "whom": list(self.whom),
            "cost": self.cost,
            "text": self.text,
        }


@frozen
class Alternative:
    """A session at another place, and what comes of it.

    Args:
        place: where it would stand.
        costs: what the whole schedule would cost then, by tier.
        change: by how much that is more than now, by tier.
        consequences: which rules get worse or better, and who pays.
        moves: what else moves.
        schedule: the schedule with all that.
    """

    place: Booking
    costs: Mapping[int, int] = field(eq=dict)
    change: Mapping[int, int] = field(eq=dict)
    consequences: tuple[Consequence, ...]
    moves: tuple[Change, ...]
    schedule: Schedule

    def __str__(self) -> str:
        return "\n".join([f"{_where(self.place)}: {_price(self.change)}", *_details(self.consequences, self.moves)])

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, without the schedule."""
        return {
            "place": _booking(self.place),
            "costs": {str(tier): cost for tier, cost in self.costs.items()},
            "change": {str(tier): cost for tier, cost in self.change.items()},
            "consequences": [one.to_dict() for one in self.consequences],
            "moves": [_change(one) for one in self.moves],
        }


@frozen
class Alternatives:
    """The best other places of a session, the cheapest first.

    Args:
        session: id of the session.
        found: the places.
        looked_at: how many places there are besides its own.
        complete: whether all of them were looked at, and the best was found of each where others move.
    """

    session: str
    found: tuple[Alternative, ...]
    looked_at: int
    complete: bool = True

    @property
    def cut(self) -> tuple[str, ...]:
        """What there was no time for, in words; where there is nothing, the clock has no part in the answer."""
        return () if self.complete else ("whether there are other or cheaper places",)

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Any:  # noqa: ANN401  of alternatives
        return iter(self.found)

    def __getitem__(self, place: int) -> Alternative:
        return self.found[place]

    def __str__(self) -> str:
        head = f"{self.session!r}: {len(self.found)} of {self.looked_at} other places"
        head += "" if self.complete else " (there was no time to look at all)"
        lines = [f"{number}. {one}" for number, one in enumerate(self.found, 1)]
        return "\n".join([head, *lines]) if lines else f"{self.session!r}: there is no other place for it"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "session": self.session,
            "looked_at": self.looked_at,
            "complete": self.complete,
            "cut": list(self.cut),
            "alternatives": [one.to_dict() for one in self.found],
        }

    def to_frame(self) -> pd.DataFrame:
        """Return the places as a pandas DataFrame: start, end, room, moves, and the change of cost by tier."""
        from unsched.report.tables import alternatives_frame

        return alternatives_frame(self)

    def _repr_html_(self) -> str:
        from unsched.report.notebook import alternatives_html

        return alternatives_html(self)


@frozen
class WhyNot:
    """Whether a session can stand at a place, and what comes of it.

    Args:
        session: id of the session.
        place: the place asked for, in words.
        forbids: what that breaks as long as nothing else moves; none where it is possible as it is.
        answer: the session there, and what comes of it; `None` where it is impossible, or was not found.
        conflict: where it is impossible whatever moves, rules and facts that forbid it, none of which can be left out.
        settled: whether the answer is certain; otherwise there was no time.
        fewest: whether it is proven that no fewer others have to move.
    """

    session: str
    place: str
    forbids: tuple[Breach, ...] = ()
    answer: Alternative | None = None
    conflict: Contradiction | None = None
    settled: bool = True
    fewest: bool = True

    @property
    def cut(self) -> tuple[str, ...]:
        """What there was no time for, in words; where there is nothing, the clock has no part in the answer."""
        parts = [] if self.settled else ["whether it is possible where others move"]
        parts += [] if self.fewest else ["whether fewer others would have to move"]
        return (*parts, *(() if self.conflict is None else self.conflict.cut))

    @property
    def possible(self) -> bool:
        """Whether the session can stand there."""
        return self.answer is not None

    def _repr_html_(self) -> str:
        from unsched.report.notebook import text_html

        return text_html(str(self))

    def __str__(self) -> str:
        head = f"{self.session!r} {self.place}"
        if self.answer is not None and self.answer.place.room not in self.place:
            head += f" (in {self.answer.place.room})"
        lines = []
        if self.answer is not None and not self.forbids:
            lines += [f"{head} is possible, and nothing else moves: {_price(self.answer.change)}"]
        elif self.answer is not None:
            count = len(self.answer.moves)
            moves = f"{count} other session{'s'[: count != 1]} move{'s'[: count == 1]}"
            maybe = "" if self.fewest else " (maybe fewer would do)"
            lines += [f"{head} is possible if {moves}{maybe}: {_price(self.answer.change)}"]
        elif self.settled:
            lines += [
                f"{head} is impossible{', whatever moves' if self.conflict else ' as long as nothing else moves'}"
            ]
        else:
            lines += [f"{head} is impossible as long as nothing else moves; there was no time to find out more"]
        if self.forbids:
            lines += ["  as it is, it breaks:", *(f"    {breach.text}" for breach in self.forbids[:_MANY])]
        if self.answer is not None:
            lines += _details(self.answer.consequences, self.answer.moves)
        if self.conflict is not None and len(self.conflict.members) <= 1:
            lines += [f"  {line}" for line in self.conflict.doubts]
        elif self.conflict is not None:
            lines += ["  these cannot all hold:", *(f"    {line}" for line in str(self.conflict).splitlines())]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "session": self.session,
            "place": self.place,
            "possible": self.possible,
            "settled": self.settled,
            "fewest": self.fewest,
            "cut": list(self.cut),
            "forbids": [
                {"rule": breach.rule.kind, "sessions": list(breach.sessions), "text": breach.text}
                for breach in self.forbids
            ],
            "answer": None if self.answer is None else self.answer.to_dict(),
            "conflict": None if self.conflict is None else self.conflict.to_dict(),
        }


@frozen
class Reason:
    """Something that keeps a session from other places.

    Args:
        text: a sentence.
        places: how many of the other places it rules out, or makes dearer.
        rule: the kind of rule.
    """

    text: str
    places: int
    rule: str

    def __str__(self) -> str:
        return f"{self.places}: {self.text} [{self.rule}]"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"text": self.text, "places": self.places, "rule": self.rule}


@frozen
class Why:
    """What holds a session where it is.

    Args:
        session: id of the session.
        place: where it stands; `None` where it is not scheduled.
        others: how many other places the window and the rooms offer.
        excluded: facts and rules that rule places out whatever else is scheduled.
        taken: rules that rule places out because of what else is scheduled.
        dearer: how many of the places that are left make the schedule worse.
        pays: the prices that are paid for it where it stands.
        next: the best other place, or `None`.
        free: how many places are left.
    """

    session: str
    place: Booking | None
    others: int
    excluded: tuple[Reason, ...]
    taken: tuple[Reason, ...]
    dearer: int
    pays: tuple[Breach, ...]
    next: Alternative | None
    free: int = 0

    def _repr_html_(self) -> str:
        from unsched.report.notebook import text_html

        return text_html(str(self))

    def __str__(self) -> str:
        where = "is not scheduled" if self.place is None else f"stands {_where(self.place)}"
        other = "place" if self.place is None else "other place"
        are = "is" if self.others == 1 else "are"
        lines = [f"{self.session!r} {where}; there {are} {_count(self.others, other)}."]
        for head, reasons in (
            ("Ruled out, whatever else is scheduled:", self.excluded),
            ("Ruled out by what else is scheduled:", self.taken),
        ):
            if reasons:
                lines += [head, *(f"  {one}" for one in reasons[:_MANY])]
                lines += [f"  and {_count(len(reasons) - _MANY, 'more reason')}"] * (len(reasons) > _MANY)
        if self.pays:
            lines += ["Paid for where it stands:", *(f"  {breach}" for breach in self.pays[:_MANY])]
        if self.free and self.place is None:
            lines.append(f"{_count(self.free, 'place')} {'is' if self.free == 1 else 'are'} free.")
        elif self.dearer:
            lines.append(f"{_count(self.dearer, 'place')} {'is' if self.dearer == 1 else 'are'} free, and dearer.")
        if self.next is not None:
            lines.append(f"The {'next ' * (self.place is not None)}best: {self.next}")
        else:
            lines.append(f"There is no {other} for it as long as nothing else moves.")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "session": self.session,
            "place": None if self.place is None else _booking(self.place),
            "others": self.others,
            "excluded": [one.to_dict() for one in self.excluded],
            "taken": [one.to_dict() for one in self.taken],
            "dearer": self.dearer,
            "free": self.free,
            "pays": [{"rule": breach.rule.kind, "cost": breach.cost, "text": breach.text} for breach in self.pays],
            "next": None if self.next is None else self.next.to_dict(),
        }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _where(place: Booking) -> str:
    return f"on {place.start:%a %d %b %H:%M}-{place.end:%H:%M} in {place.room}"


def _price(change: Mapping[int, int]) -> str:
    moved = [f"tier {tier} {cost:+}" for tier, cost in change.items() if cost]
    return f"cost {', '.join(moved)}" if moved else "at the same cost"


def _details(consequences: Iterable[Consequence], moves: Iterable[Change]) -> list[str]:
    said = list(consequences)
    lines = [f"  {one}" for one in said[:_MANY]]
    if len(said) > _MANY:
        lines.append(f"  and {_count(len(said) - _MANY, 'more consequence')}")
    return [*lines, *(f"  moves {change}" for change in moves)]


def _booking(place: Booking) -> dict[str, str]:
    return {"room": place.room, "start": place.start.isoformat(), "end": place.end.isoformat()}


def _change(change: Change) -> dict[str, Any]:
    return {
        "session": change.session,
        "what": change.what,
        "before": None if change.before is None else _booking(change.before),
        "after": None if change.after is None else _booking(change.after),
    }
