"""A problem with all kinds of facts, and a rule of any kind and severity, comes back from a file as it was."""

from __future__ import annotations

import json

import pytest
from attrs import evolve
from drawing import drawn, turned
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unsched import Problem, rules
from unsched.exchange.convert import dump, load
from unsched.exchange.schema import json_schema
from unsched.rules.registry import kinds
from unsched.testing import problems

jsonschema = pytest.importorskip("jsonschema")
CHECKER = jsonschema.Draft202012Validator(json_schema(Problem))


@pytest.mark.parametrize("kind", kinds())
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_rule_of_any_kind_comes_back_as_it_was(kind: str, data: st.DataObject) -> None:
    problem = data.draw(problems())
    rule = data.draw(drawn(problem, kind))
    other = data.draw(turned(rule))
    several = [rule, *([other] if other is not None else []), rules.Off(rule)]
    whole = evolve(problem, rules=list(dict.fromkeys(several)), off=OFF)
    written = json.loads(json.dumps(dump(whole)))
    assert load(written, Problem) == whole
    CHECKER.validate(written)


OFF = [rule.kind for rule in (kind() for kind in kinds().values() if kind.standard)]
