"""The inner loop of the walk: a session moved, what follows from it, and whether that is kept; compiled by numba.

It is loaded only by `unsched.solver.walk`, and only where numba is installed. All that it reads stands in one array `m`
and all that it changes in another, `s`, at the offsets that a `Layout` says: an array by itself would be counted as in
use and not in use each time that a function took it up, which made a step ten times as long.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from unsched.solver.flat import FAR, Whole
from unsched.solver.layout import (
    ACTIVITY,
    AWRY,
    BAD,
    BAD_ROWS,
    BEST,
    BROKEN,
    CHAIN,
    CHANGED,
    CHANGES,
    COLUMNS,
    COST,
    COUNTERS,
    CURRENT,
    DECIDED,
    DIRECTIONS,
    ENTRIES,
    FACTORS,
    FORMULAS,
    GIVEN,
    GIVEN_FACTORS,
    GIVES,
    HEADS,
    HEIGHT,
    HOURS,
    IN_ROOMS,
    LEAST,
    LITERAL_STARTS,
    LITERALS,
    LOG,
    LOGGED,
    LOWER,
    MOST,
    ORDER,
    OWNERS,
    QUEUE,
    RANDOM,
    READ,
    RECORD,
    ROOMS_MANY,
    ROUND,
    ROW_STARTS,
    RULE_FACTORS,
    RULE_ROWS,
    RULE_STARTS,
    SEEN,
    SERVED,
    SESSIONS,
    SHARED,
    SIBLING_STARTS,
    SIBLINGS,
    SIZE,
    SPLITS,
    SPREAD,
    STAND_STARTS,
    STARTS,
    STAY,
    SUSPECTS,
    TAKEN,
    UPPER,
    VALUES,
    WAITING,
    WAITS,
    WEIGHTS,
    WIDE,
    WORK,
    Layout,
)

__all__ = ["anneal", "evaluate", "sample", "warm_up"]

F = TypeVar("F", bound="Callable[..., Any]")

_TRIES = 24

LAYOUT = "099174fac32f8880"
"""The digest of the module `layout`: what is compiled is kept until this module changes, so it has to change, too."""


def _compiled(function: F) -> F:
    """Compile a function when it is first called, and keep what comes of it where that is possible."""
    try:
        return cast("F", njit(cache=True, nogil=True)(function))
    except RuntimeError:
        # There is no folder that can be written to.
        return cast("F", njit(nogil=True)(function))


@_compiled
def _missing(least: int, most: int, activity: int) -> int:
    if activity > most:
        return activity - most
    return least - activity if activity < least else 0


@_compiled
def _random(s: Whole, o: Layout, below: int) -> int:
    """Return a whole number from 0 up to, but not including, a limit (xorshift64*)."""
    x = np.uint64(s[o[RANDOM]])
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    s[o[RANDOM]] = np.int64(x)
    return int(((x * np.uint64(2685821657736338717)) >> np.uint64(33)) % np.uint64(below))


@_compiled
def _wait(s: Whole, o: Layout, rank: int) -> None:
    """Put a variable, by its rank, among those that wait for their value (a binary heap)."""
    if s[o[WAITS] + rank]:
        return
    s[o[WAITS] + rank] = 1
    at = s[WAITING]
    s[WAITING] = at + 1
    while at > 0:
        parent = (at - 1) >> 1
        if s[o[QUEUE] + parent] <= rank:
            break
        s[o[QUEUE] + at] = s[o[QUEUE] + parent]
        at = parent
    s[o[QUEUE] + at] = rank


@_compiled
def _next(s: Whole, o: Layout) -> int:
    first = s[o[QUEUE] + 0]
    size = s[WAITING] - 1
    s[WAITING] = size
    s[o[WAITS] + first] = 0
    last = s[o[QUEUE] + size]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and s[o[QUEUE] + child + 1] < s[o[QUEUE] + child]:
            child += 1
        if s[o[QUEUE] + child] >= last:
            break
        s[o[QUEUE] + at] = s[o[QUEUE] + child]
        at = child
    s[o[QUEUE] + at] = last
    return first


@_compiled
def _note(m: Whole, s: Whole, o: Layout, variable: int, change: int) -> None:
    """Change a variable, so that this can be taken back."""
    at = s[LOGGED]
    s[o[LOG] + at] = variable
    s[o[CHANGES] + at] = change
    s[LOGGED] = at + 1
    s[o[VALUES] + variable] += change
    s[COST] += m[o[WEIGHTS] + variable] * change


@_compiled
def _decide(m: Whole, s: Whole, o: Layout, variable: int, value: int) -> None:
    """Give a decision a value, and see to the rows that speak of decisions alone."""
    change = value - s[o[VALUES] + variable]
    if change == 0:
        return
    _note(m, s, o, variable, change)
    begin, end = m[o[ROW_STARTS] + variable], m[o[SPLITS] + variable]
    s[WORK] += end - begin
    for at in range(o[ENTRIES] + 2 * begin, o[ENTRIES] + 2 * end, 2):
        row = m[at]
        before = s[o[ACTIVITY] + row]
        after = before + m[at + 1] * change
        s[o[ACTIVITY] + row] = after
        head = o[HEADS] + WIDE * row
        least, most = m[head], m[head + 1]
        more = _missing(least, most, after) - _missing(least, most, before)
        if more:
            s[BROKEN] += more
            if more > 0 and s[BAD] < BAD_ROWS:
                s[o[SUSPECTS] + s[BAD]] = row
                s[BAD] += 1


@_compiled
def _spread(m: Whole, s: Whole, o: Layout, variable: int, change: int, rank: int) -> None:
    """See to the rows in which a variable that has changed stands with what follows; its rank is -1 for a decision."""
    begin, end = m[o[SPLITS] + variable], m[o[ROW_STARTS] + variable + 1]
    s[WORK] += end - begin
    for at in range(o[ENTRIES] + 2 * begin, o[ENTRIES] + 2 * end, 2):
        row = m[at]
        before = s[o[ACTIVITY] + row]
        after = before + m[at + 1] * change
        s[o[ACTIVITY] + row] = after
        head = o[HEADS] + WIDE * row
        what = m[head + 2]
        if what & 3:
            least, most = m[head], m[head + 1]
            s[AWRY] += _missing(least, most, after) - _missing(least, most, before)
        if what & LEAST:
            room, had = after - m[head], before - m[head]
        else:
            room, had = m[head + 1] - after, m[head + 1] - before
        # The one variable that this row stops was not stopped by it before, or can go no further, and is not now.
        if what & (LEAST | MOST) and room >= 0 and (had >= m[head + 6] or s[o[VALUES] + m[head + 4]] == m[head + 5]):
            continue
        first = m[head + 3]
        for which in range(first, first + (what >> GIVES)):
            other = m[o[GIVEN] + which]
            if other > rank:
                _wait(s, o, other)


@_compiled
def _of_later(m: Whole, s: Whole, o: Layout, row: int, rank: int) -> int:
    """Return what those that come later take of a shared row, which does not count yet.

    They are asked in the order of their ranks, so that all of them are looked at once, however many are asked.
    """
    head = o[HEADS] + WIDE * row
    first = m[head + 3]
    end = first + (m[head + 2] >> GIVES)
    if s[o[SEEN] + row] != s[ROUND]:
        s[o[SEEN] + row], s[o[SERVED] + row], s[o[TAKEN] + row] = s[ROUND], first, 0
        s[WORK] += end - first
        for which in range(first, end):
            s[o[TAKEN] + row] += _share(m, s, o, which)
    served = s[o[SERVED] + row]
    while served < end and m[o[GIVEN] + served] <= rank:
        s[o[TAKEN] + row] -= _share(m, s, o, served)
        served += 1
    s[o[SERVED] + row] = served
    return s[o[TAKEN] + row]


@_compiled
def _share(m: Whole, s: Whole, o: Layout, which: int) -> int:
    """Return what one of those to whom a row gives a value takes of it."""
    variable = m[o[ORDER] + m[o[GIVEN] + which]]
    ease = m[o[LOWER] + variable] if m[o[DIRECTIONS] + variable] > 0 else m[o[UPPER] + variable]
    return m[o[GIVEN_FACTORS] + which] * (s[o[VALUES] + variable] - ease)


@_compiled
def _follow(m: Whole, s: Whole, o: Layout) -> None:
    """Give those that wait the values that their rows leave to them."""
    s[ROUND] += 1
    while s[WAITING]:
        rank = _next(s, o)
        variable = m[o[ORDER] + rank]
        down = m[o[DIRECTIONS] + variable] < 0
        value = m[o[LOWER] + variable] if down else m[o[UPPER] + variable]
        now = s[o[VALUES] + variable]
        begin, end = m[o[RULE_STARTS] + variable], m[o[RULE_STARTS] + variable + 1]
        s[WORK] += end - begin
        for at in range(begin, end):
            row, factor = m[o[RULE_ROWS] + at], m[o[RULE_FACTORS] + at]
            rest = s[o[ACTIVITY] + row] - factor * now
            if m[o[HEADS] + WIDE * row + 2] & SHARED:
                rest -= _of_later(m, s, o, row, rank)
            if down:
                if factor > 0:
                    if m[o[HEADS] + WIDE * row] > -FAR:
                        value = max(value, -((rest - m[o[HEADS] + WIDE * row]) // factor))
                elif m[o[HEADS] + WIDE * row + 1] < FAR:
                    value = max(value, -((m[o[HEADS] + WIDE * row + 1] - rest) // -factor))
            elif factor > 0:
                if m[o[HEADS] + WIDE * row + 1] < FAR:
                    value = min(value, (m[o[HEADS] + WIDE * row + 1] - rest) // factor)
            elif m[o[HEADS] + WIDE * row] > -FAR:
                value = min(value, (rest - m[o[HEADS] + WIDE * row]) // -factor)
        value = min(max(value, m[o[LOWER] + variable]), m[o[UPPER] + variable])
        if value != now:
            _note(m, s, o, variable, value - now)
            _spread(m, s, o, variable, value - now, rank)


@_compiled
def _shift(m: Whole, s: Whole, o: Layout, session: int, position: int) -> None:
    """Let a session stand elsewhere."""
    old = s[o[CURRENT] + session]
    s[o[CURRENT] + session] = position
    first, last = m[o[LITERAL_STARTS] + position], m[o[LITERAL_STARTS] + position + 1]
    for at in range(m[o[LITERAL_STARTS] + old], m[o[LITERAL_STARTS] + old + 1]):
        literal = m[o[LITERALS] + at]
        stays = False
        for other in range(first, last):
            if m[o[LITERALS] + other] == literal:
                stays = True
        if not stays:
            _decide(m, s, o, literal, 0)
    for at in range(first, last):
        _decide(m, s, o, m[o[LITERALS] + at], 1)


@_compiled
def _take_back(m: Whole, s: Whole, o: Layout, cost: int) -> None:
    """Go back to where nothing was broken, and all cost so much."""
    for at in range(s[LOGGED]):
        variable, change = s[o[LOG] + at], s[o[CHANGES] + at]
        s[o[VALUES] + variable] -= change
        begin = m[o[ROW_STARTS] + variable]
        end = m[o[ROW_STARTS] + variable + 1] if s[SPREAD] else m[o[SPLITS] + variable]
        for entry in range(o[ENTRIES] + 2 * begin, o[ENTRIES] + 2 * end, 2):
            s[o[ACTIVITY] + m[entry]] -= m[entry + 1] * change
    s[COST] = cost
    s[BROKEN] = s[AWRY] = 0
    _forget(s)


@_compiled
def _forget(s: Whole) -> None:
    """Take back no more of what has been done."""
    s[LOGGED] = s[BAD] = s[SPREAD] = 0


@_compiled
def _proposal(m: Whole, s: Whole, o: Layout, session: int) -> int:
    """Return another position of a session: anywhere, in its room, at its time, or in the room of a sibling."""
    first = m[o[STAND_STARTS] + session]
    count = m[o[STAND_STARTS] + session + 1] - first
    now = s[o[CURRENT] + session]
    found = first + _random(s, o, count)
    if o[ROOMS_MANY] <= 1:
        return found
    stays = _random(s, o, 100) < s[STAY]
    family = m[o[SIBLING_STARTS] + session + 1] - m[o[SIBLING_STARTS] + session]
    if family and _random(s, o, 2):
        other = m[o[SIBLINGS] + m[o[SIBLING_STARTS] + session] + _random(s, o, family)]
        hour = m[o[HOURS] + (now if stays else found)]
        position = _position(m, s, o, session, hour, m[o[IN_ROOMS] + s[o[CURRENT] + other]])
        return position if position >= 0 else found
    if stays:
        # The positions of one time stand together.
        low = high = now
        while low > first and m[o[HOURS] + low - 1] == m[o[HOURS] + now]:
            low -= 1
        while high < first + count and m[o[HOURS] + high] == m[o[HOURS] + now]:
            high += 1
        return low + _random(s, o, high - low)
    if _random(s, o, 2):
        for _ in range(_TRIES):
            if m[o[IN_ROOMS] + found] == m[o[IN_ROOMS] + now] and found != now:
                break
            found = first + _random(s, o, count)
    return found


@_compiled
def _position(m: Whole, s: Whole, o: Layout, session: int, hour: int, room: int) -> int:
    """Return the position of a session at a time, and in a room if it has one there; another room if not; or -1."""
    low, high = m[o[STAND_STARTS] + session], m[o[STAND_STARTS] + session + 1]
    key = hour * o[ROOMS_MANY] + room
    last = high
    while low < high:
        middle = (low + high) >> 1
        if m[o[HOURS] + middle] * o[ROOMS_MANY] + m[o[IN_ROOMS] + middle] < key:
            low = middle + 1
        else:
            high = middle
    if low < last and m[o[HOURS] + low] == hour and m[o[IN_ROOMS] + low] == room:
        return low
    first = low
    while first > m[o[STAND_STARTS] + session] and m[o[HOURS] + first - 1] == hour:
        first -= 1
    while low < last and m[o[HOURS] + low] == hour:
        low += 1
    return first + _random(s, o, low - first) if low > first else -1


@_compiled
def _in_the_way(m: Whole, s: Whole, o: Layout, moved: Whole, many: int) -> int:
    """Return a session that stands in a row which is broken, and has not been moved yet; or -1."""
    bad = s[BAD]
    if not bad:
        return -1
    begin = _random(s, o, bad)
    for step in range(bad):
        row = s[o[SUSPECTS] + (begin + step) % bad]
        over = s[o[ACTIVITY] + row] > m[o[HEADS] + WIDE * row + 1]
        if not over and s[o[ACTIVITY] + row] >= m[o[HEADS] + WIDE * row]:
            continue
        found, seen = -1, 0
        for at in range(m[o[STARTS] + row], m[o[STARTS] + row + 1]):
            column = m[o[COLUMNS] + at]
            owner = m[o[OWNERS] + column]
            if owner < 0 or s[o[VALUES] + column] == 0 or (m[o[FACTORS] + at] > 0) != over:
                continue
            fresh = True
            for which in range(many):
                if moved[which] == owner:
                    fresh = False
            if fresh:
                seen += 1
                if _random(s, o, seen) == 0:
                    found = owner
        s[WORK] += (m[o[STARTS] + row + 1] - m[o[STARTS] + row]) // 4
        return found
    return -1


@_compiled
def _try(m: Whole, s: Whole, o: Layout, session: int, moved: Whole, origins: Whole) -> int:
    """Move a session somewhere, and whoever is in its way somewhere else; return how many have moved."""
    position = _proposal(m, s, o, session)
    now = s[o[CURRENT] + session]
    if position == now:
        return 0
    hour, room = m[o[HOURS] + now], m[o[IN_ROOMS] + now]
    there = m[o[HOURS] + position]
    moved[0], origins[0] = session, now
    many = 1
    _shift(m, s, o, session, position)
    while s[BROKEN] and many < CHAIN:
        other = _in_the_way(m, s, o, moved, many)
        if other < 0:
            break
        now = s[o[CURRENT] + other]
        # Who is in the way changes places with who came; further ones go to and fro between the two times.
        back = hour if m[o[HOURS] + now] != hour else there
        target = _position(m, s, o, other, back, room) if _random(s, o, 8) else -1
        if target < 0 or target == now:
            target = _proposal(m, s, o, other)
        if target == now:
            break
        moved[many], origins[many] = other, now
        many += 1
        _shift(m, s, o, other, target)
    if s[BROKEN] == 0:
        s[SPREAD] = 1
        for at in range(s[LOGGED]):
            _spread(m, s, o, s[o[LOG] + at], s[o[CHANGES] + at], -1)
        _follow(m, s, o)
    return many


@_compiled
def _restore(m: Whole, s: Whole, o: Layout, moved: Whole, origins: Whole, many: int, cost: int) -> None:
    _take_back(m, s, o, cost)
    for which in range(many - 1, -1, -1):
        s[o[CURRENT] + moved[which]] = origins[which]


@_compiled
def anneal(m: Whole, s: Whole, o: Layout, temperature: float, steps: int) -> int:
    """Try so many moves at a temperature; return how many were kept.

    What is better is kept always, what is worse with a probability of exp(-worse / temperature); what breaks a row,
    never.
    """
    moved, origins = np.empty(CHAIN, np.int64), np.empty(CHAIN, np.int64)
    sessions = o[SESSIONS]
    kept = 0
    for _ in range(steps):
        session = _random(s, o, sessions)
        if m[o[STAND_STARTS] + session + 1] - m[o[STAND_STARTS] + session] < 2:
            continue
        before = s[COST]
        many = _try(m, s, o, session, moved, origins)
        if not many:
            continue
        worse = s[COST] - before
        keep = s[BROKEN] + s[AWRY] == 0 and (
            worse <= 0 or (worse < 40 * temperature and _random(s, o, 1 << 30) < exp(-worse / temperature) * (1 << 30))
        )
        if not keep:
            _restore(m, s, o, moved, origins, many, before)
            continue
        kept += 1
        _forget(s)
        if s[COST] < s[BEST]:
            s[BEST] = s[COST]
            s[o[RECORD] : o[RECORD] + o[SESSIONS]] = s[o[CURRENT] : o[CURRENT] + o[SESSIONS]]
    return kept


@_compiled
def sample(m: Whole, s: Whole, o: Layout, steps: int) -> Whole:
    """Return by how much moves that are possible would make things worse, where they do; none is kept."""
    moved, origins = np.empty(CHAIN, np.int64), np.empty(CHAIN, np.int64)
    found = np.zeros(steps, np.int64)
    count = 0
    for _ in range(steps):
        session = _random(s, o, o[SESSIONS])
        if m[o[STAND_STARTS] + session + 1] - m[o[STAND_STARTS] + session] < 2:
            continue
        before = s[COST]
        many = _try(m, s, o, session, moved, origins)
        worse = s[COST] - before
        if many and s[BROKEN] + s[AWRY] == 0 and worse > 0:
            found[count] = worse
            count += 1
        _restore(m, s, o, moved, origins, many, before)
    return found[:count]


@_compiled
def evaluate(m: Whole, s: Whole, o: Layout) -> None:
    """Give every variable that follows its value, and count everything anew."""
    s[:STAY] = 0
    for row in range(o[HEIGHT]):
        total = 0
        for at in range(m[o[STARTS] + row], m[o[STARTS] + row + 1]):
            total += m[o[FACTORS] + at] * s[o[VALUES] + m[o[COLUMNS] + at]]
        s[o[ACTIVITY] + row] = total
        counted = m[o[HEADS] + WIDE * row + 2] & 3
        if counted:
            missed = _missing(m[o[HEADS] + WIDE * row], m[o[HEADS] + WIDE * row + 1], total)
            s[BROKEN if counted == DECIDED else AWRY] += missed
    for variable in range(o[SIZE]):
        s[COST] += m[o[WEIGHTS] + variable] * s[o[VALUES] + variable]
    for rank in range(o[FORMULAS]):
        _wait(s, o, rank)
    _follow(m, s, o)
    _forget(s)


def warm_up() -> None:
    """Compile everything, or load what has been compiled before, on a model with nothing in it."""
    m, s = np.zeros(16, np.int64), np.zeros(COUNTERS + 16, np.int64)
    o = (0,) * (5 + len(READ) + len(CHANGED))
    evaluate(m, s, o)
    sample(m, s, o, 0)
    anneal(m, s, o, 1.0, 0)
