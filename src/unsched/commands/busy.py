"""The option of commands that plan around the calendars of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from unsched.errors import Fault, InputError

if TYPE_CHECKING:
    from unsched.calendar.availability import Source
    from unsched.domain.problem import Problem

__all__ = ["cut_busy"]


def cut_busy(problem: Problem, options: Sequence[str]) -> tuple[Problem, str]:
    """Return a problem without the times at which others' calendars are busy, and what of these could not be read.

    Args:
        problem: the facts.
        options: each "WHO=WHERE": a room, a delegation or a person, and the path of a file or the address of a
            calendar on a CalDAV server.

    Raises:
        InputError: with everything that is wrong.
        DavError: a server cannot be read.
    """
    from unsched.calendar.availability import findings_of, read_all_busy, with_busy

    wanted: dict[str, list[str]] = {}
    faults = []
    for option in options:
        who, where = _parts(problem, option)
        if not (who and where):
            message = f"{option!r} does not say whose calendar is where"
            faults.append(Fault("busy", message, "one such as 'room:XXVI=xxvi.ics'."))
        else:
            wanted.setdefault(who, []).append(where)
    if faults:
        raise InputError(faults, "the arguments")
    read = read_all_busy(problem, {who: [_source(problem, one) for one in some] for who, some in wanted.items()})
    findings = findings_of(read)
    lines = [f"  {line}" for finding in findings for line in str(finding).splitlines()]
    head = "Left out of others' calendars, since it cannot be read:"
    return with_busy(problem, read, strict=False), "\n".join([head, *lines]) if lines else ""


def _parts(problem: Problem, option: str) -> tuple[str, str]:
    """Return who and where; what has an equals sign in its name is known by it."""
    known = [(kind, name) for kind, names in _names(problem).items() for name in names if "=" in name]
    for kind, name in sorted(known, key=lambda one: -len(one[1])):
        for start in (f"{kind}:{name}=", f"{name}="):
            if option.startswith(start):
                return start[:-1], option.removeprefix(start)
    who, _, where = option.partition("=")
    return who, where


def _names(problem: Problem) -> Mapping[str, Iterable[str]]:
    return {
        "room": problem.rooms_by_id,
        "delegation": problem.delegations_by_id,
        "person": problem.persons_by_id,
    }


def _source(problem: Problem, where: str) -> Source:
    if not where.startswith(("https://", "http://")):
        return where
    from unsched.calendar.dav.busy import read_busy_from
    from unsched.calendar.dav.credentials import find_credentials
    from unsched.calendar.dav.remote import Remote, check_url, host_of
    from unsched.calendar.own import own_uids

    faults = tuple(check_url(where))
    if faults:
        raise InputError(faults, "the arguments")
    with Remote(where, find_credentials(host_of(where))) as remote:
        return read_busy_from(remote, problem.window, ignore=own_uids(problem))
