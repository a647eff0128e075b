"""What charts are drawn on: axes of their own, colours that everybody can tell apart, and text that stays text."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from unsched.report.extras import need
from unsched.report.printable import clean
from unsched.report.themes import minutes_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule

__all__ = [
    "DPI",
    "FAINT",
    "GREY",
    "INK",
    "PALE",
    "PALETTE",
    "PLAIN",
    "SHORT",
    "Fonts",
    "axes_for",
    "colours_of",
    "figure_of",
    "headline",
    "legend",
    "name_of",
    "name_rows",
    "settle",
    "theme_legend",
]

PALETTE: Final = ("#77aadd", "#ee8866", "#eedd88", "#ffaabb", "#99ddff", "#44bb99", "#bbcc33", "#aaaa00")
"""The qualitative scheme "light" of Paul Tol (SRON/EPS/TN/09-002): told apart by the colour-blind, and under black."""

GREY: Final = "#dddddd"
"""The colour of that scheme for what has no colour of its own."""

SHORT: Final = "#ee6677"
"""The red of his scheme "bright": what is asked for and not there, or broken."""

INK, FAINT, PALE = "#222222", "#bbbbbb", "#f1f1f1"
"""Text and lines; lines that help the eye; the ground where nothing is open."""

PLAIN: Final[Mapping[str, Any]] = {"parse_math": False, "usetex": False}
"""What every text of a user's is given, so that `$` is a dollar."""

DPI: Final = 150
"""Pixels per inch of figures made here."""

_MISSING = "\N{WHITE SQUARE}"
_LEAST = 3
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def axes_for(ax: Axes | None, width: float, height: float) -> Axes:
    """Return the axes to draw on: those given, or those of a new figure.

    Args:
        ax: the axes, or `None`.
        width: inches of a new figure.
        height: inches of a new figure.

    Raises:
        InputError: matplotlib is not installed.
    """
    figures = need("matplotlib.figure", "Charts", "charts")
    if ax is not None:
        return ax
    figure = figures.Figure(figsize=(width, height), dpi=DPI, facecolor="white", layout="constrained")
    need("matplotlib.backends.backend_agg", "Charts", "charts").FigureCanvasAgg(figure)
    made: Axes = figure.add_subplot()
    return made


def figure_of(ax: Axes) -> Figure:
    """Return the figure that axes are on, also where they are on a figure inside it."""
    found: Figure = ax.figure.figure  # of both kinds of figure, the outermost
    return found


def settle(ax: Axes) -> tuple[float, float]:
    """Lay the figure out, and return how many points a unit of x and of y take."""
    figure = figure_of(ax)
    figure.draw_without_rendering()
    box = ax.get_window_extent()
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    scale = 72 / figure.dpi
    return box.width * scale / abs(right - left), box.height * scale / abs(top - bottom)


def colours_of(problem: Problem | None) -> dict[str, str]:
    """Return the colours of bodies, or of what else sessions are coloured by, in the order in which they are named.

    Where there are more than colours, those with most minutes have one, and the others share the grey.
    """
    minutes = minutes_of(problem)
    order = {theme: place for place, theme in enumerate(minutes)}
    large = sorted(order, key=lambda theme: (-minutes[theme], order[theme]))[: len(PALETTE)]
    colours = iter(PALETTE)
    return {theme: next(colours) if theme in large else GREY for theme in order}


class Fonts:
    """The fonts that text is drawn with: which characters they have, and how wide it comes out.

    What no font has becomes a white square, rather than a warning; a text that loses most of its letters that way is
    better replaced by an id (`label`). More fonts can be had by matplotlib's own setting `font.family`.
    """

    def __init__(self) -> None:
        import matplotlib as mpl
        from matplotlib.font_manager import FontProperties, findfont, get_font

        paths = []
        for family in mpl.rcParams["font.family"]:
            with contextlib.suppress(ValueError):  # not installed; matplotlib does without it as well
                paths.append(findfont(FontProperties(family=[family]), fallback_to_default=False))
        self._fonts = [get_font(path) for path in paths or [findfont(FontProperties())]]
        self._advances: dict[str, float] = {}
        self._known = frozenset(code for font in self._fonts for code in font.get_charmap())

    def drawable(self, text: str) -> str:
        """Return a text on one line in which every character can be drawn."""
        return "".join(char if ord(char) in self._known else _MISSING for char in clean(text).strip())

    def label(self, title: str, id: str) -> str:
        """Return a title as it can be drawn, or the id where too little of it is left."""
        text = self.drawable(title)
        return text if text and text.count(_MISSING) * 3 <= len(text) else self.drawable(id) or text

    def width(self, text: str, size: float) -> float:
        """Return how many points a text of one line takes."""
        return size * sum(map(self._advance, text))

    def _advance(self, char: str) -> float:
        """Return how wide a character is, as a share of the size; pairs that stand closer are not looked at."""
        if char not in self._advances:
            font = next((one for one in self._fonts if ord(char) in one.get_charmap()), self._fonts[0])
            font.set_size(100, 72)
            # In 1/65536 of a point, before letters are moved to whole pixels.
            self._advances[char] = font.load_char(ord(char)).linearHoriAdvance / 65536 / 100
        return self._advances[char]

    def fit(self, text: str, width: float, lines: int, size: float) -> str:
        """Return as much of a text as fits into so many lines of so many points; nothing where hardly anything does."""
        words = text.split()
        found: list[str] = []
        while words and len(found) < lines:
            line = words.pop(0)
            while words and self.width(f"{line} {words[0]}", size) <= width:
                line = f"{line} {words.pop(0)}"
            if self.width(line, size) > width:
                words = []
                line = self._cut(line, width, size)
            elif words and len(found) == lines - 1:
                line = self._cut(f"{line} {words[0]}", width, size)
            if not line:
                break
            found.append(line)
        return "\n".join(found)

    def fit_lines(self, text: str, width: float, lines: int, size: float) -> str:
        """Return as much as fits of a text in which some lines end before they are full; arguments as of `fit`."""
        found: list[str] = []
        for part in text.split("\n"):
            if len(found) < lines and (fitted := self.fit(part, width, lines - len(found), size)):
                found += fitted.split("\n")
        return "\n".join(found)

    def _cut(self, text: str, width: float, size: float) -> str:
        """Return as much of a text as fits into a line, and an ellipsis; nothing where hardly any does."""
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            fits = self.width(text[:middle] + _ELLIPSIS, size) <= width
            low, high = (middle, high) if fits else (low, middle - 1)
        return "" if low < _LEAST else text[:low].rstrip() + _ELLIPSIS


