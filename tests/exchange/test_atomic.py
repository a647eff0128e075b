from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from unsched.exchange.atomic import write_atomically


def test_a_file_is_made_with_the_folders_that_it_needs(tmp_path: Path) -> None:
    path = write_atomically(tmp_path / "out" / "rooms" / "XXVI.ics", b"one")
    assert path.read_bytes() == b"one"
    assert [item.name for item in path.parent.iterdir()] == ["XXVI.ics"]


def test_a_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = str(tmp_path / "plan.json")
    write_atomically(path, b"a longer text")
    write_atomically(path, b"short")
    assert Path(path).read_bytes() == b"short"


@pytest.mark.parametrize("moment", ["os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, failure: BaseException
) -> None:
    path = write_atomically(tmp_path / "plan.json", b"old")

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(moment, fail)
    with pytest.raises(type(failure)):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_of_that_name_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "plan.json").mkdir()
    with pytest.raises(OSError, match=r"plan\.json"):
        write_atomically(tmp_path / "plan.json", b"new")
    assert [item.name for item in tmp_path.iterdir()] == ["plan.json"]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"mine")
    link = tmp_path / "plan.json"
    link.symlink_to(other)
    write_atomically(link, b"new")
    assert other.read_bytes() == b"mine"
    assert not link.is_symlink()
    assert link.read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_permissions_are_what_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        path = write_atomically(tmp_path / "plan.json", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
