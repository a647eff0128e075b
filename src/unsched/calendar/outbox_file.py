"""The outbox as a file, and the journal beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final

from attrs import evolve, field, frozen

from unsched.calendar.message import Message
from unsched.calendar.message_file import dump_message, json_rows, read_json, read_message
from unsched.errors import Fault, InputError
from unsched.exchange.atomic import write_atomically

__all__ = ["Box", "Outcome", "journal_of", "load_box", "note", "save_box", "settle"]

_SCHEMA: Final = "unsched/outbox/1"
_STATES: Final = ("waiting", "sent", "failed", "refused", "superseded", "needless")


@frozen
class Outcome:
    """What has become of one message.

    Args:
        key: the message's key.
        to: id of who is told.
        mail: the address.
        uid: the event.
        method: "REQUEST" or "CANCEL".
        rank: its sequence and its stamp, by which newer ones are told.
        state: "waiting", "sent", "failed" (will be tried again), "refused" (for good), "superseded" (by a newer one) or
            "needless" (it takes back what never went out).
        reason: what the server said.
        tried: whether it may have gone out, although nobody knows: the connection, or this program, ended on the way.
        message: the message itself, while it is still to be sent.
    """

    key: str
    to: str
    mail: str
    uid: str
    method: str
    rank: tuple[int, float]
    state: str = "waiting"
    reason: str = ""
    tried: bool = False
    message: Message | None = None

    @property
    def open(self) -> bool:
        """Whether it is still to be sent."""
        return self.state in {"waiting", "failed"} and self.message is not None

    @property
    def gone(self) -> bool:
        """Whether it has gone out, or may have."""
        return self.state == "sent" or self.tried

    @property
    def thread(self) -> tuple[str, str, str]:
        """What all messages to one mailbox for one invitee about one event have in common."""
        return self.to, self.mail.casefold(), self.uid


@frozen
class Box:
    """An outbox: what has become of each message, by its key.

    Args:
        outcomes: by key, in the order in which they were put in.
        taken: up to which revision of the publication all messages have been put in.
    """

    outcomes: dict[str, Outcome] = field(factory=dict)
    taken: int = 0


def settle(outcome: Outcome, state: str, reason: str, *, tried: bool = False) -> Outcome:
    """Return what has become of a message; once it is sent, the message itself is not kept."""
    message = outcome.message if state != "sent" else None
    return evolve(outcome, state=state, reason=reason, tried=tried, message=message)


def journal_of(path: Path) -> Path:
    """Return the journal's name."""
    return path.with_name(f"{path.name}.journal")


def note(journal: IO[bytes], outcome: Outcome) -> None:
    """Write down what has become of a message; it is on the disk when this returns."""
    row = {"key": outcome.key, "state": outcome.state, "reason": outcome.reason, "tried": outcome.tried}
    journal.write(f"{json.dumps(row)}\n".encode())
    journal.flush()
    os.fsync(journal.fileno())


def save_box(path: Path, box: Box) -> None:
    """Write an outbox, and take away its journal, all of which is in it."""
    rows = [
        {
            "key": one.key,
            "to": one.to,
            "mail": one.mail,
            "uid": one.uid,
            "method": one.method,
            "rank": list(one.rank),
            "state": one.state,
            "reason": one.reason,
            "tried": one.tried,
            "message": None if one.message is None else dump_message(one.message),
        }
        for one in box.outcomes.values()
    ]
    write_atomically(path, json_rows({"schema": _SCHEMA, "taken": box.taken}, "outbox", rows))
    # A journal that is left behind here says nothing new.
    journal_of(path).unlink(missing_ok=True)


def load_box(path: Path) -> Box:
    """Read an outbox and its journal; where there is none, it is empty.

    Raises:
        InputError: it cannot be read.
    """
    if not path.exists():
        return Box()
    data = read_json(path)
    if not isinstance(data, dict) or data.get("schema") != _SCHEMA or not isinstance(data.get("outbox"), list):
        raise InputError([Fault("schema", "this is no outbox", f"a file whose schema is {_SCHEMA!r}.")], path.name)
    box: dict[str, Outcome] = {}
    faults: list[Fault] = []
    taken: int = data["taken"] if type(data.get("taken")) is int else -1
    if taken < 0:
        faults.append(Fault("taken", "this is no number of a revision", "the file as it was written."))
    for index, row in enumerate(data["outbox"]):
        try:
            outcome = _outcome(row)
            box[outcome.key] = outcome
        except InputError as error:
            faults += [fault.under(f"outbox[{index}].message") for fault in error.faults]
        except (KeyError, TypeError, ValueError):
            faults.append(Fault(f"outbox[{index}]", "this is no outcome", "the file as it was written."))
    if faults:
        raise InputError(faults[:1000], path.name)
    _replay(journal_of(path), box)
    return Box(box, taken)


def _outcome(row: Mapping[str, Any]) -> Outcome:
    texts = [row[name] for name in ("key", "to", "mail", "uid", "method", "state", "reason")]
    sequence, stamp = row["rank"]
    known = row["state"] in _STATES and row["method"] in {"REQUEST", "CANCEL"} and isinstance(row["tried"], bool)
    if not all(isinstance(text, str) for text in texts) or not known:
        raise ValueError
    message: Message | None = None if row["message"] is None else read_message(row["message"])
    key, to, mail, uid, method, state, reason = texts
    return Outcome(key, to, mail, uid, method, (int(sequence), float(stamp)), state, reason, row["tried"], message)


def _replay(journal: Path, box: dict[str, Outcome]) -> None:
    """Apply what a run that was killed had written down; its last line may be cut off."""
    if not journal.exists():
        return
    for line in journal.read_bytes().split(b"\n")[:-1]:
        try:
            row = json.loads(line)
            key, state, reason, tried = row["key"], row["state"], row["reason"], row["tried"]
        except (ValueError, KeyError, TypeError):
            continue
        if key in box and state in _STATES:
            box[key] = settle(box[key], state, str(reason), tried=tried is True)