def name_of(schedule: Schedule, problem: Problem | None) -> str:
    """Return what people call the problem of a schedule: its title where that is known, or else its id."""
    return (problem.title if problem is not None else None) or schedule.problem


def headline(ax: Axes, name: str, what: str, fonts: Fonts, *, pad: int = 22) -> None:
    """Write a title above the axes, so many points above; by default, above the names of days.

    Args:
        ax: the axes.
        name: what the chart is of, cut where it is long.
        what: what it shows of that.
        fonts: the fonts.
        pad: points between the axes and the title.
    """
    wide = ax.get_window_extent().width * 72 / ax.figure.dpi - fonts.width(f": {what}", 11)
    text = f"{fonts.fit(fonts.drawable(name), wide, 1, 11)}: {what}"
    ax.set_title(text, loc="left", fontsize=11, color=INK, pad=pad, **PLAIN)


def name_rows(ax: Axes, names: Sequence[str], fonts: Fonts, *, lines: bool = True, cut: bool = True) -> None:
    """Write names beside rows that are one unit high; take the frame away.

    Args:
        ax: the axes.
        names: the names.
        fonts: the fonts.
        lines: whether to draw lines between the rows.
        cut: whether names are as users wrote them, and to be cut where they are long.
    """
    high = ax.get_window_extent().height * 72 / ax.figure.dpi / max(1, len(names))
    size = max(3.0, min(8.0, high * 0.8))
    shown = [fonts.fit(fonts.drawable(name), 110, int(high / size / 1.2) or 1, size) if cut else name for name in names]
    ax.set_yticks([row + 0.5 for row in range(len(names))], shown, fontsize=size, color=INK, **PLAIN)
    ax.tick_params(axis="y", length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    for row in range(1, len(names)) if lines else ():
        ax.axhline(row, color=FAINT, linewidth=0.4, zorder=1)


def theme_legend(
    ax: Axes,
    colours: Mapping[str, str],
    themes: Iterable[str],
    fonts: Fonts,
    *,
    more: Sequence[tuple[Any, str]] = (),
    below: int = 38,
) -> None:
    """Say which colour is which body; those that share the grey are one entry, and so is what has none.

    Args:
        ax: the axes.
        colours: the colours of bodies, or of what else sessions are coloured by.
        themes: the body of each session that is drawn, "" where it has none.
        fonts: the fonts.
        more: more entries.
        below: how many points below the axes.
    """
    from matplotlib.patches import Patch

    drawn = set(themes)
    named = [one for one, colour in colours.items() if colour != GREY and one in drawn]
    entries: list[tuple[Any, str]] = [(Patch(facecolor=colours[b], edgecolor=INK, linewidth=0.6), b) for b in named]
    if named and any(colours.get(one, GREY) == GREY for one in drawn):
        entries.append((Patch(facecolor=GREY, edgecolor=INK, linewidth=0.6), "others"))
    legend(ax, [*entries, *more], fonts, below=below)


def legend(ax: Axes, entries: Sequence[tuple[Any, str]], fonts: Fonts, *, below: int = 38) -> None:
    """Put a legend below the axes, or nothing where there is nothing to tell.

    Args:
        ax: the axes.
        entries: what to show, and its name.
        fonts: the fonts.
        below: how many points below the axes; by default, below the hours and what clock they are of.
    """
    if not entries:
        return
    wide = ax.get_window_extent().width * 72 / ax.figure.dpi
    names = [fonts.fit(fonts.drawable(name), 150, 1, 8) for _, name in entries]
    widest = max(fonts.width(name, 8) for name in names) + 28
    shown = ax.legend(
        [handle for handle, _ in entries],
        [str(number) for number in range(len(entries))],  # matplotlib leaves out what begins with "_"
        loc="upper left",
        bbox_to_anchor=(0.0, -below / max(1.0, ax.get_window_extent().height * 72 / ax.figure.dpi)),
        borderaxespad=0,
        borderpad=0,
        ncols=max(1, min(len(entries), int(wide / widest))),
        frameon=False,
        fontsize=8,
        handlelength=1.2,
        handleheight=1.2,
    )
    for text, name in zip(shown.get_texts(), names, strict=True):
        text.set(text=name, **PLAIN)
