"""What a good schedule is: one theme a file, one class a rule.

Every rule class of a theme can be imported from here; a theme is loaded when one of its rules is first asked for.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unsched.rules.alike import *  # noqa: F403
    from unsched.rules.base import *  # noqa: F403  each theme says in `__all__` what it holds
    from unsched.rules.choice import *  # noqa: F403
    from unsched.rules.crew import *  # noqa: F403
    from unsched.rules.fairness import *  # noqa: F403
    from unsched.rules.languages import *  # noqa: F403
    from unsched.rules.load import *  # noqa: F403
    from unsched.rules.notice import *  # noqa: F403
    from unsched.rules.order import *  # noqa: F403
    from unsched.rules.parallel import *  # noqa: F403
    from unsched.rules.people import *  # noqa: F403
    from unsched.rules.personal import *  # noqa: F403
    from unsched.rules.placing import *  # noqa: F403
    from unsched.rules.programme import *  # noqa: F403
    from unsched.rules.quorum import *  # noqa: F403
    from unsched.rules.rest import *  # noqa: F403
    from unsched.rules.roomfit import *  # noqa: F403
    from unsched.rules.rooms import *  # noqa: F403
    from unsched.rules.roomsize import *  # noqa: F403
    from unsched.rules.sequence import *  # noqa: F403
    from unsched.rules.services import *  # noqa: F403
    from unsched.rules.severity import *  # noqa: F403
    from unsched.rules.shortage import *  # noqa: F403
    from unsched.rules.spacing import *  # noqa: F403
    from unsched.rules.stability import *  # noqa: F403
    from unsched.rules.themes import *  # noqa: F403
    from unsched.rules.times import *  # noqa: F403
    from unsched.rules.turnover import *  # noqa: F403
    from unsched.rules.wishes import *  # noqa: F403


def _themes() -> Iterator[ModuleType]:
    for name in sorted(info.name for info in pkgutil.iter_modules(__path__)):  # noqa: F405  the package's own
        yield importlib.import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted({name for theme in _themes() for name in theme.__all__})


if not TYPE_CHECKING:  # a checker knows the names from above, and that there are no others

    def __getattr__(name: str) -> Any:  # noqa: ANN401  any public name of a theme
        if name == "__all__":
            return __dir__()
        if not name.startswith("_"):
            for theme in _themes():
                if name in theme.__all__:
                    return getattr(theme, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
