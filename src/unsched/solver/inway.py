"""Who is in the way: of the sessions that stand fixed, those that keep others from the places that these could take.

It is read off the rows of a model, whatever rule they come from: where a session could stand but for a row that others
fill, these are in its way; the fewer they are, the more it helps to let them go.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from attrs import define, field

from unsched.solver.flatten import flatten
from unsched.solver.places import Places

if TYPE_CHECKING:
    from unsched.solver.board import Board
    from unsched.solver.flat import Flat, Whole

__all__ = ["in_the_way"]

_DEPTH = 2
_THROUGH, _FURTHER = 40, 0.5


def in_the_way(
    board: Board, values: Sequence[int], wanting: Iterable[str], *, through: Container[str] = ()
) -> dict[str, float]:
    """Return the sessions that keep some others from places, with the weight of each: those to let go first come first.

    A place that one session alone blocks weighs 1 for it, one that n block together 1 / n² for each.

    Args:
        board: the board that made a model.
        values: a solution of the model.
        wanting: ids of the sessions that would have other places.
        through: ids of the sessions that could give way, if others did for them: what is in their way counts, too, as
            far as they are in the way.
    """
    flat = flatten(board.model)
    look = _Look(board, flat, Places(board, len(flat.lower)), flat.complete(values))
    weights: dict[str, float] = {}
    first = tuple(wanting)
    for name in first:
        for blockers in look.blockers(name):
            for one in blockers:
                weights[one] = weights.get(one, 0.0) + 1 / len(blockers) ** 2
    most = max(weights.values(), default=1.0)
    nearest = sorted((name for name in weights if name in through), key=lambda name: -weights[name])
    for name, weight in [(name, weights[name] / most) for name in nearest[:_THROUGH]]:
        for blockers in look.blockers(name):
            for one in blockers:
                weights[one] = weights.get(one, 0.0) + _FURTHER * weight / len(blockers) ** 2
    for name in first:
        weights.pop(name, None)
    order = {session.id: number for number, session in enumerate(board.problem.sessions)}
    return dict(sorted(weights.items(), key=lambda item: (-item[1], order[item[0]])))


@define(eq=False)
class _Look:
    """A solution, and what its rows leave free."""

    board: Board
    flat: Flat
    places: Places
    values: Whole
    _above: Whole = field(init=False)
    _below: Whole = field(init=False)

    def __attrs_post_init__(self) -> None:
        activity = self.flat.activity(self.values)
        self._above, self._below = self.flat.most - activity, activity - self.flat.least

    def blockers(self, name: str) -> Iterator[dict[str, None]]:
        """Yield for each place that a session could take the others that keep it from it, where there are any."""
        board = self.board
        times: dict[Any, dict[str, None]] = {}
        for span, literal in board.literals_of_spans.get(name, {}).items():
            times[span] = {} if self.values[literal.index] else self._kept_out(literal.index, name)
        rooms = board.literals_of_places.get(name, {})
        for (span, _), literal in rooms.items():
            if span in times and not self.values[literal.index]:
                found = {**times[span], **self._kept_out(literal.index, name)}
                if found:
                    yield found
        if not rooms:
            yield from (found for found in times.values() if found)

    def _kept_out(self, variable: int, name: str) -> dict[str, None]:
        """Return the sessions that fill the rows in which there is no place for one more."""
        flat, found = self.flat, dict[str, None]()
        mine = slice(flat.row_starts[variable], flat.row_starts[variable + 1])
        rows, factors = flat.rows[mine], flat.row_factors[mine]
        full = (factors > self._above[rows]) | (-factors > self._below[rows])
        for row, factor in zip(rows[full].tolist(), factors[full].tolist(), strict=True):
            found.update(self._filling(row, factor, variable))
        found.pop(name, None)
        return found

    def _filling(self, row: int, factor: int, variable: int) -> dict[str, None]:
        """Return the sessions from whose places follows what fills a row, as far as one step leads back to them."""
        flat, owners = self.flat, self.places.owners
        found: dict[str, None] = {}
        fresh, seen = [(row, factor > 0)], {variable}
        for _ in range(_DEPTH):
            further: list[tuple[int, bool]] = []
            for one, up in fresh:
                entries = slice(flat.starts[one], flat.starts[one + 1])
                columns, factors = flat.columns[entries], flat.factors[entries]
                filling = (self.values[columns] != 0) & ((factors > 0) == up)
                for column in columns[filling].tolist():
                    if owners[column] >= 0:
                        found[self.places.names[owners[column]]] = None
                    elif column not in seen:
                        seen.add(column)
                        further += self._behind(column)
            if found or not further:
                break
            fresh = further
        return found

    def _behind(self, column: int) -> list[tuple[int, bool]]:
        """Return the rows that hold a variable up, each with the direction in which others do so in it."""
        flat = self.flat
        mine = slice(flat.row_starts[column], flat.row_starts[column + 1])
        found = []
        for row, factor in zip(flat.rows[mine].tolist(), flat.row_factors[mine].tolist(), strict=True):
            if (self._below[row] < factor) or (self._above[row] < -factor):
                # To lower it would break this row; what pulls the other way there is what it follows from.
                found.append((row, factor < 0))
        return found
