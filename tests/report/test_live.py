from __future__ import annotations

import io
import time
from threading import Thread

from rich.console import Console

from unsched import Progress
from unsched.report.live import LiveSolve, watch


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def shown(state: LiveSolve, width: int = 120) -> list[str]:
    into = io.StringIO()
    Console(file=into, width=width, color_system=None).print(state)
    return [" ".join(line.split()) for line in into.getvalue().splitlines() if line.strip()]


def test_before_anything_is_found_it_says_what_it_is_doing_and_for_how_long() -> None:
    clock = Clock()
    state = LiveSolve(60, clock)
    clock.now += 1.5
    assert shown(state) == ["1.5 of 60 s 0 schedules building the model, and looking for a first schedule"]


def test_a_tier_has_its_cost_its_bound_and_the_gap_between_them() -> None:
    clock = Clock()
    state = LiveSolve(clock=clock)
    state.tell(Progress(None, 0, 0, 0.5, 1))
    assert shown(state)[0].endswith(
        "1 schedule, 0 s ago every constraint holds; looking for better times (Ctrl-C keeps the best)"
    )
    state.tell(Progress(1, 90, 60, 2.0, 3, "neighbourhood rooms", {1: 90, 2: 7}))
    clock.now += 5
    head, *rows = shown(state)
    assert head.startswith("5.0 s 3 schedules, 3 s ago improving neighbourhoods: rooms")
    assert rows[0] == "tier cost bound gap"
    assert rows[-2:] == ["1 90 60 33.3%", "2 7"]


def test_tiers_before_the_first_that_is_not_proven_are_optimal() -> None:
    state = LiveSolve(clock=Clock())
    state.tell(Progress(1, 90, 60, 2.0, 3, "walk"))
    state.tell(Progress(2, 7, 5, 3.0, 4, "bound", {1: 80, 2: 7}))
    assert shown(state)[-2:] == ["1 80 80 optimal", "2 7 5 28.6%"]
    assert "raising the bound" in shown(state)[0]


def test_a_source_that_is_new_is_said_as_it_is() -> None:
    state = LiveSolve(clock=Clock())
    state.tell(Progress(1, 9, 3, 1.0, 1, "oracle"))
    assert state.doing == "oracle"


def test_a_narrow_terminal_gets_one_line_and_no_more() -> None:
    assert len(shown(LiveSolve(clock=Clock()), width=30)) == 1


class Terminal(io.StringIO):
    gone = False

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.gone:
            raise OSError(5, "Input/output error")
        return super().write(text)


def test_what_several_threads_tell_is_shown_and_nothing_stays_on_the_terminal() -> None:
    terminal = Terminal()
    with watch(terminal) as tell:
        threads = [Thread(target=tell, args=(Progress(1, 90 - n, n, 0.1, n),)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    text = terminal.getvalue()
    assert "cost" in text
    assert text.startswith("\x1b[?25l")  # the cursor is hidden
    assert "\x1b[?25h" in text  # and shown again
    assert text.endswith("\x1b[2K")  # and what was drawn is cleared


def test_a_terminal_that_goes_away_is_no_reason_to_stop() -> None:
    terminal = Terminal()
    with watch(terminal) as tell:
        terminal.gone = True
        tell(Progress(1, 2, 3, 4.0, 5))
        time.sleep(0.6)  # it is drawn anew meanwhile, by a thread that must not fail
