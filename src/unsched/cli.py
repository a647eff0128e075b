"""The command line: it parses, calls the library and prints; nothing is decided here."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import textwrap
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TextIO

from unsched.commands import (
    converting_options,
    lifecycle_options,
    paging,
    planning,
    repairing,
    serving,
    sheets_options,
    showing_options,
    syncing_options,
)
from unsched.commands.answer import BAD_INPUT, BUG, INTERRUPTED, Answer
from unsched.commands.answering_options import add_questions
from unsched.commands.machine import as_json, failure
from unsched.commands.screen import can_draw, drawn
from unsched.errors import DisagreementError, Fault, InputError, UnknownIdError
from unsched.report.printable import clean_lines

__all__ = ["main"]

_EXIT_CODES = """\
exit codes:
  0    good: a schedule was found and keeps every constraint, or what was asked for was printed
  1    a constraint is broken, no schedule can keep them all, or none was found in the time; what was asked for is
       impossible; a mail was not sent, an answer left out; or, of sync, something is in conflict or was not done
  2    bad input: a file, an argument, or a place that cannot be read or written, such as a server
  3    a bug in unsched or in a rule; please report it
  130  interrupted before there was anything to print
"""
_WIDTH = 96
_GREATEST_SEED = 2**31 - 1
_FILES = (
    "Problem and schedule files are TOML (.toml) or JSON (.json); 'unsched schema' describes them.\n"
    "A problem can be a workbook (.xlsx) or a folder of CSV files as well; 'unsched template' writes one."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    Args:
        argv: the arguments after the program's name; by default those of this process.

    Returns:
        0 good, 1 breaches or no schedule, 2 bad input, 3 a bug, 130 interrupted.
    """
    for_machines = "--json" in (sys.argv[1:] if argv is None else argv)
    try:
        arguments = _parser(_MachineParser if for_machines else argparse.ArgumentParser).parse_args(argv)
    except SystemExit as exit_:  # argparse has said why
        _write("", sys.stdout)
        return int(exit_.code or 0)
    except InputError as error:
        return _fail(error, for_machines=for_machines)
    try:
        answer: Answer = arguments.run(arguments)
        _print(answer, plain=for_machines or getattr(arguments, "plain", True))
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  Python's own exit code would mean breaches
        return _fail(error, for_machines=for_machines)
    return answer.code


def _fail(error: BaseException, *, for_machines: bool) -> int:
    text, code = _failure(error)
    said = as_json(failure(error, text, code)) if for_machines else f"unsched: {text}"
    _write(f"{said}\n", sys.stderr)
    return code


def _print(answer: Answer, *, plain: bool) -> None:
    if answer.data is not None:
        _write_data(answer.data, sys.stdout)
    elif answer.view is not None and sys.stdout is not None and can_draw(sys.stdout, plain=plain):
        _send(drawn(answer.view(), sys.stdout), sys.stdout)
    elif answer.text:  # `serve` has said all
        _write(f"{answer.text}\n", sys.stdout)


def _failure(error: BaseException) -> tuple[str, int]:
    """Return what to say about a failure, and the exit code."""
    match error:
        case InputError() | UnknownIdError():
            return str(error), BAD_INPUT
        case OSError():
            file = error.filename2 or error.filename  # of a file that takes another's place, the other
            return f"{file}: {error.strerror}" if file else str(error), BAD_INPUT
        case KeyboardInterrupt():
            return "interrupted", INTERRUPTED
        case DisagreementError():
            return str(error), BUG
        case _:
            lines = "".join(traceback.format_exception(error))
            return f"{lines}\nThis is a bug in unsched or in a rule: please report it.", BUG


def _write(text: str, stream: TextIO | None) -> None:
    """Write a text at once, whatever is in it and whoever has stopped reading."""
    _send(clean_lines(text), stream)


def _send(text: str, stream: TextIO | None) -> None:
    """Write what is clean, or is meant for a terminal, at once, whoever has stopped reading."""
    if stream is None:  # closed by whoever started this process
        return
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()
    except OSError as error:
        # Python flushes once more on its way out, and would complain there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise


class _MachineParser(argparse.ArgumentParser):
    """A parser for those who asked for JSON: what is wrong with a call is said in JSON as well."""

    def error(self, message: str) -> NoReturn:
        raise InputError([Fault("", message, f"'{self.prog} --help'.")], "the arguments")


