"""The Palais des Nations and the founding case of December 2010 as data, each figure with its source."""

from unsched.palais.groups import CSTD_SEATS, REGIONAL_GROUPS, STAKEHOLDER_GROUPS, WORKING_GROUP
from unsched.palais.inter_sessional import cstd_2010
from unsched.palais.members import INVITED, members
from unsched.palais.rooms import ROOMS, rooms
from unsched.palais.un_defaults import UNDefaults, un_defaults

__all__ = [
    "CSTD_SEATS",
    "INVITED",
    "REGIONAL_GROUPS",
    "ROOMS",
    "STAKEHOLDER_GROUPS",
    "WORKING_GROUP",
    "UNDefaults",
    "cstd_2010",
    "members",
    "rooms",
    "un_defaults",
]
