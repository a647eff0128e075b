from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from unsched import InputError

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]


@pytest.fixture
def refused() -> Refused:
    """What is wrong with what a call would make: path, message and remedy of each fault."""

    def faults(make: Callable[[], object]) -> list[tuple[str, str, str | None]]:
        with pytest.raises(InputError) as caught:
            make()
        return [(fault.path, fault.message, fault.remedy) for fault in caught.value.faults]

    return faults