def _write_data(data: bytes, stream: TextIO | None) -> None:
    """Write what is no text, whoever has stopped reading."""
    if stream is None:
        return
    try:
        stream.buffer.write(data)
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class _Version(argparse.Action):
    """Print the version, looked up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        _write(f"unsched {version('unsched')}\n", sys.stdout)
        parser.exit()


def _parser(kind: type[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    parser = kind(
        prog="unsched",
        description="Rooms, delegations, interpretation and sessions in; a provably good schedule out;\n"
        "iCalendar to everyone concerned.",
        epilog="examples:\n"
        "  unsched demo                        the founding case of December 2010, solved into out/\n"
        "  unsched plan week.toml --out week   a schedule and its calendars\n"
        "  unsched template > plan.xlsx        a workbook to fill in and plan\n"
        "  unsched check week.toml week/schedule.json\n"
        "  unsched explain week.toml           why there is no schedule, and what would have to give\n"
        "  unsched rules before                all about one kind of rule\n\n"
        f"{_FILES}\n\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (_add_demo, _add_plan, _add_check, _add_repair, _add_diff):
        add(subparsers)
    showing_options.add_show(subparsers, _command)
    for add in (_add_rules, _add_schema):
        add(subparsers)
    add_questions(subparsers, _command, _seed)
    lifecycle_options.add_commands(subparsers, _command)
    syncing_options.add_commands(subparsers, _command)
    converting_options.add_commands(subparsers, _command)
    serving.add_commands(subparsers, _command)
    paging.add_commands(subparsers, _command)
    sheets_options.add_commands(subparsers, _command)
    return parser


def _command(
    subparsers: Any,  # noqa: ANN401  argparse has no public name for it
    run: Callable[[argparse.Namespace], Answer],
    summary: str,
    example: str,
    *details: str,
) -> argparse.ArgumentParser:
    paragraphs = (textwrap.fill(part, _WIDTH) for part in (f"{summary[0].upper()}{summary[1:]}.", *details))
    parser: argparse.ArgumentParser = subparsers.add_parser(
        run.__name__.strip("_").replace("_", "-"),
        help=summary,
        description="\n\n".join(paragraphs),
        epilog=f"example:\n  {example}\n\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def _add_search_options(parser: argparse.ArgumentParser, seconds: str, workers: str) -> None:
    parser.add_argument("--out", metavar="DIR", default="out", help="folder to write to (default: out)")
    parser.add_argument("--seconds", metavar="S", type=float, help=f"seconds to search at most ({seconds})")
    parser.add_argument("--workers", metavar="N", type=int, help=f"threads that search ({workers})")
    parser.add_argument("--quiet", action="store_true", help="no progress on the terminal's error stream")
    parser.add_argument("--plain", action="store_true", help="nothing but plain text, on a terminal too")
    _add_json(parser)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")


def _seed(text: str) -> int:
    with contextlib.suppress(ValueError):
        if 0 <= int(text) <= _GREATEST_SEED:
            return int(text)
    message = f"{text!r} is not a whole number from 0 to {_GREATEST_SEED}"
    raise argparse.ArgumentTypeError(message)


def _add_demo(subparsers: Any) -> None:  # noqa: ANN401  as above
    parser = _command(
        subparsers,
        planning.demo,
        "solve the founding case of December 2010",
        "unsched demo --out out",
        "The meetings of 15-17 December 2010 at the Palais des Nations, with the open consultation of the CSTD "
        "Working Group in Room XXVI. Prints the timetable, how good it is, the prices paid and what is assumed; "
        "writes problem.json, schedule.json and the calendars: programme.ics, and one for each delegation, group, "
        "person, body and room, with the rooms' busy times and the programme in full.",
        "The same files come out each time, byte for byte, unless time runs out or --workers is given.",
    )
    _add_search_options(parser, f"default: {planning.DEMO_SECONDS}", f"default: {planning.DEMO_WORKERS}")


def _add_plan(subparsers: Any) -> None:  # noqa: ANN401  as above
    parser = _command(
        subparsers,
        planning.plan,
        "find the best schedule of a problem",
        "unsched plan week.toml --out week --effort 60 --stamp 2010-12-06T12:00:00+00:00",
        "Proves how good it is, and writes schedule.json and the calendars, each file whole or not at all. Where "
        "there is no schedule, the rules that cannot all hold are printed, and nothing is written. Ctrl-C ends "
        "the search; the best schedule so far is written.",
        "For the same files each time, give --effort (and no --seconds) and --stamp, or SOURCE_DATE_EPOCH.",
        "With --busy, rooms and people have no time while calendars of others say that they are busy: .ics files, or "
        "calendars on a CalDAV server by their addresses (for a password, see 'unsched sync --help').",
    )
    parser.add_argument("file", metavar="FILE", help="the problem, .toml, .json, .xlsx or a folder of CSV files")
    parser.add_argument(
        "--busy",
        metavar="WHO=WHERE",
        action="append",
        default=[],
        help="a calendar of a room, a delegation or a person, such as room:XXVI=xxvi.ics; may be given again",
    )
    _add_plan_options(parser)


def _add_plan_options(parser: argparse.ArgumentParser) -> None:
    _add_search_options(parser, "default: 60, or no limit with --effort", "default: all processors, or 1 with --effort")
    parser.add_argument(
        "--effort", metavar="E", type=float, help="work at most, about as many seconds of one worker, but repeatable"
    )
    parser.add_argument("--seed", metavar="N", type=_seed, default=0, help="seed of the search (default: 0)")
    parser.add_argument(
        "--stamp",
        metavar="ISO",
        help="when the schedule is made, with its offset, for calendars (default: SOURCE_DATE_EPOCH, or the clock)",
    )
    parser.add_argument(
        "--calendars", action=argparse.BooleanOptionalAction, default=True, help="whether to write calendars"
    )


def _add_check(subparsers: Any) -> None:  # noqa: ANN401  as above
    parser = _command(
        subparsers,
        planning.check,
        "check a schedule against its problem",
        "unsched check out/problem.json out/schedule.json",
        "The schedule, made by whomever, is held against every rule, without the solver. Prints the constraints "
        "that are broken and the prices that are paid, tier by tier.",
    )
    parser.add_argument("file", metavar="FILE", help="the problem, .toml, .json, .xlsx or a folder of CSV files")
    parser.add_argument("schedule", metavar="SCHEDULE", help="the schedule, .json or .toml")
    _add_json(parser)


def _add_repair(subparsers: Any) -> None:  # noqa: ANN401  as above
    parser = _command(
        subparsers,
        repairing.repair,
        "change a published schedule as little as possible",
        'unsched repair week.toml week/schedule.json --change "room-lost room=IX days=2010-12-16" --out week-2',
        "After something has changed: first every constraint holds, then as few people as can be have to be told, as "
        "few sessions as can be take another time, by as few minutes, and as few stand in another room; then the "
        "wishes count. Where not everything has a place any more, the least is dropped, those of the highest priority "
        "last, and the exit code is 1. Prints what changes and who has to be told; writes the changed problem.json, "
        "schedule.json and the calendars to another folder: what was published stays as it is.",
        "A change is a kind and what it needs, such as 'session-moved session=wg-1 start=2010-12-16T15:00', or a table "
        "in JSON. 'unsched schema changes' describes them all.",
    )
    parser.add_argument("file", metavar="FILE", help="the problem as it was, .toml or .json")
    parser.add_argument("published", metavar="PUBLISHED", help="the schedule that people have, .json or .toml")
    parser.add_argument("--change", metavar="CHANGE", action="append", default=[], help="what has changed (repeatable)")
    parser.add_argument(
        "--changes", metavar="FILE", action="append", default=[], help="a file of changes, .toml or .json (repeatable)"
    )
    parser.add_argument("--now", metavar="ISO", help="what has begun by then stays as it is (default: nothing has)")
    parser.add_argument(
        "--freeze", metavar="MIN", type=int, default=0, help="minutes from --now on in which nothing moves (default: 0)"
    )
    parser.add_argument(
        "--least",
        metavar="LIST",
        default="people,sessions,minutes,rooms",
        help="what is kept small, first things first (default: people,sessions,minutes,rooms)",
    )
    parser.add_argument("--what-if", action="store_true", help="only say what it would come to; write nothing")
    _add_plan_options(parser)


def _add_diff(subparsers: Any) -> None:  # noqa: ANN401  as above
    parser = _command(
        subparsers,
        repairing.diff,
        "say what differs between two schedules",
        "unsched diff week/schedule.json week-2/schedule.json --problem week-2/problem.json",
        "Sessions that are added, dropped, at another time, in another room or open to others; and, with the problem, "
        "who has to be told of it.",
    )
    parser.add_argument("before", metavar="A", help="the earlier schedule, .json or .toml")
    parser.add_argument("after", metavar="B", help="the later schedule, .json or .toml")
    parser.add_argument("--problem", metavar="FILE", help="the problem, of the later schedule if it has changed")
    parser.add_argument("--earlier", metavar="FILE", help="the problem of the earlier schedule, if it was another")
    _add_json(parser)


def _add_rules(subparsers: Any) -> None:  # noqa: ANN401  as above
    parser = _command(
        subparsers,
        planning.rules,
        "list the kinds of rule, or explain one",
        "unsched rules prefer-time",
        "Every kind of rule that is installed, those of other packages included; or all about one kind. A "
        "constraint must hold; a preference has a price; a standard rule holds unless it is switched off.",
    )
    parser.add_argument("kind", metavar="KIND", nargs="?", help="a kind, such as 'before'")
    _add_json(parser)


def _add_schema(subparsers: Any) -> None:  # noqa: ANN401  as above
    parser = _command(
        subparsers,
        planning.schema,
        "print the JSON Schema of files, or of messages",
        "unsched schema schedule",
        "Draft 2020-12, of files of problems, schedules, changes or prices, for editors and other tools; of what "
        "commands print with --json (output); or of the requests that 'unsched serve' answers, and of its messages.",
    )
    parser.add_argument(
        "of",
        choices=("problem", "schedule", "changes", "prices", "output", "request", "message"),
        nargs="?",
        default="problem",
        help="default: problem",
    )
    parser.add_argument("--json", action="store_true", help="as always: what is printed is JSON")
