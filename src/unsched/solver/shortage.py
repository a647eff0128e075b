"""What arithmetic shows before any search: sessions without a place, and more demand than there is to share."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from math import inf
from typing import TYPE_CHECKING

from attrs import frozen

from unsched.domain.interval import Interval
from unsched.domain.part import Part
from unsched.solver.compile import exclusions
from unsched.solver.wording import names_of, place_words, when_words

if TYPE_CHECKING:
    from unsched.domain.session import Session
    from unsched.solver.board import Board

__all__ = ["Shortage", "find_shortages"]

_MOST_WINDOWS = 64
_MOST_FAMILIES = 64


@frozen
class Shortage:
    """Sessions that cannot all be placed, and the arithmetic that shows it."""

    sessions: tuple[str, ...]
    text: str


@frozen(eq=False)
class _Stay:
    """A session that has to stand, as a user of something scarce.

    Args:
        name: id of the session.
        spans: the times that are left to it, for as long as it needs what is scarce.
    """

    name: str
    spans: tuple[Interval, ...]

    @property
    def minutes(self) -> int:
        """How long it needs it at least."""
        return min(span.minutes for span in self.spans)

    @property
    def always(self) -> Interval | None:
        """When it runs, whatever is chosen; `None` is never."""
        start, end = max(span.start for span in self.spans), min(span.end for span in self.spans)
        return Interval(start, end) if start < end else None


@frozen(eq=False)
class _Resource:
    """Something scarce: rooms, or somebody's time.

    Args:
        rule: the sentence that makes it scarce, or "" where `need` says it.
        need: what is needed, in words that go on after "5 sessions".
        unit: what one unit is called, where there are several.
        units: how many can have it at once.
        lead: minutes for which each unit stands empty before each.
        stays: who needs it.
    """

    rule: str
    need: str
    unit: str
    units: int
    lead: int
    stays: tuple[_Stay, ...]

    def told(self, count: int) -> str:
        """Return that so many sessions need it."""
        return f"{self.rule} That concerns {count} sessions" if self.rule else f"{count} sessions {self.need}"


def find_shortages(board: Board, until: float = inf) -> list[Shortage]:
    """Return what can be told to be impossible by counting, each with its arithmetic in words.

    Args:
        board: a model of the constraints without guards, after all have spoken.
        until: when time is up, by `time.monotonic`; what has been found by then is returned.
    """
    needed = [board.problem.session(name) for name in board.musts]
    nowhere = [session for session in needed if not board.spans(session)]
    found = [*_homeless(board, nowhere)]
    left = [session for session in needed if board.spans(session)]
    for resource in chain(_people(board, left), _rooms(board, left)):
        if time.monotonic() > until:
            break
        found += _at_once(board, resource)
        found += _in_all(board, resource)
    # Of what was told in several ways, the one about the fewest sessions.
    found.sort(key=lambda one: len(one.sessions))
    told: list[Shortage] = []
    for one in found:
        if not any(set(other.sessions) <= set(one.sessions) for other in told):
            told.append(one)
    return told


# -- sessions without a place ---------------------------------------------------------------------------------------


def _homeless(board: Board, sessions: Sequence[Session]) -> Iterator[Shortage]:
    problem = board.problem
    by_session = exclusions(problem) if sessions else {}
    for session in sessions:
        spans, rooms = problem.spans(session), [room.id for room in problem.rooms]
        if not spans:
            minutes = min(session.lengths(problem.window.step))
            text = f"{session.id!r} lasts {minutes} minutes, and no open time that it may use is as long."
            yield Shortage((session.id,), text)
            continue
        counts: dict[str, int] = {}
        for exclusion in by_session[session.id]:
            many = (len(spans) if exclusion.spans is None else len(exclusion.spans)) * (
                len(rooms) if exclusion.rooms is None else len(exclusion.rooms)
            )
            text = exclusion.guard.told(problem).text
            counts[text] = counts.get(text, 0) + many
        total = len(spans) * len(rooms)
        said = sorted(counts.items(), key=lambda item: -item[1])
        each = " ".join(f"{min(many, total)}: {text}" for text, many in said)
        size = f"{len(spans)} time{'s'[: len(spans) != 1]} in {len(rooms)} room{'s'[: len(rooms) != 1]}"
        text = f"{session.id!r} has no place left. Of {size}, that is {total}, excluded are {each}"
        yield Shortage((session.id,), text)


# -- what is scarce -------------------------------------------------------------------------------------------------


def _people(board: Board, sessions: Sequence[Session]) -> Iterator[_Resource]:
    """Yield what rules let only so many run at once of: the duties of a person, those who borrow an equipment ..."""
    by_id = {session.id: session for session in sessions}
    for guard, keys, most in board.caps:
        stays: dict[str, _Stay] = {}
        for name, start, minutes in sorted(keys):
            if name in by_id:
                session = by_id[name]
                part = Part(session, start, minutes or None)
                parts = tuple(part.within(span) for span in board.spans(session))
                if all(one.minutes > 0 for one in parts):
                    stay = _Stay(name, parts)
                    if name not in stays or stay.minutes > stays[name].minutes:
                        stays[name] = stay
        if len(stays) > most:
            yield _Resource(guard.told(board.problem).text, "", "at once", most, 0, tuple(stays.values()))


def _rooms(board: Board, sessions: Sequence[Session]) -> Iterator[_Resource]:
    bits = {room.id: 1 << index for index, room in enumerate(board.problem.rooms)}
    leads = board.leads
    limited = sum(bits[name] for name in leads)
    masks: dict[str, int] = {}
    for session in sessions:
        mask = 0
        for span in board.spans(session):
            mask |= board.mask(session, span)
        masks[session.id] = mask
    for family in _families(masks.values()):
        if family & ~limited:
            continue
        users = [session for session in sessions if not masks[session.id] & ~family]
        names = board.names(family)
        if len(users) > len(names):
            lead = min(leads[name] for name in names)
            stays = tuple(_Stay(session.id, board.spans(session)) for session in users)
            yield _Resource("", place_words(board.problem, users, names), "rooms", len(names), lead, stays)


def _families(masks: Iterable[int]) -> list[int]:
    """Return the sets of rooms and the unions of those that meet, as far as there are not too many."""
    found = dict.fromkeys(masks)
    fresh = list(found)
    while fresh and len(found) < _MOST_FAMILIES:
        unions = {a | b: None for a in fresh for b in found if a & b and a | b not in found}
        fresh = list(unions)[: _MOST_FAMILIES - len(found)]
        found.update(dict.fromkeys(fresh))
    return sorted(found, key=lambda mask: (mask.bit_count(), mask))


# -- too much of it -------------------------------------------------------------------------------------------------


def _at_once(board: Board, resource: _Resource) -> Iterator[Shortage]:
    """Yield sessions that run at once, whatever is chosen, and are too many."""
    running = [(always, stay) for stay in resource.stays if (always := stay.always) is not None]
    for instant in sorted({always.start for always, _ in running}):
        here = [stay for always, stay in running if always.start <= instant < always.end]
        if len(here) > resource.units:
            at = board.problem.window.wall(instant)
            names = names_of(stay.name for stay in here)
            text = (
                f"{resource.told(len(here))}; all of them run on {at:%a %d %b at %H:%M}, whatever is chosen: {names}."
            )
            yield Shortage(tuple(stay.name for stay in here[: resource.units + 1]), text)


def _in_all(board: Board, resource: _Resource) -> Iterator[Shortage]:
    """Yield sessions that have to share some stretches of time, and need more of them than there is."""
    stretches = _stretches(chain.from_iterable(stay.spans for stay in resource.stays))
    place = {stretch.start: index for index, stretch in enumerate(stretches)}
    starts = [stretch.start for stretch in stretches]
    own: dict[frozenset[int], list[_Stay]] = {}
    for stay in resource.stays:
        own.setdefault(_places(stay, starts, place), []).append(stay)
    order = {stay.name: number for number, stay in enumerate(resource.stays)}
    done: set[str] = set()
    for window in _windows(own, stretches, board):
        several = (some for places, some in own.items() if places <= window)
        inside = [stay for some in several for stay in some if stay.name not in done]
        inside.sort(key=lambda stay: order[stay.name])
        if len(inside) <= resource.units:
            continue
        found = _too_much(board, resource, inside, [stretches[index] for index in sorted(window)])
        if found is not None:
            done.update(stay.name for stay in inside)
            yield found


def _too_much(board: Board, resource: _Resource, inside: Sequence[_Stay], times: Sequence[Interval]) -> Shortage | None:
    shortest, lead = min(stay.minutes for stay in inside), resource.lead
    turns = sum((time.minutes + lead) // (shortest + lead) for time in times)
    slots = resource.units * turns
    when, names = when_words(board.problem.window, times), names_of(stay.name for stay in inside)
    head = resource.told(len(inside))
    if len(inside) > slots:
        sums = f"{turns} {'turn' if turns == 1 else 'turns'} of {shortest} minutes"
        if resource.units > 1:
            sums = f"{slots} places ({resource.units} {resource.unit} x {sums})"
        text = f"{head}; {when} there {'is' if slots == 1 else 'are'} {sums}: {names}."
        # One more than there are places is too many already, whichever they are.
        return Shortage(tuple(stay.name for stay in inside[: slots + 1]), text)
    needed = sum(stay.minutes + lead for stay in inside)
    offered = resource.units * sum(time.minutes + lead for time in times)
    if needed > offered:
        text = f"{head} of {needed} minutes in all; {when} there are {offered}: {names}."
        return Shortage(tuple(stay.name for stay in inside), text)
    return None


def _stretches(spans: Iterable[Interval]) -> list[Interval]:
    """Return the stretches that times which overlap make up; those that only touch are stretches of their own."""
    found: list[Interval] = []
    for span in sorted(dict.fromkeys(spans)):
        if found and span.start < found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _places(stay: _Stay, starts: Sequence[int], place: Mapping[int, int]) -> frozenset[int]:
    return frozenset(place[starts[bisect_right(starts, span.start) - 1]] for span in stay.spans)


def _windows(own: Iterable[frozenset[int]], stretches: Sequence[Interval], board: Board) -> list[frozenset[int]]:
    """Return sets of stretches to look at, small ones first: those of sessions, the days, and all."""
    day_of = board.problem.window.day_of
    by_day: dict[object, list[int]] = {}
    for index, stretch in enumerate(stretches):
        by_day.setdefault(day_of(stretch.start), []).append(index)
    few = dict.fromkeys(sorted(own, key=lambda one: (len(one), sorted(one)))[:_MOST_WINDOWS])
    few.update(dict.fromkeys(frozenset(some) for some in by_day.values()))
    few[frozenset(range(len(stretches)))] = None
    return sorted(few, key=lambda one: (len(one), sorted(one)))
