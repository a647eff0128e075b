"""Lines such as `weeks=4,seed=1`, from which instances are generated."""

from __future__ import annotations

from collections.abc import Mapping

from unsched.errors import Fault, InputError, nearest

__all__ = ["numbers"]


def numbers(source: str, usual: Mapping[str, int], *, most: int) -> dict[str, int]:
    """Read whole numbers by name; what a line leaves out is as usual.

    Args:
        source: the line.
        usual: every name that a line may have, with its usual value.
        most: what no number but the seed may exceed.

    Raises:
        InputError: it does not say what it should, or says something twice.

    >>> numbers("weeks=4", {"weeks": 50, "seed": 1}, most=100)
    {'weeks': 4, 'seed': 1}
    """
    found: dict[str, int] = {}
    faults = []
    for place, part in enumerate(source.split(",")):
        name, _, value = part.strip().partition("=")
        text = value.strip()
        if name not in usual:
            remedy = nearest(name, usual) or f"some of {', '.join(usual)}."
            faults.append(Fault(f"[{place}]", f"{name[:40]!r} is not a number that such a line gives", remedy))
        elif name in found:
            faults.append(Fault(f"[{place}]", f"{name} comes twice", "leave one out."))
        elif not (text.isascii() and text.isdecimal() and len(text) < 10):
            faults.append(Fault(f"[{place}]", f"{text[:40]!r} is not a whole number", f"{name}={usual[name]}."))
        elif name != "seed" and not 1 <= int(text) <= most:
            faults.append(Fault(f"[{place}]", f"{name} = {text} is not from 1 to {most}", f"{name}={usual[name]}."))
        else:
            found[name] = int(text)
    if faults:
        raise InputError(faults, f"the line {source[:80]!r}")
    return {**usual, **found}
