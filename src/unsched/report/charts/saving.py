"""Charts as files, the same bytes each time."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from unsched.errors import Fault, InputError
from unsched.exchange.atomic import write_atomically
from unsched.report.charts.canvas import DPI, figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FORMATS", "chart_bytes", "save_chart"]

FORMATS: Final = ("png", "svg", "pdf")
_METADATA: Final[dict[str, dict[str, Any]]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
_settings = Lock()
"""Settings of matplotlib are global; what is set here for a moment is set by one thread at a time."""


def chart_bytes(ax: Axes, form: str = "png", *, dpi: float = DPI) -> bytes:
    """Return the figure of a chart as a file's bytes: no date, no name of a program, ids that are made of content.

    Args:
        ax: the axes of a chart.
        form: "png", "svg" or "pdf".
        dpi: pixels of a PNG per inch.

    Raises:
        InputError: it is none of these.
    """
    import matplotlib as mpl

    if form not in FORMATS:
        raise InputError([Fault("", f"{form!r} is no format of charts", f"one of {', '.join(FORMATS)}.")], "the chart")
    into = BytesIO()
    with _settings, mpl.rc_context({"svg.hashsalt": "unsched", "svg.fonttype": "path"}):
        figure_of(ax).savefig(into, format=form, dpi=dpi, metadata=_METADATA[form])
    return into.getvalue()


def save_chart(ax: Axes, path: str | os.PathLike[str], *, dpi: float = DPI) -> Path:
    """Write the figure of a chart to a file in one step; the ending of its name says the format.

    Args:
        ax: the axes of a chart.
        path: the file: .png, .svg or .pdf.
        dpi: pixels of a PNG per inch.

    Returns:
        the path.

    Raises:
        InputError: the ending is another.
        OSError: it cannot be written.
    """
    target = Path(path)
    form = target.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        message = f"{target.name!r} does not end with a format of charts"
        raise InputError([Fault("", message, f"one of {', '.join(f'.{one}' for one in FORMATS)}.")], "the chart")
    return write_atomically(target, chart_bytes(ax, form, dpi=dpi))
