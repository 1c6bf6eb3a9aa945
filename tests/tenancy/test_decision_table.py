"""Rules out of a table: what a row says, and what is wrong in which cell."""

from __future__ import annotations

import pytest

from otklik.contact.configuration import Conditions, Destination, EntryRule, Speech
from otklik.contact.hours import CalendarId, Hours
from otklik.contact.ids import EntryPointId, NumberListId, QueueId
from otklik.tenancy.decision_table import rules
from otklik.tenancy.document import Unfit

TABLE = """\
rule,dialled,caller_prefix,caller_list,hidden,closed,days,hours,incident,to,target,priority,language
nuisance,,,blocked|spam,,,,,,reject,,,
night,,,,,office,,,,reject,"We are closed, sorry.",,en
regulars,1000 2000,+7916,,no,,mon tue,09:00-13:00 14:00-18:00,,queue,vip,5,
outage,,,,,,,,да,entry_point,emergency,,
"""


def test_row_becomes_a_rule() -> None:
    assert rules(TABLE.encode()) == [
        EntryRule(
            id="nuisance",
            when=Conditions(caller_list=(NumberListId("blocked"), NumberListId("spam"))),
            to=Destination(reject=Speech(text="", language="ru")),
        ),
        EntryRule(
            id="night",
            when=Conditions(closed=CalendarId("office")),
            to=Destination(reject=Speech(text="We are closed, sorry.", language="en")),
        ),
        EntryRule(
            id="regulars",
            when=Conditions(
                dialled=("1000", "2000"),
                caller_prefix=("+7916",),
                hidden=False,
                days=("mon", "tue"),
                hours=(Hours("09:00-13:00"), Hours("14:00-18:00")),
            ),
            to=Destination(queue=QueueId("vip"), priority=5),
        ),
        EntryRule(id="outage", when=Conditions(incident=True), to=Destination(entry_point=EntryPointId("emergency"))),
    ]


def test_table_as_office_programs_save_it_is_read_too() -> None:
    (rule,) = rules("\ufeffRule;To;Target;Days\r\nall;queue;sales;mon tue\r\n;;;\r\n".encode())
    assert rule == EntryRule(id="all", to=Destination(queue=QueueId("sales")), when=Conditions(days=("mon", "tue")))


def test_table_without_rows_has_no_rules() -> None:
    assert rules(b"rule,to,target\n") == []


@pytest.mark.parametrize(
    ("table", "places"),
    [
        (b"rule,to,target\nr,nowhere,x\n", [("line 2, to", "config_choice")]),
        (b"rule,to,target\nr,queue,\n,queue,x\n", [("line 2, target", "config_missing"), ("line 3, rule", "config_missing")]),
        (b"rule,to,target,days\nr,queue,x,mon\nr2,queue,x,monday\n", [("line 3, days", "config_choice")]),
        (b"rule,to,target,hidden\nr,queue,x,perhaps\n", [("line 2, hidden", "config_true_false")]),
        (b"rule,to,target,priority\nr,queue,x,high\n", [("line 2, priority", "config_value")]),
        (b'rule,to,target,language\n"a\nb",reject,x,ru\nr,oops,x,ru\n', [("line 4, to", "config_choice")]),
        (b"rule,to,target\nr,queue,x,y\n", [("line 2", "csv_cells")]),
        (b"rule,to,colour\n", [("line 1", "csv_column"), ("line 1", "csv_no_column")]),
        (b"rule,to,target,to\n", [("line 1", "config_twice")]),
        (b"", [("line 1", "csv_no_column")] * 3),
        ("rule,to,target\nправило,queue,x\n".encode("cp1251"), [("", "csv_encoding")]),
    ],
)  # fmt: skip
def test_wrong_cell_is_told_by_line_and_column(table: bytes, places: list[tuple[str, str]]) -> None:
    with pytest.raises(Unfit) as unfit:
        rules(table)
    assert [(fault.place, fault.code) for fault in unfit.value.faults] == places
    assert all(fault.message("en") and fault.message("ru") for fault in unfit.value.faults)
