"""Submission TSVs: the generated source schema is in step, and the hub holds what the ten series nodes say."""

from __future__ import annotations

from harmonize.engine.paths import root
from harmonize.schema.gen3_tsv import NEVER_SUBMITTED, submission_schema
from harmonize.schema.load import load_schema

GIVEN = {"id", "type", "state", "case_ids", "created_datetime", "updated_datetime", "file_state", "error_type"}
ONE_VALUE = {"body_part_examined", "sop_class_uid"}
"""Lists in Gen3 and one text in the hub, which has them of other sources, too."""


def test_committed_schema_is_in_step() -> None:
    committed = (root("schemas") / "sources" / "gen3.yaml").read_text(encoding="utf-8")
    assert committed == submission_schema(load_schema("gen3"))


def test_columns_say_what_the_dictionary_says() -> None:
    gen3, tsv = load_schema("gen3"), load_schema("sources/gen3")
    nodes = {cls.annotations["gen3_node"]: cls for cls in gen3.classes.values() if not cls.mixin}
    assert nodes.keys() | load_schema("manifest").classes.keys() == tsv.classes.keys()
    for node, cls in nodes.items():
        columns = tsv.classes[node].slots
        for slot in cls.slots.values():
            name = slot.name
            if "link" in slot.annotations:
                key = {"project": "code", "program": "name"}.get(slot.annotations["link"], "submitter_id")
                assert columns[f"{name}_{key}"].alias == f"{name}.{key}"
                name = f"{name}_{key}"
            column = columns[name]
            assert (column.minimum, column.maximum) == (slot.minimum, slot.maximum)
            if slot.name not in NEVER_SUBMITTED and name != "type":
                assert column.required >= slot.required, (node, name)
            if slot.permissible_values and not slot.multivalued:
                assert (column.permissible_values or ())[: len(slot.permissible_values)] == slot.permissible_values
            assert not column.multivalued


def test_the_hub_has_every_property_of_the_series_nodes() -> None:
    midrc = load_schema("midrc")
    series = midrc.classes["imaging_series"].slots
    nodes = [cls for name, cls in midrc.classes.items() if name.endswith("_series_file")]
    assert len(nodes) == 10
    for cls in nodes:
        for slot in cls.slots.values():
            if slot.name in GIVEN:
                continue
            own = series["instance_count" if slot.name == "number_of_instances" else slot.name]
            if slot.name != "data_category":
                assert own.permissible_values == slot.permissible_values or slot.name in ONE_VALUE, slot.name
            assert own.multivalued == slot.multivalued or slot.name in ONE_VALUE, slot.name
            assert own.range == slot.range or slot.permissible_values, slot.name
