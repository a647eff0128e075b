"""A solve as it goes on, for a terminal, drawn by rich: what is proven of each tier, and what it is doing."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from math import inf
from typing import IO, TYPE_CHECKING, Any, Final, TextIO, cast

from attrs import define, evolve, field, frozen

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from unsched.solver.stop import Progress

__all__ = ["LiveSolve", "watch"]

_DOINGS: Final = {
    "start": "starting from a schedule that is known",
    "search": "searching the whole",
    "walk": "walking: small moves, many a second",
    "bound": "raising the bound",
    "windows": "solving window by window",
}
_TIMES: Final = 4
"""How many times a second it is drawn anew."""


@frozen
class _Line:
    """What is known of a tier."""

    tier: int
    cost: int
    bound: int | None

    @property
    def proof(self) -> str:
        """How good it is, in a word."""
        if self.bound is None:
            return ""
        return "optimal" if self.bound >= self.cost else f"{(self.cost - self.bound) / max(1, self.cost):.1%}"


@define(eq=False)
class LiveSolve:
    """What is known of a solve that is going on.

    It is told by threads of the solver, and drawn by another: what is told is replaced as a whole.

    Args:
        most: seconds after which it ends, or infinity.
        clock: what says how many seconds have passed, for tests.
    """

    most: float = inf
    clock: Callable[[], float] = time.monotonic
    _begun: float = field(init=False)
    _last: Progress | None = field(default=None, init=False)
    _lines: tuple[_Line, ...] = field(default=(), init=False)

    def __attrs_post_init__(self) -> None:
        self._begun = self.clock()

    def tell(self, progress: Progress) -> None:
        """Take note of an event."""
        lines = {one.tier: one for one in self._lines}
        costs = {**progress.costs}
        if progress.tier is not None:
            costs[progress.tier] = progress.cost
        for tier, cost in costs.items():
            line = lines.get(tier, _Line(tier, cost, None))
            # Tiers before the first that is not proven are proven.
            proven = progress.tier is not None and tier < progress.tier
            bound = cost if proven else progress.bound if tier == progress.tier else line.bound
            lines[tier] = evolve(line, cost=cost, bound=bound)
        self._lines = tuple(lines[tier] for tier in sorted(lines))
        self._last = progress

    @property
    def doing(self) -> str:
        """What it is doing, in words."""
        last = self._last
        if last is None:
            return "building the model, and looking for a first schedule"
        if last.tier is None:
            return "every constraint holds; looking for better times"
        what = last.source.removeprefix("neighbourhood").strip(" :")
        if last.source.startswith("neighbourhood"):
            return f"improving neighbourhoods{f': {what}' if what else ''}"
        return _DOINGS.get(last.source, last.source)

    def __rich__(self) -> Group:
        """Return it as a line that says how far it is and, once there are any, a line for each tier."""
        from rich.console import Group

        return Group(self._head(), self._table()) if self._lines else Group(self._head())

    def _table(self) -> Table:
        from rich.box import SIMPLE_HEAD
        from rich.table import Table
        from rich.text import Text

        table = Table(box=SIMPLE_HEAD, padding=(0, 1))
        for name in ("tier", "cost", "bound", "gap"):
            table.add_column(name, justify="right", min_width=8)
        for one in self._lines:
            proof = one.proof
            bound = "" if one.bound is None else str(one.bound)
            table.add_row(str(one.tier), str(one.cost), bound, Text(proof, "green" if proof == "optimal" else ""))
        return table

    def _head(self) -> Text:
        from rich.text import Text

        seconds = self.clock() - self._begun
        limit = f" of {self.most:g} s" if self.most < inf else " s"
        found = 0 if self._last is None else self._last.schedules
        ago = "" if self._last is None else f", {max(0.0, seconds - self._last.seconds):.0f} s ago"
        schedules = f"{found} schedule{'' if found == 1 else 's'}"
        hint = "  (Ctrl-C keeps the best)" if found else ""
        said = f"{seconds:.1f}{limit}  {schedules}{ago}  {self.doing}{hint}"
        return Text(said, no_wrap=True, overflow="ellipsis")


class _Tolerant:
    """A terminal that may go away, which is no reason to stop the search, nor to say so from another thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            return self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever else a stream has
        return getattr(self._stream, name)


@contextlib.contextmanager
def watch(stream: TextIO, most: float = inf) -> Iterator[Callable[[Progress], None]]:
    """Show a solve on a terminal while it goes on, and nothing of it after.

    Args:
        stream: the terminal.
        most: seconds after which the solve ends.

    Yields:
        what to tell each event.
    """
    from rich.console import Console
    from rich.live import Live

    state = LiveSolve(most)
    live = Live(
        console=Console(file=cast("IO[str]", _Tolerant(stream)), highlight=False, markup=False, emoji=False),
        get_renderable=state.__rich__,
        refresh_per_second=_TIMES,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with live:
        yield state.tell
