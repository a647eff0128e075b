"""Documents with something in them that should not be there."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

__all__ = ["mutants"]

JUNK: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 1.5, float("nan"), "", "x", "\x00\ud800", "2024-02-30T25:61:00+99:00", "24:00", "99:99",
    "1973-01-01T00:00:00Z", "2199-12-31T23:59:00+14:00", [], [[]], [None], {}, {"": {}}, {"id": []}, {"en": 5}, "../x",
)  # fmt: skip


@st.composite
def mutants(draw: st.DrawFn, original: Any) -> Any:
    """Draw a document in which some values are others, gone, or there twice."""
    found = copy.deepcopy(original)
    for _ in range(draw(st.integers(1, 4))):
        place = found
        for _ in range(draw(st.integers(0, 9))):
            keys = sorted(place, key=str) if isinstance(place, dict) else range(len(place))
            inner = [key for key in keys if isinstance(place[key], dict | list) and place[key]]
            if not inner:
                break
            place = place[draw(st.sampled_from(inner))]
        if not place:
            continue
        key = draw(st.sampled_from(sorted(place, key=str) if isinstance(place, dict) else range(len(place))))
        match draw(st.sampled_from(("junk", "gone", "twice"))):
            case "junk":
                place[key] = copy.deepcopy(draw(st.sampled_from(JUNK)))
            case "gone":
                del place[key]
            case _:
                if isinstance(place, list):
                    place.append(copy.deepcopy(place[key]))
    return found
