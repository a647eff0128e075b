"""The lock of a file: one at a time, and whoever is told of it is told of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from unsched import InputError
from unsched.exchange.lock import alone


def test_somebody_else_is_named_by_what_they_do_and_hold(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with (
        alone(file, "publishing"),
        pytest.raises(InputError, match=r"somebody else is publishing: they hold '.*state\.json'"),
        alone(file, "publishing"),
    ):
        pass
    with alone(file, "publishing"):
        assert [one.name for one in tmp_path.iterdir()] == ["state.json.lock"]


def test_where_there_can_be_no_lock_the_file_is_named_and_not_its_lock(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.with_name("state.json.lock").mkdir()
    with pytest.raises(IsADirectoryError) as caught, alone(file, "publishing"):
        pass
    assert caught.value.filename == str(file)
