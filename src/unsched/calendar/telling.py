"""Who is told what, as a text for whoever publishes and sends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from unsched.calendar.message import Message

__all__ = ["message_dict", "tell", "tell_one"]


def tell(messages: Iterable[Message], zone: str) -> str:
    """Return what each invitee is told, in the order in which they come first.

    Args:
        messages: the messages.
        zone: IANA name of the time zone in which people read them.
    """
    by_invitee: dict[tuple[str, str | None], list[Message]] = {}
    for one in messages:
        by_invitee.setdefault((one.name, one.mail), []).append(one)
    lines = []
    for (name, mail), some in by_invitee.items():
        lines.append(f"  {name} <{mail}>" if mail else f"  {name} (no address)")
        lines += [f"    {tell_one(one, zone)}" for one in some]
    return "\n".join(lines)


def tell_one(message: Message, zone: str) -> str:
    """Return what one message says, in a line."""
    tz = ZoneInfo(zone)
    where = message.session if message.segment is None else f"{message.session}, {message.segment}"
    text = f"{_word(message):<9}  {message.title} [{where}]"
    before = message.before
    if message.method == "CANCEL":
        return f"{text}: was {_when(message.start, message.end, tz)}, {message.location}"
    now = _when(message.start, message.end, tz), message.location
    if before is None:
        return f"{text}: {now[0]}, {now[1]}"
    was = _when(before.start, before.end, tz), before.location
    news = [f"{old} -> {new}" for old, new in zip(was, now, strict=True) if old != new]
    if before.title != message.title:
        news.insert(0, f"was {before.title!r}")
    return f"{text}: {', '.join(news) or now[0]}"


def message_dict(message: Message) -> Mapping[str, Any]:
    """Return what a message says as plain data, without the calendar itself."""
    names = ("to", "name", "mail", "method", "reason", "session", "segment", "uid", "sequence", "title", "location")
    times = {name: getattr(message, name).isoformat() for name in ("start", "end")}
    return {**{name: getattr(message, name) for name in names}, **times}


def _word(message: Message) -> str:
    before = message.before
    if message.reason != "changed" or before is None:
        return {"new": "invited", "readdressed": "elsewhere"}.get(message.reason, message.reason)
    moved = (before.start.timestamp(), before.end.timestamp(), before.location)
    same = moved == (message.start.timestamp(), message.end.timestamp(), message.location)
    return "changed" if same else "moved"


def _when(start: datetime, end: datetime, tz: ZoneInfo) -> str:
    begin, finish = start.astimezone(tz), end.astimezone(tz)
    last = f"{finish:%H:%M}" if finish.date() == begin.date() else f"{finish:%a %d %b %H:%M}"
    return f"{begin:%a %d %b %H:%M}-{last}"
