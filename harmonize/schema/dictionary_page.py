"""The page of the data dictionary (docs/dictionary.md), made from schemas/gen3.yaml.

`python -m harmonize.schema.dictionary_page` rewrites it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import require_checkout, root
from harmonize.engine.yaml_text import read_yaml
from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harmonize.schema.model import ClassDef, Slot

HEAD = """\
# The MIDRC data dictionary

Generated from [schemas/gen3.yaml](../schemas/gen3.yaml) by `python -m harmonize.schema.dictionary_page`; do not edit.
Every node of the Gen3 dictionary with its properties: type, values or bounds, whether a record must have it, and the
term that it refers to. [schema.md](schema.md) tells how the hub extends the nodes.

"""
COMMON = ("gen3_ubiquitous_properties", "gen3_data_file_properties")
COLUMNS = ("property", "type", "values", "required", "term")


def dictionary_page() -> str:
    """The page as Markdown."""
    schema = load_schema("gen3")
    raw = read_yaml(root("schemas") / "gen3.yaml")["classes"]
    nodes = {cls.annotations["gen3_node"]: cls for cls in schema.classes.values() if not cls.mixin}
    parts = [HEAD, " · ".join(f"[{node}](#{node})" for node in nodes), "\n"]
    everywhere, files = (schema.classes[name] for name in COMMON)
    own_of_files = [slot for slot in files.slots.values() if slot.name not in everywhere.slots]
    parts += [
        "\n## Properties of every node\n\n",
        _table(everywhere.slots.values(), raw[COMMON[0]]["attributes"]),
        "\n## Properties of every file node\n\n",
        _table(own_of_files, raw[COMMON[1]]["attributes"]),
    ]
    for node, cls in nodes.items():
        parts += _node(node, cls, raw[cls.name]["attributes"], set(files.slots))
    return "".join(parts)


def _node(node: str, cls: ClassDef, raw: dict[str, Any], common: set[str]) -> Iterator[str]:
    """A section: what the node is, its links, its own properties."""
    yield f"\n## {node}\n\n"
    kind = "A file node" if COMMON[1] in cls.mixins else "A node"
    yield f"{kind} of the category {cls.annotations['category'].replace('_', ' ')}."
    demanded = [slot.name for slot in cls.slots.values() if slot.required and slot.name in common]
    if demanded:
        yield f" Required of the common properties: {', '.join(f'`{name}`' for name in demanded)}."
    yield "\n\n"
    links = [slot for slot in cls.slots.values() if "link" in slot.annotations]
    for slot in links:
        need = ", required" if slot.required or slot.annotations["link_required"] == "true" else ""
        multiplicity = slot.annotations["multiplicity"].replace("_", " ")
        yield f"- `{slot.name}` → [{slot.annotations['link']}](#{slot.annotations['link']}), {multiplicity}{need}\n"
    for group, words in (("required_any_of", "any"), ("required_one_of", "exactly one")):
        if group in cls.annotations:
            names = ", ".join(f"`{name}`" for name in cls.annotations[group].split("|"))
            yield f"- Required is {words} of {names}.\n"
    if links:
        yield "\n"
    yield _table([slot for slot in cls.slots.values() if slot not in links and slot.name in raw], raw)


def _table(slots: Iterable[Slot], raw: dict[str, Any]) -> str:
    rows = [
        (f"`{slot.name}`", _type(slot), _values(slot), "yes" if slot.required else "", _term(raw[slot.name] or {}))
        for slot in slots
    ]
    lines = [COLUMNS, tuple("---" for _ in COLUMNS), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in lines)


def _type(slot: Slot) -> str:
    name = "enum" if slot.permissible_values is not None else {"double": "number"}.get(slot.range, slot.range)
    return f"list of {name}" if slot.multivalued else name


def _values(slot: Slot) -> str:
    if slot.permissible_values is not None:
        return ", ".join(slot.permissible_values)
    if slot.minimum is not None or slot.maximum is not None:
        low, high = ("" if bound is None else f"{bound:g}" for bound in (slot.minimum, slot.maximum))
        return f"{low} to {high}"
    return f"`{slot.pattern}`" if slot.pattern else ""


def _term(raw: dict[str, Any]) -> str:
    """Title and code of the term, or the DICOM tag."""
    codes = [*raw.get("exact_mappings", ()), (raw.get("annotations") or {}).get("dicom_tag", "")]
    return " ".join(text for text in (raw.get("title", ""), *codes) if text)


if __name__ == "__main__":
    require_checkout()
    (root("schemas").parent / "docs" / "dictionary.md").write_text(dictionary_page(), encoding="utf-8")
