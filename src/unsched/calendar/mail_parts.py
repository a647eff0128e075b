"""Calendars in mails that others have sent."""

from __future__ import annotations

import contextlib
import email
import email.policy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from unsched.errors import Fault, InputError

if TYPE_CHECKING:
    from email.message import Message

__all__ = ["calendars_in"]

MAX_PARTS: Final = 100
_CALENDAR: Final = b"BEGIN:VCALENDAR"
_MARK: Final = b"\xef\xbb\xbf"


def calendars_in(data: bytes, source: str) -> Iterator[tuple[str, bytes]]:
    r"""Yield what to call each calendar in a file, and the calendar: the file itself, or the parts of a mail.

    A mail that has one calendar twice, inside and attached as iMIP clients like it (RFC 6047), has it once.

    Args:
        data: the content of the file.
        source: its name.

    Raises:
        InputError: it is neither a calendar nor a mail with one.

    >>> [label for label, _ in calendars_in(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "a.ics")]
    ['a.ics']
    """
    start = data.removeprefix(_MARK).lstrip()
    if start[: len(_CALENDAR)].upper() == _CALENDAR:
        yield source, data
        return
    try:
        # The older policy makes no sense of the fields of a mail, and so cannot stumble over them.
        found = [bytes(part) for part in _parts(email.message_from_bytes(data, policy=email.policy.compat32))]
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:
        message = f"this mail cannot be read: {error}"
        raise InputError([Fault("", message, "the .ics file that is attached to it.")], source) from None
    if not found:
        message = "this is neither a calendar nor a mail with one"
        raise InputError([Fault("", message, "an .ics file, or the mail as it came (.eml).")], source)
    for number, part in enumerate(dict.fromkeys(found), start=1):
        yield f"{source}, calendar {number}" if len(set(found)) > 1 else f"{source}, calendar", part


def _parts(mail: Message) -> Iterator[bytes]:
    for number, part in enumerate(mail.walk()):
        if number >= MAX_PARTS:
            raise ValueError(f"it has over {MAX_PARTS} parts")
        named = (part.get_filename() or "").lower().endswith(".ics")
        if part.get_content_type() in {"text/calendar", "application/ics"} or (named and not part.is_multipart()):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                charset = part.get_content_charset() or "utf-8"
                with contextlib.suppress(LookupError):  # of a name that is none; the reader sees what is not UTF-8
                    content = content.decode(charset, "replace").encode()
                yield content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
