from __future__ import annotations

from collections import Counter
from datetime import date

from unsched.palais import CSTD_SEATS, INVITED, REGIONAL_GROUPS, STAKEHOLDER_GROUPS, members

HOSTS = ["Greece", "Brazil", "India", "Egypt", "Lithuania"]


def test_there_were_20_member_states_on_6_december_2010() -> None:
    assert len(members(date(2010, 12, 6))) == 20


def test_there_were_22_member_states_on_17_december_2010() -> None:
    added = members(date(2010, 12, 17))[20:]
    assert [member.name for member in added] == ["Switzerland", "Tunisia"]


def test_the_day_before_each_decision_is_as_before() -> None:
    assert members(date(2010, 12, 5)) == ()
    assert members(date(2010, 12, 16)) == members(date(2010, 12, 6))


def test_each_regional_group_has_three_unnamed_seats_and_a_host_its_name() -> None:
    decided = members(date(2010, 12, 6))
    seats = [member for member in decided if member.label.endswith("of 3")]
    assert Counter(seat.groups[0] for seat in seats) == {group.id: 3 for group in REGIONAL_GROUPS}
    assert [member.name for member in decided if member not in seats] == HOSTS


def test_five_of_each_group_of_stakeholders_are_invited() -> None:
    assert Counter(one.groups for one in INVITED) == {(group.id,): 5 for group in STAKEHOLDER_GROUPS}


def test_the_commission_has_43_seats() -> None:
    assert list(CSTD_SEATS) == [group.id for group in REGIONAL_GROUPS]
    assert sum(CSTD_SEATS.values()) == 43


def test_everybody_has_a_source_and_an_office_at_example_org() -> None:
    everybody = (*members(date(2010, 12, 17)), *INVITED)
    assert all(one.source for one in everybody)
    mails = [
        *(one.mail or "" for one in everybody),
        *(one.mail or "" for one in (*REGIONAL_GROUPS, *STAKEHOLDER_GROUPS)),
    ]
    assert all(mail.endswith("@example.org") for mail in mails)
    assert len(set(mails)) == len(mails)
