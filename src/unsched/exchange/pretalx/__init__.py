"""What pretalx's API says of an event, in; the changes of its slots, out."""

from unsched.exchange.pretalx.read import read_pretalx
from unsched.exchange.pretalx.write import write_pretalx

__all__ = ["read_pretalx", "write_pretalx"]
