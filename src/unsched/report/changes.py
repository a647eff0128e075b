"""Changes as plain text: what differs, who has to be told, what a repair came to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from unsched.report.printable import clean, listed
from unsched.report.text import clock, day_name

if TYPE_CHECKING:
    from unsched.domain.difference import Diff, Notice
    from unsched.domain.schedule import Booking, Change
    from unsched.solver.repair import Repair
    from unsched.solver.result import TierResult
    from unsched.solver.what_if import WhatIf

_DROPS = ("sessions dropped", "sessions of priority")

__all__ = ["difference", "repaired", "summary", "weighed"]


def difference(diff: Diff) -> str:
    """Return what differs between two schedules, session by session, then who has to be told of what."""
    if not diff.changes and not diff.told:
        return "Nothing has changed."
    lines = [f"{summary(diff)}:"]
    lines += [f"  {line}" for change in diff.changes for line in _change(change)]
    for title, person in (("Delegations", False), ("Persons", True)):
        told = [notice for notice in diff.told if notice.person is person]
        if told:
            lines += ["", f"{title} to tell ({len(told)}):", *_notices(told)]
    return "\n".join(lines)


def summary(diff: Diff) -> str:
    """Return in a few words what differs.

    >>> from unsched.domain.difference import Diff
    >>> summary(Diff("UTC", ()))
    'no session changes'
    """
    counts = (
        (diff.added, "added"),
        (diff.dropped, "dropped"),
        (diff.moved, "at another time"),
        (diff.rehoused, "in another room"),
        (diff.reopened, "open to others"),
    )
    parts = [f"{len(sessions)} {words}" for sessions, words in counts if sessions]
    count = len(diff.changes)
    if not count:
        return "no session changes"
    return f"{count} session{'s change' if count > 1 else ' changes'}: {', '.join(parts)}"


def _change(change: Change) -> Iterable[str]:
    booking = change.after or change.before
    title = clean(booking.title).strip() if booking is not None else ""
    yield f"{title} [{clean(change.session)}]: {change.what}" if title else f"[{clean(change.session)}]: {change.what}"
    if change.before is not None:
        yield f"  was  {_place(change.before)}"
    if change.after is not None and change.after != change.before:
        yield f"  is   {_place(change.after)}"
    if change.access is not None:
        yield f"  was for {change.access[0]}, is for {change.access[1]}"


def _place(booking: Booking) -> str:
    return f"{day_name(booking.start.date())} {clock(booking.start)}-{clock(booking.end)}  {clean(booking.room)}"


def _notices(told: Iterable[Notice]) -> Iterable[str]:
    """Yield a line for all who are told of the same sessions."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for notice in told:
        alike.setdefault(notice.sessions, []).append(notice.name)
    for sessions, names in alike.items():
        yield f"  of {listed(sessions)}: {listed(names)}"


def repaired(repair: Repair) -> str:
    """Return what a repair came to: the proof, tier by tier in words, what changes, what is dropped or taken up."""
    schedule = repair.schedule
    count = "no schedule"
    if schedule is not None:
        count = f"{len(schedule)} session{'' if len(schedule) == 1 else 's'} scheduled"
    lines = [f"{repair.status.value}: {count} in {repair.seconds:.2f} s" + (", interrupted" * repair.interrupted)]
    lines += [f"  {repair.meanings[one.tier]}: {_proof(one)}" for one in repair.tiers if one.tier in repair.meanings]
    if repair.dropped:
        lines.append(f"  dropped or put on standby: {listed(repair.dropped)}")
        if repair.impossible:
            lines.append("  it is proven that not all sessions can stand")
        elif any(one.cost and repair.meanings.get(one.tier, "").startswith(_DROPS) for one in repair.tiers):
            lines.append("  it is not proven that any has to be dropped: more time may find a place for all")
    if repair.taken_up:
        lines.append(f"  taken up from standby: {listed(repair.taken_up)}")
    if repair.conflict:
        lines.append("  these cannot all hold:" if schedule is None else "  since these cannot all hold:")
        lines += [f"    {clean(str(guard))}" for guard in repair.conflict]
    if repair.diff is not None:
        lines += ["", difference(repair.diff)]
    return "\n".join(lines)


def _proof(tier: TierResult) -> str:
    if tier.proven:
        return f"{tier.cost}, the least possible"
    return f"{tier.cost}, no schedule below {tier.bound}"


def weighed(found: WhatIf) -> str:
    """Return the price of changes: what the wishes would cost in each tier, then what would change."""
    tiers = [tier for tier in found.before if tier in found.after]
    lines = [
        f"Wishes of tier {tier} would cost {found.after[tier]}, and cost {found.before[tier]} now."
        for tier in tiers
        if found.after[tier] != found.before[tier]
    ]
    lines = lines or (["No wish would cost more or less."] if found.after else [])
    return "\n".join([*lines, repaired(found.repair)])
