from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unsched.calendar.names import MAX_BYTES, safe_names

IDS = st.text(st.characters(exclude_categories=[]), min_size=1, max_size=200)


@pytest.mark.parametrize("id", ["Switzerland", "wg-1", "wg_1", "XXVI", "2010", "Türkiye", "日本", "भारत", "_x"])
def test_a_plain_id_is_its_own_name(id: str) -> None:
    assert safe_names([id]) == {id: id}


@pytest.mark.parametrize(
    ("id", "start"),
    [
        ("Côte d'Ivoire", "Côte-d-Ivoire-"),
        ("../../etc/passwd", "etc-passwd-"),
        ("C:\\New", "C-New-"),
        ("a\x00b", "a-b-"),
        ("a\ud800b", "a-b-"),
        (".hidden", "hidden-"),
        ("-rf", "rf-"),
        ("\u0301a", "a-"),
        ("con", "con-"),
        ("LPT1", "LPT1-"),
        ("Cafe\u0301", "Café-"),
        ("nul.txt", "nul-txt-"),
    ],
)
def test_an_id_that_is_no_name_gets_a_hash(id: str, start: str) -> None:
    assert re.fullmatch(re.escape(start) + "[0-9a-f]{8}", safe_names([id])[id])


def test_an_id_without_any_letter_is_its_hash() -> None:
    assert re.fullmatch("[0-9a-f]{8}", safe_names(["***"])["***"])


def test_ids_that_differ_in_case_alone_both_get_a_hash_in_whatever_order() -> None:
    names = safe_names(["mali", "MALI", "Malta"])
    assert names == {**safe_names(["MALI", "Malta", "mali"])}
    assert names["Malta"] == "Malta"
    assert names["mali"].startswith("mali-")
    assert names["MALI"].startswith("MALI-")


def test_an_id_that_looks_like_the_name_of_another_gets_a_name_of_its_own() -> None:
    taken = safe_names(["a b"])["a b"]
    names = safe_names(["a b", taken, taken.upper()])
    assert len({name.casefold() for name in names.values()}) == 3
    assert names["a b"] == taken


def test_a_short_hash_that_is_not_enough_becomes_a_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    class SameStart:
        def __init__(self, data: bytes) -> None:
            self.data = data

        def hexdigest(self) -> str:
            return "0" * 8 + self.data.hex().rjust(24, "0")

    monkeypatch.setattr("unsched.calendar.names.sha256", SameStart)
    assert safe_names(["a b", "a/b", "c d"]) == {
        "a b": "a-b-00000000000000000000000000612062",
        "a/b": "a-b-00000000000000000000000000612f62",
        "c d": "c-d-00000000",
    }


@given(st.lists(IDS, unique=True, max_size=8))
@example(["ß", "ss"])
@example(["ﬀ", "ff"])
@example(["\u0131", "I"])
@example(["ſ", "s"])
@example(["a" * 200, "a" * 199, "あ" * 200, "あ" * 199])
def test_names_are_safe_and_unlike_in_any_case(ids: list[str]) -> None:
    names = safe_names(ids)
    assert list(names) == ids
    for name in names.values():
        assert len(name.encode()) <= MAX_BYTES
        assert name == unicodedata.normalize("NFC", name)
        assert re.fullmatch(r"\w[-\w\u0300-\U000E01EF]*", name)
        assert not name.endswith("-")
        assert not re.fullmatch("(?i)con|prn|aux|nul|com[0-9]|lpt[0-9]", name)
        assert all(unicodedata.category(char)[0] in "LMN" for char in name if char not in "-_")
    for fold in (str.casefold, str.upper, str.lower):
        assert len({fold(name) for name in names.values()}) == len(ids)
    assert len({unicodedata.normalize("NFD", name.casefold()) for name in names.values()}) == len(ids)


@given(IDS, st.lists(IDS, max_size=4))
def test_other_ids_do_not_change_a_name_unless_they_differ_in_case_alone(id: str, others: list[str]) -> None:
    alone, among = safe_names([id])[id], safe_names([id, *others])[id]
    clashes = [name for name in safe_names(others).values() if name.casefold() == alone.casefold()]
    assert among == alone or clashes
