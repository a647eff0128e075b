"""Bars with as much of a text in them as fits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from unsched.report.charts.canvas import INK, PLAIN, Fonts, settle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["DASHES", "Bar", "draw_bars", "lanes_of"]

DASHES: Final = (0, (3, 2))
"""The edge of a bar that is dashed."""

_SIZES = (7.5, 6.5, 5.5)
_LINE = 1.28
"""How far lines are apart, as a share of the size of the font."""


@frozen
class Bar:
    """A bar, in units of the axes.

    Args:
        left: where it begins.
        bottom: its lower edge.
        width: how wide it is.
        height: how high it is.
        text: what is written in it, on one line or more.
        colour: its colour.
        dashed: whether its edge is dashed, and its colour pale.
    """

    left: float
    bottom: float
    width: float
    height: float
    text: str
    colour: str
    dashed: bool = False


def draw_bars(ax: Axes, bars: Iterable[Bar], fonts: Fonts) -> None:
    """Draw bars, and write in them; all else has to be on the axes already, since it decides how large they are."""
    from matplotlib.patches import Rectangle

    drawn = []
    for bar in bars:
        patch = Rectangle(
            (bar.left, bar.bottom),
            bar.width,
            bar.height,
            facecolor=_pale(bar.colour) if bar.dashed else bar.colour,
            edgecolor=INK,
            linewidth=0.6,
            linestyle=DASHES if bar.dashed else "solid",
            zorder=2,
        )
        ax.add_patch(patch)
        drawn.append((bar, patch))
    per_x, per_y = settle(ax)
    for bar, patch in drawn:
        text, size = _fitted(fonts, bar.text, bar.width * per_x - 4, bar.height * per_y - 3)
        if text:
            shown = ax.text(
                bar.left + bar.width / 2,
                bar.bottom + bar.height / 2,
                text,
                ha="center",
                va="center",
                fontsize=size,
                linespacing=1.05,
                color="black",
                zorder=3,
                **PLAIN,
            )
            shown.set_clip_path(patch)


def _pale(colour: str) -> Any:  # noqa: ANN401  of matplotlib
    from matplotlib.colors import to_rgb

    return tuple(1 - (1 - part) * 0.4 for part in to_rgb(colour))


def _fitted(fonts: Fonts, text: str, width: float, height: float) -> tuple[str, float]:
    """Return as much of a text as fits, in the largest size in which all of it does, or else in the smallest."""
    found = ""
    for size in _SIZES:
        found = fonts.fit_lines(text, width, int(height / (size * _LINE)), size)
        if found and "".join(found.split()) == "".join(text.split()):
            return found, size
    return found, _SIZES[-1]


def lanes_of(stays: Iterable[tuple[float, float]]) -> list[tuple[int, int]]:
    """Return for each stay its lane, and how many lanes those have that it meets, directly or by way of others.

    Args:
        stays: half-open stretches, in any order.

    >>> lanes_of([(0, 2), (1, 3), (3, 4)])
    [(0, 2), (1, 2), (0, 1)]
    """
    several = list(stays)
    lane = [0] * len(several)
    lanes = [1] * len(several)
    meeting: list[int] = []
    ends: list[float] = []
    for index in sorted(range(len(several)), key=lambda one: (several[one], one)):
        start, end = several[index]
        if meeting and start >= max(ends):
            meeting, ends = [], []
        lane[index] = next((number for number, last in enumerate(ends) if last <= start), len(ends))
        ends[lane[index] : lane[index] + 1] = [end]
        meeting.append(index)
        for other in meeting:
            lanes[other] = len(ends)
    return list(zip(lane, lanes, strict=True))
