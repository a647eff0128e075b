from __future__ import annotations

import sys

import pytest

from unsched import InputError, Schedule
from unsched.report.extras import need

LIBRARIES = {"pandas": "frames", "matplotlib": "charts"}


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_that_is_missing_is_one_error_that_names_the_extra(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from unsched.report.charts import plot_rooms

    for name in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    schedule = Schedule("p", "UTC")
    with pytest.raises(InputError, match=f"need the library {library}, which is not installed") as caught:
        schedule.to_frame() if library == "pandas" else plot_rooms(schedule)
    (fault,) = caught.value.faults
    assert fault.remedy == f"pip install 'unsched[{LIBRARIES[library]}]'."


def test_a_library_that_is_there_and_broken_says_so_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    (folder / "broken_library.py").write_text("import nothing_of_the_kind\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    with pytest.raises(ModuleNotFoundError, match="nothing_of_the_kind"):
        need("broken_library", "Pictures", "charts")


def test_every_extra_that_is_named_is_one_of_ours() -> None:
    import tomllib
    from pathlib import Path

    project = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    for library, extra in LIBRARIES.items():
        assert any(one.startswith(library) for one in extras[extra])
