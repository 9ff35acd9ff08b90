"""The page of the dictionary is in step with schemas/gen3.yaml and leaves nothing of it out."""

from __future__ import annotations

from pathlib import Path

from harmonize.schema.dictionary_page import dictionary_page
from harmonize.schema.load import load_schema

PAGE = Path(__file__).parents[2] / "docs" / "dictionary.md"


def test_page_is_in_step() -> None:
    assert PAGE.read_text(encoding="utf-8") == dictionary_page()


def test_page_has_every_property_value_and_link() -> None:
    sections = dict(part.split("\n", 1) for part in dictionary_page().split("\n## ")[1:])
    common = sections["Properties of every node"] + sections["Properties of every file node"]
    for cls in load_schema("gen3").classes.values():
        if cls.mixin:
            continue
        section = sections[cls.annotations["gen3_node"]]
        for slot in cls.slots.values():
            rows = [
                line
                for line in (section + common).splitlines()
                if line.startswith((f"| `{slot.name}`", f"- `{slot.name}`"))
            ]
            assert rows, slot.name
            for value in slot.permissible_values or ():
                assert value in rows[0]
            if "link" in slot.annotations:
                assert f"(#{slot.annotations['link']})" in rows[0]
            elif slot.required:
                assert "| yes |" in rows[0] or f"`{slot.name}`" in section.partition("Required of the common")[2]


def test_terms_and_bounds() -> None:
    page = dictionary_page()
    assert "| `age_at_index` | number | 0 to 89 |  | Age in Years at Index Date NCIT:C181702 |" in page
    assert "| `study_uid` | string |  |  | Study Instance UID (0020,000d) |" in page
