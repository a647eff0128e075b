"""The timetable page: a whole schedule as one HTML file, which fetches nothing and works without a program, too."""

from unsched.report.page.build import timetable_page
from unsched.report.page.colours import COLOUR_BY
from unsched.report.page.words import LANGUAGES

__all__ = ["COLOUR_BY", "LANGUAGES", "timetable_page"]
