"""An invented laboratory table and its LinkML class."""

from __future__ import annotations

from harmonize.schema.model import ClassDef, Slot

LAB = ClassDef(
    "lab",
    {
        slot.name: slot
        for slot in (
            Slot("record_id", identifier=True, required=True, pattern="^R[0-9]+$", alias="record.id"),
            Slot("name", annotations={"phi": "true"}, required=True),
            Slot("sex", range="sex", permissible_values=("Male", "Female")),
            Slot("drawn", range="date", annotations={"date_formats": "%m/%d/%Y|%Y-%m-%d"}),
            Slot("age", range="integer", minimum=0, maximum=120),
            Slot("value", range="double", annotations={"plausible_minimum": "1", "plausible_maximum": "100"}),
            Slot("abnormal", range="boolean"),
            Slot("comment"),
        )
    },
    annotations={"missing_values": "NA|N/K", "file_pattern": "lab*.csv"},
)
HEADER = "record.id,name,sex,drawn,age,value,abnormal,comment\n"
SOUND = "R1,Ann,Male,2020-01-02,50,5.5,TRUE,ok\n"
