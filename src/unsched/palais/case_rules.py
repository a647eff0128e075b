"""What a good schedule of December 2010 is, besides the standard rules.

The tiers, in order: those invited can attend; wishes for a time; rooms that people find; an early end.
"""

from __future__ import annotations

from unsched.domain.select import Select
from unsched.domain.time import Period
from unsched.palais.case_sessions import DAYS
from unsched.rules.base import Rule
from unsched.rules.order import Before
from unsched.rules.parallel import AtMostTogether, NotTogether
from unsched.rules.people import InvitedCanAttend
from unsched.rules.placing import Pin
from unsched.rules.roomfit import PreferRoom, SameRoom
from unsched.rules.wishes import EndEarly, PreferTime

__all__ = ["rules"]

_PANEL = Select(bodies="CSTD Panel")
_THEMES = Select(kinds="panel")
_PLENARIES = Select(kinds="plenary")
_COORDINATIONS = Select(kinds="coordination")
_CONSULTATION = Select(kinds="consultation")
_DRAFTING = Select(kinds="drafting")
_SMALL = Select(kinds=("bureau", "drafting"))
_WORKING_GROUP = Select(kinds="working-group")
_OTHERS = Select(kinds=("bureau", "coordination", "drafting", "working-group"))
_SIDE_EVENTS = Select(kinds="side-event")


def rules() -> tuple[Rule, ...]:
    """Return the rules of the case: what must hold, then what is wished for, tier by tier."""
    return (*_order(), *_apart(), *_wishes())


def _order() -> tuple[Rule, ...]:
    return (
        Pin("panel-opening", start="2010-12-15T10:00"),
        Pin("consultation-morning", start="2010-12-17T10:00"),
        Before("consultation-morning", "consultation-afternoon"),
        Before("panel-opening", _THEMES),
        Before(_THEMES, "panel-closing"),
        Before("panel-technologies-1", "panel-technologies-2"),
        Before("panel-impact-1", "panel-impact-2"),
        Before(_COORDINATIONS, "wg-first"),
        Before("bureau-1", "wg-first"),
        Before("wg-first", "drafting-1"),
        Before("drafting-1", "drafting-2", least=60),
        Before(_DRAFTING, "wg-second", least=30),
        Before("drafting-1", "bureau-2"),
        Before("bureau-2", "consultation-morning"),
    )


def _apart() -> tuple[Rule, ...]:
    return (
        NotTogether(_PANEL),
        NotTogether(_PLENARIES, against=_OTHERS),
        NotTogether(_THEMES, against=_WORKING_GROUP),
        NotTogether("panel-wsis", against=_CONSULTATION),
        AtMostTogether(2, Select(tags="interpreted")),
        AtMostTogether(6),
    )


def _wishes() -> tuple[Rule, ...]:
    first, second, third = ((day,) for day in DAYS)
    return (
        InvitedCanAttend(tier=1),
        PreferTime("wg-first", [Period(first, "15:00", "18:00")], weight=4, tier=2),
        PreferTime("panel-wsis", [Period(second)], weight=3, tier=2),
        PreferTime("panel-closing", [Period(third, "15:00", "18:00")], weight=3, tier=2),
        PreferTime(_DRAFTING, [Period(None, "10:00", "13:00")], weight=2, tier=2),
        # Friday's lunch is wished free: solar noon is at 12:31 that day, and Friday prayer soon after.
        PreferTime(_SIDE_EVENTS, [Period((*first, *second))], weight=1, tier=2),
        SameRoom(_PANEL, weight=4, tier=3),
        SameRoom(_DRAFTING, weight=2, tier=3),
        SameRoom(_SIDE_EVENTS, weight=2, tier=3),
        PreferRoom(_PANEL, "XX", weight=1, tier=3),
        PreferRoom(_WORKING_GROUP, "XXVI", weight=3, tier=3),
        PreferRoom(_COORDINATIONS, ("XXIV", "XXVI", "E-2"), weight=1, tier=3),
        PreferRoom(_SIDE_EVENTS, ("VII", "IX"), weight=1, tier=3),
        PreferRoom(_SMALL, ("II", "E-2"), weight=1, tier=3),
        EndEarly(_DRAFTING, "each", tier=4),
        EndEarly(_COORDINATIONS, "each", tier=4),
    )
