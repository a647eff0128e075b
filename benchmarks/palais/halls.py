"""The 34 rooms, or sets of rooms, of the Palais des Nations, as far as a benchmark needs them.

Seats and booths for which `unsched.palais` gives a source are as there; all the others are made up here, since nobody
has published them.
"""

from __future__ import annotations

from benchmarks.palais.facts import Hall

__all__ = ["HALLS"]

HALLS = tuple(
    Hall(name, seats, booths)
    for name, seats, booths in (
        ("Assembly Hall", 1939, 6),
        ("Council Chamber", 120, 6),
        ("I", 50, 0),
        ("II", 22, 0),
        ("III", 200, 6),
        ("IV", 50, 2),
        ("V", 270, 6),
        ("VI", 50, 0),
        ("VII", 200, 6),
        ("VIII", 200, 6),
        ("IX", 116, 5),
        ("X", 100, 2),
        ("XI", 200, 6),
        ("XII", 258, 6),
        ("XIV", 100, 2),
        ("XVI", 200, 16),
        ("XVII", 700, 7),
        ("XVIII", 700, 6),
        ("XIX", 800, 10),
        ("XX", 754, 6),
        ("XXI", 200, 6),
        ("XXII", 200, 6),
        ("XXIII", 200, 6),
        ("XXIV", 260, 6),
        ("XXV", 100, 2),
        ("XXVI", 208, 6),
        ("XXVII", 100, 2),
        ("XXVIII", 50, 0),
        ("French Room", 6, 0),
        ("Concordia", 50, 2),
        ("Tempus", 400, 6),
        ("S1", 50, 0),
        ("H", 100, 2),
        ("E-2", 15, 0),
    )
)
