"""The other ways in which a file may write a window: from a first to a last day, or as a recurrence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from attrs import frozen

from unsched.domain.fact import Fact
from unsched.domain.time import UN_HOURS, Block
from unsched.domain.window import Window
from unsched.errors import Fault
from unsched.exchange.plain import shown

__all__ = ["WINDOW_FORMS", "Recurring", "Span", "window_form"]

MAX_RRULE = 1_000
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_FREQUENCY = re.compile(r"FREQ\s*=\s*(\w*)", re.IGNORECASE)
_NO_INTERVAL = re.compile(r"INTERVAL\s*=\s*\+?0*(?![0-9])", re.IGNORECASE)


@frozen
class Span(Fact):
    """A window of all days from the first to the last.

    Args:
        zone: IANA name of the time zone, such as "Europe/Zurich".
        first: the first day.
        last: the last day, which belongs to the window.
        closed: days in between on which nothing is open.
        blocks: the open blocks of a day (default: the UN hours, 10:00-13:00 and 15:00-18:00).
        step: minutes between possible starts, counted from the start of each block.
    """

    zone: str
    first: date
    last: date
    closed: tuple[date, ...] = ()
    blocks: tuple[Block, ...] = UN_HOURS
    step: int = 15

    def window(self) -> Window:
        """Return the window that is meant."""
        return Window.between(self.zone, self.first, self.last, closed=self.closed, blocks=self.blocks, step=self.step)


@frozen
class Recurring(Fact):
    """A window of the days on which a recurrence falls.

    Args:
        zone: IANA name of the time zone, such as "Europe/Zurich".
        rrule: a recurrence with DTSTART, and with COUNT or UNTIL (RFC 5545, section 3.3.10), by days or longer.
        closed: days of the recurrence on which nothing is open.
        blocks: the open blocks of a day (default: the UN hours, 10:00-13:00 and 15:00-18:00).
        step: minutes between possible starts, counted from the start of each block.
    """

    zone: str
    rrule: str
    closed: tuple[date, ...] = ()
    blocks: tuple[Block, ...] = UN_HOURS
    step: int = 15

    def faults(self) -> Iterator[Fault]:
        """Yield what would go on for ever without a day: dateutil does as it is told."""
        if not isinstance(self.rrule, str):
            return
        if len(self.rrule) > MAX_RRULE:
            message = f"a recurrence of {len(self.rrule)} characters is over the limit of {MAX_RRULE}"
            yield Fault("rrule", message, "a list of days.")
        if _NO_INTERVAL.search(self.rrule):
            yield Fault("rrule", "the recurrence has an interval of less than 1", "INTERVAL=1.")
        for frequency in _FREQUENCY.findall(self.rrule):
            if frequency.upper() not in _FREQUENCIES:
                message = f"{shown(frequency)} is not one of {', '.join(_FREQUENCIES)}"
                yield Fault("rrule", message, "FREQ=DAILY.")

    def window(self) -> Window:
        """Return the window that is meant."""
        return Window.recurring(self.zone, self.rrule, closed=self.closed, blocks=self.blocks, step=self.step)


WINDOW_FORMS: Mapping[str, type[Window | Span | Recurring]] = {
    "days": Window,
    "first": Span,
    "last": Span,
    "rrule": Recurring,
}
"""The form of a window, by the keys that only it has."""


def window_form(table: Mapping[str, object]) -> type[Window | Span | Recurring]:
    """Return the form in which a table writes a window; days are the usual one."""
    return next((form for key, form in WINDOW_FORMS.items() if key in table), Window)
