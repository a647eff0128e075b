"""Schedule documents of frab, pentabarf, pretalx and their kin: `schedule.xml` and `schedule.json`, in and out."""

from unsched.exchange.frab.read import Loaded, load, read_frab
from unsched.exchange.frab.write import rewrite, write_frab_json, write_frab_xml

__all__ = ["Loaded", "load", "read_frab", "rewrite", "write_frab_json", "write_frab_xml"]
