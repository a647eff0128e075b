"""The utilization report as plain text: totals, then rooms, interpretation, bodies and days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from unsched.report.capacity import total
from unsched.report.printable import clean, columns, pad, shorten

if TYPE_CHECKING:
    from unsched.report.capacity import Capacity
    from unsched.report.meetings import Meetings
    from unsched.report.utilization import Utilization

__all__ = ["hours", "percent", "utilization_text"]

_WIDTH = 44
_MOST_DAYS = 7


def hours(minutes: int | None) -> str:
    """Return minutes as hours and minutes.

    >>> hours(450), hours(None)
    ('7:30', 'unknown')
    """
    return "unknown" if minutes is None else f"{minutes // 60}:{minutes % 60:02}"


def percent(share: float | None) -> str:
    """Return a share as a percentage, cut and never rounded up to a benchmark that it misses.

    >>> percent(0.7999), percent(None)
    ('79.9 %', '-')
    """
    return "-" if share is None else f"{int(share * 1000 + 1e-9) / 10:.1f} %"


def utilization_text(found: Utilization) -> str:
    """Return the report as text."""
    parts = [
        [f"{clean(found.problem)}: utilization, {'planned and actual' if found.actual else 'as planned'}"],
        list(_summary(found)),
        list(_capacities("Rooms, hours", found.rooms, found.actual)),
        list(_capacities("Booths, booth-hours", found.booths, found.actual)),
        list(_capacities("Interpretation, team-hours by language", found.languages, found.actual)),
        list(_meetings("By body", found.bodies, found)),
        list(_meetings("By day", found.days, found)),
        list(_remarks(found)),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _summary(found: Utilization) -> Iterator[str]:
    yield from _table(
        ("", "meetings", "hours", *(("held", "lost", "ratio", "accuracy", "utilization") if found.actual else ())),
        [
            (one.name, str(one.planned), hours(one.minutes), *(_went(one, found) if found.actual else ()))
            for one in (found.all, found.interpreted)
        ],
    )
    if not found.actual:
        return
    one = found.all
    yield f"Lost: {hours(one.late)} by late starts, {hours(one.early)} by early ends, {hours(one.not_held)} not held."
    if one.overtime:
        yield f"Held outside the time set aside: {hours(one.overtime)}."
    factor = found.interpreted.factor
    if factor is not None:
        word = "meets" if factor >= found.benchmark else "is below"
        yield (
            f"Interpreted meetings used {percent(factor)} of the time set aside: that {word} the benchmark of "
            f"{percent(found.benchmark)}."
        )


def _went(one: Meetings, found: Utilization) -> tuple[str, ...]:
    held = f"{one.held}" + (f" + {one.added}" if one.added else "")
    return held, hours(one.lost), percent(one.ratio), percent(one.accuracy), _marked(one.factor, found.benchmark)


def _marked(share: float | None, benchmark: float) -> str:
    return percent(share) + (" *" if share is not None and share < benchmark else "")


def _capacities(title: str, rows: Sequence[Capacity], actual: bool) -> Iterator[str]:  # noqa: FBT001  a column or none
    names = dict.fromkeys(row.name for row in rows)
    if not names:
        return
    yield f"{title}:"
    totals = [total(name, (row for row in rows if row.name == name)) for name in names]
    days = sorted({row.day for row in rows if row.day is not None})
    by_day = [total(day.isoformat(), (row for row in rows if row.day == day)) for day in days]
    every = [total("all", rows)] if len(totals) > 1 else []
    outside = any(row.outside for row in rows)
    head = ("", "offered", "planned", "of offered", *(("outside",) if outside else ()))
    yield from _table(
        (*head, *(("used", "of offered") if actual else ())),
        [
            (
                one.name,
                hours(one.offered),
                hours(one.planned),
                percent(one.share),
                *((hours(one.outside),) if outside else ()),
                *((hours(one.used), percent(one.factor)) if actual else ()),
            )
            for one in (*totals, *every, *(by_day if 1 < len(by_day) <= _MOST_DAYS else ()))
        ],
    )


def _meetings(title: str, rows: Iterable[Meetings], found: Utilization) -> Iterator[str]:
    yield f"{title}:"
    yield from _table(
        ("", "meetings", "hours", *(("held", "lost", "ratio", "accuracy", "utilization") if found.actual else ())),
        [
            (one.name, str(one.planned), hours(one.minutes), *(_went(one, found) if found.actual else ()))
            for one in rows
        ],
    )


def _remarks(found: Utilization) -> Iterator[str]:
    if found.actual and any(one.factor is not None and one.factor < found.benchmark for one in _all(found)):
        yield f"* below the benchmark of {percent(found.benchmark)}"
    if found.unknown_booths:
        yield f"Not known: the booths of {clean(', '.join(found.unknown_booths))}."
    if found.unreported:
        yield f"Nobody has said how these went: {clean(', '.join(found.unreported))}."


def _all(found: Utilization) -> Iterable[Meetings]:
    return found.all, found.interpreted, *found.bodies, *found.days


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    table = [tuple(head), *((shorten(clean(row[0]), _WIDTH), *row[1:]) for row in rows)]
    widths = [max(columns(row[index]) for row in table) for index in range(len(head))]
    for row in table:
        cells = [pad(row[0], widths[0])]
        cells += [" " * (width - columns(cell)) + cell for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield f"  {'  '.join(cells)}".rstrip()
