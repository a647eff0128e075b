"""Charts of schedules and of solves, for reports; matplotlib is loaded by the first that is drawn.

Each takes `ax`, the Axes to draw on, and returns it; without it, a figure of its own is made that no global state knows
of. Titles and names are data: they are never read as formulas.
"""

from unsched.report.charts.agenda import plot_agenda
from unsched.report.charts.costs import plot_costs
from unsched.report.charts.interpreters import plot_interpreters
from unsched.report.charts.progress import plot_progress
from unsched.report.charts.rooms import plot_rooms
from unsched.report.charts.saving import save_chart

__all__ = ["plot_agenda", "plot_costs", "plot_interpreters", "plot_progress", "plot_rooms", "save_chart"]
