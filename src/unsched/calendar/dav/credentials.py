"""Who we are to a server: a name and a password, from the environment or from the keyring, and never shown."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from unsched.errors import Fault, InputError

__all__ = ["PASSWORD", "USER", "Credentials", "find_credentials", "keyring_service"]

USER: Final = "UNSCHED_CALDAV_USER"
"""The variable of the environment that names the user."""

PASSWORD: Final = "UNSCHED_CALDAV_PASSWORD"  # noqa: S105  the name of a variable
"""The variable of the environment that holds the password; without it, the keyring is asked."""


@frozen
class Credentials:
    """A user's name and password. The password is in no text that is made of it.

    Args:
        user: the name.
        password: the password.

    >>> print(Credentials("ann", "secret"))
    Credentials(user='ann')
    """

    user: str
    password: str = field(repr=False)


def keyring_service(host: str) -> str:
    """Return the name under which the keyring has the password for a host.

    >>> keyring_service("dav.example.org")
    'unsched:dav.example.org'
    """
    return f"unsched:{host}"


def find_credentials(host: str, environment: Mapping[str, str] | None = None) -> Credentials | None:
    """Return the credentials for a host, or `None` where no user is named.

    The user is UNSCHED_CALDAV_USER of the environment. The password is UNSCHED_CALDAV_PASSWORD, or else what the
    keyring has (`keyring set unsched:HOST USER`; the extra `keyring`).

    Args:
        host: the name of the server.
        environment: the variables; by default those of this process.

    Raises:
        InputError: a user is named, and no password is found.
    """
    found = os.environ if environment is None else environment
    user = found.get(USER)
    if not user:
        return None
    password = found.get(PASSWORD)
    if password is None:
        password = _from_keyring(host, user)
    if password is None:
        message = f"there is no password of {user!r} for {host!r}"
        remedy = f"{PASSWORD} in the environment, or: keyring set {keyring_service(host)} {user}"
        raise InputError([Fault(USER, message, remedy)], "the environment")
    return Credentials(user, password)


def _from_keyring(host: str, user: str) -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        found: str | None = keyring.get_password(keyring_service(host), user)
    except KeyringError:
        # Where there is no keyring, or it is locked, there is no password in it; what it says might name one.
        return None
    return found
