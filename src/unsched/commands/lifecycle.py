"""The commands that keep everybody told: publish a schedule, send what is published, read what they answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from unsched.commands.answer import BAD_INPUT, GOOD, SHORT, Answer
from unsched.commands.machine import as_json
from unsched.commands.planning import stamp_of
from unsched.commands.sparing import spare
from unsched.errors import Fault, InputError
from unsched.report.printable import listed

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from unsched.calendar.outbox import Delivery, Outcome
    from unsched.calendar.publish import Release
    from unsched.calendar.replies import Replies
    from unsched.domain.attendance import Standing

__all__ = ["publish", "replies", "send"]


def _state_of(arguments: Namespace) -> Path:
    return Path(arguments.out, "publication.json") if arguments.state is None else Path(arguments.state)


# -- publishing -----------------------------------------------------------------------------------------------------


def publish(arguments: Namespace) -> Answer:
    """Work out who has to be told what of a schedule."""
    from unsched.calendar.feeds import write_calendars
    from unsched.calendar.publish import publish as release_of
    from unsched.calendar.release import write_release
    from unsched.commands.paging import page_beside
    from unsched.exchange.files import load_problem, load_publication, load_schedule

    problem, schedule = load_problem(arguments.file), load_schedule(arguments.schedule)
    state = _state_of(arguments)
    known = load_publication(state) if state.exists() else None
    release = release_of(problem, schedule, known, stamp=stamp_of(arguments.stamp))
    files: list[Path] = []
    if not arguments.dry_run:
        files += write_release(release, arguments.out, state)
        if arguments.calendars:
            publication = release.publication
            files += write_calendars(
                problem, schedule, arguments.out, base_url=arguments.base_url, publication=publication
            )
            files += page_beside(problem, schedule, Path(arguments.out), publication=publication)
    if arguments.json:
        return Answer(as_json(_published(release, files, dry_run=arguments.dry_run)))
    return Answer(_published_text(release, schedule.zone, arguments))


def _published(release: Release, files: Iterable[Path], *, dry_run: bool) -> dict[str, Any]:
    from unsched.calendar.telling import message_dict

    return {
        "schema": "unsched/publish/1",
        "problem": release.publication.problem,
        "revision": release.publication.revision,
        "stamp": release.publication.stamp.isoformat(),
        "dry_run": dry_run,
        "messages": [message_dict(one) for one in release.messages],
        "unchanged": len(release.unchanged),
        "files": [str(file) for file in files],
    }


def _published_text(release: Release, zone: str, arguments: Namespace) -> str:
    from unsched.calendar.telling import tell

    made = release.publication
    if release.publication == release.previous:
        return f"{made.problem}: nothing is new since revision {made.revision}, of {made.stamp:%Y-%m-%d %H:%M} UTC."
    would = "would be" if arguments.dry_run else "is"
    count = len(release.messages)
    title = f"{made.problem}: this {would} revision {made.revision}, of {made.stamp:%Y-%m-%d %H:%M} UTC"
    lines = [f"{title}: {count} message{'' if count == 1 else 's'}, in {zone} time"]
    if release.messages:
        lines.append(tell(release.messages, zone))
    if release.unchanged:
        lines.append(f"Of {len(release.unchanged)} other events, nobody is told anything.")
    if not arguments.dry_run:
        lines += [f"Written to {Path(arguments.out, 'messages', f'{made.revision:06}')}; nothing has been sent."]
    return "\n".join(lines)


# -- sending --------------------------------------------------------------------------------------------------------


def send(arguments: Namespace) -> Answer:
    """Send what has been published and not been sent."""
    from unsched.calendar.dispatch import outbox_of, send_published
    from unsched.calendar.smtp import connect, mail_server
    from unsched.exchange.files import load_publication

    state = _state_of(arguments)
    box = outbox_of(state) if arguments.outbox is None else Path(arguments.outbox)
    zone = load_publication(state).zone
    options: dict[str, Any] = {"language": arguments.language}
    server = None if arguments.dry_run else mail_server()
    if server is not None:
        options["sender"] = server.sender
    delivery = send_published(state, arguments.out, None, box, dry_run=True, **options)
    if server is not None and delivery.outcomes:
        with connect(server) as mail:
            delivery = send_published(state, arguments.out, mail, box, **options)
    short = delivery.stopped or (not arguments.dry_run and len(delivery.of("sent")) < len(delivery.outcomes))
    code = SHORT if short else GOOD
    if arguments.json:
        return Answer(as_json(_delivered(delivery, dry_run=arguments.dry_run)), code)
    return Answer(_delivered_text(delivery, zone, dry_run=arguments.dry_run), code)


def _delivered(delivery: Delivery, *, dry_run: bool) -> dict[str, Any]:
    from unsched.calendar.telling import message_dict

    def row(one: Outcome) -> dict[str, Any]:
        said = {} if one.message is None else message_dict(one.message)
        return {**said, "state": one.state, "reason": one.reason}

    return {
        "schema": "unsched/send/1",
        "dry_run": dry_run,
        "outcomes": [row(one) for one in delivery.outcomes],
        "unaddressed": list(delivery.unaddressed),
        "stopped": delivery.stopped,
    }


def _delivered_text(delivery: Delivery, zone: str, *, dry_run: bool) -> str:
    from unsched.calendar.telling import tell

    titles = {"sent": "Sent", "failed": "Not sent, and tried again next time", "refused": "Refused for good"}
    states = {"waiting": "Would be sent", "failed": "Would be sent again"} if dry_run else titles
    lines = []
    for state, title in states.items():
        some = delivery.of(state)
        if not some:
            continue
        lines.append(f"{title} ({len(some)}), in {zone} time:")
        lines.append(tell([one.message for one in some if one.message is not None], zone))
        lines += [f"    {one.mail}: {one.reason}" for one in some if one.reason]
    if delivery.unaddressed:
        names = listed(delivery.unaddressed)
        lines.append(f"Without an address, to be handed their files: {names}")
    if delivery.stopped:
        lines.append(f"Stopped: {delivery.stopped}. What is left goes out with the next run.")
    return "\n".join(lines) or "There is nothing to send."


# -- answers --------------------------------------------------------------------------------------------------------


def _spare(target: str, others: Iterable[str]) -> None:
    """Refuse to write a problem over what was read, or over anything that is no problem."""
    from unsched.exchange.files import load_problem

    path = Path(target)
    if not path.exists():
        return
    spare(path, *others, path="to")
    try:
        load_problem(path)
    except InputError as error:
        message = f"{target!r} is there already, and is no problem"
        raise InputError([Fault("to", message, "another file.")], "the arguments") from error


def replies(arguments: Namespace) -> Answer:
    """Read what invitees have answered, and print who comes."""
    from unsched.domain.attendance import Attendance, with_attendance
    from unsched.exchange.files import load_attendance, load_problem, load_publication, save
    from unsched.exchange.lock import alone

    if (arguments.problem is None) != (arguments.to is None):
        message = (
            "--problem and --to go together: the problem, and the file for the one that takes answers into account"
        )
        raise InputError([Fault("to", message, "both, or none.")], "the arguments")
    kept = arguments.attendance or str(Path(arguments.state).with_suffix(".attendance.json"))
    if arguments.to is not None:
        _spare(arguments.to, [arguments.problem, arguments.state, kept, *arguments.files])
    publication = load_publication(arguments.state)
    found, broken = _read_all(arguments, publication)
    with alone(kept, "reading answers"):
        known = load_attendance(kept) if Path(kept).exists() else Attendance(publication.problem)
        standings = known.standings(publication)  # refuses an attendance of another problem, before it is written
        attendance = known.merge(found.responses)
        if attendance != known:
            save(attendance, kept)
            standings = attendance.standings(publication)
    if arguments.problem is not None:
        save(with_attendance(load_problem(arguments.problem), publication, attendance), arguments.to)
    code = BAD_INPUT if broken else SHORT if found.findings else GOOD
    if arguments.json:
        return Answer(as_json(_answered(found, standings)), code)
    return Answer(_answered_text(found, standings), code)


def _read_all(arguments: Namespace, publication: Any) -> tuple[Replies, bool]:  # noqa: ANN401  loaded late
    """Read all files; one that cannot be read at all keeps nobody else's answer from being taken."""
    from unsched.calendar.finding import Finding
    from unsched.calendar.replies import Replies, read_replies

    found, broken = Replies(), False
    for file in arguments.files:
        try:
            found += read_replies(file, publication, source=file)
        except InputError as error:
            broken = True
            some = [Finding(0, "", one.message, one.remedy, file=file) for one in error.faults]
            found += Replies(findings=tuple(some))
    return found, broken


