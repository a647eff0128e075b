"""What the commands do that answer questions: why there is no schedule, why not there, where else, and why there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve

from unsched.commands.answer import GOOD, SHORT, Answer
from unsched.commands.machine import as_json
from unsched.commands.planning import check_folder
from unsched.errors import Fault, InputError

if TYPE_CHECKING:
    from argparse import Namespace

    from unsched.domain.price import Price
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule

__all__ = ["alternatives", "explain", "why", "why_not"]


def explain(arguments: Namespace) -> Answer:
    """Say why a problem has no schedule, and what is the least that has to give way."""
    from unsched.exchange.files import load_problem, save
    from unsched.solver.explain import explain as ask
    from unsched.solver.result import Status

    problem = load_problem(arguments.file)
    prices = _prices(arguments, problem)
    if arguments.out is not None:
        check_folder(arguments.out)
        _spare(Path(arguments.out), arguments.ways)
    found = ask(
        problem,
        prices=prices,
        ways=arguments.ways,
        seconds=arguments.seconds,
        seed=arguments.seed,
        workers=arguments.workers,
    )
    files = []
    if arguments.out is not None:
        folder = Path(arguments.out)
        schedules = [("schedule", found.schedule)] if found.schedule else []
        schedules += [(f"way-{number}", way.schedule) for number, way in enumerate(found.ways, 1)]
        files = [str(save(schedule, folder / f"{name}.json")) for name, schedule in schedules]
    code = GOOD if found.status is Status.FEASIBLE else SHORT
    if arguments.json:
        return Answer(as_json({"schema": "unsched/explain/1", **found.to_dict(), "files": files}), code)
    written = "\n".join(["", "", "Written:", *(f"  {file}" for file in files)]) if files else ""
    return Answer(f"{found}{written}", code)


def _spare(folder: Path, ways: int) -> None:
    """Refuse a folder that has a file by a name that may be written: it stays as it is."""
    from unsched.solver.explanation import MOST_WAYS

    names = ("schedule.json", *(f"way-{number}.json" for number in range(1, min(ways, MOST_WAYS) + 1)))
    if folder.is_dir():
        there = {file.name for file in folder.iterdir()}
        faults = [
            Fault("out", f"{str(folder / name)!r} exists, and would be replaced", "another folder.")
            for name in names
            if name in there
        ]
        if faults:
            raise InputError(faults, "the arguments")


def why_not(arguments: Namespace) -> Answer:
    """Say whether a session can stand at a place, at what cost, or what forbids it."""
    from unsched.solver.whynot import why_not as ask

    problem, schedule = _load(arguments)
    found = ask(
        problem,
        schedule,
        arguments.session,
        start=arguments.start,
        room=arguments.room,
        moving=arguments.moving,
        seconds=arguments.seconds,
    )
    return _answer(arguments, found, GOOD if found.possible else SHORT)


def alternatives(arguments: Namespace) -> Answer:
    """Print the best other places of a session."""
    from unsched.solver.whynot import alternatives as ask

    problem, schedule = _load(arguments)
    found = ask(problem, schedule, arguments.session, arguments.n, moving=arguments.moving, seconds=arguments.seconds)
    return _answer(arguments, found, GOOD if len(found) else SHORT)


def why(arguments: Namespace) -> Answer:
    """Say what holds a session where it is."""
    from unsched.solver.whynot import why as ask

    return _answer(arguments, ask(*_load(arguments), arguments.session), GOOD)


def _load(arguments: Namespace) -> tuple[Problem, Schedule]:
    from unsched.exchange.files import load_problem, load_schedule

    return load_problem(arguments.file), load_schedule(arguments.schedule)


def _answer(arguments: Namespace, found: Any, code: int) -> Answer:  # noqa: ANN401  any of the answers
    data = {"schema": f"unsched/{arguments.run.__name__.replace('_', '-')}/1", **found.to_dict()}
    return Answer(as_json(data) if arguments.json else str(found), code)


def _prices(arguments: Namespace, problem: Problem) -> list[Price]:
    """Return the prices of the arguments, then those of the files; all that is wrong with any argument, at once."""
    from unsched.exchange.files import load_prices
    from unsched.solver.prices import PriceList

    found: list[Price] = []
    faults: list[Fault] = []
    for number, text in enumerate(arguments.price):
        try:
            price = _price(text)
            PriceList.of([price], problem)
            found.append(price)
        except InputError as error:
            whole = (evolve(fault, path=fault.path.removeprefix("prices[0].")) for fault in error.faults)
            faults += [fault.under(f"price[{number}]") for fault in whole]
    if faults:
        raise InputError(faults, "the arguments")
    for file in arguments.prices:
        listed = load_prices(file)
        try:
            PriceList.of(listed, problem)
        except InputError as error:
            raise InputError(error.faults, Path(file).name) from None
        found += listed
    return found


def _price(text: str) -> Price:
    """Read a price, such as `room-open=1`, `room-open:XXVI=1` or `pin=never`."""
    from unsched.domain.price import NEVER, Price

    name, found, price = text.rpartition("=")
    kind, _, about = name.partition(":")
    if not found or not kind or not (price == NEVER or price.isdecimal()):
        message = f"{text[:80]!r} is not a price"
        remedy = "KIND=3, KIND:ID=3, or KIND=never, such as room-open:XXVI=1."
        raise InputError([Fault("", message, remedy)])
    return Price(kind, None if price == NEVER else int(price[:12]), about or ())
