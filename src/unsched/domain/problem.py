"""The whole question: facts, rules, and what has been published already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve, field, fields_dict, frozen, has

from unsched.domain.assumption import Assumption, assume
from unsched.domain.audience import Audience, audiences_of, duties_of, invitations_of
from unsched.domain.crosscheck import faults_of_rules, impossible_facts, unknown_names
from unsched.domain.fact import Fact, check_each, check_id, check_text, shown, to_ids, to_tuple
from unsched.domain.interval import Interval
from unsched.domain.part import Part
from unsched.domain.people import Contact, Delegation, Group, Person
from unsched.domain.schedule import Schedule
from unsched.domain.select import Select
from unsched.domain.services import Equipment, Team
from unsched.domain.session import Session
from unsched.domain.venue import Room, Venue
from unsched.domain.window import Window
from unsched.errors import Fault, InputError, UnknownIdError
from unsched.rules.base import Rule

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Problem"]

_EVER = 10**9
_SINGLE = {"ids": "id", "kinds": "kind", "priorities": "priority"}

T = TypeVar("T")
P = TypeVar("P", Delegation, Person)


@frozen
class Problem(Fact):
    """Facts and rules: everything that a schedule has to answer to.

    The standard rules (one session a room, seats enough, nobody in two places ...) hold without being named, unless
    `off` names their kind. A rule in `rules` of the same kind as a standard one takes its place, for the sessions that
    it selects.

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
        teams: the teams of interpreters; none at all leaves interpreters out of account.
        equipment: what sessions borrow and carry from room to room.

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
    teams: tuple[Team, ...] = field(default=(), converter=to_tuple)
    equipment: tuple[Equipment, ...] = field(default=(), converter=to_tuple)

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
            ("teams", Team),
            ("equipment", Equipment),
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
    def equipment_by_id(self) -> Mapping[str, Equipment]:
        """The equipment by id."""
        return {equipment.id: equipment for equipment in self.equipment}

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
        """The rules that hold: the standard ones that are neither off nor replaced, then those of the problem.

        A rule of the problem about some sessions takes the place of a standard one for those; for the others it holds.
        """
        from unsched.rules.registry import standard_rules

        own: dict[str, list[Rule]] = {}
        for rule in self.rules:
            own.setdefault(rule.plain.kind, []).append(rule.plain)
        standard = []
        for rule in standard_rules():
            left = self._left_to(rule, own.get(rule.kind, ()))
            if left is not None and rule.kind not in self.off and left.concerns(self):
                standard.append(left)
        return (*standard, *(rule for rule in self.rules if rule.holds))

    def _left_to(self, standard: Rule, own: Sequence[Rule]) -> Rule | None:
        """Return a standard rule for the sessions that rules of its kind leave to it, or `None` where none is left."""
        if not own:
            return standard
        chosen = [selector for rule in own if isinstance(selector := getattr(rule, "sessions", None), Select)]
        if len(chosen) < len(own):
            return None
        taken = {session.id for selector in chosen for session in self.select(selector)}
        left = [session.id for session in self.sessions if session.id not in taken]
        narrow: Any = evolve
        rest: Rule | None = narrow(standard, sessions=Select(ids=left)) if left else None
        return rest

    @cached_property
    def alternatives(self) -> frozenset[str]:
        """The ids of the optional sessions that stand in place of each other, as some rule says: none is left out."""
        decided = (one.decides(self) for rule in self.all_rules for one in rule.inside)
        return frozenset(session.id for sessions in decided for session in sessions)

    # -- who is concerned by what -----------------------------------------------------------------------------------

    @cached_property
    def members(self) -> Mapping[str, tuple[Delegation, ...]]:
        """The delegations of each group, by group id."""
        return {g.id: tuple(d for d in self.delegations if g.id in d.groups) for g in self.groups}

    @cached_property
    def _audiences(self) -> dict[str, tuple[Audience, ...]]:
        return {}

    def audiences(self, session: Session) -> tuple[Audience, ...]:
        """Return who is at each segment of a session, in order; without segments, who is at the whole."""
        if session.id not in self._audiences:
            self._audiences[session.id] = audiences_of(self, session)
        return self._audiences[session.id]

    def required_delegations(self, session: Session) -> tuple[Delegation, ...]:
        """Return the delegations without which a session, or a segment of it, cannot stand."""
        return _once(one for audience in self.audiences(session) for one in audience.required)

    def invited_delegations(self, session: Session) -> tuple[Delegation, ...]:
        """Return the delegations that are invited to a session or a segment of it, and required at none."""
        required = {one.id for one in self.required_delegations(session)}
        invited = _once(one for audience in self.audiences(session) for one in audience.invited)
        return tuple(one for one in invited if one.id not in required)

    def required_persons(self, session: Session) -> tuple[Person, ...]:
        """Return the persons who must be at a session or a segment of it: its chair and co-chairs first."""
        return _once(one for audience in self.audiences(session) for one in audience.required_persons)

    def invited_persons(self, session: Session) -> tuple[Person, ...]:
        """Return the persons who are invited to a session or a segment of it, and required at none."""
        required = {one.id for one in self.required_persons(session)}
        invited = _once(one for audience in self.audiences(session) for one in audience.invited_persons)
        return tuple(one for one in invited if one.id not in required)

    @property
    def parties(self) -> tuple[Delegation | Person, ...]:
        """Everybody who can be in some place at some time: the delegations, then the persons."""
        return (*self.delegations, *self.persons)

    @cached_property
    def duties(self) -> Mapping[str, tuple[Part, ...]]:
        """What each delegation and person has to be at, by id: sessions or parts of them, in the order of the problem.

        A delegation covers what requires it, and what requires a person of it. Segments that follow each other are
        one part.
        """
        return duties_of(self)

    @cached_property
    def invitations(self) -> Mapping[str, tuple[Part, ...]]:
        """What each delegation and person is invited to and has no duty at, by id."""
        return invitations_of(self)

    @cached_property
    def _presence(self) -> dict[str, tuple[Interval, ...] | None]:
        return {}

    def present(self, party: Delegation | Person) -> tuple[Interval, ...] | None:
        """Return when a party is there, in minutes: available, arrived and not yet gone; `None` is always."""
        if party.available is None and party.arrives is None and party.leaves is None:
            return None
        if party.id not in self._presence:
            first = -_EVER if party.arrives is None else self.window.minute(party.arrives)
            last = _EVER if party.leaves is None else self.window.minute(party.leaves)
            free = (Interval(-_EVER, _EVER),) if party.available is None else self.window.intervals(party.available)
            parts = (Interval(max(part.start, first), min(part.end, last)) for part in free)
            self._presence[party.id] = tuple(part for part in parts if part.start < part.end)
        return self._presence[party.id]

    @cached_property
    def _offered(self) -> dict[tuple[object, ...], tuple[Interval, ...]]:
        return {}

    def spans(self, session: Session) -> tuple[Interval, ...]:
        """Return every time, in minutes, that the window offers to a session, before any rule; shortened ones too."""
        key = (session.length, session.shortest, session.blocks, session.within)
        if key not in self._offered:
            offered = (
                Interval(start, start + minutes)
                for minutes in session.lengths(self.window.step)
                for start in self.window.starts(minutes, session.blocks, session.within)
            )
            self._offered[key] = tuple(sorted(offered))
        return self._offered[key]

    def starts(self, session: Session) -> tuple[int, ...]:
        """Return every start, in minutes, that the window offers to a session, before any rule."""
        return tuple(dict.fromkeys(span.start for span in self.spans(session)))

    # -- selecting --------------------------------------------------------------------------------------------------

    def select(self, selector: Select) -> tuple[Session, ...]:
        """Return the sessions that a selector picks, in the order of the problem."""
        picked: set[int] | None = None
        for name, wanted in selector.given.items():
            here = self._places_of[name]
            found = {place for value in wanted for place in here.get(value, ())}
            picked = found if picked is None else picked & found
        if picked is None:
            return self.sessions
        return tuple(self.sessions[place] for place in sorted(picked))

    def selectable(self, name: str) -> Mapping[object, object]:
        """Return what a field of a selector can be, in this problem: ids of what there is, or what sessions say."""
        known: dict[str, Mapping[Any, object]] = {"delegations": self.delegations_by_id, "groups": self.groups_by_id}
        return known.get(name, self._places_of[name])

    @cached_property
    def _places_of(self) -> dict[str, dict[object, list[int]]]:
        """The places of the sessions in the problem, by what a selector can ask for and its values."""
        found: dict[str, dict[object, list[int]]] = {name: {} for name in fields_dict(Select)}
        for place, session in enumerate(self.sessions):
            for name, values in self._selectable(session).items():
                for value in values:
                    found[name].setdefault(value, []).append(place)
        return found

    def _selectable(self, session: Session) -> dict[str, Iterable[object]]:
        concerned = (*self.required_delegations(session), *self.invited_delegations(session))
        return {
            **{name: (getattr(session, single),) for name, single in _SINGLE.items()},
            "bodies": session.bodies,
            "tags": session.tags,
            "delegations": dict.fromkeys(delegation.id for delegation in concerned),
            "groups": dict.fromkeys(group for delegation in concerned for group in delegation.groups),
        }

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

    # -- showing ----------------------------------------------------------------------------------------------------

    def to_frame(self, table: str = "sessions") -> pd.DataFrame:
        """Return a table of facts as a pandas DataFrame.

        Args:
            table: "sessions", "rooms", "delegations", "persons", "groups", "teams", "equipment", "rules" or
                "assumptions".

        Raises:
            InputError: there is no such table.
        """
        from unsched.report.tables import facts_frame

        return facts_frame(self, table)

    def _repr_html_(self) -> str:
        from unsched.report.notebook import problem_html

        return problem_html(self)

    def __str__(self) -> str:
        parts = [
            _count(len(self.sessions), "session"),
            _count(len(self.rooms), "room"),
            _count(len(self.delegations), "delegation"),
            _count(len(self.all_rules), "rule"),
        ]
        return f"{self.title or self.id}: {', '.join(parts)}"


def _once(parties: Iterable[P]) -> tuple[P, ...]:
    return tuple({party.id: party for party in parties}.values())


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _find(noun: str, name: str, known: Mapping[str, T]) -> T:
    try:
        return known[name]
    except (KeyError, TypeError):
        raise UnknownIdError(noun, name, known) from None
