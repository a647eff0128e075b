"""The whole question: facts, rules, and what has been published already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from attrs import evolve, field, frozen, has

from unsched.domain.assumption import Assumption, assume
from unsched.domain.crosscheck import faults_of_rules, impossible_facts, unknown_names
from unsched.domain.fact import Fact, check_each, check_id, check_text, shown, to_ids, to_tuple
from unsched.domain.people import Contact, Delegation, Group, Person
from unsched.domain.schedule import Schedule
from unsched.domain.select import Select
from unsched.domain.session import Session
from unsched.domain.venue import Room, Venue
from unsched.domain.window import Window
from unsched.errors import Fault, InputError, UnknownIdError
from unsched.rules.base import Rule

__all__ = ["Problem"]

T = TypeVar("T")


@frozen
class Problem(Fact):
    """Facts and rules: everything that a schedule has to answer to.

    The standard rules (one session a room, seats enough, nobody in two places ...) hold without being named, unless
    `off` names their kind. A rule in `rules` of the same kind as a standard one takes its place.

    Ids of delegations, groups and persons are of one name space, since sessions name all three alike.

    Args:
        id: a name for ever: calendar UIDs are made of it.
        window: when sessions can stand.
        venue: where they can stand.
        sessions: what needs a time and a room.
        delegations: the delegations that sessions name.
        persons: the chairs, speakers ... that sessions name.
        groups: the groups that delegations and sessions name.
        rules: the rules besides the standard ones.
        off: kinds of standard rule that do not hold here.
        assumptions: what is taken for granted although it is not known; values fill the facts that are `None`.
        published: the schedule that people already have.
        title: what people read.
        organizer: who issues the calendars.

    Raises:
        InputError: with everything that is wrong, by path.
    """

    id: str
    window: Window
    venue: Venue
    sessions: tuple[Session, ...] = field(converter=to_tuple)
    delegations: tuple[Delegation, ...] = field(default=(), converter=to_tuple)
    persons: tuple[Person, ...] = field(default=(), converter=to_tuple)
    groups: tuple[Group, ...] = field(default=(), converter=to_tuple)
    rules: tuple[Rule, ...] = field(default=(), converter=to_tuple)
    off: tuple[str, ...] = field(default=(), converter=to_ids)
    assumptions: tuple[Assumption, ...] = field(default=(), converter=to_tuple)
    published: Schedule | None = None
    title: str | None = None
    organizer: Contact | None = None

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        faults = self._assume()
        faults = faults or [*unknown_names(self), *impossible_facts(self), *faults_of_rules(self)]
        if faults:
            raise InputError(faults, f"problem {self.id!r}")

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the parts by themselves."""
        yield from check_id("id", self.id)
        single: tuple[tuple[str, type[Fact], bool], ...] = (
            ("window", Window, False),
            ("venue", Venue, False),
            ("published", Schedule, True),
            ("organizer", Contact, True),
        )
        for name, kind, optional in single:
            value = getattr(self, name)
            if not isinstance(value, kind) and not (optional and value is None):
                yield Fault(name, f"{shown(value)} is not a {kind.__name__}", f"a {kind.__name__}(...).")
        yield from check_text("title", self.title, optional=True)
        parts: tuple[tuple[str, type[Fact]], ...] = (
            ("sessions", Session),
            ("delegations", Delegation),
            ("persons", Person),
            ("groups", Group),
            ("rules", Rule),
            ("assumptions", Assumption),
        )
        for name, kind in parts:
            yield from check_each(name, getattr(self, name), kind, unique=name == "rules")
        for index, rule in enumerate(self.rules if isinstance(self.rules, tuple) else ()):
            if isinstance(rule, Rule) and not (has(type(rule)) and isinstance(getattr(rule, "kind", None), str)):
                message = f"{type(rule).__name__} is not an attrs class with a kind"
                yield Fault(f"rules[{index}]", message, "@frozen above the class, and a kind in it.")
        yield from check_each("off", self.off)
        if self.sessions == ():
            yield Fault("sessions", "there is no session to schedule", "at least one session.")

    # -- looking up -------------------------------------------------------------------------------------------------

    @property
    def rooms(self) -> tuple[Room, ...]:
        """The rooms of the venue, with what is assumed filled in."""
        return self.venue.rooms

    @cached_property
    def rooms_by_id(self) -> Mapping[str, Room]:
        """The rooms by id."""
        return {room.id: room for room in self.venue.rooms}

    @cached_property
    def sessions_by_id(self) -> Mapping[str, Session]:
        """The sessions by id."""
        return {session.id: session for session in self.sessions}

    @cached_property
    def delegations_by_id(self) -> Mapping[str, Delegation]:
        """The delegations by id."""
        return {delegation.id: delegation for delegation in self.delegations}

    @cached_property
    def persons_by_id(self) -> Mapping[str, Person]:
        """The persons by id."""
        return {person.id: person for person in self.persons}

    @cached_property
    def groups_by_id(self) -> Mapping[str, Group]:
        """The groups by id."""
        return {group.id: group for group in self.groups}

    def session(self, id: str) -> Session:
        """Return the session of an id; raise `UnknownIdError` where there is none."""
        return _find("session", id, self.sessions_by_id)

    def room(self, id: str) -> Room:
        """Return the room of an id; raise `UnknownIdError` where there is none."""
        return _find("room", id, self.rooms_by_id)

    def delegation(self, id: str) -> Delegation:
        """Return the delegation of an id; raise `UnknownIdError` where there is none."""
        return _find("delegation", id, self.delegations_by_id)

    def person(self, id: str) -> Person:
        """Return the person of an id; raise `UnknownIdError` where there is none."""
        return _find("person", id, self.persons_by_id)

    def group(self, id: str) -> Group:
        """Return the group of an id; raise `UnknownIdError` where there is none."""
        return _find("group", id, self.groups_by_id)

    @cached_property
    def all_rules(self) -> tuple[Rule, ...]:
        """The rules that hold: the standard ones that are neither off nor replaced, then those of the problem."""
        from unsched.rules.registry import standard_rules

        replaced = {rule.kind for rule in self.rules} | set(self.off)
        return (*(rule for rule in standard_rules() if rule.kind not in replaced), *self.rules)

    # -- who is concerned by what -----------------------------------------------------------------------------------

    @cached_property
    def members(self) -> Mapping[str, tuple[Delegation, ...]]:
        """The delegations of each group, by group id."""
        return {g.id: tuple(d for d in self.delegations if g.id in d.groups) for g in self.groups}

    @cached_property
    def _required(self) -> Mapping[str, tuple[Delegation, ...]]:
        return {session.id: self._delegations(session.required) for session in self.sessions}

    @cached_property
    def _offered(self) -> dict[tuple[int, tuple[str, ...], str], tuple[int, ...]]:
        return {}

    def _delegations(self, names: Iterable[str]) -> tuple[Delegation, ...]:
        found: dict[str, Delegation] = {}
        for name in names:
            if name in self.delegations_by_id:
                found[name] = self.delegations_by_id[name]
            for delegation in self.members.get(name, ()):
                found[delegation.id] = delegation
        return tuple(found.values())

    def required_delegations(self, session: Session) -> tuple[Delegation, ...]:
        """Return the delegations without which a session cannot stand, those of its required groups included."""
        return self._required[session.id]

    def invited_delegations(self, session: Session) -> tuple[Delegation, ...]:
        """Return the delegations that are invited to a session and not required."""
        required = {delegation.id for delegation in self.required_delegations(session)}
        return tuple(d for d in self._delegations(session.invited) if d.id not in required)

    def required_persons(self, session: Session) -> tuple[Person, ...]:
        """Return the persons who must be at a session: its chair first, then the required ones."""
        names = ((session.chair,) if session.chair else ()) + session.required
        persons = {name: self.persons_by_id[name] for name in names if name in self.persons_by_id}
        return tuple(persons.values())

    def invited_persons(self, session: Session) -> tuple[Person, ...]:
        """Return the persons who are invited to a session and not required."""
        required = self.required_persons(session)
        found = (self.persons_by_id[name] for name in session.invited if name in self.persons_by_id)
        return tuple(person for person in found if person not in required)

    @property
    def parties(self) -> tuple[Delegation | Person, ...]:
        """Everybody who can be in some place at some time: the delegations, then the persons."""
        return (*self.delegations, *self.persons)

    @cached_property
    def duties(self) -> Mapping[str, tuple[Session, ...]]:
        """The sessions that each delegation and person has to cover, by id, in the order of the problem.

        A delegation covers those that require it, and those that require a person of it.
        """
        found: dict[str, dict[str, Session]] = {name: {} for name in (*self.delegations_by_id, *self.persons_by_id)}
        for session in self.sessions:
            persons = self.required_persons(session)
            names = [delegation.id for delegation in self.required_delegations(session)]
            names += [person.id for person in persons]
            names += [person.delegation for person in persons if person.delegation is not None]
            for name in names:
                found[name][session.id] = session
        return {name: tuple(sessions.values()) for name, sessions in found.items()}

    @cached_property
    def invitations(self) -> Mapping[str, tuple[Session, ...]]:
        """The sessions that each delegation and person is invited to and has no duty in, by id."""
        found: dict[str, list[Session]] = {name: [] for name in self.duties}
        for session in self.sessions:
            names = [delegation.id for delegation in self.invited_delegations(session)]
            names += [person.id for person in self.invited_persons(session)]
            for name in names:
                if session not in self.duties[name]:
                    found[name].append(session)
        return {name: tuple(sessions) for name, sessions in found.items()}

    def starts(self, session: Session) -> tuple[int, ...]:
        """Return every start, in minutes, that the window offers to a session, before any rule."""
        key = (session.length, session.blocks, session.within)
        if key not in self._offered:
            self._offered[key] = self.window.starts(*key)
        return self._offered[key]

    # -- selecting --------------------------------------------------------------------------------------------------

    def select(self, selector: Select) -> tuple[Session, ...]:
        """Return the sessions that a selector picks, in the order of the problem."""
        return tuple(session for session in self.sessions if self._picks(selector, session))

    def _picks(self, selector: Select, session: Session) -> bool:
        for name, wanted in selector.given.items():
            if name in ("ids", "bodies", "kinds"):
                has: set[str | None] = {getattr(session, {"ids": "id", "bodies": "body", "kinds": "kind"}[name])}
            elif name == "tags":
                has = set(session.tags)
            else:
                concerned = (*self.required_delegations(session), *self.invited_delegations(session))
                has = {d.id for d in concerned} if name == "delegations" else {g for d in concerned for g in d.groups}
            if not has.intersection(wanted):
                return False
        return True

    def _assume(self) -> list[Fault]:
        """Fill in what is assumed; where ids come twice, which one is meant cannot be said, and the ids are a fault."""
        rooms, faults = assume(self.venue.rooms, self.assumptions, "room")
        sessions, more = assume(self.sessions, self.assumptions, "session")
        delegations, still_more = assume(self.delegations, self.assumptions, "delegation")
        persons, yet_more = assume(self.persons, self.assumptions, "person")
        faults += [*more, *still_more, *yet_more]
        if not faults:
            object.__setattr__(self, "venue", evolve(self.venue, rooms=rooms))
            object.__setattr__(self, "sessions", sessions)
            object.__setattr__(self, "delegations", delegations)
            object.__setattr__(self, "persons", persons)
        return faults

    def __str__(self) -> str:
        parts = [
            _count(len(self.sessions), "session"),
            _count(len(self.rooms), "room"),
            _count(len(self.delegations), "delegation"),
            _count(len(self.all_rules), "rule"),
        ]
        return f"{self.title or self.id}: {', '.join(parts)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _find(noun: str, name: str, known: Mapping[str, T]) -> T:
    try:
        return known[name]
    except (KeyError, TypeError):
        raise UnknownIdError(noun, name, known) from None
