"""The anytime curve of a solve: how cost and bound close in on each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from unsched.errors import Fault, InputError
from unsched.report.charts.canvas import FAINT, INK, PALETTE, axes_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from unsched.solver.result import Result
    from unsched.solver.stop import Progress

__all__ = ["plot_progress"]

_COST, _BOUND = "#4477aa", "#228833"
"""Blue and green of the scheme "bright" of Paul Tol; the dashes tell them apart as well."""


def plot_progress(
    events: Iterable[Progress], result: Result | None = None, *, tier: int | None = None, ax: Axes | None = None
) -> Axes:
    """Draw cost and bound of a tier against the seconds of a solve.

    Events are what a solve tells: `events = []; result = solve(problem, on_progress=events.append)`.

    Args:
        events: the progress events, in order.
        result: what the solve came to, which is where the curves end; by default, they end with the last event.
        tier: the tier; by default, the one of which most was told.
        ax: where to draw; by default, a figure is made.

    Returns:
        the axes.

    Raises:
        InputError: nothing was told of that tier, or matplotlib is not installed.
    """
    told = list(events)
    points = _points(told, result, tier)
    ax = axes_for(ax, 7.0, 3.8)
    _curves(ax, points)
    if told[0].seconds < points[0][1]:
        ax.axvline(told[0].seconds, color=FAINT, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
        ax.annotate(
            "first schedule",
            (told[0].seconds, 1),
            (3, -3),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            fontsize=7,
            color=INK,
            va="top",
        )
    number, _, cost, bound = points[-1]
    proof = "optimal" if cost == bound else f"gap {(cost - bound) / max(1, cost):.1%}"
    ax.set_title(f"tier {number}: cost {cost}, bound {bound} ({proof})", loc="left", fontsize=10, color=INK)
    return ax


def _points(told: Sequence[Progress], result: Result | None, tier: int | None) -> list[tuple[int, float, int, int]]:
    """Return tier, seconds, cost and bound, each time that one of the two changes."""
    tiers = [one.tier for one in told if one.tier is not None]
    if tier is None and tiers:
        tier = max(dict.fromkeys(tiers), key=tiers.count)
    points = [(tier, one.seconds, one.cost, one.bound) for one in told if tier is not None and one.tier == tier]
    if tier is None or not points:
        message = "no event is of a tier" if tier is None else f"no event is of tier {tier}"
        remedy = f"one of {', '.join(map(str, sorted(set(tiers))))}." if tiers else "those of a solve with preferences."
        raise InputError([Fault("tier", message, remedy)], "the events")
    end = next((one for one in (() if result is None else result.tiers) if one.tier == tier), None)
    if result is not None and end is not None:
        points.append((tier, result.seconds, end.cost, end.bound))
    return points


def _curves(ax: Axes, points: Sequence[tuple[int, float, int, int]]) -> None:
    seconds = [point[1] for point in points]
    costs, bounds = [point[2] for point in points], [point[3] for point in points]
    ax.fill_between(seconds, bounds, costs, step="post", color=PALETTE[0], alpha=0.25, linewidth=0)
    style: dict[str, Any] = {"drawstyle": "steps-post", "solid_joinstyle": "miter"}
    ax.plot(seconds, costs, color=_COST, linewidth=1.8, label="cost", **style)
    ax.plot(seconds, bounds, color=_BOUND, linewidth=1.8, linestyle=(0, (4, 1.5)), label="bound", **style)
    ax.margins(x=0.01, y=0.08)
    ax.set_xlim(left=0)
    ax.legend(frameon=False, fontsize=8, loc="best")
    ax.set_xlabel("seconds", fontsize=8, color=INK)
    ax.set_ylabel("cost", fontsize=8, color=INK)
    ax.tick_params(labelsize=7, color=FAINT)
    ax.grid(color=FAINT, linewidth=0.4)
    ax.set_axisbelow(True)
    for name, side in ax.spines.items():
        side.set_visible(name in {"left", "bottom"})
        side.set_color(FAINT)
