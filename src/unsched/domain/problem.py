"""The whole question: facts, rules, and what has been published already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from attrs import field, fields, frozen

from unsched.domain.assumption import ASSUMABLE, Assumption, assume
from unsched.domain.fact import Fact, check_each, check_id, check_text, to_ids, to_tuple
from unsched.domain.people import Contact, Delegation, Group, Person
from unsched.domain.schedule import Schedule
from unsched.domain.select import Select
from unsched.domain.session import Session
from unsched.domain.time import Window
from unsched.domain.venue import Room, Venue
from unsched.errors import Fault, InputError, UnknownIdError, nearest
from unsched.rules.base import Rule

__all__ = ["Problem"]


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
        faults = faults or [*self._unknown_names(), *self._impossible_facts(), *self._faults_of_rules()]
        if faults:
            raise InputError(faults, f"problem {self.id!r}")

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the parts by themselves."""
        yield from check_id("id", self.id)
        for name, kind in (("window", Window), ("venue", Venue)):
            if not isinstance(getattr(self, name), kind):
                yield Fault(name, f"{getattr(self, name)!r} is not a {kind.__name__}", f"a {kind.__name__}(...).")
        for name, kind in (("published", Schedule), ("organizer", Contact)):
            if not isinstance(getattr(self, name), kind | None):
                yield Fault(name, f"{getattr(self, name)!r} is not a {kind.__name__}", f"a {kind.__name__}(...).")
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

    # -- what can be wrong ------------------------------------------------------------------------------------------

    def _assume(self) -> list[Fault]:
        filled: dict[str, tuple[Fact, ...]] = {}
        faults: list[Fault] = []
        for noun, facts in zip(
            ASSUMABLE, (self.venue.rooms, self.sessions, self.delegations, self.persons), strict=True
        ):
            if len({fact.id for fact in facts}) == len(facts):
                filled[noun], found = assume(facts, self.assumptions, noun)
                faults += found
        if not faults:
            for noun, name in (("session", "sessions"), ("delegation", "delegations"), ("person", "persons")):
                if noun in filled:
                    object.__setattr__(self, name, filled[noun])
            if filled.get("room", self.venue.rooms) != self.venue.rooms:
                venue = Venue(filled["room"], self.venue.walking, self.venue.name)
                object.__setattr__(self, "venue", venue)
        return faults

    def _unknown_names(self) -> Iterator[Fault]:
        yield from _repeated("venue.rooms", "room", self.venue.rooms)
        yield from _repeated("sessions", "session", self.sessions)
        parties = (*self.delegations, *self.persons, *self.groups)
        for name, own in (("delegations", self.delegations), ("persons", self.persons), ("groups", self.groups)):
            yield from _repeated(name, "participant", own, parties)
        for index, delegation in enumerate(self.delegations):
            yield from _known(f"delegations[{index}].groups", "group", delegation.groups, self.groups_by_id)
        for index, person in enumerate(self.persons):
            if person.delegation is not None:
                path = f"persons[{index}].delegation"
                yield from _known(path, "delegation", (person.delegation,), self.delegations_by_id, listed=False)
        everybody = {party.id: party for party in parties}
        offered = {block.kind: block for block in self.window.blocks}
        for index, session in enumerate(self.sessions):
            path = f"sessions[{index}]"
            for name in ("required", "invited"):
                names = getattr(session, name)
                yield from _known(f"{path}.{name}", "delegation, group or person", names, everybody)
            if session.chair is not None:
                yield from _known(f"{path}.chair", "person", (session.chair,), self.persons_by_id, listed=False)
            if session.room is not None:
                yield from _known(f"{path}.room", "room", (session.room,), self.rooms_by_id, listed=False)
            yield from _known(f"{path}.blocks", "kind of block", session.blocks, offered)

    def _impossible_facts(self) -> Iterator[Fault]:
        for index, session in enumerate(self.sessions):
            path = f"sessions[{index}]"
            if session.minutes is None:
                remedy = f"an assumption of = 'session', id = {session.id!r}, field = 'minutes'."
                yield Fault(f"{path}.minutes", f"the length of {session.id!r} is not known", remedy)
                continue
            if session.minutes % self.window.step:
                near = round(session.minutes / self.window.step) or 1
                remedy = f"{near * self.window.step}, or a window with another step."
                message = f"{session.minutes} minutes are not on the window's {self.window.step}-minute grid"
                yield Fault(f"{path}.minutes", message, remedy)
                continue
            if session.start is not None:
                yield from self._bad_start(f"{path}.start", session, session.start)
        if self.published is not None:
            for index, booking in enumerate(self.published.bookings):
                path = f"published.bookings[{index}]"
                yield from _known(f"{path}.session", "session", (booking.session,), self.sessions_by_id, listed=False)
                yield from _known(f"{path}.room", "room", (booking.room,), self.rooms_by_id, listed=False)

    def _bad_start(self, path: str, session: Session, moment: object) -> Iterator[Fault]:
        try:
            minute = self.window.minute(moment)  # type: ignore[arg-type]
        except InputError as error:
            yield from (fault.under(path) for fault in error.faults)
            return
        possible = self.starts(session)
        if minute not in possible:
            text = f"{self.window.wall(minute):%Y-%m-%d %H:%M}"
            message = f"{session.id!r} of {session.minutes} minutes cannot start at {text} in the window"
            yield Fault(path, message, self.window.nearest_start(minute, possible))

    def _faults_of_rules(self) -> Iterator[Fault]:
        from unsched.rules.registry import kinds, standard_rules

        if self.off:
            standard = {rule.kind for rule in standard_rules()}
            for index, kind in enumerate(self.off):
                if kind not in standard:
                    message = f"{kind!r} is no standard rule" if kind in kinds() else f"there is no rule {kind!r}"
                    yield Fault(f"off[{index}]", message, nearest(kind, standard))
        own = {id(rule): f"rules[{index}]" for index, rule in enumerate(self.rules)}
        for rule in self.all_rules:
            path = own.get(id(rule), f"the standard rule {rule.kind}")
            found = list(self._faults_of_selectors(rule, path)) if id(rule) in own else []
            yield from found
            if not found:
                for fault in rule.faults_in(self):
                    inner = fault.path.removeprefix("rule.")
                    yield fault if inner == fault.path else Fault(f"{path}.{inner}", fault.message, fault.remedy)

    def _faults_of_selectors(self, rule: Rule, path: str) -> Iterator[Fault]:
        for attribute in fields(type(rule)):  # type: ignore[arg-type]
            selector = getattr(rule, attribute.name)
            if not isinstance(selector, Select):
                continue
            known: dict[str, Iterable[str | None]] = {
                "ids": self.sessions_by_id,
                "tags": {tag for session in self.sessions for tag in session.tags},
                "bodies": {session.body for session in self.sessions},
                "kinds": {session.kind for session in self.sessions},
                "delegations": self.delegations_by_id,
                "groups": self.groups_by_id,
            }
            nouns = {"ids": "has id", "tags": "is tagged", "bodies": "is of body", "kinds": "is of kind"}
            good = True
            for name, wanted in selector.given.items():
                have = {value for value in known[name] if value}
                for index, value in enumerate(wanted):
                    if value not in have:
                        good = False
                        message = f"nothing {nouns.get(name, 'concerns')} {value!r}"
                        yield Fault(f"{path}.{attribute.name}.{name}[{index}]", message, nearest(value, sorted(have)))
            if good and not self.select(selector):
                message = f"{str(selector).removeprefix('every ')} picks no session"
                yield Fault(f"{path}.{attribute.name}", message, "a selector that is less narrow.")

    def __str__(self) -> str:
        parts = [
            f"{len(self.sessions)} sessions",
            f"{len(self.rooms)} rooms",
            f"{len(self.delegations)} delegations",
            f"{len(self.all_rules)} rules",
        ]
        return f"{self.title or self.id}: {', '.join(parts)}"


def _find(noun: str, name: str, known: Mapping[str, F]) -> F:
    try:
        return known[name]
    except KeyError:
        raise UnknownIdError(noun, name, known) from None


def _repeated(path: str, noun: str, own: tuple[Fact, ...], among: tuple[Fact, ...] | None = None) -> Iterator[Fault]:
    counts: dict[str, int] = {}
    for fact in own if among is None else among:
        counts[fact.id] = counts.get(fact.id, 0) + 1
    for index, fact in enumerate(own):
        if counts[fact.id] > 1:
            yield Fault(f"{path}[{index}].id", f"{noun} {fact.id!r} is there twice", "give one of them another id.")


def _known(
    path: str, noun: str, names: Iterable[str], known: Mapping[str, object], *, listed: bool = True
) -> Iterator[Fault]:
    for index, name in enumerate(names):
        if name not in known:
            place = f"{path}[{index}]" if listed else path
            yield Fault(place, f"there is no {noun} {name!r}", nearest(name, known))
