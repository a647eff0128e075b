"""Splitting a session into shorter ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from unsched.domain.fact import check_count, check_each, shown, to_ids, to_tuple
from unsched.domain.session import Session
from unsched.errors import Fault, InputError

__all__ = ["split"]


def split(session: Session, minutes: Iterable[int] = (90, 90), ids: Iterable[str] | None = None) -> tuple[Session, ...]:
    """Return the parts of a session, each a session with all its facts but for length, id and title.

    The parts are optional, so that a `OneOf` can choose between the session, made optional as well, and its parts;
    `Before` keeps them in order. A part is not shortened any further. The lengths need not add up to that of the
    session. A session with a fixed start is refused, since its parts cannot all start then, and so is one with
    segments, since nobody can say which part each belongs to.

    Args:
        session: what is split.
        minutes: the length of each part.
        ids: the ids of the parts; left out, those of the session with "-1", "-2" ... after them.

    Raises:
        InputError: with everything that is in the way.

    >>> from unsched import Session
    >>> [(part.id, part.title, part.minutes) for part in split(Session("wg", "Working Group", 180))]
    [('wg-1', 'Working Group (1 of 2)', 90), ('wg-2', 'Working Group (2 of 2)', 90)]
    """
    lengths = to_tuple(minutes)
    names = _numbered(session, lengths) if ids is None else to_ids(ids)
    faults = tuple(_faults(session, lengths, names))
    if faults:
        raise InputError(faults, f"the parts of session {session.id!r}")
    return tuple(
        evolve(
            session,
            id=name,
            title=f"{session.title} ({number} of {len(names)})",
            minutes=length,
            shortest=None,
            optional=True,
        )
        for number, (name, length) in enumerate(zip(names, lengths, strict=True), start=1)
    )


def _numbered(session: Session, lengths: object) -> tuple[str, ...]:
    count = len(lengths) if isinstance(lengths, tuple) else 0
    return tuple(f"{session.id}-{number}" for number in range(1, count + 1))


def _faults(session: Session, lengths: object, names: object) -> Iterator[Fault]:
    yield from check_each(
        "minutes", lengths, unique=False, check=lambda path, one: check_count(path, one, least=1, unit="minutes")
    )
    yield from check_each("ids", names)
    if isinstance(lengths, tuple) and len(lengths) < 2:
        yield Fault("minutes", f"{shown(lengths)} is no split", "two lengths or more.")
    elif isinstance(lengths, tuple) and isinstance(names, tuple) and len(names) != len(lengths):
        yield Fault("ids", f"{len(names)} ids for {len(lengths)} parts", "an id for each part.")
    for index, name in enumerate(names if isinstance(names, tuple) else ()):
        if name == session.id:
            yield Fault(f"ids[{index}]", f"{shown(name)} is the id of the session itself", "an id of its own.")
    if session.segments:
        message = f"{session.id!r} has segments, and a split cannot say which part each belongs to"
        yield Fault("session.segments", message, "parts written out as sessions.")
    if session.start is not None:
        message = f"{session.id!r} has a fixed start, and its parts cannot all start then"
        yield Fault("session.start", message, "no fixed start, and a rule that pins the session to it.")
