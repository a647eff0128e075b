"""A message after another: what a client that has the first needs to take the second (RFC 5546, section 2.1.4)."""

from __future__ import annotations

from collections.abc import Iterator

from unsched.calendar.checks import clause as c
from unsched.calendar.finding import Finding
from unsched.calendar.parse import Component, parse
from unsched.calendar.values import mail_of, read_whole, utc_stamp
from unsched.domain.fact import shown

__all__ = ["check_sequel"]


def check_sequel(data: bytes, before: bytes) -> Iterator[Finding]:
    """Yield why a client that has been told `before` would not take `data` for news of the same event."""
    old, new = _event(before), _event(data)
    if old is None or new is None:
        return  # what is no event has been found by other checks
    if old.text("UID") != new.text("UID"):
        message = f"the UID is {shown(new.text('UID'))}, and was {shown(old.text('UID'))}"
        yield c.AFTER_UID.at(new.line, new.name, message, "the same: another is another event.")
    mine, theirs = (_who(one.text("ORGANIZER")) for one in (new, old))
    if mine != theirs:
        message = f"ORGANIZER is {shown(mine)}, and was {shown(theirs)}"
        yield c.AFTER_ORGANIZER.at(new.line, new.name, message, "the same, or another event.")
    try:
        numbers = [read_whole(one.text("SEQUENCE") or "0", 0, 2**31 - 1) for one in (old, new)]
        if numbers[1] <= numbers[0]:
            message = f"SEQUENCE is {numbers[1]}, and was {numbers[0]}"
            yield c.AFTER_SEQUENCE.at(new.line, new.name, message, f"{numbers[0] + 1}: times stay old otherwise.")
        stamps = [utc_stamp(one.text("DTSTAMP")) for one in (old, new)]
    except ValueError:
        return  # likewise
    if stamps[1] <= stamps[0]:
        yield c.AFTER_STAMP.at(new.line, new.name, "DTSTAMP is not later than it was", "when this revision was made.")


def _event(data: bytes) -> Component | None:
    return next(
        (one for calendar in parse(data).calendars for one in calendar.components if one.name == "VEVENT"), None
    )


def _who(address: str) -> str:
    return mail_of(address) or address
