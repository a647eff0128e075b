"""What goes out: one thread writes, so that nobody who searches ever waits for whoever reads."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from math import inf
from typing import Any, BinaryIO, Final

from unsched.embed.wire import Id, encode

__all__ = ["Outbox"]

log = logging.getLogger(__name__)
_MOST_WAITING: Final = 200


class Outbox:
    """Writes messages to a stream, a line each: answers in their order, and of the progress of a search the latest.

    Args:
        sink: the stream.
        gone: called once, when nobody reads any more.
    """

    def __init__(self, sink: BinaryIO, gone: Callable[[], None]) -> None:
        self._sink = sink
        self._gone = gone
        self._news = threading.Condition()
        self._lines: deque[bytes] = deque()
        self._latest: dict[Id, tuple[Mapping[str, Any], float]] = {}
        self._next: dict[Id, float] = {}
        self._closed = self._broken = False
        self._thread = threading.Thread(target=self._work, name="unsched outbox", daemon=True)
        self._thread.start()

    def put(self, line: bytes, over: Id | None = None) -> None:
        """Write a message; wait where very many have not been read.

        Args:
            line: the message.
            over: the request that is over with it: no progress of it follows.
        """
        with self._news:
            self._news.wait_for(lambda: len(self._lines) < _MOST_WAITING or self._broken)
            if over is not None:
                self._latest.pop(over, None)
                self._next.pop(over, None)
            self._lines.append(line)
            self._news.notify_all()

    def tell(self, id: Id, message: Mapping[str, Any], per_second: float) -> None:
        """Write a message about the progress of a request, unless a later one comes before it may be written.

        Args:
            id: the request.
            message: the message.
            per_second: how many of them may be written in a second.
        """
        with self._news:
            self._latest[id] = message, 1 / per_second
            self._news.notify_all()

    @property
    def broken(self) -> bool:
        """Whether nobody reads any more."""
        return self._broken

    def close(self) -> None:
        """Write what there is, and end."""
        with self._news:
            self._closed = True
            self._news.notify_all()
        self._thread.join()

    def _work(self) -> None:
        while (line := self._take()) is not None:
            if self._broken:
                continue
            try:
                self._sink.write(line)
                self._sink.flush()
            except (OSError, ValueError) as error:  # the second where the stream has been closed
                log.info("nobody reads any more: %s", error)
                with self._news:
                    self._broken = True
                    self._news.notify_all()
                self._gone()

    def _take(self) -> bytes | None:
        """Return the next line, once there is one that may be written; `None` at the end."""
        with self._news:
            while True:
                if self._lines:
                    self._news.notify_all()
                    return self._lines.popleft()
                id, when = min(((id, self._next.get(id, 0.0)) for id in self._latest), key=_due, default=(None, inf))
                left = when - time.monotonic()
                if id is not None and left <= 0:
                    message, pause = self._latest.pop(id)
                    self._next[id] = time.monotonic() + pause
                    return encode(message)
                if self._closed:
                    return None
                self._news.wait(None if left == inf else left)


def _due(one: tuple[Id | None, float]) -> float:
    return one[1]
