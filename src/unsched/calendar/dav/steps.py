"""What a synchronization does, step by step, and what came of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from attrs import field, frozen

from unsched.domain.fact import to_tuple

__all__ = ["Step", "SyncReport"]

_DONE = {
    "make": "made",
    "add": "added",
    "change": "changed",
    "remove": "removed",
    "adopt": "found as it is meant",
    "read": "read",
}
_WOULD = {
    "make": "to make",
    "add": "to add",
    "change": "to change",
    "remove": "to remove",
    "adopt": "as it is meant",
    "read": "to read",
}


@frozen
class Step:
    """One step.

    Args:
        action: "make" a calendar; "add", "change" or "remove" an event; "adopt" one that is there as it is meant.
        feed: path of the feed, such as "rooms/XXVI.ics".
        outcome: "done"; "planned" where nothing was to be done yet; "conflict" where somebody else has changed it, and
            it was left alone; "failed" where the server did not do it.
        uid: UID of the event; empty for a calendar.
        title: what people call the event or the calendar.
        reason: why it is a conflict or has failed.
    """

    action: str
    feed: str
    outcome: str
    uid: str = ""
    title: str = ""
    reason: str = ""

    def __str__(self) -> str:
        what = f"{self.feed}: {self.title or self.uid}" if self.uid else self.feed
        if self.outcome in {"conflict", "failed"}:
            return f"{what}: {self.outcome}, not {_DONE[self.action]}: {self.reason}" + (
                f"\n    [{self.uid}]" if self.uid else ""
            )
        return f"{what}: {(_DONE if self.outcome == 'done' else _WOULD)[self.action]}"


@frozen
class SyncReport:
    """What a synchronization did, or would do.

    Args:
        url: the folder on the server.
        steps: in their order; what is as it was has none.
        unchanged: how many events are as they were.
    """

    url: str
    steps: tuple[Step, ...] = field(default=(), converter=to_tuple)
    unchanged: int = 0

    @property
    def conflicts(self) -> tuple[Step, ...]:
        """What somebody else has changed, and was left alone."""
        return tuple(step for step in self.steps if step.outcome == "conflict")

    @property
    def failures(self) -> tuple[Step, ...]:
        """What the server did not do."""
        return tuple(step for step in self.steps if step.outcome == "failed")

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain data."""
        names = ("action", "feed", "outcome", "uid", "title", "reason")
        steps = [{name: getattr(step, name) for name in names} for step in self.steps]
        return {"url": self.url, "unchanged": self.unchanged, "steps": steps}

    def __str__(self) -> str:
        counts = Counter((step.outcome, step.action) for step in self.steps)
        lines = [f"{self.url}: {self.unchanged} event{'' if self.unchanged == 1 else 's'} as they were"]
        lines += [f"  {step}" for step in self.steps]
        words = []
        for (outcome, action), count in sorted(counts.items()):
            if outcome in {"done", "planned"}:
                words.append(f"{count} {(_DONE if outcome == 'done' else _WOULD)[action]}")
        words += [f"{len(some)} {name}" for name, some in _troubles(self) if some]
        return "\n".join([*lines, "; ".join(words) + "." if words else "Nothing to do."])


def _troubles(report: SyncReport) -> tuple[tuple[str, tuple[Step, ...]], ...]:
    return ("in conflict", report.conflicts), ("failed", report.failures)
