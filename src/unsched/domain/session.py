"""What: the sessions that need a time and a room."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from attrs import field, frozen

from unsched.domain.fact import (
    Fact,
    check_choice,
    check_count,
    check_each,
    check_id,
    check_text,
    check_truth,
    shown,
    to_ids,
    to_tuple,
)
from unsched.domain.moment import check_moment, to_moment
from unsched.domain.segment import ACCESS, Segment
from unsched.domain.time import REGULAR, Period, check_within, to_periods
from unsched.errors import Fault, InputError

__all__ = ["Session"]


@frozen
class Session(Fact):
    """One meeting that needs a time and a room.

    Participants (`required`, `invited`) are ids of delegations, groups (meaning every delegation of the group) or
    persons.

    Args:
        id: what it is called everywhere, for ever: its calendar UID is made of it.
        title: what people read.
        minutes: its length; `None` is unknown, and needs an assumption of the problem.
        shortest: the length, in minutes, down to which it may be shortened in steps of the window; `None` is never.
        body: the body that meets, such as "CSTD".
        joint: other bodies that meet in the same session.
        kind: the kind of session, such as "plenary", "coordination", "side-event".
        tags: anything else to select it by.
        required: participants without whom it cannot stand.
        invited: participants who should be able to come.
        chair: id of the person in the chair, who must be there.
        co_chairs: ids of the persons who share the chair, and must be there.
        side_seats: expected attendance at the side, beyond the seats that delegations take.
        podium_seats: places needed on the podium.
        accessible_seats: places needed that can be reached and used with a wheelchair.
        languages: languages it is interpreted into; each needs a booth.
        features: what the room must offer.
        equipment: ids of equipment, one unit of each of which it needs where the room does not have it.
        layout: how the room is laid out for it, such as "theatre"; `None` is as it is.
        access: "open", "members" or "governments".
        segments: its parts, one after another, where the audience changes; participants of the session itself are
            there throughout.
        start: fixed start by the wall clock of the window, or `None`.
        room: id of the fixed room, or `None`.
        priority: 0 is the highest; which of the optional sessions give way when not all can stand.
        optional: whether it may be left out, and wait on the standby list.
        blocks: the kinds of open block that it may use.
        within: "block" (it lies wholly inside one block) or "day" (it may run over the breaks of a day).
        available: when it can stand; `None` means whenever a block is open.
        description: a longer text for calendars.
        source: where these figures come from.
    """

    id: str
    title: str
    minutes: int | None = None
    body: str | None = None
    kind: str | None = None
    tags: tuple[str, ...] = field(default=(), converter=to_ids)
    required: tuple[str, ...] = field(default=(), converter=to_ids)
    invited: tuple[str, ...] = field(default=(), converter=to_ids)
    chair: str | None = None
    side_seats: int = 0
    podium_seats: int = 0
    languages: tuple[str, ...] = field(default=(), converter=to_ids)
    features: tuple[str, ...] = field(default=(), converter=to_ids)
    access: str = "open"
    start: datetime | None = field(default=None, converter=to_moment)
    room: str | None = None
    priority: int = 0
    blocks: tuple[str, ...] = field(default=(REGULAR,), converter=to_ids)
    within: str = "block"
    available: tuple[Period, ...] | None = field(default=None, converter=to_periods)
    description: str | None = None
    source: str | None = None
    joint: tuple[str, ...] = field(default=(), converter=to_ids)
    co_chairs: tuple[str, ...] = field(default=(), converter=to_ids)
    accessible_seats: int = 0
    equipment: tuple[str, ...] = field(default=(), converter=to_ids)
    layout: str | None = None
    segments: tuple[Segment, ...] = field(default=(), converter=to_tuple)
    optional: bool = False
    shortest: int | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this session by itself."""
        yield from check_id("id", self.id)
        yield from check_text("title", self.title)
        yield from check_count("minutes", self.minutes, least=1, optional=True, unit="minutes")
        yield from check_count("shortest", self.shortest, least=1, optional=True, unit="minutes")
        if isinstance(self.minutes, int) and isinstance(self.shortest, int) and self.shortest > self.minutes:
            yield Fault("shortest", f"{self.shortest} is more than the length of {self.minutes}", f"{self.minutes}.")
        for name in ("body", "kind", "chair", "room", "layout"):
            if getattr(self, name) is not None:
                yield from check_id(name, getattr(self, name))
        listed = ("joint", "tags", "required", "invited", "co_chairs", "languages", "features", "equipment", "blocks")
        for name in listed:
            yield from check_each(name, getattr(self, name))
        yield from _check_languages(self.languages)
        if self.blocks == ():
            yield Fault("blocks", "the session may use no block", f"leave blocks out to mean {REGULAR!r}.")
        for name in ("side_seats", "podium_seats", "accessible_seats"):
            yield from check_count(name, getattr(self, name), unit="seats")
        yield from check_choice("access", self.access, ACCESS)
        yield from check_each("segments", self.segments, Segment, unique=False)
        yield from _check_segments(self.segments, self.minutes)
        if self.start is not None:
            yield from check_moment("start", self.start)
        yield from check_count("priority", self.priority)
        yield from check_truth("optional", self.optional)
        yield from check_within("within", self.within)
        if self.available is not None:
            yield from check_each("available", self.available, Period)
        yield from check_text("description", self.description, optional=True)
        yield from check_text("source", self.source, optional=True)
        if isinstance(self.required, tuple) and isinstance(self.invited, tuple):
            for both in self.invited:
                if both not in self.required:
                    continue
                yield Fault("invited", f"{both!r} is required as well", "leave it out here.")

    @property
    def bodies(self) -> tuple[str, ...]:
        """All bodies that meet in it: its own, then those that join it."""
        return (*((self.body,) if self.body else ()), *self.joint)

    @property
    def segment_ids(self) -> tuple[str, ...]:
        """The ids of its segments, in order: each its own, or else its number from "1".

        >>> Session("wg", "Working Group", 60, segments=[Segment(10), Segment(30, id="closed"), Segment()]).segment_ids
        ('1', 'closed', '3')
        """
        return tuple(segment.id or str(number) for number, segment in enumerate(self.segments, start=1))

    def lengths(self, step: int) -> tuple[int, ...]:
        """Return every length in minutes that it may have, the full one first.

        Args:
            step: by how many minutes it can be shortened at a time.

        >>> Session("wg", "Working Group", 90, shortest=45).lengths(30)
        (90, 60)
        """
        least = self.length if self.shortest is None else self.shortest
        return tuple(range(self.length, least - 1, -step))

    @property
    def length(self) -> int:
        """The length in minutes, once it is known."""
        if self.minutes is None:
            fault = Fault("minutes", f"the length of {self.id!r} is not known", "state an assumption in the problem.")
            raise InputError([fault], "Session")
        return self.minutes


