"""Writing a release: the messages first, then the state, so that a crash loses nothing and repeats nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from unsched.calendar.message_file import load_messages, save_messages
from unsched.calendar.names import safe_names
from unsched.domain.publication import Publication
from unsched.errors import Fault, InputError
from unsched.exchange.files import load_publication, save
from unsched.exchange.lock import alone

if TYPE_CHECKING:
    from unsched.calendar.message import Message
    from unsched.calendar.publish import Release

__all__ = ["message_names", "messages_file", "read_messages", "write_release"]


def write_release(release: Release, out: str | os.PathLike[str], state: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Write the messages of a release to `out/messages/REVISION/`, then the publication to `state`.

    Each message is a calendar file in a folder of its invitee, and all of them together are in `messages.json`, which
    `read_messages` reads and mails are made of. Only folders up to the revision that `state` holds have been published:
    a folder above it is what a crash left, and the next release takes its place.

    Args:
        release: what `publish` returned.
        out: the folder for messages.
        state: the publication's file, which ends in `.json`.

    Returns:
        the messages' calendar files, in their order.

    Raises:
        InputError: the file of the publication is not the one that the release was made from, or somebody else is
            publishing at this moment.
        OSError: a file cannot be written; the state is as it was.
    """
    target = Path(state)
    if release.publication == release.previous:
        _check(target, release.previous)
        return ()
    with alone(target, "publishing"):
        _check(target, release.previous)
        summary = messages_file(out, release.publication.revision)
        folder = summary.parent
        links = [one for one in (folder.parent, folder) if one.is_symlink()]
        faults = [Fault("out", f"{str(one)!r} is a link", "another folder.") for one in links]
        if faults:
            raise InputError(faults, target.name)
        if folder.exists():
            shutil.rmtree(folder)
        names = message_names(release.messages)
        files = [folder / name for name in names]
        for parent in dict.fromkeys(file.parent for file in files):
            parent.mkdir(parents=True)
        # These are for people. What is sent is read from the summary, which is on the disk before the state says so.
        for file, message in zip(files, release.messages, strict=True):
            file.write_bytes(message.calendar)
        save_messages(release.messages, summary)
        save(release.publication, target)
    return tuple(files)


def message_names(messages: tuple[Message, ...]) -> tuple[str, ...]:
    """Return the name of each message's calendar file: a folder for each invitee, then the session and the method."""
    folders = safe_names(dict.fromkeys(one.to for one in messages))
    sessions = safe_names(dict.fromkeys(one.session for one in messages))
    segments = safe_names(dict.fromkeys(one.segment for one in messages if one.segment is not None))
    # No safe name has a dot in it, so that no two messages of a release have one name.
    return tuple(
        f"{folders[one.to]}/"
        + ".".join((sessions[one.session], *((segments[one.segment],) if one.segment else ()), one.method.lower()))
        + ".ics"
        for one in messages
    )


def messages_file(out: str | os.PathLike[str], revision: int) -> Path:
    """Return the file that all messages of a revision are in."""
    return Path(out, "messages", f"{revision:06}", "messages.json")


def read_messages(
    out: str | os.PathLike[str], publication: Publication, after: int = 0
) -> Iterator[tuple[int, tuple[Message, ...]]]:
    """Yield the messages of each published revision, in order; what a crash left behind is not published.

    Args:
        out: the folder that `write_release` wrote to.
        publication: what has been published.
        after: the last revision that is not wanted.

    Raises:
        InputError: the messages of a revision are not there, or are not those of the publication.
    """
    for revision in range(after + 1, publication.revision + 1):
        file = messages_file(out, revision)
        if not file.exists():
            message = f"the messages of revision {revision} are not in {str(file.parent)!r}"
            raise InputError([Fault("out", message, "the folder that they were published to.")], "the messages")
        messages = load_messages(file)
        known = publication.by_uid
        faults = [
            Fault(f"messages[{index}]", f"it is not of revision {revision} of {publication.problem!r}", "another file.")
            for index, one in enumerate(messages)
            if one.revision != revision or one.uid not in known
        ]
        if faults:
            raise InputError(faults[:1000], str(file))
        yield revision, messages


def _check(target: Path, previous: Publication | None) -> None:
    """Refuse a release that was made from another publication than the stored one."""
    stored = load_publication(target) if target.exists() else None
    if stored != previous:
        which = "holds none" if stored is None else f"holds revision {stored.revision}, of {stored.stamp}"
        made = "no publication" if previous is None else f"revision {previous.revision}, of {previous.stamp}"
        message = f"the file {which}, and this release was made from {made}"
        raise InputError([Fault("state", message, "publish again, from what the file holds.")], target.name)
