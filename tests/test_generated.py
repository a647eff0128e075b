from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from unsched import load_problem
from unsched.palais import cstd_2010
from unsched.rules.registry import kinds

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_generated_file_is_stale(generate: ModuleType) -> None:
    assert generate.stale() == [], "run: python docs/generate.py"


def test_the_example_file_is_the_founding_case() -> None:
    assert load_problem(ROOT / "examples" / "cstd-2010.toml") == cstd_2010()


def test_the_reference_has_every_rule_of_ours_and_no_other(generate: ModuleType) -> None:
    text = generate.render()[Path("docs/reference/rules.md")]
    headings = [line.removeprefix("### ") for line in text.splitlines() if line.startswith("### ")]
    own = [kind for kind, rule in kinds().items() if rule.__module__.startswith("unsched.")]
    assert sorted(headings) == own


def test_what_is_stale_is_found_written_and_then_left_alone(
    generate: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    paths = list(generate.render())
    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [f"{path} is stale" for path in paths]
    assert generate.main([]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{path} written" for path in paths]
    (tmp_path / paths[0]).write_bytes(b"old")
    assert generate.main(["--check"]) == 1
    assert generate.main([]) == 0
    capsys.readouterr()
    assert generate.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
