from __future__ import annotations

import pytest

from unsched import Problem, Schedule
from unsched.exchange.version import TAGS, check_tag


@pytest.mark.parametrize("kind", [Problem, Schedule])
def test_a_tag_fits_its_own_kind_only(kind: type) -> None:
    assert [tag for tag in TAGS.values() if not list(check_tag(tag, kind))] == [TAGS[kind]]


@pytest.mark.parametrize(
    "value", [None, 1, "", "unsched/problem/", "unsched/problem/10", ["unsched/problem/1"], "UNSCHED/PROBLEM/1"]
)
def test_anything_else_is_one_fault_with_the_tag_as_remedy(value: object) -> None:
    (fault,) = check_tag(value, Problem)
    assert fault.path == "schema"
    assert fault.remedy == "'unsched/problem/1', if it is a problem."
