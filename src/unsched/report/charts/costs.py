"""What a schedule pays, rule by rule, tier by tier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unsched.report.charts.canvas import FAINT, INK, PALETTE, PLAIN, SHORT, Fonts, axes_for, headline, name_of
from unsched.report.costs import costs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule

__all__ = ["plot_costs"]

_MOST = 12
"""Kinds of rule of a tier that have a bar of their own; the others share one."""


def plot_costs(problem: Problem, schedule: Schedule, *, ax: Axes | None = None) -> Axes:
    """Draw what each kind of rule costs, as a share of all that is paid in its tier.

    Costs compare only inside a tier, so each tier is a block of its own, the dearest kind first. Constraints that are
    broken come before all, counted.

    Args:
        problem: the facts and rules.
        schedule: its schedule.
        ax: where to draw; by default, a figure is made.

    Returns:
        the axes.

    Raises:
        InputError: the schedule is of another problem, or matplotlib is not installed.
    """
    blocks = _blocks(costs(schedule.breaches(problem)))
    lines = sum(len(rows) + 1 for _, rows in blocks)
    ax = axes_for(ax, 8.0, min(20.0, 1.0 + 0.27 * max(3, lines)))
    fonts = Fonts()
    place = 0.0
    ticks, names = [], []
    for tier, rows in blocks:
        total = sum(size for _, size, _ in rows) or 1
        head = "constraints that are broken" if tier is None else f"tier {tier}: cost {total}"
        ax.text(0, place, head, fontsize=8.5, fontweight="bold", color=INK, va="center")
        for name, size, words in rows:
            place += 1
            ax.barh(place, size / total, height=0.72, color=SHORT if tier is None else PALETTE[0], zorder=2)
            ax.text(size / total + 0.01, place, words, fontsize=7.5, color=INK, va="center")
            ticks.append(place)
            names.append(fonts.drawable(name))
        place += 1.35
    _finish(ax, ticks, names, place)
    headline(ax, name_of(schedule, problem), "what it costs", fonts, pad=8)
    if not blocks:
        ax.text(
            0.5, 0.5, "Every rule is kept.", ha="center", va="center", fontsize=9, color=INK, transform=ax.transAxes
        )
    return ax


def _blocks(found: list[tuple[int | None, str, int, int, int]]) -> list[tuple[int | None, list[tuple[str, int, str]]]]:
    """Return for each tier its bars: what it is called, how long it is, and what is written behind it."""
    blocks: list[tuple[int | None, list[tuple[str, int, str]]]] = []
    for tier in dict.fromkeys(tier for tier, *_ in found):
        kinds = [(kind, count, amount if tier is None else cost) for t, kind, count, amount, cost in found if t == tier]
        shown, rest = (kinds, []) if len(kinds) <= _MOST else (kinds[: _MOST - 1], kinds[_MOST - 1 :])
        if rest:
            several = f"{len(rest)} other kinds"
            shown = [*shown, (several, sum(count for _, count, _ in rest), sum(size for *_, size in rest))]
        blocks.append((tier, [(kind, size, _words(size, count)) for kind, count, size in shown]))
    return blocks


def _words(size: int, count: int) -> str:
    return f"{size}" if count == 1 else f"{size} ({count} times)"


def _finish(ax: Axes, ticks: list[float], names: list[str], bottom: float) -> None:
    ax.set_yticks(ticks, names, fontsize=8, color=INK, **PLAIN)
    ax.set_ylim(max(bottom - 0.6, 1), -0.8)
    ax.set_xlim(0, 1.18)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"], fontsize=7, color=INK)
    ax.set_xlabel("share of what is paid in the tier", fontsize=8, color=INK)
    ax.tick_params(length=0)
    ax.grid(axis="x", color=FAINT, linewidth=0.4)
    ax.set_axisbelow(True)
    for side in ax.spines.values():
        side.set_visible(False)
