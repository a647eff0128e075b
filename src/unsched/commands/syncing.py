"""The command that brings calendars on a CalDAV server up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from unsched.commands.answer import GOOD, SHORT, Answer
from unsched.commands.machine import as_json
from unsched.errors import Fault, InputError

if TYPE_CHECKING:
    from argparse import Namespace

__all__ = ["KINDS", "sync"]

KINDS: Final = ("programme", "delegations", "rooms", "groups", "persons", "bodies", "interpreters", "teams")
"""The kinds of feed that a server can keep; here again, since the library of calendars is loaded only when needed."""

_STANDARD: Final = ("delegations", "rooms")


def sync(arguments: Namespace) -> Answer:
    """Bring calendars on a CalDAV server up to date."""
    from unsched.calendar.dav.credentials import find_credentials
    from unsched.calendar.dav.folder import read_feeds
    from unsched.calendar.dav.remote import Remote, check_url, host_of
    from unsched.calendar.dav.sync import sync as bring_up_to_date

    faults = list(check_url(arguments.url, allow_http=arguments.allow_http))
    if not 1 <= arguments.timeout <= 3600:
        faults.append(Fault("timeout", f"{arguments.timeout} is not from 1 to 3600 seconds", "30."))
    if faults:
        raise InputError(faults, "the arguments")
    feeds = read_feeds(arguments.folder, arguments.feeds or _STANDARD)
    state = Path(arguments.folder, "caldav.json") if arguments.state is None else Path(arguments.state)
    credentials = find_credentials(host_of(arguments.url))
    with Remote(arguments.url, credentials, timeout=arguments.timeout, allow_http=arguments.allow_http) as remote:
        if arguments.discover:
            remote.go_home()
        report = bring_up_to_date(remote, feeds, state, ours=arguments.take_ours, dry_run=arguments.dry_run)
    text = as_json({"schema": "unsched/sync/1", **report.to_dict()}) if arguments.json else str(report)
    return Answer(text, SHORT if report.conflicts or report.failures else GOOD)
