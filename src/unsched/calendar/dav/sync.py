"""Feeds on a CalDAV server, kept up to date by difference (RFC 4791).

What is ours on the server is known by the ETag that it got when we put it there. Where it has another now, somebody
else has changed it, and it is left alone until somebody says whose word counts. Every write is guarded by If-Match or
If-None-Match, so that this also holds for what changes while we are at work.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext, suppress

from attrs import evolve, frozen

from unsched.calendar.dav.remote import ConflictError, DavError, Member, NotThereError, Remote
from unsched.calendar.dav.resource import Resource, calendar_name, fingerprint, resources
from unsched.calendar.dav.state import Kept, State, load_state, save_state
from unsched.calendar.dav.steps import Step, SyncReport
from unsched.domain.fact import shown
from unsched.errors import Fault, InputError, nearest
from unsched.exchange.lock import alone

__all__ = ["EVERYTHING", "KINDS", "calendar_path", "select_feeds", "sync"]

EVERYTHING = "all"
"""In place of UIDs: our word counts for everything."""

KINDS = ("programme", "delegations", "rooms", "groups", "persons", "bodies", "interpreters", "teams")
"""The kinds of feed that a server can keep: those of events."""

_MOST_FAILURES = 3
_CHANGED = "somebody else has changed it"
_NO_ETAG = "the server does not say what state it is in, so that no change to it can be guarded"


def select_feeds(feeds: Mapping[str, bytes], kinds: Iterable[str]) -> dict[str, bytes]:
    """Return the feeds of some kinds, in the order of their paths.

    Raises:
        InputError: a kind is unknown.
    """
    wanted = tuple(kinds)
    faults = [
        Fault("kinds", f"there is no kind of feed {kind!r} for a server", f"one of {', '.join(KINDS)}.")
        for kind in wanted
        if kind not in KINDS
    ]
    if faults:
        raise InputError(faults, "the feeds")
    return {path: feeds[path] for path in sorted(feeds) if path.endswith(".ics") and _kind(path) in wanted}


def calendar_path(home: str, feed: str) -> str:
    """Return the path of a feed's calendar on a server: directly in the folder, since calendars hold no calendars.

    >>> calendar_path("/office/", "rooms/XXVI.ics")
    '/office/rooms-XXVI/'
    """
    return f"{home}{feed.removesuffix('.ics').replace('/', '-')}/"


def sync(
    remote: Remote,
    feeds: Mapping[str, bytes],
    state: str | os.PathLike[str],
    *,
    ours: Collection[str] = (),
    dry_run: bool = False,
) -> SyncReport:
    """Bring the calendars on a server up to date with feeds, by as few writes as there are differences.

    A calendar that is missing is made. An event that is not in its feed any more is removed, if it was put there from
    here; one that is still there as cancelled is kept as cancelled. Calendars of a kind that is among the feeds, for
    which there is no feed any more, are emptied in the same way. Nothing else on the server is touched.

    What has been done is written to `state` after each calendar, and what is about to be done before it: a run after
    a failure, or after a crash, goes on where that one ended. A second run does nothing.

    Args:
        remote: the server.
        feeds: the feeds by path, as `calendars` returns them and `select_feeds` selects.
        state: the file that remembers what was put there.
        ours: UIDs of events, and paths of feeds, for which our word counts where somebody else has changed something;
            `["all"]` is everything. What is replaced is what was there when this run looked.
        dry_run: only say what would be done: nothing is written, neither on the server nor to `state`.

    Raises:
        InputError: `state` is no such file, or another run is at work with it, or `ours` names something unknown.
        DavError: the server cannot be reached at all.
    """
    with nullcontext() if dry_run else alone(state, "bringing a server up to date"):
        work = _Work(remote, load_state(state, remote.url), state, frozenset(ours), dry_run)
        _check_names(frozenset(ours) - {EVERYTHING}, feeds, work.state)
        steps: list[Step] = []
        gone = 0
        for feed, wanted, name in _jobs(feeds, work.state):
            try:
                steps += work.calendar(feed, wanted, name)
            except DavError as error:
                gone += 1
                if gone == 1 and not steps and not work.unchanged:
                    raise
                steps.append(Step("read", feed, "failed", "", name[0], str(error)))
                if gone == _MOST_FAILURES:
                    break
    return SyncReport(remote.url, steps, work.unchanged)


def _kind(feed: str) -> str:
    return feed.partition("/")[0].removesuffix(".ics")


def _jobs(
    feeds: Mapping[str, bytes], state: State
) -> Iterator[tuple[str, dict[str, Resource] | None, tuple[str, str | None]]]:
    for feed, data in feeds.items():
        yield feed, resources(data), calendar_name(data)
    kinds = {_kind(feed) for feed in feeds}
    for feed, kept in state.calendars.items():
        if feed not in feeds and _kind(feed) in kinds and kept:
            yield feed, None, ("", None)


def _check_names(ours: frozenset[str], feeds: Mapping[str, bytes], state: State) -> None:
    """Refuse what names no event and no feed: it would change nothing, and nobody would know."""
    if not ours:
        return
    known = [EVERYTHING]
    for feed, wanted, _ in _jobs(feeds, state):
        known += [feed, *(wanted or ()), *state.calendars.get(feed, ())]
    names = frozenset(known)
    faults = [
        Fault("ours", f"there is no event or feed {shown(one)}", nearest(one, known) or "a UID, a feed, or 'all'.")
        for one in sorted(ours - names)
    ]
    if faults:
        raise InputError(faults, "the synchronization")


@frozen
class _Task:
    """What to do about one event: against which ETag, and what is known of it so far."""

    action: str
    uid: str
    path: str
    resource: Resource | None
    etag: str | None
    title: str
    conflict: str = ""


class _Work:
    def __init__(
        self,
        remote: Remote,
        state: State,
        file: str | os.PathLike[str],
        ours: frozenset[str],
        dry_run: bool,  # noqa: FBT001  private
    ) -> None:
        self.remote, self.state, self.file, self.ours, self.dry_run = remote, state, file, ours, dry_run
        self.unchanged = 0

    # -- one calendar -----------------------------------------------------------------------------------------------

    def calendar(self, feed: str, wanted: Mapping[str, Resource] | None, name: tuple[str, str | None]) -> list[Step]:
        """Bring one calendar up to date, and remember it; of a feed that is no more, nothing is wanted."""
        kept = dict(self.state.calendars.get(feed, {}))
        path = calendar_path(self.remote.home, feed)
        steps: list[Step] = []
        try:
            there = self.remote.members(path)
        except NotThereError:
            if wanted is None:
                self.remember(feed, {})
                return []
            if kept and not self.may(feed, ""):
                reason = "somebody has removed the calendar"
                return [Step("make", feed, "conflict", "", name[0], reason)]
            there, kept = {}, {}
            steps.append(self.make(feed, path, name))
        tasks = [one for one in self.compare(feed, path, wanted or {}, kept, there) if one is not None]
        self.intend(feed, kept, tasks)
        failures = 0
        for task in tasks:
            step = self.step(feed, kept, task)
            steps.append(step)
            failures += step.outcome == "failed"
            if failures == _MOST_FAILURES:
                break
        self.remember(feed, kept)
        return steps

    def make(self, feed: str, path: str, name: tuple[str, str | None]) -> Step:
        if not self.dry_run:
            self.remote.make_calendar(path, name[0] or feed, name[1])
        return Step("make", feed, self.outcome, "", name[0])

    @property
    def outcome(self) -> str:
        return "planned" if self.dry_run else "done"

    def may(self, feed: str, uid: str) -> bool:
        """Whether our word counts."""
        return bool(self.ours & {EVERYTHING, feed, uid})

    def remember(self, feed: str, kept: Mapping[str, Kept]) -> None:
        before = self.state.calendars.get(feed)
        if self.dry_run or before == kept or (before is None and not kept):
            return
        self.state = evolve(self.state, calendars={**self.state.calendars, feed: dict(kept)})
        save_state(self.state, self.file)

    def intend(self, feed: str, kept: dict[str, Kept], tasks: Iterable[_Task]) -> None:
        """Remember what is about to be sent: if we get no further, it is known for ours when it is found there."""
        for task in tasks:
            if task.conflict or task.resource is None or task.action == "adopt":
                continue
            old = kept.get(task.uid) or Kept(task.resource.name, None, "", task.title)
            print_ = fingerprint(task.resource.data)
            drafts = tuple(dict.fromkeys([*old.draft, *([print_] if print_ else [])]))
            kept[task.uid] = evolve(old, draft=drafts)
        self.remember(feed, kept)

    # -- comparing --------------------------------------------------------------------------------------------------

    def compare(
        self,
        feed: str,
        path: str,
        wanted: Mapping[str, Resource],
        kept: dict[str, Kept],
        there: Mapping[str, Member],
    ) -> Iterator[_Task | None]:
        for uid, resource in wanted.items():
            place = f"{path}{kept[uid].name if uid in kept else resource.name}"
            yield self.wish(feed, place, resource, kept, there.get(place))
        for uid in [uid for uid in kept if uid not in wanted]:
            place = f"{path}{kept[uid].name}"
            member = there.get(place)
            if member is None:
                del kept[uid]  # it is gone, and so it should be
                continue
            yield _Task(
                "remove", uid, place, None, member.etag, kept[uid].title, self.foreign(feed, uid, place, kept, member)
            )

    def wish(
        self, feed: str, place: str, resource: Resource, kept: dict[str, Kept], member: Member | None
    ) -> _Task | None:
        """Return what to do for an event that has to be there; nothing, where it is."""
        uid, title = resource.uid, resource.title
        known = kept.get(uid)
        if member is None:
            lost = known is not None and known.etag is not None and not self.may(feed, uid)
            why = "somebody has removed it" if lost else ""
            return _Task("add", uid, place, resource, None, title, why)
        if known is not None and known.etag is not None and known.etag == member.etag:
            if known.digest == resource.digest:
                self.unchanged += 1
                return None
            return _Task("change", uid, place, resource, member.etag, title)
        if member.etag is None:
            return _Task("change", uid, place, resource, None, title, _NO_ETAG)
        data, _ = self.remote.get(place)
        found = fingerprint(data)
        if found is not None and found == fingerprint(resource.data):
            # It says what we mean, whoever has put it there: after a crash, or on the loss of our state, it was us.
            return _Task("adopt", uid, place, resource, member.etag, title)
        if (known is not None and found in known.draft) or self.may(feed, uid):
            return _Task("change", uid, place, resource, member.etag, title)
        return _Task("change", uid, place, resource, member.etag, title, _CHANGED)

    def foreign(self, feed: str, uid: str, place: str, kept: Mapping[str, Kept], member: Member) -> str:
        """Return why an event is not to be removed: it is not as we have put it there."""
        if member.etag is None:
            return _NO_ETAG
        if kept[uid].etag == member.etag or self.may(feed, uid):
            return ""
        return "" if fingerprint(self.remote.get(place)[0]) in kept[uid].draft else _CHANGED

    # -- doing ------------------------------------------------------------------------------------------------------

    def step(self, feed: str, kept: dict[str, Kept], task: _Task) -> Step:
        made = Step(task.action, feed, self.outcome, task.uid, task.title, task.conflict)
        if task.conflict:
            return evolve(made, outcome="conflict")
        if self.dry_run:
            return made
        try:
            self.do(kept, task)
        except ConflictError as error:
            return evolve(made, outcome="conflict", reason=str(error))
        except DavError as error:
            return evolve(made, outcome="failed", reason=str(error))
        return made

    def do(self, kept: dict[str, Kept], task: _Task) -> None:
        if task.resource is None:
            with suppress(NotThereError):
                self.remote.remove(task.path, task.etag or "")
            del kept[task.uid]
            return
        resource, etag = task.resource, task.etag
        name = task.path.rpartition("/")[2]
        print_ = fingerprint(resource.data)
        drafts = (print_,) if print_ else ()
        if task.action == "adopt":
            # Whether the bytes are the same is not known: what others cannot see is not worth a write.
            kept[task.uid] = Kept(name, etag, resource.digest, resource.title, drafts)
            return
        etag = self.remote.put(task.path, resource.data, etag)
        if etag is None:
            etag = self.settled(task.path, resource)
        kept[task.uid] = Kept(name, etag, resource.digest, resource.title, drafts)

    def settled(self, path: str, resource: Resource) -> str | None:
        """Return the ETag of what we have just written; `None` where it has been changed in that moment."""
        listed = self.remote.etag(path)
        # Read after it was listed: what is ours now was ours then.
        data, etag = self.remote.get(path)
        same = fingerprint(data, extensions=False) == fingerprint(resource.data, extensions=False)
        return (etag or listed) if same else None
