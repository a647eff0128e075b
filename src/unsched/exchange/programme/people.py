"""Who speaks where: people as persons of a problem, bound where what was published lets them be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from attrs import frozen

from unsched.domain.people import Person
from unsched.exchange.programme.facts import Note, Span, Speaker, Talk
from unsched.exchange.programme.hours import joined, periods_of
from unsched.exchange.programme.values import clip

__all__ = ["MAX_TITLE", "Placed", "counted", "overlapping", "persons_of"]

MAX_TITLE: Final = 1_000
"""Most characters of a title or a name."""
_MOST_NAMED: Final = 5


@frozen
class Placed:
    """A talk where it was published: the room that it takes in the problem, and its stretch of time in UTC."""

    talk: Talk
    room: str
    span: Span


def overlapping(placed: Iterable[Placed], notes: list[Note]) -> dict[str, frozenset[str]]:
    """Return, by person, the sessions that overlap as published with another one of theirs."""
    mine: dict[str, list[Placed]] = {}
    for one in placed:
        for person in dict.fromkeys((*one.talk.speakers, *(who for part in one.talk.parts for who in part.speakers))):
            mine.setdefault(person, []).append(one)
    found: dict[str, frozenset[str]] = {}
    for person, several in mine.items():
        several.sort(key=lambda one: one.span)
        clash: dict[str, None] = {}
        running: list[Placed] = []
        for later in several:
            running = [one for one in running if one.span[1] > later.span[0]]
            clash.update((name, None) for one in running for name in (one.talk.id, later.talk.id))
            running.append(later)
        if clash:
            names = ", ".join(list(clash)[:_MOST_NAMED]) + (", ..." if len(clash) > _MOST_NAMED else "")
            message = (
                f"{counted(len(clash), 'event')} of theirs overlap as published ({names}): invited there, not required"
            )
            notes.append(Note(f"person {person!r}", message))
            found[person] = frozenset(clash)
    return found


def persons_of(
    speakers: Iterable[Speaker],
    talks: Iterable[Talk],
    placed: Sequence[Placed],
    busy: Mapping[str, frozenset[str]],
    tz: ZoneInfo,
    notes: list[Note],
) -> Iterator[Person]:
    """Yield the persons whom talks name; what was published goes before what they said of their time."""
    used = {who for talk in talks for who in (*talk.speakers, *(one for part in talk.parts for one in part.speakers))}
    stands: dict[str, list[Span]] = {}
    for one in placed:
        for person in one.talk.speakers:
            if one.talk.id not in busy.get(person, ()):
                stands.setdefault(person, []).append(one.span)
    for speaker in speakers:
        if speaker.id not in used:
            continue
        free = speaker.free
        if free is not None:
            whole = joined(free, touching=True)
            mine = stands.get(speaker.id, ())
            outside = [span for span in mine if not any(start <= span[0] and span[1] <= end for start, end in whole)]
            if outside:
                message = f"published outside of their hours ({counted(len(outside), 'event')}): they are there for it"
                notes.append(Note(f"person {speaker.id!r}", message))
            free = (*whole, *outside)
        yield Person(
            speaker.id,
            name=clip(speaker.name, MAX_TITLE) if speaker.name and speaker.name != speaker.id else None,
            available=None if free is None else periods_of(free, tz),
            mail=speaker.mail,
        )


def counted(number: int, noun: str) -> str:
    """Return a number and a noun, in the plural where there are several."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
