"""Texts as calendars can hold them: no control characters, and escaped exactly as RFC 5545 says."""

from __future__ import annotations

import re
from typing import Final

from icalendar import vText

__all__ = ["Text", "one_line", "parameter", "plain"]

# Besides CR and LF, all that some reader takes for the end of a line: VT, FF, NEL, and Unicode's two separators.
_BREAK: Final = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_ESCAPES: Final = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})


def plain(text: str) -> str:
    r"""Return a text of plain lines: every kind of line break is LF, and other control characters are gone.

    Tabs stay, and so does what writes from right to left. A lone surrogate, which no file can hold, becomes U+FFFD.

    >>> plain("one\r\ntwo\x07")
    'one\ntwo'
    """
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", _BREAK.sub("\n", text)))


def one_line(text: str) -> str:
    r"""Return a plain text on one line: each line break and the blanks around it become one space.

    >>> one_line("Opening \r\n of the\tsession\n")
    'Opening of the session'
    """
    parts = (part.strip() for part in plain(text).replace("\t", " ").split("\n"))
    return " ".join(part for part in parts if part)


def parameter(text: str) -> str:
    r"""Return a text for a parameter such as CN: on one line, without quotation marks and backslashes.

    RFC 6868 has an escape for quotation marks, which several readers do not know; and some take a backslash, which
    means nothing here, for the escape of what follows it.

    >>> parameter('Office "A\\B"')
    "Office 'A/B'"
    """
    return one_line(text).replace('"', "'").replace("\\", "/")


class Text(vText):
    r"""A TEXT value, escaped as RFC 5545, section 3.3.11 says.

    icalendar writes a backslash before a capital N (`C:\New`) as a line break; here it stays what it is.

    >>> Text(r"C:\New, or D:").to_ical().decode() == r"C:\\New\, or D:"
    True
    """

    __slots__ = ()

    def to_ical(self) -> bytes:
        """Return the escaped text in UTF-8."""
        return self.translate(_ESCAPES).encode()
