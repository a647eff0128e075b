"""What really happened: when each meeting began and ended, or that it was not held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

from attrs import field, frozen

from unsched.domain.fact import Fact, check_each, check_id, check_truth, to_tuple
from unsched.domain.moment import check_moment, to_moment
from unsched.errors import Fault

__all__ = ["Actual", "Actuals"]


@frozen
class Actual(Fact):
    """How one meeting went.

    Args:
        session: id of the session.
        began: when it was called to order, with the offset from UTC or by the wall clock of the window.
        ended: when it rose, likewise.
        held: whether it was held at all; where it was not, there are no times.
        room: id of the room, where it was another than planned.
    """

    session: str
    began: datetime | None = field(default=None, converter=to_moment)
    ended: datetime | None = field(default=None, converter=to_moment)
    held: bool = True
    room: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this by itself."""
        yield from check_id("session", self.session)
        yield from check_truth("held", self.held)
        if self.room is not None:
            yield from check_id("room", self.room)
        for name in ("began", "ended"):
            value = getattr(self, name)
            if value is not None:
                yield from check_moment(name, value)
                if self.held is False:
                    yield Fault(name, f"{self.session!r} was not held", "leave the time out, or held = true.")
            elif self.held is True:
                yield Fault(name, "it is missing", f"when {self.session!r} {name}, or held = false.")


@frozen
class Actuals(Fact):
    """How the meetings of a problem went, as far as anybody has said.

    Args:
        meetings: at most one for each session; of a session that is not there, nothing is known.
        problem: id of the problem, or `None` where it goes without saying.
    """

    meetings: tuple[Actual, ...] = field(default=(), converter=to_tuple)
    problem: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with these by themselves."""
        if self.problem is not None:
            yield from check_id("problem", self.problem)
        yield from check_each("meetings", self.meetings, Actual)
        seen: set[str] = set()
        for index, one in enumerate(self.meetings if isinstance(self.meetings, tuple) else ()):
            if isinstance(one, Actual):
                if one.session in seen:
                    message = f"session {one.session!r} is reported twice"
                    yield Fault(f"meetings[{index}].session", message, "leave one of them out.")
                seen.add(one.session)

    @cached_property
    def by_session(self) -> dict[str, Actual]:
        """The meetings by id of their session."""
        return {one.session: one for one in self.meetings}
