"""The loop: requests are read line by line, done side by side, and answered as each is ready."""

from __future__ import annotations

import io
import logging
import select
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, BinaryIO, Final

from attrs import define, field

from unsched.embed.outbox import Outbox
from unsched.embed.request import Desk
from unsched.embed.requests import REQUESTS, read_request
from unsched.embed.wire import (
    BUG,
    BUSY,
    CANCELLED,
    DUPLICATE,
    MAX_LINE,
    PROTOCOL,
    Call,
    Id,
    RefusedError,
    encode,
    lines_of,
    read_call,
    say_error,
)
from unsched.errors import Fault, InputError, UnknownIdError
from unsched.solver.stop import Cancel, Progress

__all__ = ["serve"]

log = logging.getLogger(__name__)
_GLANCE: Final = 0.5
_MOST_TEXT: Final = 500


def serve(
    source: BinaryIO, sink: BinaryIO, *, at_once: int = 4, waiting: int = 100, line_bytes: int = MAX_LINE
) -> None:
    r"""Answer requests until there are no more: messages in JSON, a line each, as `schema/` describes them.

    At the end of the source, what has been asked for is finished and answered. Once nobody reads the sink any more, all
    is called off, and nothing more is taken up.

    Args:
        source: where requests come from.
        sink: where answers go; nothing else may write to it.
        at_once: how many requests are done at a time; more wait for their turn.
        waiting: how many requests there may be that have not been answered; more are refused.
        line_bytes: most bytes of a line.

    Raises:
        KeyboardInterrupt: the user has interrupted it; all was called off, and what there was has been answered.

    >>> import io
    >>> answers = io.BytesIO()
    >>> serve(io.BytesIO(b'{"unsched": 1, "id": 7, "request": "cancel", "params": {"of": "plan-1"}}'), answers)
    >>> answers.getvalue()
    b'{"unsched":1,"type":"result","id":7,"request":"cancel","cancelled":false,"result":{"found":false}}\n'
    """
    faults = [
        Fault(name, f"{value!r} is not a number of 1 or more", "1.")
        for name, value in (("at_once", at_once), ("waiting", waiting), ("line_bytes", line_bytes))
        if isinstance(value, bool) or not isinstance(value, int) or value < 1
    ]
    if faults:
        raise InputError(faults, "serve")
    limits = {"line_bytes": line_bytes, "at_once": at_once, "waiting": waiting}
    loop = _Loop(sink, limits, ThreadPoolExecutor(at_once, "unsched request"))
    try:
        for line in lines_of(source, line_bytes):
            if not loop.take(line):
                break
        loop.wait()
    except BaseException:
        loop.call_all_off()
        raise
    finally:
        loop.pool.shutdown(wait=True)
        loop.outbox.close()


@define(eq=False)
class _Job:
    """A request that has not been answered."""

    call: Call
    cancel: Cancel = field(factory=Cancel)
    future: Future[None] | None = None


class _Loop:
    """One call of `serve`; it is what requests see as their desk."""

    def __init__(self, sink: BinaryIO, limits: dict[str, int], pool: ThreadPoolExecutor) -> None:
        self.limits = limits
        self.pool = pool
        self.sink = sink
        self._jobs: dict[Id, _Job] = {}
        self._change = threading.Condition()
        self.outbox = Outbox(sink, self.call_all_off)

    # -- what comes in ----------------------------------------------------------------------------------------------

    def take(self, line: bytes | RefusedError) -> bool:
        """Take up what a line asks for, or say what is wrong with it; return whether anybody reads what is said."""
        try:
            if isinstance(line, RefusedError):
                raise line
            self._begin(_Job(read_call(line, REQUESTS)))
        except RefusedError as error:
            self.outbox.put(encode(say_error(error, error.id)))
        return not self.outbox.broken

    def _begin(self, job: _Job) -> None:
        call = job.call
        with self._change:
            # Under the lock: what is there before all is called off is called off with it.
            if self.outbox.broken:
                return
            if call.id in self._jobs:
                # Without the id: that would be the answer to the request that has it.
                message = f"a request of the id {call.id!r} has not been answered yet"
                raise RefusedError(DUPLICATE, message, None, [Fault("id", message, "another id.")])
            if REQUESTS[call.request].quick:
                self._answer(job)
                return
            if len(self._jobs) >= self.limits["waiting"]:
                raise RefusedError(BUSY, f"{len(self._jobs)} requests have not been answered yet", call.id)
            self._jobs[call.id] = job
            job.future = self.pool.submit(self._answer, job)

    def wait(self) -> None:
        """Wait until all is answered, or nobody is there to read it."""
        with self._change:
            while self._jobs:
                self._change.wait(_GLANCE)
                if _hung_up(self.sink):
                    break
            else:
                return
        self.call_all_off()

    def call_off(self, id: Id) -> bool:
        """Call a request off; return whether there is one of this id."""
        with self._change:
            job = self._jobs.get(id)
            waiting = job is not None and job.future is not None and job.future.cancel()
        if job is None:
            return False
        job.cancel.cancel()
        if waiting:
            refused = RefusedError(CANCELLED, "it was called off before it began")
            self._over(job, encode(say_error(refused, id)))
        return True

    def call_all_off(self) -> None:
        """Call all requests off."""
        with self._change:
            ids = list(self._jobs)
        for id in ids:
            self.call_off(id)

    # -- what goes out ----------------------------------------------------------------------------------------------

    def _answer(self, job: _Job) -> None:
        id = job.call.id
        try:
            line = encode(self._result(job))
        except (RefusedError, InputError) as error:
            line = encode(say_error(error, id))
        except UnknownIdError as error:
            text, _, remedy = str(error).partition("\n  Maybe ")
            line = encode(say_error(InputError([Fault(error.noun, text, remedy or None)], "the request"), id))
        except BaseException as error:
            log.exception("request %r", id)
            first = f"{type(error).__name__}: {error}".partition("\n")[0][:_MOST_TEXT]
            line = encode(say_error(RefusedError(BUG, f"a bug in unsched or in a rule: {first}"), id))
        self._over(job, line)

    def _over(self, job: _Job, line: bytes) -> None:
        with self._change:
            if self._jobs.get(job.call.id) is job:
                del self._jobs[job.call.id]
            self._change.notify_all()
        self.outbox.put(line, job.call.id)

    def _result(self, job: _Job) -> dict[str, Any]:
        call = job.call
        request = read_request(call.request, call.params)

        def tell(progress: Progress, per_second: float) -> None:
            message = {"unsched": PROTOCOL, "type": "progress", "id": call.id, "progress": progress.to_dict()}
            self.outbox.tell(call.id, message, per_second)

        result = request.answer(Desk(self.call_off, self.limits, job.cancel, tell))
        return {
            "unsched": PROTOCOL,
            "type": "result",
            "id": call.id,
            "request": call.request,
            "cancelled": job.cancel.cancelled,
            "result": result,
        }


def _hung_up(sink: BinaryIO) -> bool:
    """Whether nobody is at the other end of a pipe, as far as the system tells."""
    try:
        poll = select.poll()
        poll.register(sink.fileno(), 0)
        return any(event & (select.POLLERR | select.POLLNVAL) for _, event in poll.poll(0))
    except (AttributeError, OSError, ValueError, io.UnsupportedOperation):
        return False
