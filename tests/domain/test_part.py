from __future__ import annotations

import pytest

from unsched import Session
from unsched.domain.interval import Interval
from unsched.domain.part import Part, whole

SESSION = Session("s", "S", 180)


@pytest.mark.parametrize(
    ("start", "minutes", "full", "short", "shortest"),
    [
        (0, None, (600, 780), (600, 720), (600, 630)),
        (0, 60, (600, 660), (600, 660), (600, 630)),
        (60, 60, (660, 720), (660, 720), (630, 630)),
        (60, None, (660, 780), (660, 720), (630, 630)),
        (120, 60, (720, 780), (720, 720), (630, 630)),
    ],
)
def test_a_part_moves_with_its_session_and_ends_with_it(
    start: int, minutes: int | None, full: tuple[int, int], short: tuple[int, int], shortest: tuple[int, int]
) -> None:
    part = Part(SESSION, start, minutes)
    for end, wanted in ((780, full), (720, short), (630, shortest)):
        assert part.within(Interval(600, end)) == Interval(*wanted)


def test_a_whole_session_is_a_part_of_itself() -> None:
    assert whole(SESSION).within(Interval(0, 180)) == Interval(0, 180)
    assert whole(SESSION).key == ("s", 0, 0)


def test_parts_that_start_together_and_end_apart_have_keys_of_their_own() -> None:
    keys = [Part(SESSION, start, minutes).key for start, minutes in ((0, None), (0, 60), (0, 90), (60, None))]
    assert len(set(keys)) == 4
