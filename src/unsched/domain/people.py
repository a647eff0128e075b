"""Who: delegations, persons, and the groups that delegations form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import field, frozen

from unsched.domain.fact import Fact, check_count, check_each, check_id, check_mail, check_text, to_ids
from unsched.domain.moment import check_moment, to_moment
from unsched.domain.time import Period, check_zone, to_periods
from unsched.errors import Fault

__all__ = ["Contact", "Delegation", "Group", "Person"]


def _check_party(party: Delegation | Person | Group) -> Iterator[Fault]:
    yield from check_id("id", party.id)
    yield from check_text("name", party.name, optional=True)
    yield from check_mail("mail", party.mail, optional=True)


def _check_times(party: Delegation | Person) -> Iterator[Fault]:
    for name in ("available", "wished", "unwished"):
        if getattr(party, name) is not None:
            yield from check_each(name, getattr(party, name), Period)
    bad: list[Fault] = []
    for name in ("arrives", "leaves"):
        if getattr(party, name) is not None:
            bad += check_moment(name, getattr(party, name))
    yield from bad
    if party.zone is not None:
        yield from check_zone("zone", party.zone)
    yield from check_count("weight", party.weight, least=1)


@frozen
class Contact(Fact):
    """Who issues the calendars: a name and a mail address."""

    name: str
    mail: str

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this contact."""
        yield from check_text("name", self.name)
        yield from check_mail("mail", self.mail)


@frozen
class Group(Fact):
    """A regional group or a constituency; delegations name the groups that they belong to.

    Args:
        id: what it is called everywhere.
        name: its full name.
        mail: where the group's calendar goes.
    """

    id: str
    name: str | None = None
    mail: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this group."""
        yield from _check_party(self)

    @property
    def label(self) -> str:
        """What people read: the name, or else the id."""
        return self.name or self.id


@frozen
class Delegation(Fact):
    """A State's or an organization's delegation.

    Args:
        id: what it is called everywhere.
        name: its full name.
        size: how many sessions it can cover at once. One is the usual case, and the one that hurts.
        groups: ids of the groups it belongs to.
        table_seats: seats at the table that it takes in a session.
        side_seats: seats at the side that it takes in a session.
        available: when it is there; `None` means always.
        arrives: it cannot be at anything that starts before this date-time; `None` is no limit.
        leaves: it cannot be at anything that ends after this date-time; `None` is no limit.
        wished: when it would rather meet; `None` is no wish.
        unwished: when it would rather not meet.
        zone: IANA name of the time zone in which a remote participant sits; `None` is at the venue.
        weight: how much it counts when it has to miss an invitation.
        mail: where invitations go (an office, rather than a person).
        source: where these figures come from.
    """

    id: str
    name: str | None = None
    size: int = 1
    groups: tuple[str, ...] = field(default=(), converter=to_ids)
    table_seats: int = 1
    side_seats: int = 0
    available: tuple[Period, ...] | None = field(default=None, converter=to_periods)
    mail: str | None = None
    source: str | None = None
    arrives: datetime | None = field(default=None, converter=to_moment)
    leaves: datetime | None = field(default=None, converter=to_moment)
    wished: tuple[Period, ...] | None = field(default=None, converter=to_periods)
    unwished: tuple[Period, ...] | None = field(default=None, converter=to_periods)
    zone: str | None = None
    weight: int = 1

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this delegation by itself."""
        yield from _check_party(self)
        yield from check_count("size", self.size, least=1, unit="sessions at once")
        yield from check_each("groups", self.groups)
        yield from check_count("table_seats", self.table_seats, unit="seats")
        yield from check_count("side_seats", self.side_seats, unit="seats")
        yield from _check_times(self)
        yield from check_text("source", self.source, optional=True)

    @property
    def label(self) -> str:
        """What people read: the name, or else the id."""
        return self.name or self.id


@frozen
class Person(Fact):
    """Somebody who can be in one place at a time: a chair, a speaker.

    Args:
        id: what he or she is called everywhere.
        name: the full name, or the office.
        delegation: id of the delegation that the person belongs to and counts as one of.
        available: when he or she is there; `None` means always.
        arrives: he or she cannot be at anything that starts before this date-time; `None` is no limit.
        leaves: he or she cannot be at anything that ends after this date-time; `None` is no limit.
        wished: when he or she would rather meet; `None` is no wish.
        unwished: when he or she would rather not meet.
        zone: IANA name of the time zone in which a remote participant sits; `None` is at the venue.
        weight: how much it counts when he or she has to miss an invitation.
        mail: where invitations go.
    """

    id: str
    name: str | None = None
    delegation: str | None = None
    available: tuple[Period, ...] | None = field(default=None, converter=to_periods)
    mail: str | None = None
    arrives: datetime | None = field(default=None, converter=to_moment)
    leaves: datetime | None = field(default=None, converter=to_moment)
    wished: tuple[Period, ...] | None = field(default=None, converter=to_periods)
    unwished: tuple[Period, ...] | None = field(default=None, converter=to_periods)
    zone: str | None = None
    weight: int = 1

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this person."""
        yield from _check_party(self)
        if self.delegation is not None:
            yield from check_id("delegation", self.delegation)
        yield from _check_times(self)

    @property
    def label(self) -> str:
        """What people read: the name, or else the id."""
        return self.name or self.id
