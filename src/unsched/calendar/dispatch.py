"""Sending what has been published: the messages of each revision that the outbox does not have yet."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from unsched.calendar.outbox import Delivery, Server, send
from unsched.calendar.outbox_file import load_box
from unsched.calendar.release import read_messages
from unsched.errors import Fault, InputError
from unsched.exchange.files import load_publication

if TYPE_CHECKING:
    from unsched.domain.people import Contact

__all__ = ["outbox_of", "send_published"]


def outbox_of(state: str | os.PathLike[str]) -> Path:
    """Return where the outbox of a publication is, unless it is told to be elsewhere.

    >>> print(outbox_of("publication.json"))
    publication.outbox.json
    """
    return Path(state).with_suffix(".outbox.json")


def send_published(
    state: str | os.PathLike[str],
    out: str | os.PathLike[str],
    server: Server | None,
    record: str | os.PathLike[str] | None = None,
    *,
    language: str = "en",
    sender: Contact | None = None,
    dry_run: bool = False,
) -> Delivery:
    """Send the messages of a publication that have not been sent, each once.

    What has been published, by its own file, is sent, and nothing of a revision that a crash has kept from being so.

    Args:
        state: the publication's file.
        out: the folder that `write_release` wrote the messages to.
        server: sends; not used with `dry_run`.
        record: the outbox; by default beside the publication.
        language: as in `mail`.
        sender: as in `mail`.
        dry_run: whether only to return who would be told what.

    Raises:
        InputError: a file is not there or cannot be read, or the outbox has gone further than the publication.
        OSError: the outbox cannot be written.
    """
    publication = load_publication(state)
    path = outbox_of(state) if record is None else Path(record)
    taken = load_box(path).taken
    if taken > publication.revision:
        message = f"the outbox has sent revision {taken}, and the publication is revision {publication.revision}"
        raise InputError([Fault("", message, "the publication that was written last.")], Path(state).name)
    messages = [one for _, some in read_messages(out, publication, taken) for one in some]
    return send(messages, server, path, language=language, sender=sender, dry_run=dry_run, taken=publication.revision)
