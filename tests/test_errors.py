"""Errors cross from one process to another as they are."""

from __future__ import annotations

import pickle

import pytest

from unsched import DisagreementError, Fault, InputError, UnknownIdError, UnschedError
from unsched.rules import RoomOpen


@pytest.mark.parametrize(
    "error",
    [
        InputError([Fault("step", "0 is less than 1", "15.")], "Window"),
        UnknownIdError("room", "XXVII", ["XXVI", "XX"]),
        DisagreementError(RoomOpen(), "they differ"),
        DisagreementError(None, "they differ"),
    ],
)
def test_an_error_comes_through_a_pickle(error: UnschedError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  made in this line
    assert type(again) is type(error)
    assert str(again) == str(error)


def test_an_unknown_id_is_a_key_error_that_names_the_nearest() -> None:
    error = UnknownIdError("room", "XXVII", ["XXVI", "XX"])
    assert isinstance(error, KeyError)
    assert str(error) == "there is no room 'XXVII'\n  Maybe 'XXVI'."
