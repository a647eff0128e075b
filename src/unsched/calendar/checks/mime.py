"""Mails with a calendar in them (iMIP, RFC 6047), as bytes on their way to a server."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from typing import Final

from unsched.calendar.checks import clause as c
from unsched.calendar.finding import Finding
from unsched.calendar.parse import Component, parse
from unsched.calendar.values import mail_of
from unsched.domain.fact import shown

__all__ = ["MOST", "calendar_of", "check_mail"]

MOST: Final = 5_000_000
"""Most bytes of a mail that is looked at."""

_TREE: Final = (
    "multipart/mixed",
    "multipart/alternative",
    "text/plain",
    "text/html",
    "text/calendar",
    "application/ics",
)


def calendar_of(data: bytes) -> tuple[bytes, str] | None:
    """Return the calendar of a mail and the method that its part names; `None` where there is none."""
    for part in _parts(data):
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            method = part.get_param("method")
            return (content if isinstance(content, bytes) else b""), (method if isinstance(method, str) else "")
    return None


def check_mail(data: bytes) -> Iterator[Finding]:
    """Yield what is wrong with a mail, other than in its calendar."""
    for number, line in enumerate(data.split(b"\r\n"), 1):
        if len(line) > 998 or b"\n" in line or b"\r" in line or not line.isascii():
            yield c.MAIL_LINES.at(number, "", "a line is too long, ends in half of CRLF or is not ASCII", "encode it.")
    parts = _parts(data)
    head = parts[0]
    for name in ("From", "To", "Date", "Subject", "Message-ID"):
        count = len(head.get_all(name, []))
        if count != 1:
            yield c.MAIL_HEAD.at(0, "", f"{name} stands {count} times", "once.")
    tree = tuple(part.get_content_type() for part in parts)
    if tree != _TREE:
        yield c.MAIL_PARTS.at(0, "", f"the parts are {', '.join(tree)}", f"{', '.join(_TREE)}.")
    found = next((part for part in parts if part.get_content_type() == "text/calendar"), None)
    if found is None:
        return
    content = found.get_payload(decode=True)
    calendar = content if isinstance(content, bytes) else b""
    if (found.get_param("charset") or "") not in {"utf-8", "UTF-8"}:
        yield c.MAIL_CHARSET.at(0, "", f"charset is {shown(str(found.get_param('charset')))}", "utf-8.")
    yield from _copy(parts, calendar)
    for one in parse(calendar).calendars[:1]:
        method = str(found.get_param("method") or "")
        if method.upper() != one.text("METHOD").upper():
            message = f"the part's method is {shown(method)}, and METHOD is {shown(one.text('METHOD'))}"
            yield c.MAIL_METHOD.at(0, "", message, "the same.")
        yield from _addresses(head, one)


def _parts(data: bytes) -> list[Message]:
    # Under the older policy, fields are texts: the newer one parses each, and not every one can be.
    return list(message_from_bytes(data).walk())


def _copy(parts: list[Message], calendar: bytes) -> Iterator[Finding]:
    for part in parts:
        if part.get_content_type() == "application/ics":
            if part.get_payload(decode=True) != calendar:
                yield c.MAIL_COPY.at(0, "", "the attachment is another calendar than the one in the text", "the same.")
            if not (part.get_filename() or "").endswith(".ics"):
                yield c.MAIL_COPY.at(
                    0, "", f"the attachment is called {shown(part.get_filename() or '')}", "invite.ics."
                )


def _addresses(head: Message, calendar: Component) -> Iterator[Finding]:
    to, sender, reply = (
        {address.lower() for _, address in getaddresses([str(one) for one in head.get_all(name, [])])}
        for name in ("To", "From", "Reply-To")
    )
    for event in calendar.components:
        if event.name != "VEVENT":
            continue
        guests = {mail_of(one.value) for one in event.all("ATTENDEE")} - {None}
        if guests != to:
            yield c.MAIL_ADDRESS.at(0, "", "To is not who is invited", "the ATTENDEE.")
        if mail_of(event.text("ORGANIZER")) not in (reply or sender):
            yield c.MAIL_ADDRESS.at(0, "", "an answer would not go to the ORGANIZER", "Reply-To.")
