"""For programs of other people that plan with unsched: requests and answers as JSON, a line each."""

from unsched.embed.loop import serve
from unsched.embed.wire import PROTOCOL

__all__ = ["PROTOCOL", "serve"]
