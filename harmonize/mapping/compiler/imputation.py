"""Which ways of filling a date that the source does not state (start_imputation) the rows of a class follow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harmonize.schema.model import ClassDef, Slot

_GIVEN = ("timing_event", "period_end")
_OF_EVENTS = (
    "index_event", "visit_start", "visit_span", "visit_end", "last_visit", "imaging_study", *_GIVEN,
)  # fmt: skip
WAYS: dict[str, tuple[str, ...]] = {
    # sql/steps/events/hub_event.sql
    **dict.fromkeys(("condition", "medication", "procedure", "device", "measurement", "observation"), _OF_EVENTS),
    # sql/steps/events/death_row.sql
    "death": (*_OF_EVENTS, "last_event", "last_exam"),
    # sql/steps/omop/note.sql, specimen.sql
    "note": _GIVEN,
    "specimen": _GIVEN,
    # sql/steps/omop/visit_detail.sql: a part without dates spans its visit
    "visit_detail": ("visit_span",),
    "visit": (),
}
"""By class of the hub; what is not named here is followed by no statement."""


def followed(slot: Slot, owner: ClassDef) -> Slot:
    """The slot, of start_imputation with the ways alone that rows of its class follow."""
    if slot.range != "imputation" or owner.name not in WAYS or slot.permissible_values is None:
        return slot
    return replace(slot, range=f"the ways to date a {owner.name}", permissible_values=WAYS[owner.name])
