"""What sessions are coloured by, and the colours: few, quiet, and each readable on its own tint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from unsched.domain.fact import shown
from unsched.domain.session import Session
from unsched.errors import Fault, InputError

__all__ = ["COLOUR_BY", "PALETTE", "check_colour_by", "colour_by_of", "palette_css", "track_of"]

COLOUR_BY: Final = ("body", "kind", "tag")
"""What sessions can be coloured by: the body that meets, the kind of session, or its first tag."""

# Of each: the tint, the edge and the ink on white paper, then the same three on dark. Neighbours in the list are far
# apart on the wheel, so that the first few tracks never look alike. No meaning rests on them: names stand beside.
PALETTE: Final[tuple[tuple[str, str, str, str, str, str], ...]] = (
    ("#ebf3ff", "#4988d5", "#20508a", "#1b2635", "#69a1e8", "#b5d4fc"),
    ("#ffeeea", "#ca644b", "#813522", "#33201b", "#de826a", "#f8c3b5"),
    ("#e8f7ec", "#2e9d61", "#076035", "#182a1e", "#59b47d", "#b0debf"),
    ("#f9eefc", "#a969b8", "#6a3975", "#2c202f", "#bf85cd", "#e5c4ec"),
    ("#f8f2e2", "#a3820f", "#624d04", "#2b2512", "#bb9b39", "#e1d0a1"),
    ("#e3f7fb", "#0a97a9", "#015a66", "#10292e", "#09b2c7", "#9fdde9"),
    ("#ffedf1", "#c75f7b", "#7f3148", "#331f23", "#dc7d94", "#f7c0cb"),
    ("#eef6e6", "#6b9635", "#3b5b0a", "#202818", "#85ad5a", "#c3daad"),
    ("#f1f1ff", "#7f78d3", "#4b4589", "#232334", "#9793e6", "#ccccfb"),
    ("#feefe4", "#c06f1d", "#774001", "#312215", "#d58b4b", "#f2c8a7"),
    ("#e3f8f4", "#019b8f", "#065d55", "#112a27", "#17b6a8", "#a0dfd6"),
    ("#feedf6", "#be6299", "#78335d", "#311f29", "#d37faf", "#f1c1db"),
)


def check_colour_by(value: str) -> None:
    """Refuse what sessions cannot be coloured by.

    Raises:
        InputError: it is neither "auto" nor one of `COLOUR_BY`.
    """
    if value not in ("auto", *COLOUR_BY):
        remedy = f"'auto', {', '.join(map(repr, COLOUR_BY))}."
        raise InputError([Fault("colour_by", f"{shown(value)} is nothing to colour by", remedy)], "the timetable page")


def track_of(session: Session, by: str) -> str | None:
    """Return what a session is coloured by."""
    if by == "tag":
        return session.tags[0] if session.tags else None
    return session.body if by == "body" else session.kind


def colour_by_of(sessions: Sequence[Session]) -> str:
    """Return what tells sessions apart best: the first that has several values, and no more than there are colours.

    >>> colour_by_of([Session("a", "A", body="CSTD", kind="plenary"), Session("b", "B", body="CSTD", kind="panel")])
    'kind'
    """
    counts = {by: len({track for one in sessions if (track := track_of(one, by)) is not None}) for by in COLOUR_BY}
    for least, most in ((2, len(PALETTE)), (2, len(sessions)), (1, len(sessions))):
        for by, count in counts.items():
            if least <= count <= most:
                return by
    return COLOUR_BY[0]


def palette_css() -> str:
    """Return the rules that give each track its colours: `.t0`, `.t1` ..., in light and in dark."""
    light = [f".t{n}{{--tint:{t};--edge:{e};--ink-track:{i}}}" for n, (t, e, i, *_) in enumerate(PALETTE)]
    dark = [f".t{n}{{--tint:{t};--edge:{e};--ink-track:{i}}}" for n, (*_, t, e, i) in enumerate(PALETTE)]
    return "\n".join([*light, f"@media screen and (prefers-color-scheme:dark){{{''.join(dark)}}}"])