def _answered(found: Replies, standings: Iterable[Standing]) -> dict[str, Any]:
    names = ("uid", "session", "segment", "title", "party", "name", "role", "answer")

    def row(one: Standing) -> dict[str, Any]:
        response = one.response
        said: dict[str, Any] = {} if response is None else {"comment": response.comment}
        if response is not None and response.start is not None and response.end is not None:
            said |= {"proposes": [response.start.isoformat(), response.end.isoformat()]}
        return {**{name: getattr(one, name) for name in names}, "start": one.start.isoformat(), **said}

    return {
        "schema": "unsched/replies/1",
        "attendance": [row(one) for one in standings],
        "again": [{"uid": uid, "party": party} for uid, party in found.again],
        "stale": [str(one) for one in found.stale],
        "findings": [str(one) for one in found.findings],
    }


def _answered_text(found: Replies, standings: tuple[Standing, ...]) -> str:
    lines = []
    for uid in dict.fromkeys(one.uid for one in standings):
        some = [one for one in standings if one.uid == uid]
        first = some[0]
        where = first.session if first.segment is None else f"{first.session}, {first.segment}"
        lines.append(f"{first.title} [{where}], {first.start:%Y-%m-%d %H:%M}")
        for answer in ("accepted", "declined", "tentative", "waiting"):
            names = [_said(one) for one in some if one.answer == answer]
            if names:
                lines.append(f"  {answer:<9}  {listed(names)}")
    again = [f"  {party} [{uid}]" for uid, party in found.again]
    for title, rows in (
        ("To be told again:", again),
        ("Out of date, and not counted:", [f"  {one}" for one in found.stale]),
        ("Left out:", ["  " + str(one).replace("\n", "\n  ") for one in found.findings]),
    ):
        lines += [title, *rows] if rows else []
    return "\n".join(lines) or "Nobody has been invited to anything."


def _said(one: Standing) -> str:
    response = one.response
    if response is None or (response.start is None and not response.comment):
        return one.name
    parts = []
    if response.start is not None:
        parts.append(f"proposes {response.start.astimezone(one.start.tzinfo):%Y-%m-%d %H:%M}")
    if response.comment:
        parts.append(response.comment.replace("\n", " / "))
    return f"{one.name} ({'; '.join(parts)})"