def _check_segments(segments: object, minutes: int | None) -> Iterator[Fault]:
    listed = segments if isinstance(segments, tuple) else ()
    if any(not isinstance(segment, Segment) for segment in listed):
        return
    for index, segment in enumerate(listed):
        if segment.minutes is None and index < len(listed) - 1:
            yield Fault(f"segments[{index}].minutes", "only the last may take what is left", "its length in minutes.")
    names: dict[str, int] = {}
    for index, segment in enumerate(listed):
        name = segment.id if isinstance(segment.id, str) else str(index + 1)
        if name in names:
            message = f"{name!r} is what segments[{names[name]}] is called"
            yield Fault(f"segments[{index}].id", message, "an id that no other has, and no number of another.")
        names.setdefault(name, index)
    whole = sum(segment.minutes or 0 for segment in listed)
    if listed and isinstance(minutes, int) and whole > minutes:
        message = f"the segments take {whole} minutes, and the session {minutes}"
        yield Fault("segments", message, "shorter segments, or none for the last, which takes what is left.")
    elif listed and whole == minutes and listed[-1].minutes is None:
        path = f"segments[{len(listed) - 1}]"
        yield Fault(path, "nothing of the session is left for it", "shorter segments before it.")


def _check_languages(languages: object) -> Iterator[Fault]:
    for index, language in enumerate(languages if isinstance(languages, tuple) else ()):
        if isinstance(language, str) and re.search(r"[\s,;/]", language.strip()):
            message = f"{shown(language)} looks like several languages, which need a booth each"
            yield Fault(f"languages[{index}]", message, "a list of them.")
