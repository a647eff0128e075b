"""Messages as mails that calendar programs take for invitations (iMIP, RFC 6047)."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from unsched.calendar.names import safe_names
from unsched.calendar.text import one_line
from unsched.calendar.wording import LANGUAGES, Words
from unsched.errors import Fault, InputError, nearest
from unsched.exchange.atomic import write_atomically

if TYPE_CHECKING:
    from unsched.calendar.message import Message
    from unsched.domain.people import Contact
    from unsched.domain.publication import Told

__all__ = ["check_language", "mail", "message_id", "write_mails"]

MAX_SUBJECT: Final = 150
"""Most characters of a title in a subject line."""

# What turns the writing of everything after it around, and needs a partner that a title may not have.
_DIRECTIONS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TZID: Final = re.compile(rb"^DTSTART;TZID=\"?([\w/+-]{1,100})\"?:", re.MULTILINE)


def mail(message: Message, *, language: str = "en", sender: Contact | None = None) -> EmailMessage:
    """Return a message as a mail: plain text, HTML, and the calendar twice, as RFC 6047 and as some clients want it.

    The same arguments give the same bytes: the date is the message's stamp, and Message-ID and boundaries are made of
    its key. All mails to one invitee about one event stand in one thread.

    Args:
        message: what to say, to whom.
        language: "en" or "fr".
        sender: in whose name it is sent (From); by default the organizer, who is otherwise asked in replies.

    Raises:
        InputError: the language is none of these, the message has no mail address, or an address is none that mail
            can be sent to.
    """
    check_language(language)
    words = LANGUAGES[language]
    built = EmailMessage(policy=SMTP)
    built["Subject"] = _subject(message, words)
    built["From"] = _address(message.organizer if sender is None else sender)
    if sender is not None and sender != message.organizer:
        built["Reply-To"] = _address(message.organizer)
    built["To"] = _receiver(message)
    built["Date"] = format_datetime(message.stamp.astimezone(UTC))
    built["Message-ID"] = message_id(message)
    # The root of the thread is no mail: which one came first, a later one cannot know.
    root = _identifier(message, ["thread", message.uid, message.to])
    if message.reason not in {"new", "added"}:
        built["In-Reply-To"] = root
    built["References"] = root
    built["Auto-Submitted"] = "auto-generated"
    built.set_content(_plain(message, words), cte="quoted-printable")
    built.add_alternative(_html(message, words, language), subtype="html", cte="quoted-printable")
    text = message.calendar.decode()
    built.add_alternative(text, subtype="calendar", cte="base64", params={"method": message.method})
    name = "cancel.ics" if message.method == "CANCEL" else "invite.ics"
    built.add_attachment(message.calendar, maintype="application", subtype="ics", filename=name)
    built["Content-Language"] = language  # only now: what sets a content takes such fields away
    _set_boundaries(built, sha256(message.key.encode("utf-8", "surrogatepass")).hexdigest()[:24])
    return built


def message_id(message: Message) -> str:
    """Return the Message-ID of a message: the same each time that it is sent."""
    return _identifier(message, ["message", message.key])


def write_mails(
    messages: Iterable[Message],
    folder: str | os.PathLike[str],
    *,
    language: str = "en",
    sender: Contact | None = None,
) -> tuple[Path, ...]:
    """Write messages as `.eml` files, each in one step; those to somebody without a mail address are left out.

    Args:
        messages: what to write.
        folder: where; made if it is not there.
        language: as in `mail`.
        sender: as in `mail`.

    Returns:
        the files, in the order of the messages.

    Raises:
        InputError: as in `mail`.
        OSError: a file cannot be written.
    """
    check_language(language)
    ids = {_label(message): message for message in messages if message.mail is not None}
    names = safe_names(ids)
    built = {names[id]: mail(message, language=language, sender=sender) for id, message in ids.items()}
    return tuple(write_atomically(Path(folder, f"{name}.eml"), one.as_bytes()) for name, one in built.items())


def check_language(language: str) -> None:
    """Refuse a language that mails cannot be written in.

    Raises:
        InputError: it is none of those.
    """
    if language not in LANGUAGES:
        remedy = nearest(language, LANGUAGES) or "'en' or 'fr'."
        raise InputError([Fault("language", f"mails are not written in {language!r}", remedy)], "mail")


def _label(message: Message) -> str:
    parts = [message.to, message.session, message.segment, message.sequence, message.method]
    return json.dumps([*parts, message.uid], ensure_ascii=False)


def _identifier(message: Message, parts: list[str]) -> str:
    digest = sha256(json.dumps(parts).encode()).hexdigest()[:32]
    return f"<{digest}@{_domain(message.organizer.mail)}>"


def _domain(address: str) -> str:
    """Return what stands after the "@", as the domain name system knows it."""
    domain = address.rpartition("@")[2]
    try:
        found = domain.encode("idna").decode()
    except UnicodeError:
        found = ""
    if not re.fullmatch(r"[A-Za-z0-9_.-]+|\[[0-9A-Fa-f.:]+\]", found):
        remedy = "the address of somebody, such as 'office@example.org'."
        raise InputError([Fault("mail", f"{address!r} is not at a domain", remedy)], "mail")
    return found


def _receiver(message: Message) -> Address:
    if message.mail is None:
        fault = Fault("mail", f"{message.to!r} has no mail address", "add one, or hand over the .ics file.")
        raise InputError([fault], "mail")
    return _to_address(message.name, message.mail)


def _address(contact: Contact) -> Address:
    return _to_address(contact.name, contact.mail)


def _to_address(name: str, address: str) -> Address:
    user, domain = address.rpartition("@")[0], _domain(address)
    if not user.isascii() or not user.isprintable():
        remedy = "an address in ASCII: many servers refuse any other."
        raise InputError([Fault("mail", f"{address!r} is not in ASCII before the '@'", remedy)], "mail")
    return Address(_line(name), user, domain)


def _line(text: str) -> str:
    return one_line(_DIRECTIONS.sub("", text))


def _short(text: str) -> str:
    return text if len(text) <= MAX_SUBJECT else f"{text[: MAX_SUBJECT - 1].rstrip()}…"


def _zone(message: Message) -> ZoneInfo | None:
    """Return the zone that the calendar names, in which the invitee reads the time as well."""
    found = _TZID.search(message.calendar)
    try:
        return ZoneInfo(found[1].decode()) if found else None
    except (ValueError, OSError, KeyError):  # no name, no file, no such zone
        return None


def _when(words: Words, zone: ZoneInfo | None, what: Message | Told) -> str:
    start, end = what.start, what.end
    if zone is not None:
        start, end = start.astimezone(zone), end.astimezone(zone)
    name = getattr(start.tzinfo, "key", None) or start.tzname() or "UTC"
    return words.span(start, end, str(name))


def _reason(message: Message) -> str:
    before = message.before
    if message.reason != "changed" or before is None:
        return message.reason
    was = (before.location, before.start.timestamp(), before.end.timestamp())
    return "changed" if was == (message.location, message.start.timestamp(), message.end.timestamp()) else "moved"


def _subject(message: Message, words: Words) -> str:
    zone = _zone(message)
    start: datetime = message.start.astimezone(zone) if zone else message.start
    title = _short(_line(message.title) or _line(message.session))
    return f"{words.subjects[_reason(message)]}{words.colon} {title}, {words.date(start)}, {start:%H:%M}"


def _rows(message: Message, words: Words) -> list[tuple[str, str, str | None]]:
    """Return each fact as a label, what is so now, and what was so before where that is something else."""
    zone, labels, before = _zone(message), words.labels, message.before
    title, place = _line(message.title) or _line(message.session), _line(message.location)
    when = _when(words, zone, message)
    rows = [(labels["title"], title, None if before is None else _line(before.title))]
    rows.append((labels["when"], when, None if before is None else _when(words, zone, before)))
    rows.append((labels["where"], place, None if before is None else _line(before.location)))
    organizer = f"{_line(message.organizer.name)} <{message.organizer.mail}>"
    found: list[tuple[str, str, str | None]]
    found = [*rows, (labels["organizer"], organizer, None), (labels["to"], _line(message.name), None)]
    told = message.reason == "changed"
    return [(label, now, was if told and was != now else None) for label, now, was in found if now or was]


def _plain(message: Message, words: Words) -> str:
    lines = [words.sentences[_reason(message)], ""]
    for label, now, was in _rows(message, words):
        if was is None:
            lines.append(f"{label}{words.colon} {now}")
        else:
            lines.append(f"{label}{words.colon}")
            lines += [f"  {words.labels[key]}{words.colon} {text}" for key, text in (("before", was), ("now", now))]
    return "\n".join([*lines, ""])


def _html(message: Message, words: Words, language: str) -> str:
    rows = _rows(message, words)
    moved = any(was is not None for _, _, was in rows)
    lines = [f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"></head><body>']
    lines.append(f"<p>{escape(words.sentences[_reason(message)])}</p>\n<table>")
    if moved:
        before, now_ = escape(words.labels["before"]), escape(words.labels["now"])
        lines.append(f'<tr><th></th><th align="left">{before}</th><th align="left">{now_}</th></tr>')
    for label, now, was in rows:
        cell = f"<td>{_cell(now)}</td>" if was is None else f"<td><s>{_cell(was)}</s></td><td>{_cell(now)}</td>"
        # What has not changed stands under both.
        cell = cell.replace("<td>", '<td colspan="2">', 1) if moved and was is None else cell
        lines.append(f'<tr><th align="left">{escape(label)}</th>{cell}</tr>')
    return "\n".join([*lines, "</table>\n</body></html>", ""])


def _cell(text: str) -> str:
    return f'<bdi dir="auto">{escape(text)}</bdi>'


def _set_boundaries(built: EmailMessage, digest: str) -> None:
    # "=_" stands in no part, all of which are in base64 or quoted-printable.
    parts = (part for part in built.walk() if part.is_multipart())
    for number, part in enumerate(parts):
        part.set_boundary(f"=_{number}_{digest}")
