"""The rules by which the United Nations plan meetings, each figure with its source and its status.

A figure that is confirmed may be used as it stands. One that is unconfirmed is a parameter with a usual value, and
nothing here uses it unless it is asked for. Where a source names a body and no document, neither does this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from attrs import field, frozen

from unsched.domain.fact import Fact, check_count
from unsched.domain.moment import check_dates, to_dates
from unsched.domain.select import EVERY, Select
from unsched.domain.services import Team
from unsched.domain.time import LUNCH, UN_HOURS, Block, Period
from unsched.domain.window import Window
from unsched.errors import Fault, InputError
from unsched.palais.case_sessions import LANGUAGES
from unsched.rules.base import Rule
from unsched.rules.languages import InterpretersEnough
from unsched.rules.load import Load
from unsched.rules.parallel import AtMostTogether
from unsched.rules.spacing import Apart
from unsched.rules.times import Outside

__all__ = ["CONFIRMED", "GIVEN", "UNCONFIRMED", "Figure", "UNDefaults", "un_defaults"]

CONFIRMED, UNCONFIRMED, GIVEN = "confirmed", "unconfirmed", "given"
LUNCH_HOURS = Block("13:15", "14:45", LUNCH)
LARGE = Select(kinds=("plenary", "contact-group"))

_INTERPRETERS = {"Arabic": 3, "Chinese": 3, "English": 2, "French": 2, "Russian": 2, "Spanish": 2}
_GOOD_FRIDAY_SINCE = 1998
_SATURDAY = 5
_Row = tuple[str, str, object, str]


@frozen
class Figure:
    """One figure: what it says, where it comes from, and how sure it is.

    Args:
        topic: what it belongs to, such as "hours".
        what: what it is a figure of.
        value: the figure.
        source: who says so.
        status: "confirmed", "unconfirmed", or "given" by whoever asks.
    """

    topic: str
    what: str
    value: object
    source: str
    status: str

    @property
    def text(self) -> str:
        """The value as people read it."""
        if isinstance(self.value, tuple):
            return ", ".join(map(str, self.value)) or "none given"
        return str(self.value)

    def __str__(self) -> str:
        return f"{self.text} ({self.status})"


def un_defaults(year: int | None = None, observances: Iterable[date | str] = ()) -> UNDefaults:
    """Return how the United Nations plan meetings, as figures to read and as rules to use.

    Args:
        year: the year that is planned, for its Orthodox Good Friday; `None` leaves that to `observances`.
        observances: dates on which nothing is held. Eid al-Fitr and Eid al-Adha depend on the moon as it is seen: they
            are always given.

    >>> defaults = un_defaults(2010, observances=["2010-09-10", "2010-11-16"])
    >>> print(defaults.figure("hours", "morning"))
    10:00-13:00 (confirmed)
    >>> sum(team.interpreters for team in defaults.teams())
    14
    """
    return UNDefaults(year, to_dates(observances))


@frozen
class UNDefaults(Fact):
    """The defaults of a year; `print` shows all figures as a table.

    Args:
        year: the year, from 1 to 9999, or `None`.
        observances: dates given as observances; in the year, if there is one.
    """

    year: int | None = None
    observances: tuple[date, ...] = field(default=(), converter=to_dates)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with the year and the observances."""
        bad = tuple(check_count("year", self.year, least=1, optional=True))
        yield from bad
        if not bad and self.year is not None and self.year > date.max.year:
            yield Fault("year", f"{self.year} is more than {date.max.year}", f"{date.max.year} or less.")
        wrong = tuple(check_dates("observances", self.observances))
        yield from wrong
        if not bad and not wrong and self.year is not None:
            for index, day in enumerate(self.observances):
                if day.year != self.year:
                    yield Fault(f"observances[{index}]", f"{day} is not in {self.year}", "the dates of that year.")

    @property
    def closed(self) -> tuple[date, ...]:
        """The dates on which nothing is held: the observances given, and the Orthodox Good Friday of the year."""
        days = set(self.observances)
        if self.year is not None and self.year >= _GOOD_FRIDAY_SINCE:
            from dateutil.easter import EASTER_ORTHODOX, easter

            days.add(easter(self.year, EASTER_ORTHODOX) - timedelta(days=2))
        return tuple(sorted(days))

    # -- to read ----------------------------------------------------------------------------------------------------

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, topic by topic."""
        source = "as given; the Orthodox Good Friday of the year by computation"
        dates = ("observances", "dates", tuple(day.isoformat() for day in self.closed), source)
        by_status = ((_CONFIRMED_ROWS, CONFIRMED), ((dates,), GIVEN), (_UNCONFIRMED_ROWS, UNCONFIRMED))
        return tuple(Figure(*row, status) for rows, status in by_status for row in rows)

    def figure(self, topic: str, what: str) -> Figure:
        """Return one figure.

        Raises:
            InputError: there is none of that topic and name.
        """
        for one in self.figures:
            if (one.topic, one.what) == (topic, what):
                return one
        near = "; ".join(f"{one.topic}: {one.what}" for one in self.figures if one.topic == topic)
        message = f"there is no figure {what!r} of {topic!r}"
        raise InputError([Fault("what", message, f"one of {near}." if near else "one that print shows.")], "UNDefaults")

    def __str__(self) -> str:
        rows = [("topic", "figure", "value", "status", "source")]
        rows += [(one.topic, one.what, one.text, one.status, one.source) for one in self.figures]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines = []
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            lines.append("  ".join([*cells, row[4]]))
        return "\n".join(lines)

    # -- to use -----------------------------------------------------------------------------------------------------

    def window(self, first: date | str, last: date | str, *, lunch: bool = False, step: int = 15) -> Window:
        """Return the UN hours on the working days from `first` to `last`, both included, but the closed ones.

        Args:
            first: the first date.
            last: the last date.
            lunch: whether there is a block of kind "lunch" too, at hours that are unconfirmed.
            step: minutes between possible starts.

        Raises:
            InputError: there is no such day, or no working day among them.

        >>> [day.isoformat() for day in un_defaults(2010).window("2010-12-17", "2010-12-20").days]
        ['2010-12-17', '2010-12-20']
        """
        blocks = (*UN_HOURS, LUNCH_HOURS) if lunch else UN_HOURS
        every = Window.between("Europe/Zurich", first, last, blocks=blocks, step=step)
        shut = [*self.closed, *(day for day in every.days if day.weekday() >= _SATURDAY)]
        return Window.between("Europe/Zurich", first, last, closed=shut, blocks=blocks, step=step)

    def teams(self, number: int = 1) -> tuple[Team, ...]:
        """Return so many teams of interpreters for each of the six languages, always available.

        Args:
            number: how many meetings in six languages they serve at once.

        >>> [(team.id, team.interpreters) for team in un_defaults().teams()][:3]
        [('Arabic-1', 3), ('Chinese-1', 3), ('English-1', 2)]
        """
        faults = tuple(check_count("number", number, least=1, unit="teams a language"))
        if faults:
            raise InputError(faults, "teams")
        source = _table("interpreters")
        return tuple(
            Team(f"{language}-{index}", language, _INTERPRETERS[language], source=source)
            for language in LANGUAGES
            for index in range(1, number + 1)
        )

    def rules(self, large: Select | None = LARGE) -> tuple[Rule, ...]:
        """Return what is confirmed and can be said of any conference: the UNFCCC's caps, and the closed days.

        Args:
            large: which sessions are plenary or contact-group meetings, of which two at most run at once; `None`
                where a problem has none.
        """
        caps: list[Rule] = [] if large is None else [AtMostTogether(2, large)]
        caps += [AtMostTogether(6), Outside(EVERY, [Period(None, "18:00", "24:00")])]
        return (*caps, *([Outside(EVERY, [Period(self.closed)])] if self.closed else []))

    def interpreters(self, per_day: int | None = 2, per_week: int | None = 7, *, rest: int) -> InterpretersEnough:
        """Return the limits of interpreters; these figures are unconfirmed, and the break has none at all.

        Args:
            per_day: the most meetings of a team on a day.
            per_week: the most meetings of a team in a week.
            rest: the least minutes between two, which no source gives.
        """
        return InterpretersEnough(per_day, per_week, rest)

    def rationing(self, sessions: Select = EVERY, per: str = "body", *, least: int = 90) -> tuple[Rule, ...]:
        """Return the rationing of the ITU Council: two slots a day for an entity at most, and not consecutive ones.

        Args:
            sessions: which sessions; their length, 1.5 hours, is their own fact.
            per: what an entity is: "body", "delegation" ...
            least: the least minutes between two that are not consecutive; left out, a slot.
        """
        return (Load(2, sessions, per=per), Apart(sessions, least, per=per))


def _table(row: str) -> str:
    return f"table of domain facts of unsched, row {row!r}"


_CONFIRMED_ROWS: tuple[_Row, ...] = (
    ("hours", "morning", UN_HOURS[0], _table("unit")),
    ("hours", "afternoon", UN_HOURS[1], _table("unit")),
    ("hours", "days", "Monday to Friday", _table("unit")),
    ("hours", "after 18:00 and at weekends", "overtime only", _table("unit")),
    ("hours", "minutes of a meeting, at most", 180, _table("unit")),
    ("languages", "six languages", LANGUAGES, _table("languages")),
    *(
        ("interpreters", f"in a team for {language}", number, _table("interpreters"))
        for language, number in _INTERPRETERS.items()
    ),
    ("interpreters", "for six languages", sum(_INTERPRETERS.values()), _table("interpreters")),
    ("interpreters", "staff at UNOG", 100, f"UNOG, by the {_table('interpreters')}"),
    ("interpreters", "interpreted meetings a year at UNOG, about", 2700, f"UNOG, by the {_table('interpreters')}"),
    ("interpreters", "meetings a year at UNOG in all, about", 10_000, f"UNOG, by the {_table('interpreters')}"),
    ("parallel meetings", "plenary or contact-group, at most", 2, f"UNFCCC, by the {_table('parallel meetings')}"),
    ("parallel meetings", "all, at most", 6, f"UNFCCC, by the {_table('parallel meetings')}"),
    ("parallel meetings", "none after", "18:00", f"UNFCCC, by the {_table('parallel meetings')}"),
    ("rationing", "minutes of a slot", 90, f"ITU Council, by the {_table('rationing')}"),
    ("rationing", "slots a day for an entity, at most", 2, f"ITU Council, by the {_table('rationing')}"),
    ("rationing", "slots of an entity on a day", "not consecutive", f"ITU Council, by the {_table('rationing')}"),
    ("lead times", "weeks of notice", 6, _table("lead times")),
    ("lead times", "weeks to cancel charged services, at least", 2, _table("lead times")),
    ("observances", "no meetings on", ("Eid al-Fitr", "Eid al-Adha"), _table("observances")),
    ("observances", "no meetings since 1998 on", "Orthodox Good Friday", _table("observances")),
    ("set-up", "minutes before a hybrid meeting: audiovisual test", 120, _table("set-up")),
    ("set-up", "minutes before a hybrid meeting: moderators", 60, _table("set-up")),
    ("utilization", "per cent of allotted interpretation used, benchmark", 80, _table("utilization")),
)

_UNCONFIRMED_ROWS: tuple[_Row, ...] = (
    ("hours", "side events at lunch time", LUNCH_HOURS, _table("lunch-time side events")),
    ("interpreters' load", "meetings a day, at most", 2, _table("interpreters' load")),
    ("interpreters' load", "meetings a week, at most", 7, _table("interpreters' load")),
    ("interpreters' load", "break between two", "minutes not known", _table("interpreters' load")),
)
